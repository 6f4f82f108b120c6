"""There and back: x, its translation, the way back, and what got lost (CycleGAN).

Layout and wiring only; the work is done by :mod:`ganzoo.explore.translate`.
"""

from dataclasses import dataclass
from html import escape
from typing import Any, TypedDict

import gradio as gr
import numpy as np
from gradio.data_classes import FileData

from ganzoo.architectures import architectures
from ganzoo.data import sources
from ganzoo.explore.translate import given, prepared, squared, translated
from ganzoo.gallery import placard, translating, widgets
from ganzoo.gallery.address import Flag, Model, Upload, Whole
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import Explainer, Tab
from ganzoo.shapes import Picture
from ganzoo.zoo import Model as Translator
from ganzoo.zoo import Zoo


class Returned(TypedDict):
    """What a program gets: four PNGs, and the mean error of the way back in [0, 1]."""

    given: FileData
    made: FileData
    returned: FileData
    error: FileData
    cycle_error: float


@dataclass(frozen=True)
class Journey:
    """A picture that went there and back."""

    start: Picture
    made: Picture
    returned: Picture

    @property
    def error(self) -> float:
        """The mean absolute difference of the two ends, in [0, 1]."""
        return float(np.abs(self._difference).mean() / 255)

    @property
    def lost(self) -> Picture:
        """White where both ends agree, black where they differ by a quarter of the range."""
        levels = 4 * np.abs(self._difference).mean(2, keepdims=True)
        return (255 - levels.clip(0, 255)).astype(np.uint8)

    @property
    def _difference(self) -> np.ndarray:
        return self.start.astype(np.int16) - self.returned.astype(np.int16)


def travel(model: Translator, start: Picture, back: bool) -> Journey:
    """There and back; the way back begins at the picture as it is shown, in eight bits."""
    made = translated(model, start, back=back)
    return Journey(start, made, translated(model, made, back=not back))


def worlds(model: Translator) -> tuple[str, str]:
    """What both worlds are called: where the way there begins, and where it ends."""
    made = sources[model.bundle.recipe.data.name].made or "pictures"
    return given(model).noun, made


def draw_ways(zoo: Zoo, model: str, back: bool) -> Any:
    """The two directions, by the names of their worlds."""
    one, other = worlds(zoo.model(model))
    choices = [(f"{one} → {other}", "false"), (f"{other} → {one}", "true")]
    return gr.update(choices=choices, value=str(back).lower())


def draw_examples(zoo: Zoo, model: str, example: int, back: bool, brought: str | None) -> Any:
    """The pictures to begin with, in the world where the way begins."""
    return translating.draw_examples(zoo.model(model), example, back, brought)


def draw_journey(zoo: Zoo, model: str, back: bool, example: int, brought: str | None) -> str:
    """Four pictures in a row: start, translation, return, and what got lost."""
    translator = zoo.model(model)
    own = None if brought is None else translating.opened(brought)
    _, start = translating.begin(translator, own, example, back=back)
    done = travel(translator, start, back)
    here, there = worlds(translator)[:: -1 if back else 1]
    steps = (
        translating.panel(done.start, "x", f"The picture that was given: {here}", escape(here)),
        translating.panel(done.made, "G(x)" if not back else "F(x)", f"As {there}", escape(there)),
        translating.panel(
            done.returned, "F(G(x))" if not back else "G(F(x))", "Back again", "and back again"
        ),
        translating.panel(
            done.lost, "What got lost", "Map of the cycle error", f"on average {done.error:.1%}"
        ),
    )
    uri = widgets.png(done.made)
    return (
        f'<div class="steps">{"".join(steps)}</div>'
        f'<p><a class="link" download="{escape(model)}.png" href="{uri}">'
        "Download the translation</a></p>"
    )


def there_and_back(zoo: Zoo, model: str, picture: str = "", back: bool = False) -> Returned:
    """Translates a picture into the other world and back again, and measures what got lost.

    `picture` is an example, by name, or an image as a `data:image/…;base64,…` address. With `back`
    the journey begins in the other world.
    """
    translator = zoo.model(model)
    read, kind = translating.named(translator, picture, back)
    start = prepared(translator, squared(read, translator.image_size), kind, back)
    done = travel(translator, start, back)
    shown = {"given": done.start, "made": done.made, "returned": done.returned, "error": done.lost}
    files = {
        key: widgets.file(widgets.png_bytes(one), f"{model}-{key}.png")
        for key, one in shown.items()
    }
    return Returned(**files, cycle_error=round(done.error, 6))


def build(stage: Stage) -> None:
    with stage.controls():
        model = widgets.menu(stage.names, label="Model", scale=2, min_width=200)
        back = gr.Radio([("there", "false"), ("back", "true")], label="Direction", min_width=200)
    with stage.wall():
        journey = widgets.html()
    with gr.Row():
        with gr.Column(scale=5, min_width=300):
            widgets.html('<h2 class="small">Begin with one of these</h2>')
            sheet = widgets.sheet()
        with gr.Column(scale=5, min_width=300):
            brought = translating.bring("Or drop, paste or photograph a picture")
    placard.hang(stage)
    stage.bind(model=model, back=back, example=sheet, brought=brought)
    stage.draws(draw_ways, back)
    stage.instead(brought="example")
    stage.draws(draw_examples, sheet)
    stage.draws(draw_journey, journey)
    stage.action(there_and_back, "there_and_back")


ENTRY = Tab(
    room="Translate",
    title="There and back",
    heading="There and back again",
    order=42,
    needs=("translate", "there_and_back"),
    explainer=Explainer(
        sentence="Nobody ever told it which pictures belong together. It only had to arrive where "
        "it started: look at what survives the journey, and at what got lost on the way.",
        equation=architectures["cyclegan"].paper.equation,
        paper=architectures["cyclegan"].paper,
        more="Two generators and two discriminators learn at once. Each translation must fool the "
        "other world's discriminator; what keeps it from painting just anything there is the way "
        "back, which has to end at the beginning. The map shows where it does not: black where "
        "both ends differ by a quarter of the range or more. A network may hide what it needs for "
        "the way back in details too fine to see (Chu et al. 2017); here the picture in the "
        "middle is rounded to eight bits before it returns.",
    ),
    address=(
        Model(default="cyclegan-noto2fluent"),
        Flag(name="back"),
        Whole(name="example", default=0, low=0, high=999),
        Upload(name="brought"),
    ),
    build=build,
)
