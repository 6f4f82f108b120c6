"""What the views of the room Translate share: pictures that come in, and two that are compared."""

import base64
from contextlib import suppress
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any, TypedDict

import gradio as gr
import numpy as np
from gradio.data_classes import FileData
from gradio.utils import get_upload_folder

from ganzoo.data import picture
from ganzoo.errors import InputError
from ganzoo.explore.translate import given, prepared, squared
from ganzoo.gallery import examples, widgets
from ganzoo.shapes import Input, Picture, Sheet
from ganzoo.zoo import Model

LONGEST = 2048  # pixels of a longer side: no model here is given more
MOST_CHARACTERS = 28 * 2**20  # of a picture in a ``data:`` address: twenty megabytes
WIDE, ROOMY = 384, 512  # CSS pixels that a pair wants to be wide, and on a large screen
STEP = 256  # and one of several pictures in a row
SWIPE = """
element.addEventListener("input", (event) => {
  if (!event.target.matches(".swipe input")) return;
  event.stopPropagation();
  element.dataset.at = event.target.value;
  element.style.setProperty("--at", `${event.target.value}%`);
});
new MutationObserver(() => {
  const range = element.querySelector(".swipe input");
  if (range && range.value !== (element.dataset.at ?? "0")) range.value = element.dataset.at ?? "0";
}).observe(element, { childList: true, subtree: true });
"""  # where a visitor has swiped to survives the next picture


class Translation(TypedDict):
    """What a program gets: the input as the model was given it, and its translation."""

    given: FileData
    made: FileData


def decoded(address: object, what: str = "This picture") -> Picture:
    """The picture in a ``data:`` address, whatever its format.

    Raises:
        InputError: if it is none, damaged, or too large.
    """
    if not isinstance(address, str):
        raise InputError(f"{what} is no text, but {type(address).__name__}")
    head, _, body = address.partition(",")
    if not (head.startswith("data:image/") and head.endswith(";base64")):
        raise InputError(f"{what} is no data:image/…;base64,… address")
    if len(address) > MOST_CHARACTERS:
        raise InputError(f"{what} is larger than twenty megabytes")
    try:
        content = base64.b64decode(body, validate=True)
    except ValueError:  # letters that are no base64, or not even ASCII
        raise InputError(f"{what} is damaged") from None
    return picture(BytesIO(content), name=what, within=LONGEST)


def opened(path: str) -> Picture:
    """A picture that a visitor brought.

    Raises:
        InputError: saying what is wrong with it.
    """
    if _is_upload(path):
        with suppress(OSError), Path(path).open("rb") as file:
            return picture(file, name="This file", within=LONGEST)
    raise InputError("This file is gone: bring it once more")


def _is_upload(path: str) -> bool:
    """Whether a file lies in Gradio's folder: what a browser names as its upload may be any."""
    try:
        place = Path(path).resolve(strict=True)
    except (OSError, ValueError):  # a null byte is the latter
        return False
    return place.is_file() and place.is_relative_to(Path(get_upload_folder()).resolve())


def bring(label: str, visible: bool = True) -> gr.Image:
    """Where a visitor drops, pastes or photographs a picture; its value is a file's path.

    Gradio's own reader would turn, convert or give up on a picture before we have seen it.
    """
    widget = gr.Image(
        label=label,
        type="filepath",
        image_mode=None,
        sources=["upload", "clipboard", "webcam"],
        height=220,
        elem_classes="bring",
        buttons=[],
        visible=visible,
    )
    widget.preprocess = _path
    return widget


def answers(model: Model) -> tuple[Any, Any, Any]:
    """The choice of an answer where there are several; the way to the next where there is a z."""
    several = gr.update(visible=model.answers)
    return several, several, gr.update(visible=bool(model.z_dim))


def choice() -> tuple[gr.Number, gr.Button, gr.Slider]:
    """Which of a model's answers hangs: its seed, a button for another, the way to the next."""
    with gr.Row(elem_classes="controls", equal_height=False):
        seed = widgets.whole("Seed of the answer", min_width=140)
        other = gr.Button("Another answer", min_width=140)
    towards = gr.Slider(0, 1, step=0.05, label="On the way to the next answer", buttons=[])
    return seed, other, towards


