"""Noise inputs (Karras et al. 2019, arXiv:1812.04948, Sec. 2): chance, where chance belongs.

    out = image + strength * noise,    noise (b, 1, h, w) ~ N(0, 1), the same for all channels

``strength`` is a number for each channel, or one for all as in StyleGAN2 (Karras et al. 2020,
arXiv:1912.04958, Sec. 2.1).

Where each hair lies is not worth a dimension of the latent: with noise at hand the network need not
invent it from its own activations, which would repeat.
"""

from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor, nn

from ganzoo.errors import InputError
from ganzoo.shapes import Image

Noise = Literal["constant", "random", "none"] | Sequence[Tensor]
NOISES = ("constant", "random", "none")


class AddNoise(nn.Module):
    """Adds ``constant`` noise drawn once, ``random`` noise, none, or a given map.

    Args:
        channels: that have strengths of their own; 0: all have one.

    Attributes:
        map: the constant noise.
        strength: learned; at first there is no noise.
    """

    map: Tensor

    def __init__(self, side: int, channels: int = 0) -> None:
        super().__init__()
        self.register_buffer("map", torch.randn(side, side))
        self.strength = nn.Parameter(torch.zeros((channels, 1, 1) if channels else ()))

    def forward(
        self,
        image: Image,
        noise: Literal["constant", "random", "none"] | Tensor = "constant",
        gain: float = 1.0,
    ) -> Image:
        """Adds it, ``gain`` times as strong."""
        if isinstance(noise, Tensor):
            added = noise
        elif noise == "random":
            added = torch.randn(len(image), 1, *image.shape[2:], device=image.device)
        elif noise == "constant":
            added = self.map
        else:
            return image
        return image + (added * (self.strength * gain)).to(image.dtype)


def check_noise(noise: Noise, layers: int) -> None:
    """Refuses what no layer can use.

    Raises:
        InputError: quoting what was received.
    """
    if isinstance(noise, str):
        if noise not in NOISES:
            raise InputError(f"noise is {', '.join(NOISES)} or maps; got {noise!r}")
    elif len(noise) != layers:
        raise InputError(f"noise is one map for each of {layers} layers; got {len(noise)}")
