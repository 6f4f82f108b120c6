"""Every view has an address: its controls' values, in the URL's query.

    ?view=sample&model=dcgan-mnist&seed=7&count=16

A tab lists its controls; each knows its name in the query, its default, and how to read a value,
whether it comes as text from an address, as a value from a widget, or from an API client.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any
from urllib.parse import parse_qsl, urlencode

import gradio as gr

from ganzoo.errors import GanzooError, InputError, UnknownNameError, suggestion
from ganzoo.latents import SEED_LIMIT

LONGEST = 80  # characters of a received value that a message repeats
LONGEST_QUERY = 8192


@dataclass(frozen=True, kw_only=True)
class Control:
    """One value of an address.

    Attributes:
        name: its key in the query, and the parameter of a handler that receives it.
        default: the value if the address does not say.
        spoken: whether it stands in the address; what a visitor brings along does not.
        label: what a visitor sees beside its widget.
    """

    name: str
    default: Any = None
    spoken: bool = True
    label: str = ""

    @property
    def called(self) -> str:
        """What a complaint calls it."""
        return f"“{self.label}”" if self.label else self.name

    def read(self, value: object) -> Any:
        """The value, checked.

        Raises:
            InputError: quoting what was received and what was expected.
        """
        return value

    def write(self, value: Any) -> str:
        """As it stands in an address; :meth:`read` understands it."""
        return "" if value is None else str(value)

    def show(self, value: Any) -> Any:
        """What a widget is given to show the value."""
        return value

    def carries(self, value: Any) -> bool:
        """Whether the value is a visitor's own picture, which then stands in the address."""
        return False

    def among(self, names: Sequence[str]) -> "Control":
        """The same control, where only these bundles are at hand."""
        return self


@dataclass(frozen=True, kw_only=True)
class Whole(Control):
    """A whole number within bounds; ``None`` only where that is the default."""

    low: int
    high: int

    def read(self, value: object) -> int | None:
        if value is None or value == "":
            if self.default is None:
                return None
            raise self._error(value)
        try:
            number = int(value) if isinstance(value, str) else value
        except ValueError:
            raise self._error(value) from None
        if isinstance(number, float) and number.is_integer():
            number = int(number)
        if isinstance(number, bool) or not isinstance(number, int):
            raise self._error(value)
        if not self.low <= number <= self.high:
            raise self._error(value)
        return number

    def _error(self, value: object) -> InputError:
        bounds = f"{self.low} to {self.high}"
        return InputError(f"{self.called} is a whole number from {bounds}; got {said(value)}")


def seed(name: str = "seed", default: int = 1) -> Whole:
    """A seed, as :func:`ganzoo.latents.latents` takes it."""
    return Whole(name=name, default=default, low=0, high=SEED_LIMIT - 1)


@dataclass(frozen=True, kw_only=True)
class Real(Control):
    """A number within bounds."""

    low: float
    high: float

    def read(self, value: object) -> float:
        try:
            number = float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            raise self._error(value) from None
        if isinstance(value, bool) or not self.low <= number <= self.high:
            raise self._error(value)
        return number

    def write(self, value: float) -> str:
        return repr(float(value)).removesuffix(".0")

    def _error(self, value: object) -> InputError:
        return InputError(
            f"{self.called} is a number from {self.low:g} to {self.high:g}; got {said(value)}"
        )


@dataclass(frozen=True, kw_only=True)
class Choice(Control):
    """One of a few words."""

    options: tuple[str, ...]

    def read(self, value: object) -> str:
        if value not in self.options:
            raise UnknownNameError(
                f"{self.called} cannot be {said(value)}. {suggestion(_short(value), self.options)}"
            )
        return str(value)


@dataclass(frozen=True, kw_only=True)
class Flag(Control):
    """Yes or no."""

    default: bool = False

    def read(self, value: object) -> bool:
        said_so = {"true": True, "1": True, "false": False, "0": False}
        answer = value if isinstance(value, bool) else said_so.get(str(value).lower())
        if answer is None:
            raise InputError(f"{self.called} is true or false; got {said(value)}")
        return answer

    def write(self, value: bool) -> str:
        return str(value).lower()


@dataclass(frozen=True, kw_only=True)
class Word(Control):
    """A name whose meaning depends on the bundles at hand: the handler knows which there are."""

    def read(self, value: object) -> str:
        if value is None:
            return self.default
        if not isinstance(value, str) or len(value) > LONGEST:
            raise InputError(
                f"{self.called} is a name of at most {LONGEST} letters; got {said(value)}"
            )
        return value


