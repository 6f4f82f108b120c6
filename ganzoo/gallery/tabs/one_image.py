"""One image: a pyramid that has seen a single picture, and dreams of the place in it.

Layout and wiring only; the dreaming is done by :class:`ganzoo.zoo.Dreamer` and
:mod:`ganzoo.explore.one_image`.
"""

from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any, TypedDict

import gradio as gr
import numpy as np
from gradio.data_classes import FileData

from ganzoo import images
from ganzoo.architectures import architectures
from ganzoo.architectures._one_image import resized
from ganzoo.explore.one_image import EDITS, edited, film
from ganzoo.gallery import reel, translating, widgets
from ganzoo.gallery.address import Choice, Model, Real, Upload, Whole, seed
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import Explainer, Slider, Tab
from ganzoo.latents import SEED_LIMIT
from ganzoo.shapes import Image, Picture, Sheet
from ganzoo.zoo import Dreamer, Zoo
from ganzoo.zoo.dreamer import STRETCH

DREAMS = 6  # on a sheet
FRAMES = 16  # of a film, there; as many come back
LARGE, FILM, SMALL = 480, 320, 160  # CSS pixels, about
FINEST = 31  # more scales than any pyramid has
NAMES = {
    "as it is": "as_it_is",
    "mirrored": "mirrored",
    "halves swapped": "halves_swapped",
    "upside down": "upside_down",
    "in six colours": "few_colours",
}


class Dreamt(TypedDict):
    """What a program gets: the dream, the image that the model knows, and its scales."""

    picture: FileData
    known: FileData
    scales: list[list[int]]


@dataclass(frozen=True)
class Begun:
    """What a dream begins with.

    Attributes:
        start: the first scale that draws afresh.
        picture: whose coarser scales are kept; None: the known image's, if there are any.
    """

    start: int
    picture: Image | None


def begin(dreamer: Dreamer, start: int, origin: str, brought: Sheet | None) -> Begun:
    """A picture that was brought, or rearranged, enters above the coarsest scale at the earliest:
    at the coarsest nothing is kept of any.
    """
    finest = len(dreamer.shapes) - 1
    other = brought is not None or origin != "as_it_is"
    start = min(max(start, 1) if other else start, finest)
    if not other:
        return Begun(start, None)
    picture = dreamer.known() if brought is None else framed(dreamer, brought)
    return Begun(start, edited(picture, origin))


def framed(dreamer: Dreamer, picture: Sheet) -> Image:
    """As large as the image that is known, cut in the middle where its proportions are others."""
    rows, columns = dreamer.shapes[-1]
    height, width = picture.shape[:2]
    tall = min(height, max(1, round(width * rows / columns)))
    wide = min(width, max(1, round(height * columns / rows)))
    top, left = (height - tall) // 2, (width - wide) // 2
    cut = picture[top : top + tall, left : left + wide].copy()
    channels = dreamer.model.image_channels
    image = images.from_pictures(cut[None])
    image = image.mean(1, keepdim=True) if channels == 1 else image.expand(-1, 3, -1, -1)
    return resized(image, (rows, columns)).clamp(-1, 1)


def dreams(
    zoo: Zoo,
    model: str,
    seed: int,
    count: int,
    start: int,
    stretch: tuple[float, float],
    origin: str,
    brought: str | None,
) -> np.ndarray:
    """Pictures of the seeds ``seed``, ``seed + 1``, …"""
    dreamer = Dreamer(zoo.model(model))
    begun = begin(dreamer, start, origin, translating.opened(brought) if brought else None)
    made = dreamer.dream(
        seed % SEED_LIMIT, count, start=begun.start, stretch=stretch, picture=begun.picture
    )
    return images.to_pictures(made)


def draw_reach(zoo: Zoo, model: str) -> Any:
    """As many scales as the pyramid has."""
    return gr.update(maximum=len(Dreamer(zoo.model(model)).shapes) - 1)


def draw_dream(
    zoo: Zoo,
    model: str,
    seed: int,
    pick: int,
    start: int,
    tall: float,
    wide: float,
    origin: str,
    brought: str | None,
) -> str:
    """The picked dream, large."""
    own = (seed + pick) % SEED_LIMIT
    picture = dreams(zoo, model, own, 1, start, (tall, wide), origin, brought)[0]
    return widgets.figure(picture, f"{model}-seed{own}", f"<h3>Seed {own}</h3>", LARGE)


