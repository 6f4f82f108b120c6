"""Style mixing as the gallery paints it: a grid of two families, noise, a film, a moved picture."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from ganzoo import images
from ganzoo.errors import InputError
from ganzoo.explore.arithmetic import group
from ganzoo.explore.mix import deviation, mix
from ganzoo.explore.slit import slit
from ganzoo.gallery import reel
from ganzoo.gallery.paint import told
from ganzoo.gallery.strata import Chosen, numbers
from ganzoo.metrics.psnr import decibels
from ganzoo.motion import Number, errors, moved
from ganzoo.shapes import Picture, Pictures, Style
from ganzoo.zoo import Stylist, Zoo

STRAYING = 16  # pictures of which a map of deviations is made
SLIT = 96  # frames that a slit sees


@dataclass(frozen=True)
class Grid:
    """The sources of both families, and each of A with layers of each of B, row by row."""

    rows: UInt8[np.ndarray, "rows h w c"]
    columns: UInt8[np.ndarray, "columns h w c"]
    cells: UInt8[np.ndarray, "cells h w c"]


@dataclass(frozen=True)
class Straying:
    """One style under several noises, and where they make a difference.

    Attributes:
        map: how far each pixel strays, the farthest white.
        farthest: in grey levels of 255.
    """

    pictures: Pictures
    map: UInt8[np.ndarray, "h w 1"]
    farthest: float


@dataclass(frozen=True)
class Moved:
    """A picture, the same painted from a moved input, and how well they agree.

    Attributes:
        still, moved: before and after.
        agreement: PSNR in dB with the first picture, moved as it stands (EQ-T and EQ-R of one
            picture); None if they share no pixel.
    """

    still: Picture
    moved: Picture
    agreement: float | None


def stylist(zoo: Zoo, model: str) -> Stylist:
    """A model that has styles.

    Raises:
        InputError: if it has none.
    """
    return Stylist(zoo.model(model))


def styles(artist: Stylist, seeds: Sequence[int], psi: float, y: int | None) -> Style:
    """The styles that these seeds name."""
    z = group(seeds, artist.model.z_dim)
    return artist.styles(z, told(artist.model, len(z), y), psi)


def paint_grid(
    zoo: Zoo,
    model: str,
    a: Sequence[int],
    b: Sequence[int],
    layers: Chosen,
    psi: float,
    y: int | None,
) -> Grid:
    """All of it, in one batch."""
    artist = stylist(zoo, model)
    w = styles(artist, (*a, *b), psi, y)
    chosen = numbers(layers, w.shape[1])
    mixed = mix(w[: len(a)], w[len(a) :], chosen)
    pictures = images.to_pictures(artist.paint(torch.cat([w, mixed])))
    return Grid(pictures[: len(a)], pictures[len(a) : len(w)], pictures[len(w) :])


def cell(
    artist: Stylist, a: int, b: int, layers: Chosen, psi: float, y: int | None
) -> Float[Tensor, "1 layers style"]:
    """One style of A with the chosen layers of one of B."""
    w = styles(artist, (a, b), psi, y)
    return mix(w[:1], w[1:], numbers(layers, w.shape[1]))


def stray(artist: Stylist, w: Float[Tensor, "1 layers style"], noise: int, count: int) -> Straying:
    """The noises of the seeds ``noise``, ``noise + 1``, …; the map is of more of them.

    Raises:
        InputError: if the network takes no noise.
    """
    if not artist.noisy:
        raise InputError(f"{artist.model.bundle.name} takes no noise beside its styles")
    image = artist.paint(w.expand(max(count, STRAYING), -1, -1), noise)
    far = deviation(image)
    farthest = far.max().item()
    grey = (far / max(farthest, 1e-6) * 2 - 1)[None, None]
    return Straying(images.to_pictures(image[:count]), images.to_pictures(grey)[0], farthest)


def frames(
    artist: Stylist,
    a: Sequence[int],
    b: int,
    layers: Chosen,
    psi: float,
    y: int | None,
) -> Pictures:
    """From style to style of A and back to the first, the chosen layers always those of B."""
    w = styles(artist, (*a, b), psi, y)
    way = ring(w[:-1], reel.leg(artist.model.image_size))
    held = mix(way, w[-1:], numbers(layers, w.shape[1]))
    return images.to_pictures(artist.paint(held))


def ring(stops: Style, count: int) -> Float[Tensor, "frames layers style"]:
    """A closed walk along chords, ``count`` styles to each leg; one stop stays where it is."""
    share = (torch.arange(count) / count)[:, None, None]
    ahead = stops.roll(-1, 0)
    legs = [torch.lerp(here, there, share) for here, there in zip(stops, ahead, strict=True)]
    return torch.cat(legs)


def move(
    artist: Stylist,
    w: Float[Tensor, "1 layers style"],
    right: Number,
    down: Number,
    turn: Number,
) -> Moved:
    """One picture through its network's moved input.

    Raises:
        InputError: if this network's input cannot be moved.
    """
    where = torch.cat([moved(0, 0, 0), moved(right, down, turn)])
    image = artist.move(w.expand(2, -1, -1), where)
    still, after = images.to_pictures(image)
    error, pixels = errors(image[:1], image[1:], where[1:], turned=bool(turn))
    agreement = decibels(error / pixels / 4).item() if pixels.item() else None
    return Moved(still, after, agreement)


def slits(artist: Stylist, w: Style) -> Picture:
    """One column of the picture, as time goes by on a closed walk among styles."""
    way = ring(w, max(1, SLIT // len(w)))
    return images.to_pictures(slit(artist.paint(way)))[0]
