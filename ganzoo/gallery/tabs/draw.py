"""Draw: a canvas, and beside it what a translator makes of it, as one draws.

Layout and wiring only; the work is done by :mod:`ganzoo.explore.translate`.
"""

import json
import time
from html import escape
from importlib.resources import files
from typing import Any

import gradio as gr
import numpy as np

from ganzoo.architectures import architectures
from ganzoo.errors import GanzooError, InputError
from ganzoo.explore.translate import fitted, given, prepared, translated
from ganzoo.gallery import examples, placard, translating, widgets
from ganzoo.gallery.address import Model, Real, Whole, check, seed
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import Explainer, Slider, Tab
from ganzoo.shapes import Input, Picture
from ganzoo.zoo import Zoo

SCRIPT = files("ganzoo.gallery").joinpath("static", "draw.js").read_text("utf-8")
PAPER = 512  # pixels of the canvas
LONG = 4  # times as long as wide, at most, is a drawing that programs bring
CANVAS = """
<div class="easel"><canvas width="512" height="512" tabindex="0" role="application"
  data-pencil aria-label="Draw here with a mouse, a finger or a pen. With the keyboard: arrows move
  the pencil, Space lets it down and lifts it."></canvas>
  <div class="tools" role="toolbar" aria-label="Tools"></div></div>"""


class Pencil(Slider):
    """Moves across the paper: with each move the drawing has one line more."""

    def arguments(self, step: int, steps: int) -> dict[str, Any]:
        sheet = np.full((PAPER, PAPER, 3), 255, np.uint8)
        for earlier in range(step + 1):
            sheet[:, round(self.at(earlier, steps) * PAPER)] = 0
        return {self.control: widgets.png(sheet)}


def draw_tools(zoo: Zoo, model: str, example: int) -> str:
    """What the model wants to be given, for the reader and for the canvas' script."""
    translator = zoo.model(model)
    told = given(translator)
    inks = examples.colours(told)
    marks = "".join(
        f'<i data-colour="rgb{rgb}" data-name="{escape(name)}"></i>' for name, rgb in inks.items()
    )
    begin = [one for one in examples.drawings() if one["for"] == examples.wanted(told)]
    chosen = begin[example % len(begin)]
    first = [{**mark, "colour": f"rgb{inks[mark['colour']]}"} if "colour" in mark else mark
             for mark in chosen["marks"]]  # fmt: skip
    return (
        f'<p class="fine wants" data-pencil="{examples.pencil(translator):g}" '
        f'data-paper="rgb{examples.paper(told)}" data-named="{str(bool(told.palette)).lower()}" '
        f'data-kind="{escape(chosen["for"])}" data-example="{example}" '
        f"data-marks='{escape(json.dumps(first))}'>{marks}"
        f"This model is given {escape(told.noun)}. A link to this view leaves out what you drew."
        "</p>"
    )


def draw_answers(zoo: Zoo, model: str, seed: int, towards: float) -> tuple[Any, Any, Any]:
    """The choice of an answer, where there are several; which one it is, the address keeps."""
    return translating.answers(zoo.model(model))


def answer(zoo: Zoo, drawing: str, model: str, seed: int, towards: float = 0.0) -> str:
    """What hangs beside the canvas: the translation, or a sentence on why there is none."""
    if not drawing:
        return ""
    began = time.perf_counter()
    try:
        start, made = _translated(zoo, drawing, model, seed, towards)
    except GanzooError as error:
        return widgets.complaint(str(error))
    spent = 1000 * (time.perf_counter() - began)
    caption = f"<p class='fine'>translated in {spent:.0f} ms</p>"
    return translating.swipe(start, made, f"{model}-{seed}", given(zoo.model(model)).noun, caption)


def _translated(
    zoo: Zoo, drawing: str, model: str, seed: int, towards: float
) -> tuple[Input, Picture]:
    translator = zoo.model(model)
    read = translating.decoded(drawing, "This drawing")
    _check_shape(read)
    start = prepared(translator, fitted(read, translator.image_size), "drawing")
    chosen = seed if translator.answers and seed else None
    return start, translated(translator, start, chosen, towards=towards)


