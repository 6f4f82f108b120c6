"""What a tab declares about itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from ganzoo.architectures import Ability
from ganzoo.gallery.address import Control
from ganzoo.gallery.stage import Stage
from ganzoo.papers import Paper

Room = Literal["Zoo", "Create", "Translate", "Judge", "Fool", "Look inside", "Share"]
ROOMS: tuple[Room, ...] = get_args(Room)


@dataclass(frozen=True, kw_only=True)
class Explainer:
    """What a visitor reads.

    Attributes:
        sentence: what to look for, above the picture.
        equation: the idea's heart, as LaTeX; folded away under "How it works".
        paper: where the idea comes from.
        more: further paragraphs in Markdown.
    """

    sentence: str
    equation: str = ""
    paper: Paper | None = None
    more: str = ""


@dataclass(frozen=True, kw_only=True)
class Slider:
    """What a view is timed by: an endpoint, and the number that is moved.

    Attributes:
        low, high: where the moves begin and end.
        whole: whether only whole numbers count.
    """

    endpoint: str
    control: str
    low: float
    high: float
    whole: bool = False

    def at(self, step: int, steps: int) -> int | float:
        """The value of one of several moves, each of another value."""
        value = self.low + (self.high - self.low) * step / max(1, steps - 1)
        return round(value) if self.whole else value

    def arguments(self, step: int, steps: int) -> dict[str, Any]:
        """What the endpoint is asked at one of several moves, beside the model."""
        return {self.control: self.at(step, steps)}


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One view of the gallery, hung in a room.

    Attributes:
        title: on the bar, short.
        heading: on the page, where it is more than the title.
        order: its place among all tabs, ascending; within a room the first is shown first.
        needs: abilities; the tab is shown if some bundle has them all.
        address: the controls whose values make up the view's address, in order.
        slider: what ``ganzoo bench --gallery`` moves.
        build: lays out the widgets and binds them to the address and to pure handlers.
    """

    room: Room
    title: str
    order: int
    heading: str = ""
    explainer: Explainer
    needs: tuple[Ability, ...] = ()
    address: tuple[Control, ...] = ()
    slider: Slider | None = None
    build: Callable[[Stage], None]
