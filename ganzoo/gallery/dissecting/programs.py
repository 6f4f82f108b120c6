"""What programs get of a dissected generator: a picture operated on, and its ranked units."""

from typing import TypedDict

from gradio.data_classes import FileData

from ganzoo.explore.dissect import best
from ganzoo.gallery import widgets
from ganzoo.gallery.dissecting import looks
from ganzoo.record import Protocol
from ganzoo.zoo import Zoo


class Dissected(TypedDict):
    """What a program gets: PNGs, the units that were set, and each concept's share of both."""

    before: FileData
    after: FileData
    segments_before: FileData
    segments_after: FileData
    units: list[int]
    shares_before: dict[str, float]
    shares_after: dict[str, float]


class Ranking(TypedDict):
    """A layer's units, best first, and how well each agrees with the concept."""

    layer: str
    units: list[int]
    iou: list[float]
    threshold: list[float]
    protocol: Protocol


def dissect_picture(
    zoo: Zoo,
    model: str,
    seed: int = 1,
    concept: str = "window",
    units: int = 8,
    off: bool = True,
    cells: tuple[int, ...] = (),
    strength: float = 3.0,
) -> Dissected:
    """Paints `seed` before and after the `units` best units of `concept` are set.

    With `off` they are 0 everywhere. At `cells` of the layer's map (numbers, row by row, such as
    `"102-105,118"`) they are set to `strength` times what they answer on average where the concept
    is. Shares are of the picture's pixels, as the segmenter names them.
    """
    found = looks.known(zoo, model)
    place = looks.number(found, concept, strict=True)
    done = looks.operate(zoo, model, seed, place, units, off, cells, strength)
    colours = looks.palette(zoo, found)
    pictures = {
        "before": done.before.picture,
        "after": done.after.picture,
        "segments_before": looks.coloured(done.before.classes, colours),
        "segments_after": looks.coloured(done.after.classes, colours),
    }
    files = {
        key: widgets.file(widgets.png_bytes(one), f"{model}-{seed}-{key}.png")
        for key, one in pictures.items()
    }
    before, after = (
        {name: round(share, 6) for name, share in zip(found.concepts, one.shares, strict=True)}
        for one in (done.before, done.after)
    )
    return Dissected(**files, units=list(done.units), shares_before=before, shares_after=after)


def rank_units(zoo: Zoo, model: str, concept: str = "window") -> Ranking:
    """A layer's units, those that agree best with `concept` first, as they were measured."""
    found = looks.known(zoo, model)
    place = looks.number(found, concept, strict=True)
    ranked = best(found.iou, place, len(found.iou))
    return Ranking(
        layer=found.layer,
        units=list(ranked),
        iou=[found.iou[unit][place] for unit in ranked],
        threshold=[found.thresholds[unit][place] for unit in ranked],
        protocol=found.protocol,
    )