def draw_kept(zoo: Zoo, model: str, start: int, origin: str, brought: str | None) -> str:
    """The image that it knows, and what is kept of it, or of the one in its place."""
    dreamer = Dreamer(zoo.model(model))
    begun = begin(dreamer, start, origin, translating.opened(brought) if brought else None)
    known = _known(zoo, model, tuple(zoo.bundle(model).config.sha256.values()))
    panels = [_panel(known, "The one picture it knows", "as it paints it from memory")]
    if not begun.start:
        said = "Nothing of it is kept: noise alone decides what is where."
        return f'<div class="kept">{panels[0]}<p class="fine">{said}</p></div>'
    rows, columns = dreamer.shapes[begun.start - 1]
    below = dreamer.below(begun.start, dreamer.anchored(), begun.picture)
    coarse = images.to_pictures(below)[0]
    panels.append(
        _panel(coarse, "What is kept", f"{columns} × {rows} pixels; all that is finer is dreamt")
    )
    return f'<div class="kept">{"".join(panels)}</div>'


def draw_sheet(
    zoo: Zoo,
    model: str,
    seed: int,
    pick: int,
    start: int,
    tall: float,
    wide: float,
    origin: str,
    brought: str | None,
) -> dict[str, Any]:
    """Several dreams, one of them picked."""
    pictures = dreams(zoo, model, seed, DREAMS, start, (tall, wide), origin, brought)
    titles = [f"Seed {(seed + i) % SEED_LIMIT}" for i in range(DREAMS)]
    return widgets.show_sheet(min(pick, DREAMS - 1), pictures, titles, f"{model}-seed{seed}.png")


def draw_ascent(zoo: Zoo, model: str, seed: int, pick: int) -> str:
    """What each scale paints on the way to one dream of noise alone."""
    dreamer = Dreamer(zoo.model(model))
    steps = dreamer.ascent(dreamer.noise((seed + pick) % SEED_LIMIT))
    figures = "".join(
        f'<figure><img src="{widgets.png(images.to_pictures(step)[0])}" alt="Scale {scale}">'
        f'<figcaption class="fine">{scale}: {step.shape[3]} × {step.shape[2]}</figcaption></figure>'
        for scale, step in enumerate(steps)
    )
    return f'<h2 class="small">From coarse to fine</h2><div class="ascent">{figures}</div>'


def draw_film(zoo: Zoo, model: str, seed: int, near: float) -> str:
    """The image in motion, there and back."""
    dreamer = Dreamer(zoo.model(model))
    frames = images.to_pictures(film(dreamer, seed, FRAMES, start=0, near=near))
    there_and_back = np.concatenate([frames, frames[-2:0:-1]])
    says = "The picture it knows, its noise on a walk"
    name = f"{model}-film{seed}"
    return reel.figure(there_and_back, name, says, "The first frame", says, wide=FILM)


def draw_label(zoo: Zoo, model: str) -> tuple[str, str]:
    """The museum label, and the method's equation."""
    bundle = zoo.bundle(model)
    return widgets.label(bundle), f"$${bundle.paper.equation}$$"


def dream(
    zoo: Zoo,
    model: str,
    seed: int = 22,
    start: int = 0,
    tall: float = 1.0,
    wide: float = 1.0,
    origin: str = "as_it_is",
    picture: str = "",
) -> Dreamt:
    """Dreams a picture of the place that the model knows.

    `start` is the first scale that is drawn afresh (0: all of them); what is coarser is kept of the
    known image, or of `picture`, a `data:image/…;base64,…` address, rearranged as `origin` says
    (`as_it_is`, `mirrored`, `halves_swapped`, `upside_down`, `few_colours`). `tall` and `wide`
    stretch the frame. Returns the dream and the known image as PNGs, and rows and columns of each
    scale.
    """
    dreamer = Dreamer(zoo.model(model))
    begun = begin(dreamer, start, origin, translating.decoded(picture) if picture else None)
    made = dreamer.dream(seed, start=begun.start, stretch=(tall, wide), picture=begun.picture)
    shown = {"picture": made, "known": dreamer.known()}
    files = {
        key: widgets.file(
            widgets.png_bytes(images.to_pictures(image)[0]), f"{model}-{seed}-{key}.png"
        )
        for key, image in shown.items()
    }
    return Dreamt(**files, scales=[list(shape) for shape in dreamer.shapes])


@lru_cache(maxsize=8)
def _known(zoo: Zoo, model: str, version: tuple[str, ...]) -> Picture:
    return images.to_pictures(Dreamer(zoo.model(model)).known())[0]


