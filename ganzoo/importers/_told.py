"""The options that a person tells beside foreign weights: read, or refused by name."""

from collections.abc import Mapping
from typing import Any

from ganzoo.errors import ImportedError


def told_number(options: Mapping[str, Any], name: str, default: float | int) -> float:
    """A number.

    Raises:
        ImportedError: if it is none.
    """
    value = options.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ImportedError(f"the options say {name} {value!r}; expected a number")
    return float(value)


def told_whole(options: Mapping[str, Any], name: str, default: int) -> int:
    """A whole number.

    Raises:
        ImportedError: if it is none.
    """
    value = told_number(options, name, default)
    if value != int(value):
        raise ImportedError(f"the options say {name} {value:g}; expected a whole number")
    return int(value)


def told_bool(options: Mapping[str, Any], name: str, default: bool) -> bool:
    """A choice.

    Raises:
        ImportedError: if it is neither true nor false.
    """
    value = options.get(name, default)
    if not isinstance(value, bool):
        raise ImportedError(f"the options say {name} {value!r}; expected true or false")
    return value


def told_switch(options: Mapping[str, Any], name: str, default: bool) -> bool:
    """A choice that the public code takes as Python does: null and 0 are no, 1 is yes.

    Raises:
        ImportedError: if it is anything else.
    """
    value = options.get(name, default)
    return bool(value) if value is None or value in (0, 1) else told_bool(options, name, default)


def agree(options: Mapping[str, Any], read: Mapping[str, Any]) -> None:
    """Sees that the options do not say something else than the weights.

    Raises:
        ImportedError: quoting both.
    """
    for name, value in read.items():
        said = options.get(name, value)
        if (list(said) if isinstance(said, tuple) else said) != value:
            raise ImportedError(f"the options say {name} {said!r}, the weights {value!r}")
