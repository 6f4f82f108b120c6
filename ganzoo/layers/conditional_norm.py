"""Conditional batch normalisation (Dumoulin et al. 2016, arXiv:1610.07629, Eq. 5; de Vries et al.
2017, arXiv:1707.00683, Eq. 4).

    out = (1 + gain(c)) * (h - mean) / sqrt(variance + eps) + bias(c)

All classes share the statistics; what tells them apart is a gain and a bias for each channel,
looked up for a class (:func:`by_class`) or read from a condition vector (:func:`by_vector`).
"""

from typing import cast

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
        return _scaled(normal, gain, bias)

    def plain(self) -> nn.Module:
        """The same norm for weights and statistics that stand still.

        Where there is one set of statistics they go into the weights, so that a class's gains
        and biases are one row of a table, and a vector's are one product:

            gain(c) = s + s W_gain c,    bias(c) = W_bias c - mean gain(c),    s = 1/sqrt(var + eps)

        Several sets stay beside it, since the caller chooses among them.
        """
        if isinstance(self.norm, TruncatedBatchNorm2d):
            one = torch.ones_like(self.norm.running_means[0])
            return _Told(self._told(one, torch.zeros_like(one)), self.norm)
        mean, variance = moments(self.norm, 1.0)
        scale = (variance + self.norm.eps).rsqrt()
        return _Told(self._told(scale, mean))

    def _told(self, scale: Tensor, mean: Tensor) -> nn.Module:
        """Gains above biases, as one layer of the condition."""
        gain, bias = cast(Tensor, self.gain.weight), cast(Tensor, self.bias.weight)
        base = torch.cat([scale, -mean * scale])
        if isinstance(self.gain, Lookup):
            rows = torch.cat([scale * gain, bias - mean * scale * gain], 1)
            return _Rows(rows, base)
        scale, mean = scale[:, None], mean[:, None]
        columns = torch.cat([scale * gain, bias - mean * scale * gain])
        layer = nn.Linear(columns.shape[1], columns.shape[0], device="meta")
        layer.weight, layer.bias = (nn.Parameter(x, requires_grad=False) for x in (columns, base))
        return layer


class _Told(nn.Module):
    """A conditional batch norm whose statistics stand: all becomes one gain and one bias.

    Args:
        told: gains and, behind them, biases for a condition.
        norm: the statistics, if they are not in ``told`` yet.
    """

    def __init__(self, told: nn.Module, norm: TruncatedBatchNorm2d | None = None) -> None:
        super().__init__()
        self.told, self.norm = told, norm

    def forward(self, image: Image, condition: Condition, truncation: float | int = 1.0) -> Image:
        gain, bias = self.told(condition).float().chunk(2, 1)
        if self.norm is not None:
            mean, variance = self.norm.at(truncation)
            gain = gain * (variance + self.norm.eps).rsqrt()
            bias = bias - mean * gain
        return _scaled(image, gain, bias)


class _Rows(nn.Module):
    """A row for each class, and what all classes share."""

    def __init__(self, rows: Tensor, base: Tensor) -> None:
        super().__init__()
        self.rows = Lookup.from_pretrained(rows)
        self.register_buffer("base", base)

    def forward(self, condition: Condition) -> Float[Tensor, "b width"]:
        return self.rows(condition) + self.base


def _scaled(image: Image, gain: Tensor, bias: Tensor) -> Image:
    gain, bias = (each[:, :, None, None].to(image.dtype) for each in (gain, bias))
    return torch.addcmul(bias, image, gain)


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
