"""Reads a file of foreign weights without running anything it says.

``.pth``, ``.pt``, ``.bin``, ``.ckpt``: torch's zip or legacy format, tensors and plain data only
(``weights_only``). ``.safetensors``: as it is.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
import yaml
from safetensors import SafetensorError
from safetensors.torch import load_file

from ganzoo.errors import ImportedError
from ganzoo.importers._base import Foreign

OPTIONS_LIMIT = 2**20  # bytes of a file of options: text, never weights
BESIDE = ("meta.json", "config.json")  # where options are looked for, next to the weights


def weights(path: Path) -> Foreign:
    """The file's content on the CPU: nested mappings of tensors and plain data.

    Raises:
        ImportedError: if there is no such file, it holds anything else, or is damaged.
    """
    if not path.is_file():
        raise ImportedError(f"there is no file {str(path)!r}")
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        content = torch.load(path, map_location="cpu", weights_only=True)
    except (
        SafetensorError,
        UnpicklingError,
        RuntimeError,
        EOFError,
        ValueError,
        KeyError,
    ) as error:
        first = str(error).strip().splitlines() or [type(error).__name__]
        raise ImportedError(
            f"{str(path)!r} holds something else than weights, and is not read further: {first[0]}"
        ) from None
    if not isinstance(content, Mapping):
        raise ImportedError(f"{str(path)!r} holds a {type(content).__name__}, not named weights")
    return content


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
        raise ImportedError(f"{str(path)!r}: expected keys and values, got {told!r}")
    return told
