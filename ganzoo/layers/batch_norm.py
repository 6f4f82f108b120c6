"""Batch normalisation over every process (Ioffe & Szegedy 2015, arXiv:1502.03167).

torch's own ``SyncBatchNorm`` runs on accelerators only; this one runs wherever
``torch.distributed`` does, gloo on processors included.
"""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, distributed, nn

from ganzoo.layers.processes import world
from ganzoo.shapes import Image


class BatchNorm2d(nn.BatchNorm2d):
    """torch's ``BatchNorm2d``, whose batch in training is that of all processes together.

        (x - mean) / sqrt(variance + eps) * weight + bias

    With one process, or in eval mode, it is exactly its parent. With several, each hands its
    own count, mean and squared deviations to the others, and all combine them as Chan, Golub &
    LeVeque (1983) do, so that nothing cancels. Gradients flow through the exchange.
    """

    def forward(self, input: Image) -> Image:
        if not self.training or world() == 1:
            return super().forward(input)
        image = input.to(torch.promote_types(input.dtype, torch.float32))
        count, mean, variance = _statistics(image)
        self._remember(count.detach(), mean.detach(), variance.detach())
        scale = (variance + self.eps).rsqrt()
        if self.weight is not None:
            scale = scale * self.weight
        shift = -mean * scale
        if self.bias is not None:
            shift = shift + self.bias
        return torch.addcmul(_spread(shift), image, _spread(scale)).to(input.dtype)

    @torch.no_grad()
    def _remember(self, count: Tensor, mean: Tensor, variance: Tensor) -> None:
        if self.running_mean is None or self.running_var is None:
            return
        if self.num_batches_tracked is not None:
            self.num_batches_tracked.add_(1)
        momentum = self.momentum
        if momentum is None:  # the plain average of all batches so far
            momentum = 1.0 / float(self.num_batches_tracked or 1)
        self.running_mean.lerp_(mean, momentum)
        self.running_var.lerp_(variance * count / (count - 1), momentum)


def _statistics(
    image: Image,
) -> tuple[Float[Tensor, ""], Float[Tensor, " c"], Float[Tensor, " c"]]:
    """How many values each channel has over all processes, their mean and biased variance."""
    over, here = (0, 2, 3), image.numel() // image.shape[1]
    mine = torch.stack([image.mean(over), image.var(over, unbiased=False)])
    ours = image.new_zeros(world(), 3, image.shape[1])
    ours[distributed.get_rank()] = torch.cat([mine, mine.new_full((1, image.shape[1]), here)])
    means, variances, counts = _SumOverProcesses.apply(ours).unbind(1)
    count = counts.sum(0)
    mean = (counts * means).sum(0) / count
    variance = (counts * (variances + (means - mean).square())).sum(0) / count
    return count[0], mean, variance


def _spread(channels: Float[Tensor, " c"]) -> Float[Tensor, "1 c 1 1"]:
    return channels[None, :, None, None]


class _SumOverProcesses(torch.autograd.Function):
    """Everyone's sum of everyone's tensor; its own adjoint, so it differentiates twice too."""

    @staticmethod
    def forward(ctx: Any, summand: Tensor) -> Tensor:
        total = summand.clone()
        distributed.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        return _SumOverProcesses.apply(gradients[0].contiguous())
