"""What the generators of the StyleGAN family have in common: how they are called, and options."""

import math
from typing import Annotated

import torch
from pydantic import AfterValidator, Field
from torch import Tensor, nn

from ganzoo.architectures import LatentOptions
from ganzoo.errors import InputError
from ganzoo.layers.activations import Activation
from ganzoo.layers.mapping import Classes, Mapping
from ganzoo.layers.noise import Noise
from ganzoo.shapes import Image, Latent


def doubled_from_four(size: int) -> int:
    """The side of an image that is made by doubling.

    Raises:
        ValueError: if it is none.
    """
    if size & (size - 1):
        raise ValueError("the side is doubled from 4 on: 4, 8, 16, 32, 64, ...")
    return size


Doubled = Annotated[int, AfterValidator(doubled_from_four)]


class StyleOptions(LatentOptions):
    """Of a generator with a mapping network."""

    image_size: int = Field(default=64, ge=4, le=1024, description="side in pixels")
    z_dim: int = Field(default=512, ge=1, le=4096)
    w_dim: int = Field(default=512, ge=1, le=4096)
    num_classes: int = Field(default=0, ge=0, le=100_000, description="0: not told any class")
    mapping_layers: int = Field(default=8, ge=1, le=32)
    mapping_width: int | None = Field(default=None, ge=1, le=4096, description="w_dim if not said")
    mapping_embed: int | None = Field(default=None, ge=1, le=4096, description="w_dim if not said")
    mapping_rate: float = Field(default=0.01, gt=0, le=1, description="share of the learning rate")
    mapping_activation: Activation = "lrelu"


def mapping(options: StyleOptions, styles: int) -> Mapping:
    """The mapping network that the options describe, for so many layers."""
    return Mapping(
        options.z_dim,
        options.num_classes,
        options.w_dim,
        styles,
        layers=options.mapping_layers,
        hidden=options.mapping_width,
        embed=options.mapping_embed,
        rate=options.mapping_rate,
        activation=options.mapping_activation,
    )


class StyleGenerator(nn.Module):
    """``net(z)`` is ``net.synthesis(net.mapping(z))``.

    Attributes:
        path: the mean length of a style's way into the picture, for the penalty on it.
    """

    mapping: Mapping
    synthesis: nn.Module
    path: Tensor

    def __init__(self, mapping: Mapping, synthesis: nn.Module) -> None:
        super().__init__()
        self.mapping, self.synthesis = mapping, synthesis
        self.register_buffer("path", torch.zeros(()))

    @property
    def used(self) -> int:
        """How many styles, from the coarsest, reach the picture."""
        return self.mapping.styles

    def forward(
        self,
        z: Latent,
        y: Classes | None = None,
        psi: float = 1.0,
        cutoff: int | None = None,
        noise: Noise = "constant",
    ) -> Image:
        """Paints.

        Args:
            y: a class for each, or shares of the classes; where the network knows classes.
            psi: truncation, 1 for none and 0 for the mean picture.
            cutoff: how many layers, from the coarsest, are truncated; all if None.
            noise: ``constant`` (learned nothing, but always the same), ``random``, ``none``, or
                a map (b, 1, h, w) for each layer, as :meth:`noises` draws them.

        Raises:
            InputError: if psi is no number, the cutoff no number of layers, or a class is missing.
        """
        self.check(y, psi, cutoff)
        return self.synthesis(self.mapping(z, y, psi, cutoff), noise)

    def check(self, y: Classes | None, psi: float, cutoff: int | None) -> None:
        """Refuses what :meth:`forward` cannot use.

        Raises:
            As :meth:`forward`.
        """
        if isinstance(psi, bool) or not isinstance(psi, int | float) or not math.isfinite(psi):
            raise InputError(f"psi is a number, 1 for no truncation; got {psi!r}")
        styles = self.mapping.styles
        if cutoff is not None and not 0 <= cutoff <= styles:
            raise InputError(f"a cutoff is 0 to {styles} layers; got {cutoff!r}")
        if self.mapping.num_classes and y is None:
            raise InputError("this generator must be told a class for each image; got none")
        if not self.mapping.num_classes and y is not None and y.numel():
            raise InputError("this generator knows no classes, but was told some")
