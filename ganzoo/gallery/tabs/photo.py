"""Photo: a picture of one's own, prepared as the model was trained, and its translation.

Layout and wiring only; the work is done by :mod:`ganzoo.explore.translate`.
"""

from html import escape
from typing import Any

import gradio as gr
import numpy as np

from ganzoo.architectures import architectures
from ganzoo.explore.translate import given, prepared, squared, translated
from ganzoo.gallery import placard, translating, widgets
from ganzoo.gallery.address import Flag, Model, Real, Upload, Whole, seed
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import Explainer, Slider, Tab
from ganzoo.latents import SEED_LIMIT
from ganzoo.zoo import Zoo

ANSWERS = 4  # of one input, side by side


def draw_examples(zoo: Zoo, model: str, example: int, brought: str | None) -> Any:
    """The pictures to begin with."""
    return translating.draw_examples(zoo.model(model), example, brought=brought)


def draw_choices(zoo: Zoo, model: str) -> tuple[Any, ...]:
    """What makes sense for this model: an input that is ready, several answers."""
    translator = zoo.model(model)
    noun = given(translator).noun
    filtered = given(translator).prepare is not None
    return (
        gr.update(visible=filtered, label=f"My picture is {noun} already"),
        gr.update(visible=translator.answers),
        *translating.answers(translator),
    )


def draw_translation(
    zoo: Zoo,
    model: str,
    seed: int,
    example: int,
    ready: bool,
    brought: str | None,
    towards: float = 0.0,
) -> str:
    """The translation over its input, and the picture before it was prepared."""
    translator = zoo.model(model)
    own = None if brought is None else translating.opened(brought)
    shown, start = translating.begin(translator, own, example, ready)
    named = seed if translator.answers and seed else None
    made = translated(translator, start, named, towards=towards)
    noun = given(translator).noun
    before = ""
    if start.shape != shown.shape or (start != shown).any():
        said = "as it came, cut to the model's square"
        before = (
            f'<div class="before">{widgets.tile(shown, "The picture " + said)}'
            f'{widgets.tile(start, f"Its {noun}")}<p class="fine">Left {said}; right the '
            f"{escape(noun)} that the model was given.</p></div>"
        )
    return translating.swipe(start, made, f"{model}-{seed}", noun, before)


def draw_answers(
    zoo: Zoo, model: str, seed: int, example: int, ready: bool, brought: str | None
) -> str:
    """Several answers to the same input."""
    translator = zoo.model(model)
    if not translator.answers:
        return "<p class='fine'>This model knows one answer to each picture.</p>"
    own = None if brought is None else translating.opened(brought)
    _, start = translating.begin(translator, own, example, ready)
    seeds = ((max(seed, 1) - 1 + k) % (SEED_LIMIT - 1) + 1 for k in range(ANSWERS))
    made = {one: translated(translator, start, one) for one in seeds}
    figures = (
        translating.panel(picture, f"Answer {one}", f"Answer {one}")
        for one, picture in made.items()
    )
    apart = np.ptp(np.stack([*made.values()]).astype(float), axis=0).mean()
    return (
        f'<div class="steps">{"".join(figures)}</div><p class="fine">From the darkest to the '
        f"brightest of the four a pixel changes by {apart:.2g} of 255 grey levels on average.</p>"
    )


def translate_photo(
    zoo: Zoo,
    model: str,
    picture: str = "",
    seed: int = 0,
    ready: bool = False,
    towards: float = 0.0,
) -> translating.Translation:
    """Translates a picture: an example, by name, or an image as a `data:image/…;base64,…` address.

    The picture is cut to a square, brought to the model's size, and turned into what the model was
    trained on (edges, say), unless it is `ready`. `seed` names one of several answers, for a model
    that was trained with a latent or with dropout; 0 is its calmest. `towards`, from 0 to 1, goes
    to the next answer, for a model with a latent. Returns PNGs.
    """
    translator = zoo.model(model)
    read, kind = translating.named(translator, picture)
    if kind == "photo" and (ready or given(translator).palette):
        kind = "ready" if ready else "drawing"
    start = prepared(translator, squared(read, translator.image_size), kind)
    named = seed if translator.answers and seed else None
    made = translated(translator, start, named, towards=towards)
    return translating.Translation(
        given=widgets.file(widgets.png_bytes(start), f"{model}-given.png"),
        made=widgets.file(widgets.png_bytes(made), f"{model}-made.png"),
    )


def build(stage: Stage) -> None:
    with stage.controls():
        model = widgets.menu(stage.names, label="Model", scale=3, min_width=200)
    with stage.wall():
        with gr.Column(scale=5, min_width=300):
            brought = translating.bring("Drop, paste or photograph a picture")
            ready = gr.Checkbox(label="My picture is edges already")
            widgets.html('<h2 class="small">Or begin with one of these</h2>')
            sheet = widgets.sheet()
        with gr.Column(scale=6, min_width=300):
            result = widgets.html(js_on_load=translating.SWIPE)
            answers, other, towards = translating.choice()
    several = gr.Button("Show four answers", min_width=160, elem_classes="alone")
    strip = widgets.html()
    placard.hang(stage)
    stage.bind(
        model=model, seed=answers, example=sheet, ready=ready, brought=brought, towards=towards
    )
    stage.draws(draw_choices, [ready, several, answers, other, towards])
    stage.instead(brought="example")
    stage.draws(draw_examples, sheet)
    stage.draws(draw_translation, result)
    stage.draws(draw_answers, strip, on=several, unasked=False)
    stage.sets(other, seed="ganzoo.luck()")
    stage.action(translate_photo, "translate_photo")


ENTRY = Tab(
    room="Translate",
    title="Photo",
    heading="A photograph changes worlds",
    order=41,
    needs=("translate",),
    explainer=Explainer(
        sentence="Bring a picture. It is first turned into what the network learned from, a few "
        "edges perhaps, and what you then see is what those remind the network of.",
        equation=architectures["pix2pix"].paper.equation,
        paper=architectures["pix2pix"].paper,
        more="A network of pairs knows one kind of input only. A photograph is therefore prepared "
        "exactly as the training pictures were: cut to a square, brought to the trained size, and "
        "passed through the same filter. Swipe to see how little it was given. What it was not "
        "given, it invents; a dog becomes a cat. Your picture is read in memory, shown to nobody, "
        "and deleted within two hours.",
    ),
    address=(
        Model(default="pix2pix-edges2cats"),
        seed(default=0),
        Whole(name="example", default=0, low=0, high=999),
        Flag(name="ready"),
        Upload(name="brought"),
        Real(name="towards", default=0.0, low=0.0, high=1.0),
    ),
    slider=Slider(endpoint="translate_photo", control="seed", low=1.0, high=100.0, whole=True),
    build=build,
)
