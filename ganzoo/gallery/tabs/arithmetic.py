"""Arithmetic: A - B + C, where each letter is the average of a few latents.

Layout and wiring only; the reckoning is done by :mod:`ganzoo.explore.arithmetic`.
"""

from functools import lru_cache
from html import escape
from typing import Any, TypedDict

import gradio as gr
import numpy as np
import torch
from gradio.data_classes import FileData

from ganzoo import images
from ganzoo.architectures import architectures
from ganzoo.explore.arithmetic import (
    PAPER_SPREAD,
    analogy,
    average,
    group,
    neighbours,
    turn,
    turned,
)
from ganzoo.gallery import widgets
from ganzoo.gallery.address import Model, Real, Seeds, Whole, seed
from ganzoo.gallery.paint import check_class, draw_class, paint, style
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.summands import SIGNS, group_widget, pool_widget
from ganzoo.gallery.tabs import Explainer, Tab
from ganzoo.latents import SEED_LIMIT
from ganzoo.shapes import OneLatent, Pictures
from ganzoo.zoo import Zoo

Chosen = tuple[int, ...]

# What hangs there at first: slanted zeros - upright zeros + upright fours, in dcgan-mnist.
SLANTED, UPRIGHT, FOURS, OTHERS = (93, 100, 110), (40, 46, 64), (54, 84, 102), (8, 120)
MOST = 8  # pictures in a group
POOL = 32  # pictures to choose from
STEPS = 9  # of a turn


class Reckoned(TypedDict):
    """What a program gets: pictures at their true size, and how long the result is (1 is usual)."""

    result: FileData
    sheet: FileData
    means: FileData
    length: float


class Turned(TypedDict):
    """What a program gets: a strip for each latent at its true size, and the steps."""

    strips: FileData
    amounts: list[float]


def means(zoo: Zoo, model: str, *groups: Chosen) -> list[OneLatent]:
    """The average latent of each group of seeds."""
    z_dim = zoo.model(model).z_dim
    return [average(group(seeds, z_dim)) for seeds in groups]


def turning(
    zoo: Zoo, model: str, a: Chosen, b: Chosen, c: Chosen, others: Chosen, y: int | None
) -> list[Pictures]:
    """Strips along the turn from B to A: of B's mean, of C's, and of single latents."""
    z_dim = zoo.model(model).z_dim
    vector = turn(group(b, z_dim), group(a, z_dim))
    starts = torch.cat([*means(zoo, model, b, c), group(others, z_dim)])
    steps = turned(starts, vector, torch.tensor(amounts()))
    pictures = paint(zoo, model, steps.flatten(0, 1), y)
    return list(pictures.reshape(len(starts), STEPS, *pictures.shape[1:]))


def amounts() -> list[float]:
    """How much of the turn each picture of a strip has taken."""
    return [i / (STEPS - 1) for i in range(STEPS)]


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


def reckon(
    zoo: Zoo,
    model: str,
    a: Chosen = SLANTED,
    b: Chosen = UPRIGHT,
    c: Chosen = FOURS,
    spread: float = PAPER_SPREAD,
    seed: int = 0,
    y: int | None = None,
) -> Reckoned:
    """Draws A - B + C, where each letter is the mean of the latents that a few seeds name.

    `spread` is half the width of the noise that makes the eight neighbours, in standard deviations
    of a latent, and `seed` names that noise. `y` is the class, for a conditional model. Returns
    PNGs at true size: the result alone, the sheet of 3 x 3 with the result in the middle, and the
    three means; and the length of the result's latent, where 1 is that of a usual one.
    """
    check_class(zoo, model, y)
    averages = means(zoo, model, a, b, c)
    centre = analogy(*averages)
    sheet = paint(zoo, model, neighbours(centre, seed, spread), y)
    three = paint(zoo, model, torch.cat(averages), y)
    return Reckoned(
        result=widgets.file(widgets.png_bytes(sheet[4]), f"{model}-result.png"),
        sheet=widgets.file(widgets.png_bytes(images.grid(sheet, columns=3)), f"{model}-sheet.png"),
        means=widgets.file(widgets.png_bytes(images.grid(three, columns=3)), f"{model}-means.png"),
        length=centre.norm().item() / centre.shape[1] ** 0.5,
    )


