"""A world small enough for a test: real digits, networks of a few hundred weights."""

from typing import Any

from ganzoo import config
from ganzoo.architectures import architectures
from ganzoo.config import Recipe
from ganzoo.data import DataRequest, Dataset, sources


def tiny(name: str, *changes: str) -> Recipe:
    """A shipped recipe, shrunk to its architecture's tiniest instance on embedded 8x8 digits."""
    raw = config.read(name)
    card = architectures[raw["architecture"]]
    kept = {key: value for key, value in raw.get("options", {}).items() if key.startswith("d_")}
    small = card.tiny.model_dump() | kept | {"image_size": 8, "image_channels": 1}
    if card.abilities & {"classes", "classify"}:
        small["num_classes"] = 10
    if raw.get("game") == "progressive":
        small |= {"g_widths": (4, 4), "d_widths": (4, 4)}
    raw |= {
        "options": small,
        "data": {"name": "digits", "size": 8, "channels": 1},
        "batch_size": 8,
        "kimg": 0.032,
        "precision": "float32",
    }
    return config.parse(config.override(raw, changes))


def digits(count: int = 64) -> Dataset:
    """The first of scikit-learn's real digits."""
    whole = sources["digits"].load(DataRequest(size=8, channels=1))
    assert whole.labels is not None
    fields: dict[str, Any] = {"pictures": whole.pictures[:count], "labels": whole.labels[:count]}
    return Dataset(name="digits", class_names=whole.class_names, **fields)
