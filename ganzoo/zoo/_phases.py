"""A doubling transposed convolution as an ordinary one: the four phases of its output.

    out[2i + p] = sum over d in {-1, 0, 1} of image[i + d] * weight[p + 1 - 2d],   p in {0, 1}

The same sums, rows and columns alike; three in eight of the new kernel's taps are zero. Where
few channels leave (a picture's one or three), the kernels of a processor's library are twice as
fast at this form.
"""

from torch import Tensor, nn
from torch.nn.functional import pixel_shuffle

from ganzoo.zoo._fold import replace

FEW = 3  # channels up to which this form is the faster one


class Phases(nn.Module):
    """``ConvTranspose2d(..., kernel_size=4, stride=2, padding=1)``, in the other form."""

    def __init__(self, deconv: nn.ConvTranspose2d) -> None:
        super().__init__()
        weight = deconv.weight.detach().transpose(0, 1)
        kernel = weight.new_zeros(weight.shape[0], 2, 2, weight.shape[1], 3, 3)
        taps = [(p, d, p + 1 - 2 * d) for p in (0, 1) for d in (-1, 0, 1) if 0 <= p + 1 - 2 * d < 4]
        for p, d, row in taps:
            for q, e, column in taps:
                kernel[:, p, q, :, d + 1, e + 1] = weight[:, :, row, column]
        self.conv = nn.Conv2d(deconv.in_channels, 4 * deconv.out_channels, 3, padding=1)
        self.conv.weight = nn.Parameter(kernel.flatten(0, 2), requires_grad=False)
        bias = None if deconv.bias is None else deconv.bias.detach().repeat_interleave(4)
        self.conv.bias = None if bias is None else nn.Parameter(bias, requires_grad=False)

    def forward(self, image: Tensor) -> Tensor:
        return pixel_shuffle(self.conv(image), 2)


def unfold(network: nn.Module) -> None:
    """Replaces every thin doubling transposed convolution in a network by its phases."""
    for module in list(network.modules()):
        if type(module) is nn.ConvTranspose2d and _suits(module):
            replace(network, module, Phases(module))


def _suits(deconv: nn.ConvTranspose2d) -> bool:
    return deconv.out_channels <= FEW and (
        deconv.kernel_size, deconv.stride, deconv.padding, deconv.output_padding,
        deconv.dilation, deconv.groups,
    ) == ((4, 4), (2, 2), (1, 1), (0, 0), (1, 1), 1)  # fmt: skip
