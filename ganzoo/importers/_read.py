"""Reads a file of foreign weights without running anything it says.

``.pth``, ``.pt``, ``.bin``, ``.ckpt``: torch's zip or legacy format, tensors and plain data only
(``weights_only``); one empty class of pytorch_GAN_zoo, which holds a checkpoint's settings, becomes
a mapping of them. ``.pkl``: those of NVlabs, see :mod:`ganzoo.importers._pickle`.
``.safetensors``: as it is.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import torch
import yaml
from safetensors.torch import load_file

from ganzoo.errors import ImportedError
from ganzoo.importers import _pickle
from ganzoo.importers._base import Foreign

ZIP = b"PK\x03\x04"
SETTINGS = "models.utils.config.BaseConfig"  # pytorch_GAN_zoo's
OPTIONS_LIMIT = 2**20  # bytes of a file of options: text, never weights
BESIDE = ("meta.json", "config.json")  # where options are looked for, next to the weights


class Settings:
    """Stands for theirs, and runs nothing: what a file sets on one is kept, if it is a mapping."""

    __slots__ = ("kept",)
    kept: dict[str, Any]

    def __setstate__(self, state: object) -> None:
        if not isinstance(state, dict):
            raise ImportedError(f"settings are keys and values; got a {type(state).__name__}")
        self.kept = {str(name): value for name, value in state.items()}


def weights(path: Path) -> Foreign:
    """The file's content on the CPU: nested mappings of tensors and plain data.

    Raises:
        ImportedError: if there is no such file, it holds anything else, or is damaged.
    """
    if not path.is_file():
        raise ImportedError(f"there is no file {str(path)!r}")
    try:
        content = _content(path)
    except ImportedError as error:
        raise ImportedError(f"{str(path)!r} is not read further: {error}") from None
    if not isinstance(content, Mapping):
        raise ImportedError(f"{str(path)!r} holds a {type(content).__name__}, not named weights")
    return content


def _content(path: Path) -> Any:
    with path.open("rb") as file:
        start = file.read(len(_pickle.LEGACY))
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        if path.suffix == ".pkl" and not start.startswith((ZIP, _pickle.LEGACY)):
            return _pickle.read(path.read_bytes())
        if start.startswith(ZIP):
            _check_zip(path)
        with torch.serialization.safe_globals([(Settings, SETTINGS)]):
            return _opened(torch.load(path, map_location="cpu", weights_only=True))
    except ImportedError:
        raise
    except Exception as error:  # whatever the readers meet in a file made to deceive them
        raise ImportedError(
            f"it holds something else than weights, or is damaged: {_said(error)}"
        ) from None


def _opened(content: Any) -> Any:
    """With what its settings hold in their place."""
    if not isinstance(content, Mapping):
        return content
    return {
        name: getattr(one, "kept", {}) if isinstance(one, Settings) else one
        for name, one in content.items()
    }


def _said(error: Exception) -> str:
    """Why a reader gave up, without torch's advice to trust the file and run what is in it."""
    _, refused, told = str(error).rpartition("WeightsUnpickler error:")
    lines = told.partition("Please use")[0].strip().splitlines() if refused else []
    return next(iter(lines), type(error).__name__)


def _check_zip(path: Path) -> None:
    """Torch packs without compressing: what is written large must be large on the disk."""
    with ZipFile(path) as packed:
        for entry in packed.infolist():
            if entry.compress_type != ZIP_STORED or entry.file_size > path.stat().st_size:
                raise ImportedError(f"{entry.filename[:80]!r} in it is larger than it seems")


def options(path: Path | None, beside: Path) -> dict[str, Any]:
    """Constructor arguments: from the file given, else from one beside the weights, else none.

    Raises:
        ImportedError: if the file given is missing, too large or no mapping.
    """
    if path is None:
        path = next((beside.with_name(n) for n in BESIDE if beside.with_name(n).is_file()), None)
        if path is None:
            return {}
    if not path.is_file():
        raise ImportedError(f"there is no file of options {str(path)!r}")
    if path.stat().st_size > OPTIONS_LIMIT:
        raise ImportedError(f"{str(path)!r} is larger than {OPTIONS_LIMIT} bytes")
    try:
        text = path.read_text("utf-8")
        told = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise ImportedError(f"{str(path)!r} is neither JSON nor YAML: {error}") from None
    if not isinstance(told, dict):
        raise ImportedError(f"{str(path)!r}: expected keys and values, got a {type(told).__name__}")
    return told