def _check_shape(drawing: Picture) -> None:
    """A canvas is square; of a strip, the shorter side is enlarged, and the longer beyond bounds.

    Raises:
        InputError: if a drawing is more than ``LONG`` times as long as it is wide.
    """
    height, width = drawing.shape[:2]
    if max(height, width) > LONG * min(height, width):
        raise InputError(
            f"This drawing is {width} x {height} pixels: at most {LONG} times as long as wide"
        )


def translate_drawing(
    zoo: Zoo, drawing: str, model: str, seed: int = 0, towards: float = 0.0
) -> translating.Translation:
    """Translates a drawing, a PNG as a `data:image/png;base64,…` address.

    `seed` names one of several answers, for a model that was trained with a latent or with dropout;
    0 is its calmest. `towards`, from 0 to 1, goes to the next answer, for a model with a latent.
    Returns PNGs: the drawing as the model was given it, and the translation.
    """
    start, made = _translated(zoo, drawing, model, seed, towards)
    return translating.Translation(
        given=widgets.file(widgets.png_bytes(start), f"{model}-given.png"),
        made=widgets.file(widgets.png_bytes(made), f"{model}-made.png"),
    )


def build(stage: Stage) -> None:
    with stage.controls():
        model = widgets.menu(stage.names, label="Model", scale=3, min_width=200)
        begin = gr.Button("Another drawing to start from", min_width=200)
        example = widgets.whole(visible=False)
    wire = gr.HTML(
        "",
        visible="hidden",
        js_on_load="ganzoo.wire = drawing => { props.value = drawing; trigger('input'); }",
    )
    with stage.wall():
        with gr.Column(min_width=300):
            widgets.html(CANVAS, js_on_load=SCRIPT)
            wants = widgets.html()
        with gr.Column(min_width=300):
            result = widgets.html(js_on_load=translating.SWIPE)
            answers, other, towards = translating.choice()
    placard.hang(stage)
    stage.bind(model=model, seed=answers, example=example, towards=towards)
    stage.draws(draw_tools, wants)
    stage.draws(draw_answers, [answers, other, towards])
    stage.sets(other, seed="ganzoo.luck()")
    stage.sets(begin, example="(Number(v.example) + 1) % 1000")
    stage.action(translate_drawing, "translate_drawing")

    def look(drawing: str, name: str, *asked: Any) -> Any:
        named: dict[str, object] = dict(zip(("seed", "towards"), asked, strict=True))
        values, mistakes = check(named, [stage.control(one) for one in named])
        return gr.skip() if mistakes else answer(stage.zoo, drawing, name, **values)

    gr.on(
        [wire.input, model.change, answers.change, towards.change],
        look,
        [wire, model, answers, towards],
        result,
        trigger_mode="always_last",
        show_progress="hidden",
        api_visibility="private",
        concurrency_id="quick",
    )


ENTRY = Tab(
    room="Translate",
    title="Draw",
    heading="Draw, and a picture appears",
    order=40,
    needs=("translate",),
    explainer=Explainer(
        sentence="Draw, and see what the network makes of every line. It learned from other "
        "pictures, never from your drawing: look at what it adds of its own.",
        equation=architectures["pix2pix"].paper.equation,
        paper=architectures["pix2pix"].paper,
        more="The generator is a U-Net: what it sees at each scale on the way down is handed "
        "across to the way up, so that lines stay where you drew them. The discriminator sees "
        "drawing and picture together, and judges patch by patch whether one belongs to the other.",
    ),
    address=(
        Model(default="pix2pix-edges2cats"),
        seed(default=0),
        Whole(name="example", default=0, low=0, high=999),
        Real(name="towards", default=0.0, low=0.0, high=1.0),
    ),
    slider=Pencil(endpoint="translate_drawing", control="drawing", low=0.1, high=0.9),
    build=build,
)
