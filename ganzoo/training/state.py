"""A run's state on disk: written whole or not at all, read without unpickling code."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import torch
from filelock import FileLock, Timeout

from ganzoo.config import Recipe
from ganzoo.data import Dataset
from ganzoo.errors import TrainingError
from ganzoo.files import replacing

STATE, LOCK = "state.pt", ".lock"
# A longer budget, a rate that falls at its end, or the same images in another place, and how they
# are credited; and an augmentation's options, such as how fast it adapts.
MAY_CHANGE = {"kimg", "schedule", "data.path", "data.title", "data.licence", "data.url"}


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Has a run's folder for oneself.

    Raises:
        TrainingError: if another training has it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        with lock:
            yield
    except Timeout:
        raise TrainingError(f"another training is under way in {folder}") from None


def save(folder: Path, recipe: Recipe, dataset: Dataset, content: dict[str, Any]) -> None:
    """Replaces the folder's state; if that fails, the earlier one stays.

    Raises:
        OSError: if it cannot be written, such as onto a full disk.
    """
    whose = {
        "recipe": recipe.model_dump(mode="json"),
        "images": dataset.fingerprint,
        "labels": _labels(recipe, dataset),
    }
    path = folder / STATE
    try:
        with replacing(path) as file:
            torch.save({**whose, **content}, file)
    except RuntimeError as error:
        if refused := _refused(error):
            raise OSError(refused.errno, refused.strerror, str(path)) from None
        raise


def load(folder: Path, recipe: Recipe, dataset: Dataset) -> dict[str, Any]:
    """The folder's state.

    Raises:
        TrainingError: if there is none, it is damaged, or it belongs to another recipe, to other
            images, or to these in other classes.
    """
    path = folder / STATE
    if not path.is_file():
        raise TrainingError(f"nothing to resume: there is no {path}")
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise TrainingError(
            f"{path} cannot be read: it is damaged, cut short, or no state of a run"
        ) from error
    if wrong := _changes(content.pop("recipe"), recipe.model_dump(mode="json")):
        raise TrainingError(f"{folder} holds a run of another recipe: {'; '.join(wrong)}")
    if (was := content.pop("images", dataset.fingerprint)) != dataset.fingerprint:
        raise TrainingError(
            f"{folder} holds a run on other images: their SHA-256 was {was[:12]}…, "
            f"of {dataset.name} it is {dataset.fingerprint[:12]}…"
        )
    now = _labels(recipe, dataset)
    if content.pop("labels", now) != now:  # older states do not say
        raise TrainingError(
            f"{folder} holds a run on these images in other classes than {dataset.name} has them in"
        )
    return content


def changes(was: Recipe, now: Recipe) -> list[str]:
    """What makes a recipe another one than it was; what may change does not."""
    return _changes(was.model_dump(mode="json"), now.model_dump(mode="json"))


def _refused(error: BaseException | None) -> OSError | None:
    """What the system refused, where torch only says that its archive came out wrong."""
    while error and not (isinstance(error, OSError) and error.errno):
        error = error.__context__
    return error


def _labels(recipe: Recipe, dataset: Dataset) -> str:
    """SHA-256 (hex) over the images' classes; nothing where nobody learns them."""
    if dataset.labels is None or not getattr(recipe.options, "num_classes", 0):
        return ""
    digest = sha256(json.dumps(dataset.class_names).encode())
    digest.update(dataset.labels.tobytes())
    return digest.hexdigest()


def _changes(was: dict[str, Any], now: dict[str, Any]) -> list[str]:
    return [
        f"{path} was {before!r}, is {after!r}"
        for key in sorted(was.keys() | now.keys())
        if not _same_kind(was.get(key), now.get(key), key)
        for path, before, after in _apart(key, was.get(key), now.get(key))
        if path not in MAY_CHANGE
    ]


def _same_kind(was: Any, now: Any, key: str) -> bool:
    return key == "augment" and bool(was and now) and was["name"] == now["name"]


def _apart(path: str, was: Any, now: Any) -> Iterator[tuple[str, Any, Any]]:
    """The single entries that two values differ in."""
    if was == now:
        return
    if not (isinstance(was, dict) and isinstance(now, dict)):
        yield path, was, now
        return
    for key in sorted(was.keys() | now.keys()):
        yield from _apart(f"{path}.{key}", was.get(key), now.get(key))
