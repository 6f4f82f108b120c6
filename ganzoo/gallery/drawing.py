"""A handler, what shows its answer, and the line in which visitors wait for it."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.components import Component

from ganzoo.zoo import Zoo

Handler = Callable[..., Any]


@dataclass(frozen=True)
class Line:
    """Where visitors queue for the processor, and how many of them are served at once."""

    name: str
    served: int

    @property
    def settings(self) -> dict[str, Any]:
        return {"concurrency_id": self.name, "concurrency_limit": self.served}


QUICK = Line("quick", 2)
SLOW = Line("slow", 1)  # so that a long film holds up no picture
ABROAD = Line("abroad", 1)  # who waits for the network holds up no processor
LINES = (QUICK, SLOW, ABROAD)


@dataclass(frozen=True)
class Drawing:
    """A handler, and the widgets that show what it returns.

    Attributes:
        button: what asks for it; None if every move of a control it names does.
        unasked: whether a visitor who arrives sees it drawn.
        still: controls that it names, but whose moves leave it as it is.
    """

    handler: Handler
    outputs: tuple[Component, ...]
    button: gr.Button | None
    line: Line
    unasked: bool = True
    still: tuple[str, ...] = ()

    def draw(self, zoo: Zoo, values: Mapping[str, Any]) -> dict[Component, Any]:
        """What each widget is to show."""
        shown = self.handler(zoo, **{name: values[name] for name in wants(self.handler)})
        results = (shown,) if len(self.outputs) == 1 else shown
        return dict(zip(self.outputs, results, strict=True))


def wants(handler: Handler) -> tuple[str, ...]:
    """The names of a handler's parameters, after the zoo."""
    return tuple(inspect.signature(handler).parameters)[1:]


def by_line(drawings: Sequence[Drawing]) -> list[list[Drawing]]:
    """The quick ones, the slow ones, and those that wait for the network."""
    return [[drawing for drawing in drawings if drawing.line is line] for line in LINES]
