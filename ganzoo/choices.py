"""What a recipe takes by name from the house's folders, each with what is to be said of it."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    SerializeAsAny,
    ValidationError,
    field_validator,
    model_validator,
)

from ganzoo.augment import augmentations
from ganzoo.data import DataRequest, sources
from ganzoo.errors import GanzooError, listed
from ganzoo.options import Options
from ganzoo.penalties import penalties
from ganzoo.registry import Folder

NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}"  # also a folder, and half of a Hub repository


def is_name(text: str) -> bool:
    """Whether a bundle may be called that."""
    return re.fullmatch(NAME, text) is not None


def _named(name: str) -> str:
    if not is_name(name):
        raise ValueError(
            "a name is of letters from a to z, digits, dots, dashes and underscores, at most 96, "
            "and begins with a letter or a digit"
        )
    return name


Name = Annotated[str, AfterValidator(_named)]
LONGEST = 200  # characters of what a card says of one's own pictures


def _line(text: str) -> str:
    if len(text) > LONGEST or len(text.splitlines()) > 1:
        raise ValueError(f"one line of at most {LONGEST} characters")
    return text


def _address(url: str) -> str:
    if url and not url.startswith("https://"):
        raise ValueError("an address begins with https://")
    return url


Line = Annotated[str, AfterValidator(_line)]
Address = Annotated[Line, AfterValidator(_address)]


def known(folder: Folder[Any], name: str) -> str:
    """The name as its file has it.

    Raises:
        ValueError: if nothing in the folder bears it.
    """
    try:
        folder[name]
    except GanzooError as error:
        raise ValueError(str(error)) from None
    return name.replace("-", "_")


class PenaltyChoice(Options):
    """A penalty by name, with its weight, applied at every ``every``-th step (lazily)."""

    name: str
    weight: float = Field(ge=0)
    every: int = Field(1, ge=1)

    @field_validator("name")
    @classmethod
    def _known(cls, name: str) -> str:
        return known(penalties, name)


class AugmentChoice(Options):
    """What the discriminator sees instead of the images, by name, with options of its own."""

    name: str
    options: SerializeAsAny[Options]

    @model_validator(mode="before")
    @classmethod
    def _resolve_options(cls, raw: Any) -> Any:
        if not isinstance(raw, dict) or not isinstance(raw.get("name"), str):
            return raw
        options = raw.get("options") or {}
        if isinstance(options, Options):
            return raw
        name = known(augmentations, raw["name"])
        read = augmentations[name].options.read(options, "augment.options")
        return {**raw, "name": name, "options": read}


class DataChoice(Options):
    """Which images a recipe learns from, and how they come to it.

    Attributes:
        name: of the data set, or of the kind of folder or file.
        path: where they lie on this machine; the source looks for them if it is not told.
        size: of a side, in pixels.
        channels: 1 is grey.
        input_channels: of what a translator starts from.
        split: which part is learned from.
        backwards: a translator's inputs and pictures change places.
        flip: mirror half of the images, at random.
        title: what pictures of one's own are called on the card.
        licence: of those pictures, such as ``CC BY 4.0``; not stated if it is not told.
        url: where they can be had.
        held_out: whether one picture in ten is kept for judging, by a hash of its name, where
            folders name no ``test``; so it is for classifiers, unless it is ``false``.
    """

    name: str
    path: str | None = None
    size: int = Field(32, ge=4, le=1024)
    channels: Literal[1, 3] = 3
    input_channels: Literal[1, 3] = 3
    split: str = "train"
    backwards: bool = False
    flip: bool = False
    title: Line = ""
    licence: Line = ""
    url: Address = ""
    held_out: bool | None = None

    @field_validator("name")
    @classmethod
    def _known(cls, name: str) -> str:
        return known(sources, name)

    @model_validator(mode="after")
    def _own(self) -> "DataChoice":
        """Nobody renames what others published."""
        told = [key for key in ("title", "licence", "url") if getattr(self, key)]
        if told and sources[self.name].short:
            raise ValueError(f"{self.name} has a {told[0]} of its own; say it of your own pictures")
        return self

    @model_validator(mode="after")
    def _divides(self) -> "DataChoice":
        if self.held_out and not sources[self.name].divides:
            able = listed([name for name, source in sources.items() if source.divides])
            raise ValueError(f"held_out is for {able}; {self.name} is divided as it is")
        return self

    @classmethod
    def if_sound(cls, raw: Any) -> "DataChoice | None":
        """Its choice, where nothing is wrong with it: what is, is told when the recipe is read."""
        try:
            return cls.model_validate(raw)
        except ValidationError:
            return None

    def request(self, split: str | None = None) -> DataRequest:
        """What to ask the source for; another split than the recipe's where one is named."""
        return DataRequest(
            path=Path(self.path) if self.path else None,
            size=self.size,
            channels=self.channels,
            input_channels=self.input_channels,
            split=split or self.split,
            backwards=self.backwards,
            held_out=bool(self.held_out),
        )