@dataclass(frozen=True, kw_only=True)
class Upload(Control):
    """The path of a file that a visitor brought; ``None`` if there is none."""

    spoken: bool = False

    def read(self, value: object) -> str | None:
        return value if isinstance(value, str) and value else None


@dataclass(frozen=True, kw_only=True)
class Seeds(Control):
    """A few seeds, written ``1,2,3``."""

    most: int = 16

    def read(self, value: object) -> tuple[int, ...]:
        parts = value.replace(",", " ").split() if isinstance(value, str) else value
        if not isinstance(parts, Sequence) or not 1 <= len(parts) <= self.most:
            raise InputError(
                f"{self.called} is 1 to {self.most} seeds, such as 1, 2, 3; got {said(value)}"
            )
        one = Whole(name=f"a seed in {self.called}", default=0, low=0, high=SEED_LIMIT - 1)
        return tuple(int(one.read(part) or 0) for part in parts)

    def write(self, value: Sequence[int]) -> str:
        return ",".join(map(str, value))

    def show(self, value: Sequence[int]) -> str:
        return ", ".join(map(str, value))


@dataclass(frozen=True, kw_only=True)
class Model(Control):
    """A bundle, by name; the default is used if it is at hand, else the first that is.

    Attributes:
        titles: label and name of those that a list shows, in its order; a name without a label
            comes after them, as it is.
        guests: label and name of bundles that are found by their name, but offered to nobody.
    """

    name: str = "model"
    default: str = ""
    options: tuple[str, ...] = ()
    titles: tuple[tuple[str, str], ...] = ()
    guests: tuple[tuple[str, str], ...] = ()

    def among(self, names: Sequence[str]) -> "Model":
        default = self.default if self.default in names else next(iter(names), "")
        return replace(self, default=default, options=tuple(names))

    def read(self, value: object) -> str:
        if isinstance(value, str) and (name := dict(self.titles).get(value)):
            return name  # typed as the list says it
        if value not in self.options and value not in dict(self.guests).values():
            raise UnknownNameError(
                f"there is no model {said(value)} here. {suggestion(_short(value), self.options)}"
            )
        return str(value)

    def show(self, value: str) -> Any:
        titled = {name for _, name in self.titles}
        plain = [(name, name) for name in self.options if name not in titled]
        shown = [guest for guest in self.guests if guest[1] == value]
        return gr.Dropdown(choices=[*self.titles, *plain, *shown], value=value)


def said(value: object) -> str:
    """A received value, quoted, but never at length."""
    if value is None or value == "":
        return "nothing"
    quoted = repr(value)
    return quoted if len(quoted) <= LONGEST else f"{quoted[:LONGEST]}…"


def href(view: str, **values: object) -> str:
    """The address of a view, to stand in a link."""
    return "?" + urlencode({"view": view, **{k: str(v) for k, v in values.items()}})


def read(query: str, controls: Sequence[Control]) -> tuple[dict[str, Any], list[str]]:
    """The controls' values in a query (``?view=…&seed=7``), and what is wrong with it.

    A value that is missing or wrong is the default; a key that nobody reads is only complained of
    if it is nearly one that somebody does, because others add keys of their own to links.
    """
    pairs = _pairs(query)
    known = [control.name for control in controls if control.spoken]
    complaints = [
        f"nobody reads {said(key)} in this address. Did you mean {near[0]!r}?"
        for key in pairs
        if key not in ("view", *known) and (near := get_close_matches(_short(key), known, n=1))
    ]
    given = {name: pairs[name] for name in known if name in pairs}
    values, wrong = check(given, controls)
    return values, complaints + wrong


def misdirected(query: str, views: Sequence[str]) -> list[str]:
    """What to say if a query asks for a view that is not here; who does not ask is not told."""
    view = _pairs(query).get("view")
    if view is None or view in views:
        return []
    return [f"there is no view {said(view)} here. {suggestion(_short(view), views)}"]


def check(
    given: Mapping[str, object], controls: Sequence[Control]
) -> tuple[dict[str, Any], list[str]]:
    """Every control's value: the given one, or its default where none or a wrong one is given."""
    values, complaints = {}, []
    for control in controls:
        values[control.name] = control.default
        if control.name in given:
            try:
                values[control.name] = control.read(given[control.name])
            except GanzooError as error:
                complaints.append(str(error))
    return values, complaints


def _short(value: object) -> str:
    return str(value)[:LONGEST]


def _pairs(query: str) -> dict[str, str]:
    return dict(parse_qsl(query[:LONGEST_QUERY].lstrip("?"), keep_blank_values=True))
