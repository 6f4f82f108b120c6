"""What programs get of One image: a dream, and the picture that the model knows."""

from typing import TypedDict

from gradio.data_classes import FileData

from ganzoo import images
from ganzoo.gallery import translating, widgets
from ganzoo.gallery.dreaming.dreams import begin
from ganzoo.zoo import Dreamer, Zoo


class Dreamt(TypedDict):
    """What a program gets: the dream, the image that the model knows, and its scales."""

    picture: FileData
    known: FileData
    scales: list[list[int]]


def dream(
    zoo: Zoo,
    model: str,
    seed: int = 22,
    start: int = 0,
    tall: float = 1.0,
    wide: float = 1.0,
    origin: str = "as_it_is",
    picture: str = "",
) -> Dreamt:
    """Dreams a picture of the place that the model knows.

    `start` is the first scale that is drawn afresh (0: all of them); what is coarser is kept of the
    known image, or of `picture`, a `data:image/…;base64,…` address, rearranged as `origin` says
    (`as_it_is`, `mirrored`, `halves_swapped`, `upside_down`, `few_colours`). `tall` and `wide`
    stretch the frame. Returns the dream and the known image as PNGs, and rows and columns of each
    scale.
    """
    dreamer = Dreamer(zoo.model(model))
    begun = begin(dreamer, start, origin, translating.decoded(picture) if picture else None)
    made = dreamer.dream(seed, start=begun.start, stretch=(tall, wide), picture=begun.picture)
    shown = {"picture": made, "known": dreamer.known()}
    files = {
        key: widgets.file(
            widgets.png_bytes(images.to_pictures(image)[0]), f"{model}-{seed}-{key}.png"
        )
        for key, image in shown.items()
    }
    return Dreamt(**files, scales=[list(shape) for shape in dreamer.shapes])
