"""What every translator must know, and its two kinds of generators."""

from typing import Literal

import torch
from pydantic import Field
from torch import nn

from ganzoo.architectures._base import TranslatorOptions
from ganzoo.layers.residual_translator import ResidualTranslator
from ganzoo.layers.translation import Enlarging, Padding, PlainNorm
from ganzoo.layers.unet import UNet
from ganzoo.shapes import Image, Latent, Translation

RESNET_DOWNS = 2


class GeneratorOptions(TranslatorOptions):
    """Of the generators of pix2pix and CycleGAN."""

    g_kind: Literal["unet", "resnet"] = "unet"
    g_width: int = Field(
        default=64, ge=1, le=512, description="channels of the first layer; then doubling"
    )
    g_downs: int = Field(
        default=8, ge=1, le=11, description="how often the U-Net halves the picture"
    )
    g_blocks: int = Field(default=9, ge=0, le=32, description="residual blocks of the other kind")
    g_norm: PlainNorm = "batch"
    g_dropout: bool = Field(
        default=True, description="half of some features, at random: the paper's noise"
    )
    g_padding: Padding = Field(default="reflect", description="within residual blocks")
    g_enlarging: Enlarging = Field(default="deconv", description="how the way up doubles the size")

    @property
    def multiple(self) -> int:
        return 1 << (self.g_downs if self.g_kind == "unet" else RESNET_DOWNS)


class Generator(nn.Module):
    """From a picture to a picture, either way round.

    Args:
        backwards: from the pictures it is trained to make to those it is given.
    """

    def __init__(self, options: GeneratorOptions, backwards: bool = False) -> None:
        super().__init__()
        given, made = options.input_channels, options.output_channels
        if backwards:
            given, made = made, given
        given += options.z_dim
        self.translate: nn.Module
        if options.g_kind == "unet":
            self.translate = UNet(
                given,
                made,
                options.g_width,
                options.g_downs,
                options.g_norm,
                options.g_dropout,
                options.g_enlarging,
            )
        else:
            self.translate = ResidualTranslator(
                given,
                made,
                options.g_width,
                RESNET_DOWNS,
                options.g_blocks,
                options.g_norm,
                options.g_padding,
                options.g_dropout,
                bias=options.g_norm == "instance",
                enlarging=options.g_enlarging,
            )

    def forward(self, image: Image, z: Latent | None = None) -> Translation:
        return self.translate(image if z is None else beside(image, z))


def beside(image: Image, z: Latent) -> Translation:
    """Each number of a latent as one more channel, the same at every pixel."""
    spread = z[:, :, None, None].expand(-1, -1, *image.shape[2:])
    return torch.cat([image, spread.to(image.dtype)], 1)
