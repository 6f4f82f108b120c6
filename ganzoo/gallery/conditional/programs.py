"""What programs get of Classes: pictures by class, and what quality costs in variety."""

from typing import TypedDict

from gradio.data_classes import FileData

from ganzoo import images
from ganzoo.errors import InputError
from ganzoo.gallery import widgets
from ganzoo.gallery.conditional.panels import ACROSS, DOWN, MOST, paint_classes, paint_field
from ganzoo.latents import SEED_LIMIT
from ganzoo.zoo import Zoo


class Painted(TypedDict):
    """What a program gets: one PNG, and the seed and class of each picture, row by row."""

    sheet: FileData
    seeds: list[int]
    classes: list[str]
    truncation: float


class Field(TypedDict):
    """Rows are latents from one seed to the other, columns shares from one class to the other."""

    sheet: FileData
    rows: int
    columns: int


class Curve(TypedDict):
    """Measured points; ``here`` is between them."""

    thresholds: list[float]
    precision: list[float]
    recall: list[float]
    fid: list[float]
    protocol: dict[str, str | int | float | bool | None]


def sample_classes(
    zoo: Zoo,
    model: str,
    classes: tuple[int, ...] = (0,),
    seed: int = 1,
    count: int = 16,
    truncation: float = 1.0,
) -> Painted:
    """Paints the seeds from `seed` on as each of `classes` (numbers, such as `[0, 3]`).

    Latents are drawn from a normal distribution cut at `truncation` (0 to 2): less variety, more
    quality. Returns one PNG, a row of `count` pictures for each class, at their true size.
    """
    artist = zoo.model(model)
    names = artist.class_names
    chosen = [artist.label(y) for y in classes]
    if len(chosen) * count > MOST:
        raise InputError(f"at most {MOST} pictures at once; got {len(chosen)} × {count}")
    pictures = paint_classes(zoo, model, tuple(chosen), seed, count, truncation)
    return Painted(
        sheet=widgets.file(widgets.png_bytes(images.grid(pictures, columns=count)), "classes.png"),
        seeds=[(seed + k) % SEED_LIMIT for _ in chosen for k in range(count)],
        classes=[names[y] for y in chosen for _ in range(count)],
        truncation=truncation,
    )


def blend_classes(
    zoo: Zoo,
    model: str,
    y: int = 0,
    to: int = 1,
    seed: int = 1,
    end: int = 2,
    truncation: float = 1.0,
) -> Field:
    """Walks from class `y` to class `to` across, and from seed `seed` to seed `end` downwards.

    Returns one PNG of all pictures at their true size.
    """
    artist = zoo.model(model)
    pictures = paint_field(zoo, model, artist.label(y), artist.label(to), seed, end, truncation)
    sheet = widgets.png_bytes(images.grid(pictures, columns=ACROSS))
    return Field(sheet=widgets.file(sheet, "field.png"), rows=DOWN, columns=ACROSS)


def truncation_curve(zoo: Zoo, model: str) -> Curve:
    """What quality costs in variety: precision, recall and Fréchet distance by threshold."""
    curve = zoo.bundle(model).config.truncation
    if curve is None:
        raise InputError(f"no truncation curve of {model} has been measured")
    column = {k: [p.values[k] for p in curve.points] for k in ("precision", "recall", "fid")}
    thresholds = [point.threshold for point in curve.points]
    return Curve(thresholds=thresholds, protocol=curve.protocol, **column)
