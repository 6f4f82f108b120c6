"""Style mixing for programs: the endpoints of its tab, and what they hand back."""

from typing import TypedDict

import numpy as np
from gradio.data_classes import FileData

from ganzoo import images
from ganzoo.gallery import mixing, reel, widgets
from ganzoo.gallery.paint import check_class
from ganzoo.gallery.strata import Chosen, numbers
from ganzoo.latents import SEED_LIMIT
from ganzoo.zoo import Zoo

NOISES = 5  # pictures of one style under as many noises


class Mixed(TypedDict):
    """One PNG of the whole grid; ``sides``: pixels that each layer works on."""

    sheet: FileData
    layers: list[int]
    sides: list[int]


class Strays(TypedDict):
    """The pictures in a row, the map of deviations, and what its white stands for."""

    sheet: FileData
    noises: list[int]
    map: FileData
    farthest: float


class Reel(TypedDict):
    """The same film twice."""

    film: FileData
    mp4: FileData


def mix_styles(
    zoo: Zoo,
    model: str,
    a: tuple[int, ...] = (13, 128, 45, 131),
    b: tuple[int, ...] = (10, 120, 140, 59),
    layers: Chosen = "coarse",
    psi: float = 0.7,
    y: int | None = None,
) -> Mixed:
    """Mixes the styles of seeds `a` (rows) and `b` (columns).

    `layers` come from B, all others from A: `coarse`, `middle`, `fine`, or numbers such as
    `[4, 5]`. `psi` is the truncation: 0 is the mean picture, 1 none. `y` is the class, for a
    conditional model. Returns one PNG at true size with B's sources on top and A's at the left
    (the corner is white), the numbers of those layers, and how many pixels a side each of the
    model's layers works on.
    """
    check_class(zoo, model, y)
    sides = mixing.stylist(zoo, model).sides
    grid = mixing.paint_grid(zoo, model, a, b, layers, psi, y)
    corner = np.full_like(grid.cells[:1], 255)
    table = [corner, grid.columns]
    for i, row in enumerate(grid.rows):
        table += [row[None], grid.cells[i * len(b) : (i + 1) * len(b)]]
    sheet = images.grid(np.concatenate(table), columns=len(b) + 1)
    return Mixed(
        sheet=widgets.file(widgets.png_bytes(sheet), f"{model}-mix.png"),
        layers=list(numbers(layers, len(sides))),
        sides=sides,
    )


def vary_noise(
    zoo: Zoo, model: str, seed: int = 1, noise: int = 1, psi: float = 0.7, y: int | None = None
) -> Strays:
    """Paints one style, that of `seed`, under several noises: `noise`, `noise` + 1, …

    Returns one PNG of the pictures in a row, and the map of deviations: white where pixels stray
    the farthest, which is `farthest` in grey levels of 255.
    """
    check_class(zoo, model, y)
    artist = mixing.stylist(zoo, model)
    strays = mixing.stray(artist, mixing.styles(artist, (seed,), psi, y), noise, NOISES)
    sheet = images.grid(strays.pictures, columns=NOISES)
    return Strays(
        sheet=widgets.file(widgets.png_bytes(sheet), f"{model}-{seed}-noise{noise}.png"),
        noises=[(noise + k) % SEED_LIMIT for k in range(NOISES)],
        map=widgets.file(widgets.png_bytes(strays.map), f"{model}-{seed}-deviation.png"),
        farthest=strays.farthest,
    )


def walk_styles(
    zoo: Zoo,
    model: str,
    a: tuple[int, ...] = (13, 128, 45, 131),
    held: int = 10,
    layers: Chosen = "coarse",
    psi: float = 0.7,
    y: int | None = None,
) -> Reel:
    """Walks among the styles of the seeds `a` and back to the first, along straight lines in w.

    `layers` (as for `mix`) always have the style of the seed `held`. The film comes as an endless
    animated WebP and as MP4.
    """
    check_class(zoo, model, y)
    made = reel.both(mixing.frames(mixing.stylist(zoo, model), a, held, layers, psi, y))
    return Reel(
        film=widgets.file(made["image/webp"], f"{model}-styles.webp"),
        mp4=widgets.file(made["video/mp4"], f"{model}-styles.mp4"),
    )
