"""Batches as a bundle's networks are called with: a prepared copy is checked on one."""

from collections.abc import Iterator
from typing import cast

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from ganzoo.architectures import TranslatorOptions
from ganzoo.architectures.semantic_pyramid import Options as MirrorOptions
from ganzoo.architectures.singan import Options as PyramidOptions
from ganzoo.bundle import Bundle
from ganzoo.latents import latents, maps
from ganzoo.shapes import Image, Labels

COARSE = 8  # patches of colour along a side of what a translator is given


def example(bundle: Bundle, player: str, count: int, y: Labels | None) -> tuple[Tensor, ...]:
    """What a player's network is called with: latents, noise, images or what a classifier might
    know; then classes, if there are any.
    """
    options, abilities = bundle.recipe.options, bundle.abilities
    if isinstance(options, TranslatorOptions):
        return tuple(_translated(bundle, options, player, count))
    if player == "generator" and "single_image" in abilities:
        shapes = cast(PyramidOptions, options).shapes
        return tuple(maps(0, count, [(bundle.recipe.channels, *shape) for shape in shapes]))
    if player == "generator" and "invert" in abilities:
        return tuple(_known(cast(MirrorOptions, options), count))
    if player == "generator" and "retarget" not in abilities:
        given = latents(0, count, getattr(options, "z_dim", 0))
    else:
        given = _specks(count, bundle)
    return (given,) if y is None else (given, y)


def _specks(count: int, bundle: Bundle) -> Image:
    """Images of which every pixel has a colour of its own."""
    shape = (count, bundle.recipe.channels, *bundle.recipe.shape)
    return torch.rand(shape, generator=torch.Generator().manual_seed(0)) * 2 - 1


def _known(options: MirrorOptions, count: int) -> Iterator[Tensor]:
    """Latents, and for each level numbers as large as features are, and a mask before some."""
    yield latents(0, count, options.z_dim)
    dice = torch.Generator().manual_seed(0)
    for channels, *places in options.shapes:
        mask = (torch.rand(count, 1, *places, generator=dice) < 0.5).float()
        yield torch.cat([mask * torch.randn(count, channels, *places, generator=dice), mask], 1)


def _translated(
    bundle: Bundle, options: TranslatorOptions, player: str, count: int
) -> Iterator[Tensor]:
    """Patches of colour; latents where the network wants them; a film's last frame."""
    dice = torch.Generator().manual_seed(0)

    def patches(channels: int) -> Image:
        coarse = torch.rand(count, channels, COARSE, COARSE, generator=dice) * 2 - 1
        return interpolate(coarse, (options.image_size, options.image_size))

    yield patches(options.channels_of(player))
    if options.z_dim and player.endswith("generator"):
        yield latents(0, count, options.z_dim)
    if "dance" in bundle.abilities and player == "generator":
        yield patches(options.output_channels)
