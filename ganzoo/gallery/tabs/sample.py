"""Sample: pictures that nobody has seen before, each named by its seed.

Layout and wiring only; the drawing is done by :class:`ganzoo.zoo.Model`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any, TypedDict

import gradio as gr
import torch
from gradio.data_classes import FileData

from ganzoo import images
from ganzoo.errors import InputError
from ganzoo.evaluation.neighbours import PIXELS, Nearest, memory
from ganzoo.gallery import placard, widgets
from ganzoo.gallery.address import Flag, Model, Whole, seed
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import Explainer, Slider, Tab
from ganzoo.latents import SEED_LIMIT
from ganzoo.shapes import Picture, Pictures
from ganzoo.zoo import Zoo

MOST = 144  # pictures on one sheet
MOST_PIXELS = 4 * 2**20  # on one sheet
PROBABILITIES = ("minimax", "non_saturating")  # their logit is the log-odds of being real
EVERY = ""  # the choice of no class in particular


@dataclass(frozen=True)
class Hanging:
    """A sheet of pictures, their classes, and what the discriminator thinks of each."""

    pictures: Pictures
    classes: tuple[str, ...]
    verdicts: tuple[float, ...]


class Sampled(TypedDict):
    """What a program gets: one PNG of all pictures, and what is known of each."""

    sheet: FileData
    seeds: list[int]
    classes: list[str]
    verdicts: list[float]


def hang(zoo: Zoo, model: str, seed: int, count: int, y: int | None) -> Hanging:
    """The pictures of the seeds ``seed``, ``seed + 1``, …, and the verdicts on them.

    Args:
        y: the class of all pictures; None shows one class after the other.

    Raises:
        InputError: if the pictures are too many, or there is no such class.
    """
    artist = zoo.model(model)
    side = artist.image_size
    if count * side**2 > MOST_PIXELS:
        most = MOST_PIXELS // side**2
        raise InputError(f"count is at most {most} for pictures {side} pixels wide; got {count}")
    if y is not None:
        artist.label(y)
    version = tuple(artist.bundle.config.sha256.values())
    return _hang(zoo, model, version, seed, count, y)


@lru_cache(maxsize=16)
def _hang(
    zoo: Zoo, model: str, version: tuple[str, ...], seed: int, count: int, y: int | None
) -> Hanging:
    """The same pictures for the same arguments, so a second look costs nothing."""
    artist = zoo.model(model)
    names = artist.class_names
    labels = artist.labels(seed, count)
    if labels is not None and y is not None:
        labels = torch.full_like(labels, y)
    image = artist.sample(seed, count, labels)
    verdicts = artist.judge(image, labels)
    return Hanging(
        images.to_pictures(image),
        () if labels is None else tuple(names[label] for label in labels.tolist()),
        () if verdicts is None else tuple(verdicts.tolist()),
    )


def draw_classes(zoo: Zoo, model: str, y: int | None) -> Any:
    """The choice of a class, where there is one."""
    names = zoo.model(model).class_names
    choices = [("every class", EVERY), *((name, str(i)) for i, name in enumerate(names))]
    chosen = EVERY if y is None or y >= len(names) else str(y)
    return gr.Dropdown(choices=choices, value=chosen, visible=bool(names))


def draw_sheet(
    zoo: Zoo, model: str, seed: int, count: int, y: int | None, pick: int
) -> dict[str, Any]:
    """The sheet, with one picture picked."""
    shown = hang(zoo, model, seed, count, _known(zoo, model, y))
    titles = [f"Seed {(seed + i) % SEED_LIMIT}" for i in range(count)]
    if shown.classes:
        titles = [f"{title}: {name}" for name, title in zip(shown.classes, titles, strict=True)]
    file = f"{model}-seed{seed}-count{count}.png"
    return widgets.show_sheet(min(pick, count - 1), shown.pictures, titles, file)


def draw_picture(zoo: Zoo, model: str, seed: int, count: int, y: int | None, pick: int) -> str:
    """The picked picture, large, with its seed and the verdict on it."""
    shown = hang(zoo, model, seed, count, _known(zoo, model, y))
    pick = min(pick, count - 1)
    own = (seed + pick) % SEED_LIMIT
    kind = f": {escape(shown.classes[pick])}" if shown.classes else ""
    return widgets.figure(
        shown.pictures[pick],
        f"{model}-seed{own}",
        f"<h3>Seed {own}{kind}</h3>{_verdict(zoo, model, shown.verdicts, pick)}",
    )


def draw_neighbours(
    zoo: Zoo, model: str, seed: int, count: int, y: int | None, pick: int, near: bool
) -> str:
    """The real pictures nearest to the picked one, if they are asked for."""
    if not near:
        return ""
    bundle = zoo.bundle(model)
    if (known := memory(bundle)) is None:
        title = bundle.config.data.title if bundle.config.data else "what it learned from"
        return (
            f"<p class='fine'>The pictures of {escape(title)} are not on this machine, so there is "
            "nothing to compare with.</p>"
        )
    shown = hang(zoo, model, seed, count, _known(zoo, model, y))
    pick = min(pick, count - 1)
    image = images.from_pictures(shown.pictures[pick : pick + 1])
    rows = [
        _neighbours(shown.pictures[pick], (seed + pick) % SEED_LIMIT, near)
        for near in known.nearest(image)
    ]
    return f'<div class="neighbours">{"".join(rows)}</div>'


def _neighbours(picture: Picture, seed: int, near: Nearest) -> str:
    how = "in pixels" if near.way == PIXELS else f"in the features of {escape(near.way)}"
    tiles = "".join(
        f"<figure>{widgets.tile(real, f'training picture {row}')}"
        f"<figcaption>{distance:.3g}</figcaption></figure>"
        for real, row, distance in zip(near.pictures, near.rows, near.distances, strict=True)
    )
    return (
        f"<section><p class='fine'>Nearest {how}, and how far</p><div><figure>"
        f"{widgets.tile(picture, f'seed {seed}')}<figcaption>seed {seed}</figcaption></figure>"
        f"{tiles}</div></section>"
    )


def sample(zoo: Zoo, model: str, seed: int = 1, count: int = 16, y: int | None = None) -> Sampled:
    """Draws pictures that nobody has seen before: picture i is named by the seed `seed + i`.

    `y` is the class of all pictures for a conditional model (None shows one class after the
    other). Returns one PNG with all pictures at their true size, and the seed, the class and the
    discriminator's verdict (a logit: higher is more real) of each, where there is one.
    """
    shown = hang(zoo, model, seed, count, y)
    return Sampled(
        sheet=widgets.file(widgets.png_bytes(images.grid(shown.pictures)), f"{model}-{seed}.png"),
        seeds=[(seed + i) % SEED_LIMIT for i in range(count)],
        classes=list(shown.classes),
        verdicts=list(shown.verdicts),
    )


def _known(zoo: Zoo, model: str, y: int | None) -> int | None:
    """A class left over from another model means none here."""
    return y if zoo.model(model).class_names else None


def _verdict(zoo: Zoo, model: str, verdicts: Sequence[float], pick: int) -> str:
    if not verdicts:
        return ""
    logit = verdicts[pick]
    if zoo.bundle(model).recipe.objective in PROBABILITIES:
        real = 1 / (1 + math.exp(-logit)) if logit > -700 else 0.0
        said = f"The discriminator gives it a chance of <b>{real:.0%}</b> of being real"
    else:
        said = f"The critic's score is <b>{logit:.3g}</b> (higher is more real)"
    rank = 1 + sum(other > logit for other in verdicts)
    place = f": place {rank} among these {len(verdicts)}" if len(verdicts) > 1 else ""
    return f"<p class='verdict'>{said}{place}.</p>"


def build(stage: Stage) -> None:
    with stage.controls():
        model = widgets.menu(stage.names, label="Model", scale=3, min_width=200)
        y = widgets.menu([("every class", EVERY)], label="Class", visible=False, min_width=140)
        seed = widgets.whole("Seed", min_width=110)
        lucky = gr.Button("Surprise me", variant="primary", min_width=140)
        count = gr.Slider(1, MOST, step=1, label="How many", scale=2, min_width=180)
    with stage.wall():
        with gr.Column(scale=8, min_width=320):
            sheet = widgets.sheet()
        with gr.Column(scale=5, min_width=320, elem_classes="follows"):
            picture = widgets.html()
            near = gr.Checkbox(label="Is it a copy? Show the nearest real pictures")
            neighbours = widgets.html()
    placard.hang(stage)
    stage.bind(model=model, seed=seed, count=count, y=y, pick=sheet, near=near)
    stage.draws(draw_classes, y)
    stage.draws(draw_sheet, sheet, still=("pick",))
    stage.draws(draw_picture, picture)
    stage.draws(draw_neighbours, neighbours, slow=True)
    stage.sets(lucky, seed="ganzoo.luck()")
    stage.action(sample, "sample")


ENTRY = Tab(
    room="Create",
    title="Sample",
    heading="Pictures nobody has seen",
    order=10,
    needs=("sample",),
    explainer=Explainer(
        sentence="Every picture is new: the generator turned a vector of random numbers, named by "
        "its seed, into it. Look for variety first, and only then for beauty.",
        equation=r"x = G(z), \quad z \sim \mathcal{N}(0, I)",
        more="A generator never sees a real picture. It learns only from a second network, the "
        "discriminator, which does, and which tells it how to be more convincing. If many seeds "
        "give nearly the same picture, it has found one that convinces and stopped there: the "
        "mode has collapsed.",
    ),
    address=(
        Model(default="stylegan2-cats"),
        seed(default=120),
        Whole(name="count", default=25, low=1, high=MOST),
        Whole(name="y", low=0, high=9999),
        Whole(name="pick", default=0, low=0, high=MOST - 1),
        Flag(name="near"),
    ),
    slider=Slider(endpoint="sample", control="seed", low=1000.0, high=2000.0, whole=True),
    build=build,
)
