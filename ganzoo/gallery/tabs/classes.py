"""Classes: the same latents as this class or that, and how far they may stray.

Layout and wiring only; see :mod:`ganzoo.explore.classes` and :func:`ganzoo.latents.truncated`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, TypedDict

import gradio as gr
import torch
from gradio.data_classes import FileData

from ganzoo import images
from ganzoo.architectures import architectures
from ganzoo.errors import InputError
from ganzoo.explore.classes import as_every_class, between_classes, field
from ganzoo.explore.walk import walk
from ganzoo.gallery import tradeoff, widgets
from ganzoo.gallery.address import Control, Model, Real, Whole, href, said, seed
from ganzoo.gallery.paint import style
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import Explainer, Slider, Tab
from ganzoo.gallery.tabs.sample import class_names
from ganzoo.latents import SEED_LIMIT, truncated
from ganzoo.shapes import Pictures
from ganzoo.zoo import Zoo

MOST = 64  # pictures of all chosen classes together
MOST_CLASSES = 16
SHOWN = 100  # classes among which one latent is shown
ACROSS, DOWN = 7, 4  # of the field between two classes and two latents
FULL = 2.0  # the slider's end


@dataclass(frozen=True, kw_only=True)
class Several(Control):
    """A few classes by number, written ``0,3``."""

    def read(self, value: object) -> tuple[int, ...]:
        parts = value.replace(",", " ").split() if isinstance(value, str) else value
        if parts is None:
            return self.default
        if not isinstance(parts, Sequence) or not 1 <= len(parts) <= MOST_CLASSES:
            raise InputError(
                f"{self.name} is 1 to {MOST_CLASSES} classes, such as 0, 3; got {said(value)}"
            )
        one = Whole(name=f"a class in {self.name}", default=0, low=0, high=9999)
        return tuple(dict.fromkeys(int(one.read(part) or 0) for part in parts))

    def write(self, value: Sequence[int]) -> str:
        return ",".join(map(str, value))

    def show(self, value: Sequence[int]) -> list[str]:
        return list(map(str, value))


class Painted(TypedDict):
    """What a program gets: one PNG, and the seed and class of each picture, row by row."""

    sheet: FileData
    seeds: list[int]
    classes: list[str]
    truncation: float


class Field(TypedDict):
    """Rows are latents from one seed to the other, columns shares from one class to the other."""

    sheet: FileData
    rows: int
    columns: int


class Curve(TypedDict):
    """Measured points; ``here`` is between them."""

    thresholds: list[float]
    precision: list[float]
    recall: list[float]
    fid: list[float]
    protocol: dict[str, str | int | float | bool | None]


def known(zoo: Zoo, model: str, classes: tuple[int, ...]) -> tuple[int, ...]:
    """Those of the classes that this model has; its first, if it has none of them."""
    count = zoo.model(model).num_classes
    return tuple(y for y in classes if y < count) or (0,)


def paint_classes(
    zoo: Zoo, model: str, classes: tuple[int, ...], first: int, count: int, truncation: float
) -> Pictures:
    """The seeds ``first``, ``first + 1``, … as each class in turn."""
    artist = zoo.model(model)
    each = max(1, min(count, MOST // len(classes)))
    z = artist.latents(first, each, truncation).repeat(len(classes), 1)
    y = torch.tensor(classes).repeat_interleave(each)
    return images.to_pictures(artist.generate(z, y, truncation))


def draw_choice(zoo: Zoo, model: str, classes: tuple[int, ...], to: int) -> tuple[Any, Any]:
    """The choice of classes, and of the one at which the way between two ends."""
    choices = [(name, str(i)) for i, name in enumerate(class_names(zoo, model))]
    last = to if to < len(choices) else len(choices) - 1
    return (
        gr.update(choices=choices, value=[str(y) for y in known(zoo, model, classes)]),
        gr.update(choices=choices, value=str(last)),
    )


def draw_sheet(
    zoo: Zoo, model: str, classes: tuple[int, ...], seed: int, count: int, truncation: float
) -> str:
    """The chosen classes, each below its name."""
    chosen, names = known(zoo, model, classes), class_names(zoo, model)
    pictures = paint_classes(zoo, model, chosen, seed, count, truncation)
    each = len(pictures) // len(chosen)
    rows = []
    for i, y in enumerate(chosen):
        tiles = "".join(
            f'<img src="{widgets.png(pictures[i * each + k])}" '
            f'alt="{escape(names[y])}, seed {(seed + k) % SEED_LIMIT}" '
            f'title="seed {(seed + k) % SEED_LIMIT}">'
            for k in range(each)
        )
        rows.append(f'<h3>{escape(names[y])}</h3><div class="tiles">{tiles}</div>')
    side = pictures.shape[2]
    file = f"{model}-{'-'.join(map(str, chosen))}-seed{seed}-truncation{truncation:g}.png"
    return (
        f'<div class="sheet kinds" style="{style(side, wide=widgets.roomy(side), narrow=64)}">'
        f'{"".join(rows)}<button type="button" class="link" data-columns="{min(each, 8)}" '
        f'data-save-sheet="{escape(file)}">Download the sheet</button></div>'
    )


def draw_curve(zoo: Zoo, model: str, truncation: float) -> str:
    """What was measured of this bundle, with the present place marked."""
    curve = zoo.bundle(model).config.truncation
    if curve is None or not curve.points:
        return (
            '<p class="fine">What quality costs in variety has not been measured for this model: '
            f"<code>ganzoo truncate {escape(model)} --write</code>.</p>"
        )
    variety, quality = tradeoff.here(curve, truncation)
    return (
        f"{tradeoff.drawing(curve, truncation)}"
        f"<p><b>{quality:.0%}</b> look real; <b>{variety:.0%}</b> of the real ones could be "
        'made.</p><details class="score"><summary>how it was measured</summary>'
        f"{widgets.protocol(curve.protocol)}</details>"
    )


def draw_everyone(
    zoo: Zoo, model: str, classes: tuple[int, ...], seed: int, truncation: float
) -> str:
    """One latent as every class; each picture chooses its class."""
    artist, names = zoo.model(model), class_names(zoo, model)
    z, y = as_every_class(artist.latents(seed, 1, truncation), min(len(names), SHOWN))
    pictures = images.to_pictures(artist.generate(z, y, truncation))
    chosen = known(zoo, model, classes)
    tiles = []
    for i, picture in enumerate(pictures):
        here = ' aria-current="true"' if i in chosen else ""
        link = href("classes", model=model, classes=i, seed=seed, truncation=f"{truncation:g}")
        tiles.append(
            f'<a href="{escape(link)}"{here}><img src="{widgets.png(picture)}" alt="">'
            f"<span>{escape(names[i])}</span></a>"
        )
    side = pictures.shape[2]
    return (
        f'<div class="everyone" style="{style(side, wide=widgets.roomy(side), narrow=64)}">'
        f"{''.join(tiles)}</div>"
    )


def paint_field(
    zoo: Zoo, model: str, y: int, to: int, first: int, end: int, truncation: float
) -> Pictures:
    """Latents go down, from seed to seed; classes go across."""
    artist = zoo.model(model)
    way = walk(artist.latents(first, 1), artist.latents(end, 1), DOWN)
    shares = between_classes(y, to, ACROSS, artist.num_classes)
    z, told = field(truncated(way, truncation), shares)
    return images.to_pictures(artist.generate(z, told, truncation))


def draw_field(
    zoo: Zoo, model: str, classes: tuple[int, ...], to: int, seed: int, end: int, truncation: float
) -> str:
    """From class to class, and from latent to latent."""
    names, y = class_names(zoo, model), known(zoo, model, classes)[0]
    to = min(to, len(names) - 1)
    pictures = paint_field(zoo, model, y, to, seed, end, truncation)
    tiles = "".join(f'<img src="{widgets.png(picture)}" alt="">' for picture in pictures)
    said = f"From {names[y]} to {names[to]} across, from seed {seed} to {end} downwards"
    return (
        f'<figure class="sheet field" style="--columns:{ACROSS};'
        f'{style(pictures.shape[2], wide=widgets.TILE, narrow=40)}">'
        f"<figcaption><span>{escape(names[y])}</span><span>{escape(names[to])}</span></figcaption>"
        f'<div class="tiles" role="img" aria-label="{escape(said)}">{tiles}</div>'
        f'<button type="button" class="link" data-columns="{ACROSS}" '
        f'data-save-sheet="{escape(model)}-{y}-{to}.png">Download the field</button></figure>'
    )


def sample_classes(
    zoo: Zoo,
    model: str,
    classes: tuple[int, ...] = (0,),
    seed: int = 1,
    count: int = 16,
    truncation: float = 1.0,
) -> Painted:
    """Paints the seeds from `seed` on as each of `classes` (numbers, such as `[0, 3]`).

    Latents are drawn from a normal distribution cut at `truncation` (0 to 2): less variety, more
    quality. Returns one PNG, a row of `count` pictures for each class, at their true size.
    """
    artist, names = zoo.model(model), class_names(zoo, model)
    chosen = [artist.label(y) for y in classes]
    if len(chosen) * count > MOST:
        raise InputError(f"at most {MOST} pictures at once; got {len(chosen)} × {count}")
    pictures = paint_classes(zoo, model, tuple(chosen), seed, count, truncation)
    return Painted(
        sheet=widgets.file(widgets.png_bytes(images.grid(pictures, columns=count)), "classes.png"),
        seeds=[(seed + k) % SEED_LIMIT for _ in chosen for k in range(count)],
        classes=[names[y] for y in chosen for _ in range(count)],
        truncation=truncation,
    )


def blend_classes(
    zoo: Zoo,
    model: str,
    y: int = 0,
    to: int = 1,
    seed: int = 1,
    end: int = 2,
    truncation: float = 1.0,
) -> Field:
    """Walks from class `y` to class `to` across, and from seed `seed` to seed `end` downwards.

    Returns one PNG of all pictures at their true size.
    """
    artist = zoo.model(model)
    pictures = paint_field(zoo, model, artist.label(y), artist.label(to), seed, end, truncation)
    sheet = widgets.png_bytes(images.grid(pictures, columns=ACROSS))
    return Field(sheet=widgets.file(sheet, "field.png"), rows=DOWN, columns=ACROSS)


def truncation_curve(zoo: Zoo, model: str) -> Curve:
    """What quality costs in variety: precision, recall and Fréchet distance by threshold."""
    curve = zoo.bundle(model).config.truncation
    if curve is None:
        raise InputError(f"no truncation curve of {model} has been measured")
    column = {k: [p.values[k] for p in curve.points] for k in ("precision", "recall", "fid")}
    thresholds = [point.threshold for point in curve.points]
    return Curve(thresholds=thresholds, protocol=curve.protocol, **column)


def build(stage: Stage) -> None:
    with stage.controls():
        truncation = gr.Slider(
            0, FULL, step=0.01, label="Truncation", scale=4, min_width=260, buttons=[],
            info="0: the one typical picture of the class; 2: nearly all that it can.",
        )  # fmt: skip
        classes = gr.Dropdown(label="Classes", multiselect=True, scale=4, min_width=240)
        seed = widgets.whole("Seed", min_width=110)
        lucky = gr.Button("Surprise me", variant="primary", min_width=140)
    with gr.Row(elem_classes="controls"):
        model = gr.Dropdown(stage.names, label="Model", scale=3, min_width=200)
        count = gr.Slider(1, 32, step=1, label="How many of each", scale=2, min_width=180)
    with stage.wall():
        with gr.Column(scale=5, min_width=320):
            sheet = widgets.html()
        with gr.Column(scale=3, min_width=300):
            curve = widgets.html()
    gr.HTML('<h2 class="part">One latent, every class</h2>', apply_default_css=False)
    everyone = widgets.html()
    gr.HTML(
        '<h2 class="part">From class to class, from latent to latent</h2>', apply_default_css=False
    )
    with gr.Row(elem_classes="controls"):
        to = gr.Dropdown(label="To the class", min_width=160)
        end = widgets.whole("Down to the seed", min_width=130)
        roll = gr.Button("Roll", min_width=90)
    way = widgets.html()
    stage.bind(
        model=model, classes=classes, seed=seed, truncation=truncation, count=count, to=to, end=end
    )
    stage.draws(draw_choice, [classes, to])
    stage.draws(draw_sheet, sheet)
    stage.draws(draw_curve, curve)
    stage.draws(draw_everyone, everyone, slow=True)
    stage.draws(draw_field, way, slow=True)
    stage.sets(lucky, seed="ganzoo.luck()")
    stage.sets(roll, end="ganzoo.luck()")
    stage.action(sample_classes, "classes")
    stage.action(blend_classes, "blend")
    stage.action(truncation_curve, "truncation")


ENTRY = Tab(
    room="Create",
    title="Classes",
    heading="Ask for what you want",
    order=40,
    needs=("sample", "classes", "blend"),
    explainer=Explainer(
        sentence="Choose a class, then move the slider. To the left every picture is the safest "
        "one that the generator knows; to the right there is more to see, and more that fails.",
        equation=r"\operatorname{cBN}(h \mid y) = \left(1 + \gamma_y\right) \odot "
        r"\frac{h - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta_y, \qquad "
        r"z \sim \mathcal{N}(0, I), \; |z_i| \le \tau",
        paper=architectures["biggan"].paper,
        more="**Conditional batch norm** tells a class to every layer: all classes share the "
        "statistics $\\mu$ and $\\sigma$ of a feature map, and each has gains $\\gamma_y$ and "
        "shifts $\\beta_y$ of its own, looked up in a table. Between two rows of that table lies "
        "what no training picture was called.\n\n**Truncation** draws every number of the latent "
        "anew until it is at most $\\tau$. Training never saw so many small numbers, so the "
        "pictures move towards the middle of what was learned: quality rises, variety falls, and "
        "at $\\tau = 0$ one picture is left for each class. Here a seed keeps its picture while "
        "the slider moves: its numbers are squeezed into the cut distribution by rank, which "
        "has the same law as drawing them anew.",
    ),
    address=(
        Model(default="biggan-cifar10"),
        Several(name="classes", default=(1, 8)),
        seed(),
        Real(name="truncation", default=1.0, low=0.0, high=FULL),
        Whole(name="count", default=16, low=1, high=32),
        Whole(name="to", default=7, low=0, high=9999),
        seed("end", default=2),
    ),
    slider=Slider(endpoint="classes", control="truncation", low=0.0, high=2.0),
    build=build,
)
