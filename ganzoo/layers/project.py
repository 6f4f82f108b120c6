"""A latent becomes a small map: the transposed convolution of one pixel, as a matrix product."""

from torch import nn

from ganzoo.shapes import Image, Latent


class Project(nn.ConvTranspose2d):
    """z -> (b, channels, size, size): ``ConvTranspose2d(z_dim, channels, size)`` of a 1x1 image.

    The same weights and the same values; but a matrix product does no work on padding, which
    makes it four times as fast on a processor. The map leaves channels-last.
    """

    def __init__(self, z_dim: int, channels: int, size: int = 4, bias: bool = False) -> None:
        super().__init__(z_dim, channels, size, bias=bias)

    def forward(self, input: Latent, output_size: list[int] | None = None) -> Image:
        _, channels, size, _ = self.weight.shape
        matrix = self.weight.permute(0, 2, 3, 1).flatten(1)
        image = (input @ matrix).unflatten(1, (size, size, channels))
        if self.bias is not None:
            image = image + self.bias
        return image.permute(0, 3, 1, 2)


class ToMap(nn.Linear):
    """z -> (b, channels, size, size): a linear layer with rows ordered as (size, size, channels).

    So its output already is a map in channels-last.
    """

    def __init__(self, width: int, channels: int, size: int = 4) -> None:
        super().__init__(width, size * size * channels)
        self.size = size

    def forward(self, input: Latent) -> Image:
        rows = super().forward(input)
        return rows.unflatten(1, (self.size, self.size, -1)).permute(0, 3, 1, 2)
