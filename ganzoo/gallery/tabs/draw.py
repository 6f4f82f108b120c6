"""Draw: a canvas, and beside it what a translator makes of it, as one draws.

Layout and wiring only; the work is done by :mod:`ganzoo.explore.translate`.
"""

import base64
import binascii
import time
from html import escape
from importlib.resources import files
from io import BytesIO
from typing import Any, TypedDict

import gradio as gr
from gradio.data_classes import FileData

from ganzoo.architectures import architectures
from ganzoo.data import picture
from ganzoo.errors import GanzooError, InputError
from ganzoo.explore.translate import fitted, given, prepared, translated
from ganzoo.gallery import widgets
from ganzoo.gallery.address import Model, seed
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import Explainer, Tab
from ganzoo.shapes import Picture
from ganzoo.zoo import Zoo

PREFIX = "data:image/png;base64,"
MOST_CHARACTERS = 2 * 2**20  # of a drawing's address; the canvas itself makes far less
SCRIPT = files("ganzoo.gallery").joinpath("static", "draw.js").read_text("utf-8")
CANVAS = """
<div class="easel"><canvas width="512" height="512" tabindex="0" role="img"
  aria-label="Draw here with a mouse, a finger or a pen"></canvas>
  <div class="tools" role="toolbar" aria-label="Tools"></div></div>"""


class Translated(TypedDict):
    """What a program gets: the input as the model was given it, and its translation."""

    given: FileData
    made: FileData


def read(drawing: str) -> Picture:
    """The picture in a ``data:`` address, as the canvas hands it over.

    Raises:
        InputError: if it is none, or too large.
    """
    if not drawing.startswith(PREFIX) or len(drawing) > MOST_CHARACTERS:
        raise InputError("a drawing is a PNG in a data: address of at most two megabytes")
    try:
        content = base64.b64decode(drawing.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise InputError("this drawing is damaged") from None
    return picture(BytesIO(content), name="this drawing")


def draw_tools(zoo: Zoo, model: str) -> str:
    """What the model wants to be given, for the reader and for the canvas' script."""
    told = given(zoo.model(model))
    colours = told.palette or {"black": (0, 0, 0)}
    if not (told.palette or told.pencil):
        colours = BRIGHT
    marks = "".join(
        f'<i data-colour="rgb{rgb}" data-name="{escape(name)}"></i>'
        for name, rgb in colours.items()
    )
    paper = told.palette.get("wall", (255, 255, 255))
    pencil = told.pencil or 6
    return (
        f'<p class="fine wants" data-pencil="{pencil}" data-paper="rgb{paper}" '
        f'data-start="{"facade" if told.palette else "cat"}">{marks}'
        f"This model is given {escape(told.noun)}.</p>"
    )


def draw_label(zoo: Zoo, model: str) -> tuple[str, str]:
    """The museum label, and the method's equation."""
    bundle = zoo.bundle(model)
    return widgets.label(bundle), f"$${bundle.paper.equation}$$"


def answer(zoo: Zoo, drawing: str, model: str, seed: int) -> str:
    """What hangs beside the canvas: the translation, or a sentence on why there is none."""
    if not drawing:
        return ""
    began = time.perf_counter()
    try:
        _, made = _translated(zoo, drawing, model, seed)
    except GanzooError as error:
        return f'<p role="alert">{escape(str(error))}</p>'
    spent = 1000 * (time.perf_counter() - began)
    name = f"{model}-{seed}"
    return widgets.figure(made, name, f"<p class='fine'>translated in {spent:.0f} ms</p>")


def _translated(zoo: Zoo, drawing: str, model: str, seed: int) -> tuple[Picture, Picture]:
    translator = zoo.model(model)
    start = prepared(translator, fitted(read(drawing), translator.image_size), "drawing")
    chosen = seed if translator.answers and seed else None
    return start, translated(translator, start, chosen)


def translate_drawing(zoo: Zoo, drawing: str, model: str, seed: int = 0) -> Translated:
    """Translates a drawing, a PNG as a `data:image/png;base64,…` address.

    `seed` names one of several answers, for a model that was trained with a latent or with dropout;
    0 is its calmest. Returns PNGs: the drawing as the model was given it, and the translation.
    """
    start, made = _translated(zoo, drawing, model, seed)
    return Translated(
        given=widgets.file(widgets.png_bytes(start), f"{model}-given.png"),
        made=widgets.file(widgets.png_bytes(made), f"{model}-made.png"),
    )


def build(stage: Stage) -> None:
    with stage.controls():
        model = gr.Dropdown(stage.names, label="Model", scale=3, min_width=200)
        answers = gr.Number(label="Answer", precision=0, minimum=0, min_width=110)
        other = gr.Button("Another answer", min_width=140)
    wire = gr.HTML(
        "",
        visible="hidden",
        js_on_load="ganzoo.wire = drawing => { props.value = drawing; trigger('input'); }",
    )
    with stage.wall():
        with gr.Column(min_width=320):
            widgets.html(CANVAS, js_on_load=SCRIPT)
            wants = widgets.html()
        with gr.Column(min_width=320):
            result = widgets.html()
    with gr.Row(elem_classes="beside"):
        label = widgets.html()
        equation = gr.Markdown(latex_delimiters=widgets.MATHS)
    stage.bind(model=model, seed=answers)
    stage.draws(draw_tools, wants)
    stage.draws(draw_label, [label, equation])
    stage.sets(other, seed="ganzoo.luck()")
    stage.action(translate_drawing, "translate_drawing")

    def look(drawing: str, name: str, seed: Any) -> str:
        return answer(stage.zoo, drawing, name, int(seed or 0))

    gr.on(
        [wire.input, model.change, answers.change],
        look,
        [wire, model, answers],
        result,
        trigger_mode="always_last",
        show_progress="hidden",
        api_visibility="private",
        concurrency_id="quick",
    )


BRIGHT = {
    "black": (0, 0, 0),
    "yellow": (252, 213, 63),
    "orange": (255, 130, 45),
    "red": (248, 49, 47),
    "pink": (255, 120, 180),
    "violet": (141, 101, 197),
    "blue": (0, 116, 186),
    "green": (0, 210, 106),
    "brown": (165, 105, 83),
    "white": (255, 255, 255),
}

ENTRY = Tab(
    room="Translate",
    title="Draw",
    heading="Draw, and a picture appears",
    order=40,
    needs=("translate",),
    explainer=Explainer(
        sentence="Draw on the left; on the right hangs what the network makes of every line. It "
        "has seen thousands of pairs, and never your drawing: look at what it adds of its own.",
        equation=architectures["pix2pix"].paper.equation,
        paper=architectures["pix2pix"].paper,
        more="The generator is a U-Net: what it sees at each scale on the way down is handed "
        "across to the way up, so that lines stay where you drew them. The discriminator sees "
        "drawing and picture together, and judges patch by patch whether one belongs to the other.",
    ),
    address=(Model(default="pix2pix-edges2cats"), seed(default=0)),
    build=build,
)
