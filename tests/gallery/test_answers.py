"""What a visitor is told who arrives with values that a model does not have."""

import gradio as gr
import numpy as np
import pytest

from ganzoo.gallery.address import Choice, Model, Upload, Whole, Word
from ganzoo.gallery.answers import Answers
from ganzoo.gallery.drawing import QUICK, Drawing
from ganzoo.gallery.fooling.controls import PictureControl
from ganzoo.gallery.widgets import png
from ganzoo.zoo import Zoo

PNG = png(np.zeros((2, 2, 3), np.uint8))
LAST = 8  # below the default, as where a model has fewer levels than most
ADDRESS = (
    Model(default="gan-mnist"),
    Whole(name="level", default=9, low=0, high=31),
    Word(name="concept", default="window"),
)


def bound_level(zoo: Zoo, model: str) -> Whole:
    return Whole(name="level", low=0, high=LAST)


def bound_concept(zoo: Zoo, model: str) -> Choice:
    return Choice(name="concept", options=("door", "window"))


def draw(zoo: Zoo, level: int, concept: str) -> str:
    return f"{level} {concept}"


@pytest.fixture
def arrive(zoo):
    """Shows what is drawn, and what is said, at an address."""
    shown, notice, foot = gr.HTML(), gr.HTML(), gr.HTML()
    drawing = Drawing(draw, (shown,), None, QUICK)
    bounds = [bound_level, bound_concept]
    answers = Answers(zoo, (), ADDRESS, ("depth",), bounds, {}, notice, foot)
    arriving = answers.arriving([drawing], [shown, notice, foot])

    def at(query: str) -> tuple[str, str]:
        drawn, (_, said), _ = arriving(query, 1)
        return drawn, said

    return at


def test_values_that_the_model_has_are_drawn_and_nothing_is_said(arrive):
    assert arrive("?view=depth&level=3&concept=door") == ("3 door", "")


def test_what_lies_beyond_is_quoted_and_the_default_is_drawn(arrive):
    drawn, said = arrive("?view=depth&level=20&concept=doors")
    assert drawn == "9 window"
    assert "Level is a whole number from 0 to 8; got 20" in said
    assert "Concept cannot be &#x27;doors&#x27;. Did you mean &#x27;door&#x27;?" in said


def test_a_default_is_never_complained_of(arrive):
    assert arrive("?view=depth&model=gan-mnist") == ("9 window", "")


@pytest.mark.parametrize(
    ("picture", "brought", "said"),
    [
        ("107", None, ""),
        ("107", "/tmp/cat.png", "the link leaves out the picture that you brought"),
        (PNG, None, "the link contains the picture that you brought"),
    ],
)
def test_the_link_says_what_becomes_of_a_picture_that_was_brought(zoo, picture, brought, said):
    shown, notice, foot = gr.HTML(), gr.HTML(), gr.HTML()
    controls = (PictureControl(name="picture", default="107"), Upload(name="brought"))
    fields = {control.name: gr.Textbox() for control in controls}
    answers = Answers(zoo, (), controls, ("fool",), (), fields, notice, foot)

    def look(zoo: Zoo, picture: str, brought: str | None) -> str:
        return picture

    moving = answers.moving([Drawing(look, (shown,), None, QUICK)], [shown, notice, foot])
    under = moving(picture, brought, 1)[-1]
    assert said in under
    assert ("the link" in under.replace("the link to", "")) == bool(said)
