"""How answers and pictures of the Fool tab are written."""

from html import escape

import torch
from gradio.data_classes import FileData

from ganzoo import images
from ganzoo.gallery import widgets
from ganzoo.shapes import Picture, Pixels


def top(logits: torch.Tensor) -> tuple[int, float]:
    shares = logits.softmax(1)[0]
    return int(shares.argmax()), float(shares.max())


def answer(names: list[str], top: tuple[int, float]) -> str:
    return f'<b class="answer">“{escape(names[top[0]])}”</b> {top[1]:.1%}'


def levels(image: Pixels) -> Picture:
    return images.to_pictures(2 * image - 1)[0]


def file(image: Pixels, name: str) -> FileData:
    return widgets.file(widgets.png_bytes(levels(image)), name)


def visible(change: Pixels) -> Pixels:
    """A change as a picture: none is grey, the largest is black or white."""
    return 0.5 + change / change.abs().max().clamp_min(1e-12) / 2