def _path(payload: Any) -> str | None:
    return None if payload is None else payload.path


def begin(
    model: Model, brought: Sheet | None, example: int, ready: bool = False, back: bool = False
) -> tuple[Picture, Input]:
    """A picture as a visitor sees it, and as the model is given it.

    Args:
        brought: by the visitor; else the example is taken.
        ready: whether what was brought is an input already, such as edges.
    """
    if brought is None:
        chosen = listed(model, example, back)
        shown, kind = chosen.picture, chosen.kind
    else:
        shown = brought
        kind = "drawing" if given(model).palette else "ready" if ready else "photo"
    shown = squared(shown, model.image_size)
    return shown, prepared(model, shown, kind, back)


def listed(model: Model, place: int, back: bool = False) -> examples.Example:
    """The example at a place; places go round."""
    known = examples.of(model, back)
    return known[place % len(known)]


def named(model: Model, said: str, back: bool = False) -> tuple[Picture, examples.Kind]:
    """What a program means by a picture: the name of an example, or a ``data:`` address.

    Raises:
        UnknownNameError: if it is the name of none.
        InputError: if it is a picture that cannot be read.
    """
    if not isinstance(said, str):
        raise InputError(
            f"a picture is the name of an example or a data: address; got a {type(said).__name__}"
        )
    if said.startswith("data:"):
        return decoded(said), "photo"
    chosen = examples.named(model, said, back)
    return chosen.picture, chosen.kind


def draw_examples(
    model: Model, place: int, back: bool = False, brought: str | None = None
) -> dict[str, Any]:
    """What a :func:`ganzoo.gallery.widgets.sheet` of examples is to show: none is picked while a
    visitor's own picture hangs.
    """
    known = examples.of(model, back)
    tiles = np.stack([_colour(squared(one.picture, 64)) for one in known])
    names, file = [one.name for one in known], f"{model.bundle.name}-examples.png"
    return widgets.show_sheet(place % len(known), tiles, names, file, held=brought is not None)


def swipe(given: Input, made: Picture, name: str, noun: str, caption: str) -> str:
    """A translation, with what it was made from beneath: the handle wipes from one to the other."""
    side = max(made.shape[1], 1)
    wide, roomy = (round(side * widgets.factor(side, wanted)) for wanted in (WIDE, ROOMY))
    smooth = "" if wide % side == 0 else ";image-rendering:auto"
    uri, before = widgets.png(made), widgets.png(given)
    return (
        f'<figure class="large swipe" style="--wide:{wide}px;--roomy:{roomy}px{smooth}">'
        '<div class="pair">'
        f'<img class="made" src="{uri}" alt="{escape(name)}">'
        f'<img class="given" src="{before}" alt="{escape(noun)} it was made from"></div>'
        f'<label class="fine">Swipe to the {escape(noun)}<input type="range" min="0" max="100" '
        'value="0"></label>'
        f"<figcaption>{caption}<p class='fine'>{widgets.size(made)}</p>"
        f'<p><a class="link" download="{escape(name)}.png" href="{uri}">Download the picture</a> '
        f'<a class="link" download="{escape(name)}-given.png" href="{before}">'
        f"Download the {escape(noun)}</a></p></figcaption></figure>"
    )


def panel(picture: Picture, title: str, alt: str, fine: str = "") -> str:
    """One of several pictures in a row, with its title above."""
    side = picture.shape[1]
    wide = round(side * widgets.factor(side, STEP))
    return (
        f'<figure class="step"><h3>{escape(title)}</h3><img src="{widgets.png(picture)}" '
        f'alt="{escape(alt)}" width="{wide}"><figcaption class="fine">{fine}</figcaption></figure>'
    )


def _colour(picture: Sheet) -> Picture:
    return picture if picture.shape[2] == 3 else picture.repeat(3, axis=2)
