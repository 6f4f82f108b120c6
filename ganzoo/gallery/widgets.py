"""What hangs on the walls: sheets of pictures, one large picture, museum labels."""

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
from ganzoo.bundle import Bundle
from ganzoo.evaluation.wording import fact, plain
from ganzoo.gallery import hung, learning
from ganzoo.hub.table import headline
from ganzoo.papers import Paper
from ganzoo.record import Protocol, Score, told
from ganzoo.shapes import Picture, Pictures
from ganzoo.zoo import Zoo

TILE, MOST, LARGE, PHONE = 96, 128, 320, 72  # CSS pixels of a tile, at least and most, and large
NAMED_AUTHORS = 3
MATHS: list[dict[str, str | bool]] = [
    {"left": "$$", "right": "$$", "display": True},
    {"left": "$", "right": "$", "display": False},
]

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


def label(bundle: Bundle) -> str:
    """What a museum would print beside it: name, year, authors, data, how it was trained."""
    paper = bundle.paper
    return (
        f'<div class="label"><h2>{escape(paper.nickname)} <span>{paper.year}</span></h2>'
        f"<p>{escape(authors(paper))}</p><p class='idea'>{escape(paper.idea)}</p>"
        f'<p class="fine">{citation(paper)}</p><p class="fine">{training(bundle)}</p>'
        f"{scores(bundle)}{_curve(bundle)}{_film(bundle)}</div>"
    )


def draw_name(zoo: Zoo, model: str) -> str:
    """The museum label of the model that is shown."""
    return label(zoo.bundle(model))


def draw_label(zoo: Zoo, model: str) -> tuple[str, str]:
    """The same, and the method's equation, if it has one."""
    equation = zoo.bundle(model).paper.equation
    return draw_name(zoo, model), f"$${equation}$$" if equation else ""


def _curve(bundle: Bundle) -> str:
    """How the score fell as the bundle learned, folded away."""
    drawn = learning.curve(bundle)
    if not drawn:
        return ""
    return f'<details class="score"><summary>Its learning curve</summary>{drawn}</details>'


def _film(bundle: Bundle) -> str:
    """The training in pictures, fetched when a visitor opens it."""
    if (address := hung.film(bundle)) is None:
        return ""
    return (
        '<details class="score"><summary>Watch it learn</summary>'
        f'<img src="{escape(address)}" loading="lazy" '
        'alt="The same seeds, from the first picture of the training to the last"></details>'
    )


def authors(paper: Paper) -> str:
    """The first few authors, by name."""
    names = paper.authors.split(", ")
    return (
        paper.authors if len(names) <= NAMED_AUTHORS else f"{names[0]} and {len(names) - 1} others"
    )


def citation(paper: Paper) -> str:
    """Title, venue and a link to the paper, as HTML."""
    venue = f", {escape(paper.venue)}" if paper.venue else ""
    return (
        f"<cite>{escape(paper.title)}</cite>{venue}, "
        f'<a href="{escape(paper.url)}" target="_blank" rel="noopener noreferrer">'
        f"arXiv:{escape(paper.arxiv)}</a>"
    )


def training(bundle: Bundle) -> str:
    """What it learned from, for how long, and how much of it there is, as HTML."""
    config, data = bundle.config, bundle.config.data
    said = [f"{bundle.parameters():,} parameters"]
    if data is not None:
        what = f"{data.count:,} images of" if data.count > 1 else "a single image:"
        said.insert(0, f"trained on {what} {escape(data.title)}")
    if config.cost is not None:
        shown = f"{config.cost.kimg * 1000:,.0f}"
        seen = f"seen {shown} times" if data and data.count == 1 else f"{shown} images seen"
        said.append(f"{seen} in {duration(config.cost.seconds)}")
    return ", ".join(said)


def duration(seconds: float) -> str:
    """In the unit a person would use."""
    for unit, length in (("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} seconds"


def scores(bundle: Bundle) -> str:
    """The score that matters most; the others are folded away."""
    if (first := headline(bundle)) is None:
        return ""
    others = [score(one) for one in bundle.config.metrics if one != first]
    measures = "1 more measure" if len(others) == 1 else f"{len(others)} more measures"
    folded = f"<summary>{measures}</summary>{''.join(others)}"
    return score(first) + (f'<details class="score">{folded}</details>' if others else "")


def score(score: Score) -> str:
    """A number that opens its protocol."""
    spread = f" ± {score.deviation:.2g}" if score.deviation is not None else ""
    return (
        f'<details class="score"><summary><b>{score.value:.4g}{spread}</b> '
        f"{escape(plain(score.name))} <code>{escape(score.name)}</code> "
        f"<span>{score.better} is better</span></summary>"
        f"{protocol(score.protocol)}</details>"
    )


def protocol(of: Protocol) -> str:
    """How a number was made."""
    rows = "".join(
        f"<dt>{escape(fact(key))}</dt><dd>{escape(value)}</dd>" for key, value in told(of).items()
    )
    return f"<dl>{rows}</dl>"
