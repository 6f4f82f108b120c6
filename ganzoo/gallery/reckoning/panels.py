"""The letters with their groups, the sum, the pool to choose from, and the turn."""

from functools import lru_cache
from html import escape
from typing import Any

import gradio as gr
import torch

from ganzoo.explore.arithmetic import analogy, average, group, neighbours
from ganzoo.gallery import widgets
from ganzoo.gallery.paint import paint, style
from ganzoo.gallery.reckoning.sums import STEPS, Chosen, amounts, means, turning
from ganzoo.latents import SEED_LIMIT
from ganzoo.shapes import Pictures
from ganzoo.zoo import Zoo

POOL = 32  # pictures to choose from


def draw_a(zoo: Zoo, model: str, a: Chosen, y: int | None) -> Any:
    """Group A and its mean."""
    return _group(zoo, model, a, y)


def draw_b(zoo: Zoo, model: str, b: Chosen, y: int | None) -> Any:
    """Group B and its mean."""
    return _group(zoo, model, b, y)


def draw_c(zoo: Zoo, model: str, c: Chosen, y: int | None) -> Any:
    """Group C and its mean."""
    return _group(zoo, model, c, y)


def _group(zoo: Zoo, model: str, seeds: Chosen, y: int | None) -> Any:
    z = group(seeds, zoo.model(model).z_dim)
    *members, mean = paint(zoo, model, torch.cat([z, average(z)]), y)
    side = mean.shape[1]
    return gr.update(
        value=", ".join(map(str, seeds)),
        seeds=list(map(str, seeds)),
        pictures=[widgets.png(member) for member in members],
        mean=widgets.png(mean),
        style=style(side, wide=64, mean=widgets.roomy(side)),
    )


def draw_result(
    zoo: Zoo, model: str, a: Chosen, b: Chosen, c: Chosen, spread: float, seed: int, y: int | None
) -> str:
    """A - B + C in the middle of its neighbours."""
    centre = analogy(*means(zoo, model, a, b, c))
    pictures = paint(zoo, model, neighbours(centre, seed, spread), y)
    side = pictures.shape[2]
    tiles = "".join(
        f'<img src="{widgets.png(picture)}" alt="{alt}" class="{kind}">'
        for picture, alt, kind in zip(
            pictures,
            ["A neighbour"] * 4 + ["A minus B plus C"] + ["A neighbour"] * 4,
            [""] * 4 + ["centre"] + [""] * 4,
            strict=True,
        )
    )
    length = centre.norm().item() / centre.shape[1] ** 0.5
    return (
        f'<div class="sheet result" style="{style(side, wide=widgets.roomy(side))}">'
        f'<div class="sum"><span class="letter">=</span><div class="nine">{tiles}</div></div>'
        "<p><b>A − B + C</b> in the middle, "
        f"{length:.0%} as long as a usual latent; around it the same with a little noise.</p>"
        f'<button type="button" class="link" data-save-sheet="{escape(model)}-arithmetic.png">'
        "Download these pictures</button></div>"
    )


def draw_pool(
    zoo: Zoo, model: str, first: int, a: Chosen, b: Chosen, c: Chosen, y: int | None
) -> Any:
    """Samples to choose from, each marked with the groups it is in."""
    version = tuple(zoo.bundle(model).config.sha256.values())
    pictures = _pool(zoo, model, version, first, y)
    seeds = [(first + i) % SEED_LIMIT for i in range(POOL)]
    side = pictures[0][0]
    marks = ["".join(k for k, g in zip("ABC", (a, b, c), strict=True) if s in g) for s in seeds]
    return gr.update(
        pictures=[uri for _, uri in pictures],
        seeds=list(map(str, seeds)),
        marks=marks,
        style=style(side, wide=64, narrow=64),
    )


@lru_cache(maxsize=8)
def _pool(
    zoo: Zoo, model: str, version: tuple[str, ...], first: int, y: int | None
) -> tuple[tuple[int, str], ...]:
    """The sheet is drawn once, however often its marks change: each side, and its PNG."""
    pictures = paint(zoo, model, zoo.model(model).latents(first, POOL), y)
    return tuple((picture.shape[1], widgets.png(picture)) for picture in pictures)


def draw_turn(
    zoo: Zoo, model: str, a: Chosen, b: Chosen, c: Chosen, others: Chosen, y: int | None
) -> str:
    """The turn from B to A, taken in steps by whatever it is added to."""
    strips = turning(zoo, model, a, b, c, others, y)
    side = strips[0].shape[2]
    titles = ["from the mean of B to that of A", "from the mean of C to A − B + C"]
    titles += [f"seed {other}, turned alike" for other in others]
    rows = "".join(_strip(*row) for row in zip(titles, strips, strict=True))
    return (
        f'<div class="sheet turns" style="{style(side, wide=widgets.TILE, narrow=64)}">'
        f'{rows}<button type="button" class="link" '
        f'data-columns="{STEPS}" data-save-sheet="{escape(model)}-turn.png">'
        "Download the strips</button></div>"
    )


def _strip(title: str, pictures: Pictures) -> str:
    tiles = "".join(
        f'<img src="{widgets.png(picture)}" alt="{title}: {amount:.0%}">'
        for picture, amount in zip(pictures, amounts(), strict=True)
    )
    return f'<p class="fine">{title[:1].upper()}{title[1:]}</p><div class="turn">{tiles}</div>'
