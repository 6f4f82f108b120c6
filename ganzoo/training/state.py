"""A run's state on disk: written whole or not at all, read without unpickling code."""

import os
from pathlib import Path
from typing import Any

import torch

from ganzoo.config import Recipe
from ganzoo.errors import TrainingError

STATE = "state.pt"
MAY_CHANGE = {"kimg", "data"}  # a longer budget, or the same images in another place


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
        raise TrainingError(f"{path} cannot be read: {error}") from error
    was, now = content.pop("recipe"), recipe.model_dump(mode="json")
    changed = sorted(key for key in was.keys() | now.keys() if was.get(key) != now.get(key))
    if wrong := [key for key in changed if key not in MAY_CHANGE]:
        differences = "; ".join(f"{key} was {was.get(key)!r}, is {now.get(key)!r}" for key in wrong)
        raise TrainingError(f"{folder} holds a run of another recipe: {differences}")
    return content
