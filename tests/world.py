"""A world small enough for a test: real digits, networks of a few hundred weights."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch

from ganzoo import bundle, config
from ganzoo.architectures import architectures
from ganzoo.config import Recipe
from ganzoo.data import DataRequest, Dataset, sources

SIDE, LARGER = 8, 16  # pixels
ONE_IMAGE = ("pyramid", "retargeting")  # games that learn from a single one
SCRATCH = TemporaryDirectory(prefix="ganzoo-")  # gone when the tests are


def tiny(name: str, *changes: str) -> Recipe:
    """A shipped recipe, shrunk to its architecture's tiniest instance on embedded 8x8 digits, or
    on a larger one where judges of several scales must find room.
    """
    raw = config.read(name)
    side = LARGER if raw.get("game") == "retargeting" else SIDE
    card = architectures[raw["architecture"]]
    kept = {key: value for key, value in raw.get("options", {}).items() if key.startswith("d_")}
    small = card.tiny.model_dump() | kept | {"image_size": side, "image_channels": 1}
    if card.abilities & {"classes", "classify", "segment", "invert"}:
        small["num_classes"] = 10
    if raw.get("game") == "progressive":
        small |= {"g_widths": (4, 4), "d_widths": (4, 4)}
    if "input_channels" in small:
        small |= {"image_size": 8, "input_channels": 1, "output_channels": 1}
        small |= {"d_width": 4, "d_layers": 1, "z_dim": min(raw["options"].get("z_dim", 0), 2)}
        del small["image_channels"]
    if "shift" in raw.get("game_options", {}):
        raw["game_options"] = raw["game_options"] | {"shift": 2}
    raw |= {
        "options": small,
        "data": {"name": "digits", "size": side, "channels": 1, "input_channels": 1},
        "batch_size": 8,
        "kimg": 0.032,
        "precision": "float32",
    }
    if raw.get("game") in ONE_IMAGE:
        raw["batch_size"] = 1
    if raw.get("classifier"):
        raw["classifier"] = str(eyes(raw["classifier"]))
    return config.parse(config.override(raw, changes))


@cache
def eyes(name: str) -> Path:
    """The bundle of a classifier, shrunk like all recipes; its weights are random."""
    recipe, folder = tiny(name), Path(SCRATCH.name) / name
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = recipe.card.networks["classifier"](recipe.options)
    bundle.write(folder, recipe, {"classifier": network.eval()}, classes=tuple(map(str, range(10))))
    return folder


def learnt(recipe: Recipe) -> Dataset:
    """What a tiny recipe learns from: a single digit, if it learns from one image."""
    return digits(1 if recipe.game in ONE_IMAGE else 64, recipe.data.size)


def digits(count: int = 64, size: int = SIDE) -> Dataset:
    """The first of scikit-learn's real digits."""
    whole = sources["digits"].load(DataRequest(size=size, channels=1))
    assert whole.labels is not None
    fields: dict[str, Any] = {"pictures": whole.pictures[:count], "labels": whole.labels[:count]}
    negatives = 255 - whole.pictures[:count]  # what a translator starts from
    held_out = Dataset(
        name="digits", pictures=whole.pictures[-4:], inputs=255 - whole.pictures[-4:]
    )
    return Dataset(
        name="digits",
        class_names=whole.class_names,
        inputs=negatives,
        maps=whole.pictures[:count, 0] // 26,  # ten classes of grey
        held_out=held_out,
        **fields,
    )
