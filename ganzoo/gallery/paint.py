"""Latents on the wall: what a model paints from them, all of one class where it knows classes."""

from typing import Any

import gradio as gr
import torch

from ganzoo import images
from ganzoo.gallery.widgets import factor
from ganzoo.shapes import Labels, Latent, Pictures
from ganzoo.zoo import Model, Zoo


def paint(zoo: Zoo, model: str, z: Latent, y: int | None) -> Pictures:
    """Pictures of latents.

    Args:
        y: the class of all; None, or one left over from another model, is the first.
    """
    artist = zoo.model(model)
    return images.to_pictures(artist.generate(z, told(artist, len(z), y)))


def told(artist: Model, count: int, y: int | None) -> Labels | None:
    """The same class for so many pictures, as :func:`paint` takes it; None without classes."""
    if "classes" not in artist.bundle.abilities:
        return None
    known = y if y is not None and y < artist.num_classes else 0
    return torch.full((count,), known)


def check_class(zoo: Zoo, model: str, y: int | None) -> None:
    """Programs are told of a class that is not there.

    Raises:
        InputError: if the model knows no classes, or not this one.
    """
    if y is not None:
        zoo.model(model).label(y)


def draw_class(zoo: Zoo, model: str, y: int | None) -> Any:
    """The choice of one class for all pictures, where there is one."""
    names = zoo.model(model).class_names
    chosen = y if y is not None and y < len(names) else 0
    choices = [(name, str(i)) for i, name in enumerate(names)]
    return gr.update(choices=choices, value=str(chosen) if names else None, visible=bool(names))


def width(side: int, wanted: int) -> int:
    """CSS pixels of a picture that is to be about ``wanted`` wide, enlarged by a whole factor."""
    return round(side * factor(side, wanted))


def style(side: int, **wanted: int) -> str:
    """Widths as variables of a style; pictures that must shrink are smoothed, others never."""
    widths = [f"--{name.replace('_', '-')}:{width(side, want)}px" for name, want in wanted.items()]
    smooth = ["image-rendering:auto"] if side > max(wanted.values()) else []
    return ";".join(widths + smooth)
