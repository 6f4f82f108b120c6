"""What was measured of a bundle and is too long for its config: a file beside its weights."""

import json
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from ganzoo import files
from ganzoo.bundle import MODEL, Bundle
from ganzoo.errors import BundleError
from ganzoo.expected import first_wrong


class Finding(BaseModel):
    """Something measured, and on which weights."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    network_sha256: str


Found = TypeVar("Found", bound=Finding)


def write(bundle: Bundle, file: str, found: Finding) -> Path:
    """Keeps it beside the weights that it was measured on."""
    path = bundle.folder / file
    text = json.dumps(found.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":"))
    files.replace(path, text.encode() + b"\n")
    return path


def load(bundle: Bundle, file: str, kind: type[Found], noun: str) -> Found | None:
    """What the file holds; None if there is none, or it was measured on other weights.

    Args:
        noun: what it should hold, in words, for the message.

    Raises:
        BundleError: if the file is damaged.
    """
    path = bundle.folder / file
    if not path.is_file():
        return None
    try:
        found = kind.model_validate_json(path.read_text("utf-8"))
    except ValidationError as error:
        raise BundleError(f"{path} holds no {noun}: {first_wrong(error)}") from None
    except UnicodeDecodeError as error:
        raise BundleError(f"{path} holds no {noun}: {error}") from None
    return found if found.network_sha256 == bundle.config.sha256[MODEL] else None