def turn_all(
    zoo: Zoo,
    model: str,
    a: Chosen = SLANTED,
    b: Chosen = UPRIGHT,
    c: Chosen = FOURS,
    others: Chosen = OTHERS,
    y: int | None = None,
) -> Turned:
    """Adds the turn vector, the mean of A minus the mean of B, in steps.

    The strips start from the mean of B (and so end at that of A), from the mean of C (and end at
    A - B + C) and from the single seeds in `others`. `y` is the class, for a conditional model.
    Returns all strips as one PNG at true size, and how much of the turn each step has taken.
    """
    check_class(zoo, model, y)
    strips = np.concatenate(turning(zoo, model, a, b, c, others, y))
    sheet = images.grid(strips, columns=STEPS)
    return Turned(
        strips=widgets.file(widgets.png_bytes(sheet), f"{model}-turn.png"), amounts=amounts()
    )


def build(stage: Stage) -> None:
    with stage.controls():
        model = gr.Dropdown(stage.names, label="Model", scale=3, min_width=200)
        y = gr.Dropdown(label="Class", visible=False, min_width=110)
        first = widgets.whole("Samples from seed", min_width=110)
        lucky = gr.Button("Other samples", min_width=140)
    with gr.Row(elem_classes="wall"):
        with gr.Column(min_width=320):
            groups = {name: group_widget(name) for name in SIGNS}
        with gr.Column(min_width=320):
            result = widgets.html()
    pool = pool_widget()
    widgets.html(
        '<h2 class="part">The turn</h2><p class="sentence">A − B is a direction. Added in steps, '
        "it takes the one group to the other, and anything else the same way.</p>"
    )
    strips = widgets.html()
    with stage.more():
        spread = gr.Slider(0, 1, step=0.01, label="Noise around the result, in deviations of z")
        noise = widgets.whole("Seed of that noise")
        others = gr.Textbox(label="Seeds to turn as well, such as 10, 11", max_lines=1)
    stage.bind(model=model, **groups, first=first, others=others, spread=spread, seed=noise, y=y)
    stage.draws(draw_class, y)
    for name, draw in {"a": draw_a, "b": draw_b, "c": draw_c}.items():
        stage.draws(draw, groups[name])
    stage.draws(draw_result, result)
    stage.draws(draw_pool, pool)
    stage.draws(draw_turn, strips)
    stage.sets(lucky, first="ganzoo.luck()")
    stage.action(reckon, "arithmetic")
    stage.action(turn_all, "turn")


def _seeds(name: str, default: Chosen) -> Seeds:
    return Seeds(name=name, default=default, most=MOST)


ENTRY = Tab(
    room="Create",
    title="Arithmetic",
    heading="Arithmetic with pictures",
    order=30,
    needs=("sample",),
    explainer=Explainer(
        sentence="Choose three pictures that share something for A, three that lack just that for "
        "B, and three others that lack it for C. The sum should give it to C: “smiling woman − "
        "woman + man” made a smiling man.",
        equation=r"x = G(\bar{z}_A - \bar{z}_B + \bar{z}_C), \qquad "
        r"\bar{z}_A = \tfrac{1}{|A|}\sum_{i \in A} z_i",
        paper=architectures["dcgan"].paper,
        more="A mean keeps what its latents share, and what they differ in cancels; the paper "
        "found single pictures too unsteady, three enough. The mean of three random vectors is "
        r"only $1/\sqrt{3}$, or 58 %, as long as one, so means look averaged; but "
        r"$\bar{z}_A - \bar{z}_B + \bar{z}_C$ is as long as one again, because "
        r"$\tfrac13 + \tfrac13 + \tfrac13 = 1$. The eight pictures around the result have uniform "
        "noise added, as in the paper's figure 7 (whose latents were uniform: its ±0.25 is ±0.43 "
        "standard deviations, and so it is here). The **turn** is the paper's as well: it turned "
        "faces from left to right by adding the difference of two averages.",
    ),
    address=(
        Model(default="dcgan-mnist"),
        _seeds("a", SLANTED),
        _seeds("b", UPRIGHT),
        _seeds("c", FOURS),
        seed("first", default=84),
        _seeds("others", OTHERS),
        Real(name="spread", default=round(PAPER_SPREAD, 2), low=0.0, high=1.0),
        seed("seed", default=0),
        Whole(name="y", low=0, high=9999),
    ),
    build=build,
)
