"""Low-pass filters around a change of resolution (Zhang 2019, arXiv:1904.11486).

    blur        pad, then convolve each channel with the filter
    halved      blur, then every second pixel
    doubled     a zero after each pixel, then blur with four times the filter

The filter is the outer product of its taps, normalised to a sum of one. Each is one depthwise
convolution, nearly free in channels-last; doubling is a transposed one: no zero is multiplied.
Halving and doubling are each other's adjoint: each is the other's gradient, and so on.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import conv2d, conv_transpose2d, pad

from ganzoo.shapes import Image, Made

BINOMIAL = (1.0, 3.0, 3.0, 1.0)
Kernel = Float[Tensor, "taps taps"]


class Resample(nn.Module):
    """One filter and what can be done with it; nothing to learn.

    Args:
        taps: of the filter, in one direction.
    """

    kernel: Tensor

    def __init__(self, taps: Sequence[float] = BINOMIAL) -> None:
        super().__init__()
        kernel = np.outer(taps, taps)
        kernel = torch.tensor(kernel / kernel.sum(), dtype=torch.float32)
        self.register_buffer("kernel", kernel, persistent=False)
        self.size = len(taps)

    def blur(self, image: Image, before: int, after: int, gain: float = 1.0) -> Made:
        """Pads by so many zeros on either side and blurs; loses ``size - 1`` pixels again."""
        padding = before if before == after else 0
        if before != after:
            image = pad(image, [before, after, before, after])
        kernel = _depthwise(self.kernel.flip((0, 1)) * gain, image)
        return conv2d(image, kernel, padding=padding, groups=image.shape[1])

    def halve(self, image: Image) -> Made:
        """Half the size."""
        return _Halve.apply(image, self.kernel.flip((0, 1)), (self.size - 1) // 2)

    def twice(self, image: Image) -> Made:
        """Twice the size; the mean stays."""
        return _Double.apply(image, self.kernel * 4, self.size - 1 - (self.size + 1) // 2)


class _Halve(torch.autograd.Function):
    """out[i] = sum over t of image[2 i + t - before] kernel[t], in each channel and direction."""

    @staticmethod
    def forward(ctx: Any, image: Image, kernel: Kernel, before: int) -> Made:
        ctx.kernel, ctx.before = kernel, before
        after = len(kernel) - 2 - before
        padding = before if before == after else 0
        if before != after:
            image = pad(image, [before, after, before, after])
        with torch.autocast(image.device.type, enabled=False):
            weight = _depthwise(kernel, image)
            return conv2d(image, weight, stride=2, padding=padding, groups=image.shape[1])

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        return _Double.apply(gradients[0], ctx.kernel, ctx.before), None, None


class _Double(torch.autograd.Function):
    """out[2 i + t - before] gathers image[i] kernel[t], in each channel and direction.

    In float32: for bfloat16 the library's kernels are ten times as slow here.
    """

    @staticmethod
    def forward(ctx: Any, image: Image, kernel: Kernel, before: int) -> Made:
        ctx.kernel, ctx.before = kernel, before
        _, channels, height, width = image.shape
        lead = before if 2 * before == len(kernel) - 2 else 0  # cropped at both ends alike
        exact = image.to(torch.promote_types(image.dtype, torch.float32))
        with torch.autocast(image.device.type, enabled=False):
            weight = _depthwise(kernel, exact)
            whole = conv_transpose2d(exact, weight, stride=2, padding=lead, groups=channels)
        top = before - lead
        return whole[..., top : top + 2 * height, top : top + 2 * width].to(image.dtype)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        return _Halve.apply(gradients[0], ctx.kernel, ctx.before), None, None


def _depthwise(kernel: Kernel, image: Image) -> Float[Tensor, "c 1 taps taps"]:
    return kernel.to(image.dtype).expand(image.shape[1], 1, -1, -1)
