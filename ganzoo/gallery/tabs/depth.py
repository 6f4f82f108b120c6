"""Depth: what a classifier still knows of a picture, painted level by level.

Layout and wiring only; the painting is done by :class:`ganzoo.zoo.Inverter`, the words are found by
:mod:`ganzoo.gallery.inverting`.
"""

from html import escape
from typing import Any, TypedDict

import gradio as gr
from gradio.data_classes import FileData

from ganzoo import images
from ganzoo.architectures import architectures
from ganzoo.gallery import inverting, placard, widgets
from ganzoo.gallery.address import Model, Whole, seed
from ganzoo.gallery.chooser import chooser
from ganzoo.gallery.fooling.controls import PictureControl
from ganzoo.gallery.inverting import Named
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import Explainer, Slider, Tab
from ganzoo.shapes import Pictures
from ganzoo.zoo import Zoo

SHOWN = 6  # pictures of the depth that is looked at
MOST = 32  # that a program may ask for at once
LARGE, MIDDLE, SMALL = 256, 128, 64  # CSS pixels
DEEPEST = 31  # more levels than any classifier has
STEER = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-level]");
  const slider = button && element.closest(".view").querySelector(".depth input[type=range]");
  if (!slider) return;
  slider.value = button.dataset.level;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
});
"""


class Inverted(TypedDict):
    """What a program gets: the picture that was known, and those painted of what was known."""

    known: FileData
    named: str
    pictures: list[FileData]
    said: list[str]


def bound_level(zoo: Zoo, model: str) -> Whole:
    """A level that the classifier has."""
    return Whole(name="level", low=0, high=len(inverting.inverter(zoo, model).levels) - 1)


def draw_reach(zoo: Zoo, model: str) -> Any:
    """As many depths as the classifier has."""
    return gr.update(maximum=bound_level(zoo, model).high)


def draw_offers(zoo: Zoo, model: str, picture: str) -> dict[str, Any]:
    """Pictures to begin with."""
    return inverting.offers(zoo, model).offered(picture)


def draw_left(zoo: Zoo, model: str, picture: str, level: int, seed: int) -> str:
    """The picture, and what is left of it at one depth."""
    found = inverting.inverter(zoo, model)
    level = min(level, len(found.levels) - 1)
    depth = inverting.depths(found)[level]
    seen = inverting.descent(zoo, model, picture, seed)
    first, made = seen.first, seen.rows[level].few(SHOWN)
    name = f"{model}-level{level}-seed{seed}"
    return (
        f'<div class="left"><figure class="large plate"><h3>The picture</h3>'
        f'<img src="{widgets.png(first.pictures[0])}" alt="The picture" width="{LARGE}">'
        f"<figcaption><p>The network calls it <b>{escape(first.said[0])}</b>, "
        f"{first.sure[0]:.0%} sure.</p></figcaption></figure>"
        f'<div class="still"><h3>What it still knows: {escape(depth.left)}</h3>'
        f'<p class="fine">{escape(depth.title)}: {escape(depth.numbers)}, instead of '
        f"{first.pictures[0].size:,}. Each of these was painted from them alone.</p>"
        f"{_tiles(made, MIDDLE)}<p>{_alike(made, first.said[0])} "
        f"{_download(made.pictures, name, 3)}</p></div></div>"
    )


def draw_descent(zoo: Zoo, model: str, picture: str, level: int, seed: int) -> str:
    """Every depth, the finest above."""
    found = inverting.inverter(zoo, model)
    seen, rows = inverting.descent(zoo, model, picture, seed), []
    for place, (depth, made) in enumerate(zip(inverting.depths(found), seen.rows, strict=True)):
        here = ' aria-current="true"' if place == min(level, len(found.levels) - 1) else ""
        rows.append(
            f'<div class="level"{here}><button type="button" data-level="{place}">'
            f"<b>{escape(depth.title)}</b><span>{escape(depth.left)}</span></button>"
            f'{_tiles(made, SMALL)}<p class="fine">{escape(depth.numbers)}. '
            f"{_alike(made, seen.first.said[0])}</p></div>"
        )
    return f'<div class="depths">{"".join(rows)}</div>'


def invert(
    zoo: Zoo, model: str, picture: str, level: int = 2, seed: int = 1, count: int = 4
) -> Inverted:
    """Paints pictures of which a classifier knows the same at one level.

    `picture` is the seed of a picture that the best generator of the same data paints, or a PNG of
    the network's size in base64. `level` 0 is what the classifier's first stage makes of it, the
    last its class scores. Returns the picture and `count` others as PNGs, the seeds `seed`,
    `seed + 1`, …, with what the classifier calls each.
    """
    found, image = inverting.inverter(zoo, model), inverting.original(zoo, model, picture)
    made = inverting.painted(found, image, level, seed, _few(count))
    return _files(inverting.named(found, image), made, f"{model}-level{level}", seed)


def _few(count: int) -> int:
    return int(Whole(name="count", low=1, high=MOST).read(count) or 1)


def _files(first: Named, made: Named, name: str, seed: int) -> Inverted:
    known, *pictures = (
        widgets.file(widgets.png_bytes(one), f"{name}-{tail}.png")
        for one, tail in zip(
            [first.pictures[0], *made.pictures],
            ["picture", *(f"seed{seed + i}" for i in range(len(made.pictures)))],
            strict=True,
        )
    )
    return Inverted(known=known, named=first.said[0], pictures=pictures, said=list(made.said))


def _tiles(made: Named, wide: int) -> str:
    side = made.pictures.shape[2]
    across = round(side * widgets.factor(side, wide))
    each = zip(made.pictures, made.said, made.sure, strict=True)
    pictures = "".join(
        f'<img src="{widgets.png(one)}" alt="{escape(said)}" title="{escape(said)}, {sure:.0%}">'
        for one, said, sure in each
    )
    return f'<div class="made" style="--wide: {across}px">{pictures}</div>'


def _alike(made: Named, name: str) -> str:
    return f"{made.alike(name)} of {len(made.said)} are called {escape(name)}."


def _download(pictures: Pictures, name: str, columns: int) -> str:
    uri = widgets.png(images.grid(pictures, columns))
    return f'<a class="link" download="{escape(name)}.png" href="{uri}">Download these pictures</a>'


def build(stage: Stage) -> None:
    with stage.controls():
        level = gr.Slider(
            0,
            4,
            step=1,
            label="How deep the network has looked",
            scale=5,
            min_width=240,
            buttons=[],
            elem_classes="depth",
        )
        number = widgets.whole("Seed", min_width=100)
        lucky = gr.Button("Other paintings", variant="primary", min_width=130)
    with stage.wall():
        left = widgets.html()
    picture = chooser()
    widgets.html('<h2 class="part">All the way down</h2>')
    descent = widgets.html(js_on_load=STEER)
    with placard.beneath(stage):
        model = widgets.menu(stage.names, label="Model", min_width=200)
    stage.bind(model=model, picture=picture, level=level, seed=number)
    stage.bounds(bound_level)
    stage.draws(draw_reach, level)
    stage.draws(draw_offers, picture)
    stage.draws(draw_left, left)
    stage.draws(draw_descent, descent)
    stage.sets(lucky, seed="ganzoo.luck()")
    stage.action(invert, "invert")


ENTRY = Tab(
    room="Look inside",
    title="Depth",
    heading="What does the network still know?",
    order=80,
    needs=("invert",),
    explainer=Explainer(
        sentence="A classifier forgets as it looks: first the strokes, then the places, in the "
        "end all but a name. Another network paints what is left. Go deeper, and see what the "
        "paintings still have in common with the picture, and what they are free to make up.",
        equation=architectures["semantic_pyramid"].paper.equation,
        paper=architectures["semantic_pyramid"].paper,
        more="At each level $\\ell$ the classifier $C$ has turned the picture $x$ into numbers "
        "$C_\\ell(x)$. The **generator** is its mirror: it begins with a latent $z$ and is handed "
        "these numbers level by level, behind masks $m_\\ell$. Where a mask is 0 it is told "
        "nothing. It learned to please two: a **judge**, that its paintings are as good as "
        "photographs; and the classifier itself, that it makes of the painting what it made of "
        "the picture, at the level that was told. A third term asks that two latents give two "
        "pictures. What the numbers pin down is then the same in all paintings; **what they leave "
        "open differs from latent to latent.** So the variety that you see is what the network "
        "has forgotten.",
    ),
    address=(
        Model(default="semantic_pyramid-cifar10"),
        PictureControl(name="picture", default="107"),
        Whole(name="level", default=1, low=0, high=DEEPEST),
        seed(),
    ),
    slider=Slider(endpoint="invert", control="level", low=0.0, high=4.0, whole=True),
    build=build,
)
