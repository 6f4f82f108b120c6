"""Instance normalisation that stays channels-last (Ulyanov et al. 2016, arXiv:1607.08022)."""

import math
from functools import lru_cache

import torch
from torch import Tensor, nn
from torch.nn.functional import batch_norm, group_norm

from ganzoo.shapes import Image

LARGE = 32 * 32  # pixels from which torch's group norm has a fast path, forwards only
REGISTER = 64  # bytes; group norm reads channels well by the multiple of a half


class InstanceNorm2d(nn.InstanceNorm2d):
    """torch's ``InstanceNorm2d``: (x - mean) / sqrt(variance + eps), over a picture's own pixels.

    torch copies a batch to channels-first and back. On the processor each picture is a batch of
    its own instead, which needs no copy: a step of CycleGAN's training takes a third less. Where no
    gradient will be asked for, large maps go through groups of one channel, twice as fast again,
    or, if their channels do not fill a register, several pixels at a time.
    """

    def forward(self, input: Image) -> Image:
        if input.device.type != "cpu" or input.dtype == torch.float64:
            return super().forward(input)
        if torch.is_grad_enabled():
            return _each(input, self.weight, self.bias, self.eps)
        if self.weight is None:  # gains of 1, so that statistics stay float32 in bfloat16 too
            weight, bias = _ones(input.shape[1]), _zeros(input.shape[1])
        else:
            weight, bias = self.weight, self.bias
        channels, pixels = input.shape[1], input[0, 0].numel()
        if pixels < LARGE:
            if input.dtype == torch.float32:
                return _whole(input, self.weight, self.bias, self.eps)
            return _each(input, weight, bias, self.eps)
        lanes = REGISTER // input.element_size()
        beside = lanes // math.gcd(lanes, channels)
        if channels % (lanes // 2) and pixels % beside == 0 and _is_dense(input):
            return _wide(input, weight, bias, self.eps, beside)
        return group_norm(input, channels, weight, bias, self.eps)


def _each(input: Image, weight: Tensor | None, bias: Tensor | None, eps: float) -> Image:
    """Every picture as a batch of its own."""
    normed = (
        batch_norm(one, None, None, weight, bias, training=True, eps=eps) for one in input.split(1)
    )
    return torch.cat(list(normed))


def _whole(input: Image, weight: Tensor | None, bias: Tensor | None, eps: float) -> Image:
    """All pictures at once, step by step; the steps of small maps stay in the cache."""
    batch, channels, height, width = input.shape
    pixels = input.permute(0, 2, 3, 1).reshape(batch, height * width, channels)
    off = pixels - pixels.mean(1, keepdim=True)
    scale = (off * off).mean(1, keepdim=True).add_(eps).rsqrt_()
    normed = off.mul_(scale if weight is None else scale * weight)
    if bias is not None:
        normed.add_(bias)
    return normed.view(batch, height, width, channels).permute(0, 3, 1, 2)


@torch.autocast("cpu", enabled=False)
def _wide(input: Image, weight: Tensor, bias: Tensor, eps: float, beside: int) -> Image:
    """Takes ``beside`` pixels for one of so many times the channels, and pools their statistics."""
    channels = input.shape[1]
    out, pool = torch.empty_like(input), _pool(channels, beside)
    gain, shift = weight.float().repeat(beside), bias.float().repeat(beside)
    spare = torch.empty(0)
    for one, made in zip(_widened(input, beside), _widened(out, beside), strict=True):
        unused = torch.zeros(2, beside * channels)
        mean, variance = torch.batch_norm_update_stats(one, unused[0], unused[1], 0.0)
        pooled = mean @ pool
        off = mean - pooled
        variance = torch.addcmul(variance, off, off) @ pool
        torch.ops.aten.native_batch_norm.out(
            one, gain, shift, pooled, variance, False, 0.0, eps,
            out=made, save_mean=spare, save_invstd=spare,
        )  # fmt: skip
    return out


def _widened(input: Image, beside: int) -> Tensor:
    """(b, 1, beside * c, pixels / beside, 1): the same numbers in memory, other axes."""
    batch, channels, height, width = input.shape
    rows = height * width // beside
    return input.permute(0, 2, 3, 1).view(batch, 1, rows, 1, beside * channels).movedim(4, 2)


def _is_dense(input: Image) -> bool:
    return input.is_contiguous(memory_format=torch.channels_last)


@lru_cache
def _pool(channels: int, beside: int) -> Tensor:
    """Averages over pixels that lie beside each other, and hands every one the average."""
    return torch.eye(channels).repeat(beside, beside) / beside


_ones = lru_cache(torch.ones)
_zeros = lru_cache(torch.zeros)
