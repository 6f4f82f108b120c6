"""A run's state on disk: written whole or not at all, read without unpickling code."""

import os
from pathlib import Path
from typing import Any

import torch

from ganzoo.config import Recipe
from ganzoo.errors import TrainingError, first_line

STATE = "state.pt"
# A longer budget, a rate that falls at its end, or the same images in another place.
MAY_CHANGE = {"kimg", "schedule", "data"}


def save(folder: Path, recipe: Recipe, content: dict[str, Any]) -> None:
    """Replaces the folder's state."""
    beside = folder / f".{STATE}.{os.getpid()}"
    torch.save({"recipe": recipe.model_dump(mode="json"), **content}, beside)
    beside.replace(folder / STATE)


def load(folder: Path, recipe: Recipe) -> dict[str, Any]:
    """The folder's state.

    Raises:
        TrainingError: if there is none, it is damaged, or it belongs to another recipe.
    """
    path = folder / STATE
    if not path.is_file():
        raise TrainingError(f"nothing to resume: there is no {path}")
    try:
        content = torch.load(path, weights_only=True)
    except Exception as error:
        raise TrainingError(f"{path} cannot be read: {first_line(error)}") from error
    if wrong := _changes(content.pop("recipe"), recipe.model_dump(mode="json")):
        raise TrainingError(f"{folder} holds a run of another recipe: {'; '.join(wrong)}")
    return content


def changes(was: Recipe, now: Recipe) -> list[str]:
    """What makes a recipe another one than it was; a longer budget or another schedule does not."""
    return _changes(was.model_dump(mode="json"), now.model_dump(mode="json"))


def _changes(was: dict[str, Any], now: dict[str, Any]) -> list[str]:
    changed = sorted(key for key in was.keys() | now.keys() if was.get(key) != now.get(key))
    return [
        f"{key} was {was.get(key)!r}, is {now.get(key)!r}"
        for key in changed
        if key not in MAY_CHANGE
    ]
