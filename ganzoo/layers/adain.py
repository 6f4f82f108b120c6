"""Adaptive instance normalisation (Huang & Belongie 2017, arXiv:1703.06868, Eq. 8).

    out = y_s (x - mean(x)) / std(x) + y_b,    mean and std over the pixels of each map

What a style says replaces what the maps said of themselves; in StyleGAN (y_s, y_b) = A w + (1, 0).
"""

import torch
from torch import nn

from ganzoo.layers.equalized import EqualLinear
from ganzoo.shapes import Features, Image


class AdaIN(nn.Module):
    """From a style of any width to the scale and shift of each channel."""

    def __init__(self, channels: int, w_dim: int, eps: float = 1e-8) -> None:
        super().__init__()
        self.affine = EqualLinear(w_dim, 2 * channels)
        with torch.no_grad():
            self.affine.bias[:channels] = 1.0
        self.eps = eps

    def forward(self, image: Image, w: Features) -> Image:
        steep, high = self.affine(w).chunk(2, 1)
        exact = image.float()
        variance, mean = torch.var_mean(exact, (2, 3), unbiased=False)
        scale = steep * (variance + self.eps).rsqrt()
        shift = high - mean * scale
        return torch.addcmul(
            shift.to(image.dtype)[:, :, None, None], image, scale.to(image.dtype)[:, :, None, None]
        )