def _panel(picture: Picture, title: str, fine: str) -> str:
    return (
        f'<figure class="step"><h3>{escape(title)}</h3><img src="{widgets.png(picture)}" '
        f'alt="{escape(title)}" width="{SMALL}"><figcaption class="fine">{escape(fine)}'
        "</figcaption></figure>"
    )


def build(stage: Stage) -> None:
    with stage.controls():
        model = gr.Dropdown(stage.names, label="Model", scale=2, min_width=180)
        seed = widgets.whole("Seed", min_width=90)
        lucky = gr.Button("Surprise me", variant="primary", min_width=130)
        start = gr.Slider(
            0, 6, step=1, label="Dream from scale", scale=3, min_width=200, buttons=[]
        )
    with stage.wall():
        with gr.Column(scale=8, min_width=320):
            shown = widgets.html()
            with gr.Row(elem_classes="frame"):
                wide = gr.Slider(*STRETCH, step=0.1, label="How wide", min_width=140, buttons=[])
                tall = gr.Slider(*STRETCH, step=0.1, label="How tall", min_width=140, buttons=[])
            origin = gr.Radio(
                list(NAMES.items()), label="What is kept of the picture, rearranged by hand"
            )
        with gr.Column(scale=5, min_width=320):
            kept = widgets.html()
            sheet = widgets.sheet()
    ascent = widgets.html()
    with gr.Row():
        with gr.Column(scale=8, min_width=320):
            widgets.html('<h2 class="small">The picture in motion</h2>')
            moving = widgets.html(js_on_load=reel.STOP, elem_classes="screen")
            near = gr.Slider(0, 0.5, step=0.05, label="How close it stays to itself", buttons=[])
        with gr.Column(scale=5, min_width=320):
            brought = translating.bring("Or dream on with a picture of yours")
    with gr.Row(elem_classes="beside"):
        with gr.Column(scale=8, min_width=320):
            label = widgets.html()
        with gr.Column(scale=5, min_width=320):
            equation = gr.Markdown(latex_delimiters=widgets.MATHS)
    stage.bind(
        model=model, seed=seed, start=start, pick=sheet, wide=wide, tall=tall, origin=origin,
        near=near, brought=brought,
    )  # fmt: skip
    stage.draws(draw_reach, start)
    stage.draws(draw_dream, shown)
    stage.draws(draw_kept, kept)
    stage.draws(draw_label, [label, equation])
    stage.draws(draw_sheet, sheet, slow=True)
    stage.draws(draw_ascent, ascent, slow=True)
    stage.draws(draw_film, moving, slow=True)
    stage.sets(lucky, seed="ganzoo.luck()")
    stage.action(dream, "dream")


ENTRY = Tab(
    room="Look inside",
    title="One image",
    heading="All from a single picture",
    order=60,
    needs=("single_image",),
    explainer=Explainer(
        sentence="It has seen one photograph in its life, and never another. At scale 0 it dreams "
        "the whole place anew. From 1 on it keeps the coarse shape, of the picture or of what "
        "you make of it, and dreams what is finer: swap the halves, and look at the seam.",
        equation=architectures["singan"].paper.equation,
        paper=architectures["singan"].paper,
        more="A single picture is many patches, and the same kinds of them return at every scale: "
        "eaves above eaves, leaves beside leaves. A pyramid of small networks learns them, the "
        "coarsest first. Each sees only a window of 11 × 11 pixels, which at the coarsest scale is "
        "nearly half of the picture and at the finest a detail, so none can learn the picture by "
        "heart; and each has a judge of its own that asks only whether every patch could have been "
        "one of the photograph's. All layers are convolutions: stretch the frame, and towers are "
        "added rather than pulled wide. A picture of yours can enter at any scale: what is coarser "
        "is yours, what is finer is the photograph's.",
    ),
    address=(
        Model(default="singan-pagoda"),
        seed(default=22),
        Whole(name="start", default=0, low=0, high=FINEST),
        Whole(name="pick", default=0, low=0, high=DREAMS - 1),
        Real(name="wide", default=1.0, low=STRETCH[0], high=STRETCH[1]),
        Real(name="tall", default=1.0, low=STRETCH[0], high=STRETCH[1]),
        Choice(name="origin", default="as_it_is", options=tuple(EDITS)),
        Real(name="near", default=0.1, low=0.0, high=0.5),
        Upload(name="brought"),
    ),
    slider=Slider(endpoint="dream", control="seed", low=1000.0, high=2000.0, whole=True),
    build=build,
)
