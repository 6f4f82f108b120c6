"""A picture moved through its network's input, and what sticks to the pixels where it cannot be.

Part of the tab Style mixing, where a model with such an input (StyleGAN3) is at hand.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import TypedDict

import gradio as gr
from gradio.data_classes import FileData

from ganzoo.bundle import Bundle
from ganzoo.errors import InputError
from ganzoo.gallery import mixing, widgets
from ganzoo.gallery.address import Real
from ganzoo.gallery.paint import check_class, style
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.titles import title
from ganzoo.shapes import Picture
from ganzoo.zoo import Zoo

FAR = 0.25  # picture widths: as far as a picture is moved
EQUIVARIANCE = {"moved": "eq_t", "by parts of a pixel": "eq_t_frac", "turned": "eq_r"}
CONTROLS = (
    Real(name="right", default=0.1, low=-FAR, high=FAR),
    Real(name="down", default=0.0, low=-FAR, high=FAR),
    Real(name="turn", default=0.0, low=-180.0, high=180.0),
)


class Shown(TypedDict):
    """The picture before and after; ``agreement``: PSNR in dB, None if they share no pixel."""

    still: FileData
    moved: FileData
    agreement: float | None


def names(zoo: Zoo) -> list[str]:
    """Models whose input can be moved."""
    return zoo.names("sample", "style", "move")


def pair(zoo: Zoo, model: str) -> tuple[str, str]:
    """A model whose input can be moved, and one beside it ("" if there is none); one is ``model``.

    Raises:
        InputError: if there is none that can be moved.
    """
    movers = names(zoo)
    if "move" in zoo.bundle(model).abilities:
        return model, _like(
            zoo, model, [n for n in zoo.names("sample", "style") if n not in movers]
        )
    if not movers:
        raise InputError(f"the input of {model} cannot be moved, nor that of any model here")
    return _like(zoo, model, movers), model


def _like(zoo: Zoo, model: str, others: Sequence[str]) -> str:
    """The latest of the others that learned from the same pictures; without one, any."""
    data = zoo.bundle(model).recipe.data.name
    alike = [name for name in others if zoo.bundle(name).recipe.data.name == data]
    return max(alike or others, key=lambda name: zoo.bundle(name).paper.year, default="")


def draw_moved(
    zoo: Zoo,
    model: str,
    a: tuple[int, ...],
    psi: float,
    y: int | None,
    right: float,
    down: float,
    turn: float,
) -> str:
    """The first of A, still and moved."""
    mover, _ = pair(zoo, model)
    artist = mixing.stylist(zoo, mover)
    shown = mixing.move(artist, mixing.styles(artist, a[:1], psi, y), right, down, turn)
    side = shown.still.shape[1]
    said = [_agreed(shown.agreement, turn), *_measured(zoo.bundle(mover))]
    named = escape(f"{title(zoo.bundle(mover))}, seed {a[0]}")
    return (
        f'<div class="moves" style="{style(side, wide=192, narrow=128)}">'
        f"{_figure(shown.still, named)}"
        f"{_figure(shown.moved, f'its input {_done(turn)}')}</div>"
        f'<p class="fine">{" ".join(said)}</p>'
    )


def _agreed(agreement: float | None, turn: float) -> str:
    if agreement is None:
        return "Nothing is left of what both pictures show."
    return f"With the finished picture, {_done(turn)} as far, it agrees to {agreement:.0f} dB."


def _done(turn: float) -> str:
    return "moved and turned" if turn else "moved"


def _measured(bundle: Bundle) -> Iterator[str]:
    """What was measured of many pictures, if it was."""
    found = [
        f"{said} {score.value:.1f} dB"
        for said, start in EQUIVARIANCE.items()
        for score in bundle.config.metrics
        if re.fullmatch(rf"{start}_\d+k?", score.name)
    ]
    if found:
        yield f"Of many pictures: {', '.join(found)}."


def draw_slits(zoo: Zoo, model: str, a: tuple[int, ...], psi: float, y: int | None) -> str:
    """One column of the pictures on a walk among A's styles, for either kind of network."""
    shown = []
    for name in pair(zoo, model):
        if name:
            artist = mixing.stylist(zoo, name)
            picture = mixing.slits(artist, mixing.styles(artist, a, psi, y))
            sizes = style(picture.shape[0], wide=128, narrow=96)
            shown.append(
                f'<div style="{sizes}">{_figure(picture, escape(title(zoo.bundle(name))))}</div>'
            )
    return f'<div class="slits">{"".join(shown)}</div>'


def move_picture(
    zoo: Zoo,
    model: str,
    seed: int = 1,
    right: float = 0.1,
    down: float = 0.0,
    turn: float = 0.0,
    psi: float = 0.7,
    y: int | None = None,
) -> Shown:
    """Paints a seed from its network's input, and again from that input moved (StyleGAN3).

    `right` and `down` are in widths of the picture, -0.25 to 0.25; `turn` in degrees, clockwise.
    `agreement` is the PSNR in dB between the moved picture and the still one moved as far, of the
    pixels that both show; once turned, without the frequencies that a turned grid cannot hold.
    """
    check_class(zoo, model, y)
    artist = mixing.stylist(zoo, model)
    shown = mixing.move(artist, mixing.styles(artist, (seed,), psi, y), right, down, turn)
    return Shown(
        still=widgets.file(widgets.png_bytes(shown.still), f"{model}-{seed}.png"),
        moved=widgets.file(widgets.png_bytes(shown.moved), f"{model}-{seed}-moved.png"),
        agreement=shown.agreement,
    )


def build(stage: Stage) -> None:
    """The sliders, and the two views."""
    gr.HTML(
        '<h2 class="part">Move the picture through its input</h2><p>StyleGAN3 begins with waves, '
        "not with a constant: move the waves, and all that is painted from them moves along. "
        "Below, one column of pixels while the styles change, from left to right: details that "
        "stick to the screen draw level streaks.</p>",
        apply_default_css=False,
    )
    with gr.Row(elem_classes="controls"):
        right = _slider("To the right, in picture widths", FAR, 0.01)
        down = _slider("Down", FAR, 0.01)
        turn = _slider("Turn, in degrees", 180, 1)
    moved, slits = widgets.html(), widgets.html()
    stage.bind(right=right, down=down, turn=turn)
    stage.draws(draw_moved, moved)
    stage.draws(draw_slits, slits, slow=True)


def _slider(label: str, far: float, step: float) -> gr.Slider:
    return gr.Slider(-far, far, step=step, label=label, min_width=180, buttons=[])


def _figure(picture: Picture, caption: str) -> str:
    return (
        f'<figure><img src="{widgets.png(picture)}" alt="{caption}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )
