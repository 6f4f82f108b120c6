"""What an address says of the picture that is attacked, and of the network beside."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO

from PIL import Image as Pillow

from ganzoo.data import UNREADABLE
from ganzoo.errors import InputError, UnknownNameError, suggestion
from ganzoo.gallery.address import Control, Model, said
from ganzoo.latents import SEED_LIMIT

LONGEST_PICTURE = 2**19  # characters of a picture in base64
MOST_PIXELS = 2**22


@dataclass(frozen=True, kw_only=True)
class Classifier(Model):
    """A classifier's bundle, or one of torchvision's.

    Attributes:
        others: offered whatever bundles are at hand.
    """

    others: tuple[str, ...] = ()

    def among(self, names: Sequence[str]) -> "Classifier":
        found = super().among(names)
        return replace(self, default=found.default, options=(*names, *self.others))


@dataclass(frozen=True, kw_only=True)
class PictureControl(Control):
    """A picture: the seed of one that a generator paints, or a PNG in (URL-safe) base64."""

    def read(self, value: object) -> str:
        text = str(value).strip() if isinstance(value, str | int) else ""
        if re.fullmatch(r"\d{1,10}", text) and int(text) < SEED_LIMIT:
            return text
        decoded(text)
        return text

    def carries(self, value: str) -> bool:
        return not value.isdecimal()


@dataclass(frozen=True, kw_only=True)
class Beside(Control):
    """The name of another classifier, or nothing for the one that suits."""

    options: tuple[str, ...] = ()

    def among(self, names: Sequence[str]) -> "Beside":
        return replace(self, options=tuple(names))

    def read(self, value: object) -> str:
        if value in (None, ""):
            return ""
        if value not in self.options:
            raise UnknownNameError(
                f"there is no classifier {said(value)} here. "
                f"{suggestion(str(value)[:80], self.options)}"
            )
        return str(value)


def decoded(text: str) -> Pillow.Image:
    """The picture in an address.

    Raises:
        InputError: if it is none.
    """
    expected = "picture is a seed, or a PNG in base64"
    text = text.removeprefix("data:image/png;base64,")
    if not text or len(text) > LONGEST_PICTURE:
        raise InputError(f"{expected}; got {said(text) if text else 'nothing'}")
    try:
        padded = text + "=" * (-len(text) % 4)
        picture = Pillow.open(BytesIO(base64.urlsafe_b64decode(padded)), formats=["PNG"])
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("a bomb")
        picture.load()
    except (binascii.Error, *UNREADABLE):
        raise InputError(f"{expected}; got {said(text)}") from None
    return picture
