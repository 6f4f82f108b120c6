"""What a tab is built with: its widgets, bound to the address and to pure handlers.

A handler is a plain function ``handler(zoo, model, seed, …)``: its parameters are named after the
controls of the address whose values it wants, and it returns one value for each output. The stage
calls it when a visitor arrives at an address and whenever one of those controls moves, keeps the
address in the browser up to date, shows an error as a sentence where it was made, and measures the
time. Nothing about a visitor is kept between two calls.
"""

import inspect
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from html import escape
from typing import Any
from urllib.parse import parse_qs

import gradio as gr
from gradio.components import Component

from ganzoo.architectures import Ability
from ganzoo.errors import GanzooError
from ganzoo.gallery.address import Control
from ganzoo.zoo import Zoo

Handler = Callable[..., Any]
QUICK = ("quick", 2)  # a line to the processor, and how many of it are served at once
SLOW = ("slow", 1)  # so that a long film holds up no picture


@dataclass(frozen=True)
class Drawing:
    """A handler, the widgets that show what it returns, and when it is called.

    Attributes:
        on: the button that asks for it; None if every move of a control it names does.
    """

    handler: Handler
    outputs: tuple[Component, ...]
    on: gr.Button | None
    line: tuple[str, int]

    def __call__(self, zoo: Zoo, values: Mapping[str, Any]) -> list[Any]:
        shown = self.handler(zoo, **{name: values[name] for name in wants(self.handler)})
        return [shown] if len(self.outputs) == 1 else list(shown)


def wants(handler: Handler) -> tuple[str, ...]:
    """The names of a handler's parameters, after the zoo."""
    return tuple(inspect.signature(handler).parameters)[1:]


@dataclass
class Stage:
    """One view under construction.

    Attributes:
        zoo: all bundles at hand.
        view: the file name of the tab, its ``?view=``.
        needs: abilities that a bundle must have to be shown here.
        address: the controls of the view's address.
    """

    zoo: Zoo
    view: str
    needs: tuple[Ability, ...]
    address: tuple[Control, ...]
    _widgets: dict[str, Component] = field(default_factory=dict)
    _drawings: list[Drawing] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The bundles that can be shown here."""
        return self.zoo.names(*self.needs)

    def control(self, name: str) -> Control:
        """A control of the address, as the bundles at hand define it."""
        return next(c for c in self.address if c.name == name).among(self.names)

    @contextmanager
    def controls(self) -> Iterator[None]:
        """The few controls, the important one first."""
        with gr.Row(elem_classes="controls"):
            yield

    @contextmanager
    def more(self) -> Iterator[None]:
        """The other controls, folded away."""
        with gr.Accordion("More", open=False, elem_classes="more"):
            yield

    def bind(self, **widgets: Component) -> None:
        """Binds a widget to each control of the address, by the control's name."""
        self._widgets |= widgets

    def draws(
        self,
        handler: Handler,
        outputs: Component | Sequence[Component],
        *,
        on: gr.Button | None = None,
        slow: bool = False,
    ) -> None:
        """Shows what a handler returns, on arrival and whenever a control it names has moved.

        Args:
            on: draw when this button is pressed (and on arrival), not on every move.
            slow: takes a second or more, so it waits in a line of its own.
        """
        shown = (outputs,) if isinstance(outputs, Component) else tuple(outputs)
        self._drawings.append(Drawing(handler, shown, on, SLOW if slow else QUICK))

    def action(self, handler: Handler, name: str, *, slow: bool = False) -> None:
        """Offers a handler to programs, as an endpoint of that name.

        Its parameters must be typed and its docstring says what it does; a parameter that is
        named after a control is checked like one. What it returns goes out as JSON.
        """
        ...
