"""What the room Fool needs of a classifier, wherever it comes from."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ganzoo.attacks import Victim
from ganzoo.errors import InputError
from ganzoo.evaluation.robustness import Robustness
from ganzoo.explore.fooled import LEVELS
from ganzoo.shapes import Pixels
from ganzoo.zoo import Zoo

__all__ = ["LEVELS", "MOST", "Pace", "Search", "Subject"]

MOST = 128  # of the slider, in 255ths


@dataclass(frozen=True)
class Pace:
    """How much of an attack one can wait for.

    Attributes:
        quick: whether it keeps up with a slider; what does not waits in a line of its own.
        attacks: the options of every attack of the slider.
        radii: in 255ths, at which confidence is drawn.
        searches: for the smallest change, with their options, in the order they hang.
    """

    quick: bool
    attacks: dict[str, dict[str, Any]]
    radii: tuple[int, ...]
    searches: tuple["Search", ...]


@dataclass(frozen=True)
class Search:
    """One search for the smallest change."""

    title: str
    attack: str
    aims: bool = True  # whether it can be given a class to reach
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Subject(ABC):
    """A classifier, by the name that the address has for it.

    Attributes:
        company: what two of its kind are called, side by side.
    """

    zoo: Zoo
    model: str

    pace: ClassVar[Pace]
    company: ClassVar[str]

    @property
    def name(self) -> str:
        """On captions and files."""
        return self.model

    @property
    def ready(self) -> bool:
        """Whether its weights are here."""
        return True

    @property
    def defended(self) -> bool:
        """Whether it was trained on attacked pictures."""
        return False

    @property
    def painter(self) -> str | None:
        """The best generator of pictures like those that it learned from."""
        return None

    @property
    def measured(self) -> Robustness | None:
        """Its accuracy under attack, where that was measured."""
        return None

    @property
    @abstractmethod
    def version(self) -> str:
        """Changes with the weights."""

    @property
    @abstractmethod
    def victim(self) -> Victim:
        """The network, built once.

        Raises:
            InputError: if its weights are not here.
        """

    @property
    @abstractmethod
    def classes(self) -> list[str]:
        """What it can say."""

    @property
    @abstractmethod
    def kin(self) -> list[str]:
        """Those that see the same pictures and tell the same classes apart, itself among them."""

    @abstractmethod
    def partner(self, others: list[str]) -> str | None:
        """Who of its kin stands beside it when nobody was asked for."""

    @abstractmethod
    def shown(self, picture: str) -> Pixels:
        """The picture that is attacked, (1, c, h, w) in [0, 1], in 256 levels.

        Raises:
            InputError: if it does not fit the network.
        """

    @abstractmethod
    def offered(self, picture: str) -> dict[str, Any]:
        """Pictures to attack, as the chooser takes them."""

    def chosen(self, picture: str, brought: str | None) -> str:
        """The picture that is meant, where a visitor may have brought one."""
        return picture

    def sibling(self, beside: str) -> str | None:
        """The classifier to stand beside it: the one asked for, or its partner."""
        others = [name for name in self.kin if name != self.model]
        return beside if beside in others else self.partner(others)

    def aim(self, target: int | None) -> int | None:
        """The class to reach; one left over from another model means none."""
        return target if target is not None and target < len(self.classes) else None

    def check_target(self, target: int | None) -> None:
        """Programs are told of a class that is not there.

        Raises:
            InputError: if the number is out of range.
        """
        if target is not None and target >= len(self.classes):
            raise InputError(f"target: a class is 0 to {len(self.classes) - 1}; got {target}")
