"""Conditional batch normalisation (Dumoulin et al. 2016, arXiv:1610.07629, Eq. 5; de Vries et al.
2017, arXiv:1707.00683, Eq. 4).

    out = (1 + gain(c)) * (h - mean) / sqrt(variance + eps) + bias(c)

All classes share the statistics; what tells them apart is a gain and a bias for each channel,
looked up for a class (:func:`by_class`) or read from a condition vector (:func:`by_vector`).
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from ganzoo.layers.batch_norm import BatchNorm2d
from ganzoo.layers.lookup import Lookup
from ganzoo.layers.standing import TruncatedBatchNorm2d
from ganzoo.shapes import Image

Condition = Tensor  # (b,) labels, or (b, width) vectors


class ConditionalBatchNorm2d(nn.Module):
    """A batch norm whose gain and bias depend on what is to be painted.

    Args:
        norm: subtracts the mean and divides by the deviation; without gains of its own.
        gain, bias: map the condition to one number for each channel.
    """

    def __init__(
        self, norm: BatchNorm2d | TruncatedBatchNorm2d, gain: nn.Module, bias: nn.Module
    ) -> None:
        super().__init__()
        self.norm, self.gain, self.bias = norm, gain, bias

    def forward(self, image: Image, condition: Condition, truncation: float | int = 1.0) -> Image:
        gain, bias = 1 + self.gain(condition).float(), self.bias(condition).float()
        if self.norm.training:
            normal = self.norm(image)
        else:  # the statistics stand still: all becomes one gain and one bias
            mean, variance = moments(self.norm, truncation)
            gain = gain * (variance + self.norm.eps).rsqrt()
            normal, bias = image, bias - mean * gain
        gain, bias = (each[:, :, None, None].to(image.dtype) for each in (gain, bias))
        return torch.addcmul(bias, normal, gain)


def moments(
    norm: BatchNorm2d | TruncatedBatchNorm2d, truncation: float | int
) -> tuple[Float[Tensor, " c"], Float[Tensor, " c"]]:
    """The mean and variance that a norm uses in eval mode."""
    if isinstance(norm, TruncatedBatchNorm2d):
        return norm.at(truncation)
    assert norm.running_mean is not None
    assert norm.running_var is not None
    return norm.running_mean, norm.running_var


def by_class(channels: int, num_classes: int, eps: float = 1e-5) -> ConditionalBatchNorm2d:
    """A gain and a bias for each class, learned apart; gains start at N(1, 0.02^2)."""
    gain, bias = Lookup(num_classes, channels), Lookup(num_classes, channels)
    nn.init.normal_(gain.weight, 0, 0.02)
    nn.init.zeros_(bias.weight)
    return ConditionalBatchNorm2d(BatchNorm2d(channels, eps, affine=False), gain, bias)


def by_vector(
    channels: int, width: int, eps: float = 1e-5, statistics: int = 1
) -> ConditionalBatchNorm2d:
    """Gain and bias are linear in a vector: a shared class embedding, and perhaps latents.

    Args:
        statistics: truncations for which mean and variance are kept apart.
    """
    gain, bias = (nn.Linear(width, channels, bias=False) for _ in range(2))
    norm = batch_norm(channels, eps, statistics, affine=False)
    return ConditionalBatchNorm2d(norm, gain, bias)


def batch_norm(
    channels: int, eps: float, statistics: int, affine: bool = True
) -> BatchNorm2d | TruncatedBatchNorm2d:
    """A batch norm with one set of statistics, or with one for each of several truncations."""
    if statistics == 1:
        return BatchNorm2d(channels, eps, affine=affine)
    return TruncatedBatchNorm2d(channels, statistics, eps, affine)
