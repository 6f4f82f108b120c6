"""What stands in the address of Classes and nowhere else."""

from collections.abc import Sequence
from dataclasses import dataclass

from ganzoo.errors import InputError
from ganzoo.gallery.address import Control, Whole, said

MOST = 16  # classes at once
LAST = 9999  # whatever a model has


@dataclass(frozen=True, kw_only=True)
class Several(Control):
    """A few classes by number, written ``0,3``.

    Attributes:
        high: the last class.
    """

    high: int = LAST

    def read(self, value: object) -> tuple[int, ...]:
        parts = value.replace(",", " ").split() if isinstance(value, str) else value
        if not isinstance(parts, Sequence) or not 1 <= len(parts) <= MOST:
            raise InputError(
                f"{self.called} is 1 to {MOST} classes, such as 0, 3; got {said(value)}"
            )
        one = Whole(name=f"a class in {self.called}", default=0, low=0, high=self.high)
        return tuple(dict.fromkeys(int(one.read(part) or 0) for part in parts))

    def write(self, value: Sequence[int]) -> str:
        return ",".join(map(str, value))

    def show(self, value: Sequence[int]) -> list[str]:
        return list(map(str, value))
