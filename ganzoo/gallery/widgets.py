"""What hangs on the walls: sheets of pictures, one large picture."""

import base64
from collections.abc import Sequence
from html import escape
from io import BytesIO
from typing import Any

import gradio as gr
from gradio.data_classes import FileData
from gradio.processing_utils import save_bytes_to_cache
from gradio.utils import get_upload_folder

from ganzoo import images
from ganzoo.shapes import Picture, Pictures

TILE, MOST, LARGE, PHONE = 96, 128, 320, 72  # CSS pixels of a tile, at least and most, and large

SHEET = """
<div class="sheet" style="--wide: ${wide}px; --narrow: ${narrow}px;
  --columns: ${Math.ceil(Math.sqrt(pictures.length))}">
  <div class="tiles" role="radiogroup" aria-label="Pictures: pick one to see it large">
    ${pictures.map((picture, i) => `<button type="button" class="tile" role="radio"
      data-index="${i}" aria-checked="${i === value && !held}" tabindex="${i === value ? 0 : -1}"
      title="${titles[i]}"><img src="${picture}" alt="${titles[i]}"></button>`).join("")}
  </div>
  <button type="button" class="link" data-save-sheet="${file}"
    ${pictures.length ? "" : "hidden"}>Download these pictures</button>
</div>"""
PICK = """
const pick = (index, focus) => {
  const tiles = element.querySelectorAll(".tile");
  index = Math.max(0, Math.min(tiles.length - 1, index));
  if (index !== props.value || props.held) { props.value = index; trigger("input"); }
  if (focus) requestAnimationFrame(() => requestAnimationFrame(() =>
    element.querySelector(`[data-index="${props.value}"]`)?.focus()));
};
element.addEventListener("click", (event) => {
  const tile = event.target.closest(".tile");
  if (!tile) return;
  pick(Number(tile.dataset.index), true);
  element.closest(".wall")?.querySelector("figure.large")?.scrollIntoView({ block: "nearest" });
});
element.addEventListener("keydown", (event) => {
  const tile = event.target.closest(".tile");
  if (!tile) return;
  const all = [...element.querySelectorAll(".tile")];
  const row = all.filter((other) => other.offsetTop === all[0].offsetTop).length;
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: row, ArrowUp: -row }[event.key];
  if (!step) return;
  event.preventDefault();
  pick((props.held ? Number(tile.dataset.index) : props.value) + step, true); // focus lags behind
});
"""


def png_bytes(picture: Picture) -> bytes:
    """A PNG file: lossless, the picture at its true size."""
    memory = BytesIO()
    images.to_pillow(picture).save(memory, "PNG")
    return memory.getvalue()


def png(picture: Picture) -> str:
    """A PNG within an address (``data:``): it needs no file on the server."""
    return "data:image/png;base64," + base64.b64encode(png_bytes(picture)).decode()


def file(content: bytes, name: str) -> FileData:
    """A file that an endpoint hands to a program; it is deleted after a while."""
    return FileData(path=save_bytes_to_cache(content, name, get_upload_folder()), orig_name=name)


def factor(side: int, wanted: int) -> int | float:
    """How many times to enlarge: a whole number, unless the picture is too large as it is."""
    return wanted // side if side <= wanted else wanted / side


def roomy(side: int) -> int:
    """How wide a tile wants to be: what is larger shows more if it is enlarged, too."""
    return min(max(TILE, 2 * side), MOST)


def size(picture: Picture) -> str:
    """The true size, in words."""
    height, width, channels = picture.shape
    return f"{width} × {height} pixels, {'grey' if channels == 1 else 'colour'}"


def menu(choices: Sequence[Any] | None = None, **settings: Any) -> gr.Dropdown:
    """A choice that its control checks.

    Gradio would complain, of a value that is left over from another model, before anybody could
    take what comes nearest.
    """
    return gr.Dropdown(choices, allow_custom_value=True, **settings)


def complaint(said: str) -> str:
    """What is wrong, as a sentence that a screen reader speaks at once."""
    return f'<p role="alert">{escape(said[:1].upper() + said[1:])}</p>'


def html(value: str = "", **settings: Any) -> gr.HTML:
    """HTML of our own making, in the gallery's own style."""
    return gr.HTML(value, apply_default_css=False, **settings)


def whole(label: str | None = None, **settings: Any) -> gr.Number:
    """A field for a whole number.

    It neither rounds nor bounds: its control checks what was typed, and complains in a sentence.
    """
    return gr.Number(label=label, **settings)


def sheet() -> gr.HTML:
    """A widget for pictures in rows, one of them picked: its value is the picked one's index.

    One stop for the Tab key; arrows move the pick. Every picture is enlarged by a whole factor.
    """
    return gr.HTML(
        None,
        apply_default_css=False,
        html_template=SHEET,
        js_on_load=PICK,
        pictures=[],
        titles=[],
        file="",
        wide=TILE,
        narrow=PHONE,
        held=False,
    )


def show_sheet(
    pick: int, pictures: Pictures, titles: Sequence[str], file: str, held: bool = False
) -> dict[str, Any]:
    """What a :func:`sheet` is to show, and which picture is picked.

    Args:
        titles: what each picture is, in words.
        file: what the pictures are called when they are taken home.
        held: whether something else hangs instead of the picked one, until one is picked again.
    """
    side = pictures.shape[2]
    return gr.update(
        held=held,
        value=pick,
        pictures=[png(picture) for picture in pictures],
        titles=[escape(title) for title in titles],
        file=escape(file),
        wide=round(side * factor(side, max(roomy(side), min(side, LARGE)))),
        narrow=round(side * factor(side, max(PHONE, min(side, LARGE // 2)))),
    )


def figure(picture: Picture, name: str, caption: str, wide: int = LARGE) -> str:
    """One picture, large, with what is known of it (HTML) and a way to take it home.

    Args:
        wide: CSS pixels, at most.
    """
    side = picture.shape[1]
    times = factor(side, wide)
    shown = f", shown {times:g} times as large" if times > 1 else ""
    smooth = ' style="image-rendering: auto"' if times < 1 else ""
    uri = png(picture)
    return (
        f'<figure class="large"><img src="{uri}" alt="{escape(name)}" '
        f'width="{side * times:.0f}"{smooth}>'
        f"<figcaption>{caption}<p class='fine'>{size(picture)}{shown}</p>"
        f'<p><a class="link" download="{escape(name)}.png" href="{uri}">Download the picture</a>'
        "</p></figcaption></figure>"
    )


def tile(picture: Picture, alt: str) -> str:
    """One small picture, enlarged by a whole factor."""
    side = picture.shape[1]
    wide = round(side * factor(side, max(roomy(side), side)))
    return f'<img src="{png(picture)}" alt="{escape(alt)}" width="{wide}">'
