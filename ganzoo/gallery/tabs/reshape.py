"""Reshape: the one picture that a model knows, remade at another size beside the same, stretched.

Layout and wiring only; the remaking is done by :class:`ganzoo.zoo.Retargeter`.
"""

from html import escape
from typing import TypedDict

import gradio as gr
import numpy as np
from gradio.data_classes import FileData

from ganzoo import images
from ganzoo.architectures import architectures
from ganzoo.explore.retarget import broader
from ganzoo.gallery import placard, reel, widgets
from ganzoo.gallery.address import Model, Real
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import Explainer, Slider, Tab
from ganzoo.shapes import Picture
from ganzoo.zoo import Retargeter, Zoo
from ganzoo.zoo.retargeter import NARROWEST, STRETCH

TIMES = 2  # that a picture is enlarged, whatever its size: it grows as the sliders say
SMALL = 160  # CSS pixels of the picture that is known
FRAMES = 24  # of the film, there; as many come back
FILM = 352  # CSS pixels, about
ANY = "Math.round(8 + 36 * Math.random()) / 20"  # 0.4 to 2.2 in steps of 0.05


class Remade(TypedDict):
    """What a program gets: the picture remade, the same plainly stretched, and the known one."""

    picture: FileData
    stretched: FileData
    known: FileData


def draw_pair(zoo: Zoo, model: str, wide: float, tall: float, narrow: float) -> str:
    """The picture remade, and the same pixels stretched, both as large."""
    retargeter = Retargeter(zoo.model(model))
    remade = images.to_pictures(retargeter.remake(tall, wide, narrow))[0]
    stretched = images.to_pictures(retargeter.stretched(tall, wide, narrow))[0]
    beside = "beside" if remade.shape[1] * TIMES < 400 else "beneath"
    name = f"{model}-{wide:g}x{tall:g}"
    return (
        f'<div class="remade {beside}">'
        f"{_panel(remade, 'Remade', name)}"
        f"{_panel(stretched, 'Stretched', f'{name}-stretched')}</div>"
        f'<p class="fine">{widgets.size(remade)}, each shown {TIMES} times as large where there is '
        "room</p>"
    )


def draw_known(zoo: Zoo, model: str) -> str:
    """The picture that it knows, as it is."""
    known = images.to_pictures(Retargeter(zoo.model(model)).image)[0]
    return (
        f'<figure class="known"><h3>The one picture it knows</h3><img src="{widgets.png(known)}" '
        f'alt="The one picture it knows" width="{SMALL}">'
        f'<figcaption class="fine">{widgets.size(known)}</figcaption></figure>'
    )


def draw_film(zoo: Zoo, model: str) -> str:
    """The picture as it grows wider, remade above and stretched below, there and back."""
    frames = broader(Retargeter(zoo.model(model)), FRAMES)
    there_and_back = np.concatenate([frames, frames[-2:0:-1]])
    says = "Above, remade: more of the same. Below, stretched."
    return reel.figure(there_and_back, f"{model}-film", says, "At its narrowest", says, wide=FILM)


def reshape(
    zoo: Zoo, model: str, wide: float = 2.0, tall: float = 1.0, narrow: float = 0.0
) -> Remade:
    """Remakes the picture that the model knows, `wide` times as wide and `tall` times as tall.

    `narrow` is the share of the width by which the upper edge is shorter (below 0: the lower one);
    what lies outside of that trapezoid is white. Returns three PNGs: the picture remade, the same
    plainly stretched, and the picture itself.
    """
    retargeter = Retargeter(zoo.model(model))
    shown = {
        "picture": retargeter.remake(tall, wide, narrow),
        "stretched": retargeter.stretched(tall, wide, narrow),
        "known": retargeter.image,
    }
    files = {
        key: widgets.file(
            widgets.png_bytes(images.to_pictures(image)[0]), f"{model}-{wide:g}x{tall:g}-{key}.png"
        )
        for key, image in shown.items()
    }
    return Remade(**files)


def _panel(picture: Picture, title: str, name: str) -> str:
    uri = widgets.png(picture)
    return (
        f'<figure><h3>{escape(title)}</h3><img src="{uri}" alt="{escape(title)}" '
        f'width="{TIMES * picture.shape[1]}"><figcaption><a class="link" '
        f'download="{escape(name)}.png" href="{uri}">Download</a></figcaption></figure>'
    )


def build(stage: Stage) -> None:
    with stage.controls():
        model = widgets.menu(stage.names, label="Model", scale=2, min_width=160)
        wide = gr.Slider(*STRETCH, step=0.05, label="How wide", scale=2, min_width=160, buttons=[])
        tall = gr.Slider(*STRETCH, step=0.05, label="How tall", scale=2, min_width=160, buttons=[])
        narrow = gr.Slider(
            -NARROWEST, NARROWEST, step=0.05, label="Narrower at the top",
            scale=2, min_width=160, buttons=[],
        )  # fmt: skip
        lucky = gr.Button("Surprise me", variant="primary", min_width=130)
    with stage.wall():
        with gr.Column(scale=8, min_width=320):
            shown = widgets.html()
        with gr.Column(scale=3, min_width=200):
            known = widgets.html()
    widgets.html('<h2 class="small">Growing wider</h2>')
    moving = widgets.html(js_on_load=reel.STOP, elem_classes="screen")
    placard.hang(stage)
    stage.bind(model=model, wide=wide, tall=tall, narrow=narrow)
    stage.draws(draw_pair, shown)
    stage.draws(draw_known, known)
    stage.draws(draw_film, moving, slow=True)
    stage.sets(lucky, wide=ANY, tall=ANY, narrow="0")
    stage.action(reshape, "reshape")


ENTRY = Tab(
    room="Look inside",
    title="Reshape",
    heading="Remade, not stretched",
    order=61,
    needs=("retarget",),
    explainer=Explainer(
        sentence="The same photograph twice, at another size: remade by a network, and stretched. "
        "Look at leaves, pillars and tiles. Where the picture is stretched they are pulled along; "
        "where it is remade they keep their size, and there are more of them, or fewer.",
        equation=architectures["ingan"].paper.equation,
        paper=architectures["ingan"].paper,
        more="A photograph is many patches, small ones and large ones. The generator is given the "
        "photograph and a shape $T$: it resamples its features to that shape, and paints. Judges "
        "at several scales, from tiles to storeys, ask of each patch only whether it could be one "
        "of the photograph's: a stretched window is none. So that nothing is lost on the way, the "
        "picture must lead back: remade at the first size, $T^{-1}$, it has to be the photograph "
        "again. Shapes are drawn at random while it learns, close to the photograph's at first, "
        "then ever farther. The judges of coarse scales have the louder voice in the beginning, "
        "those of fine ones in the end. What is larger than the windows of the coarsest judge, "
        "such as a whole tower, may follow the frame; and where the picture shrinks, stretching is "
        "hard to better: the score tells of each size. Trapezoids were not among the shapes that "
        "the model at hand has learned: they work because, seen from near, each is a size.",
    ),
    address=(
        Model(default="ingan-pagoda"),
        Real(name="wide", default=2.0, low=STRETCH[0], high=STRETCH[1]),
        Real(name="tall", default=1.0, low=STRETCH[0], high=STRETCH[1]),
        Real(name="narrow", default=0.0, low=-NARROWEST, high=NARROWEST),
    ),
    slider=Slider(endpoint="reshape", control="wide", low=STRETCH[0], high=STRETCH[1]),
    build=build,
)
