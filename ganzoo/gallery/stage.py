"""What a tab is built with: its widgets, bound to the address and to pure handlers.

A handler is a plain function ``handler(zoo, model, seed, …)``: its parameters are named after the
controls of the address whose values it wants, and it returns one value for each output. The stage
calls it when a visitor arrives at an address and whenever one of those controls moves, keeps the
address in the browser up to date, shows an error as a sentence where it was made, and measures the
time. Nothing about a visitor is kept between two calls.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

import gradio as gr
from gradio.components import Component
from gradio.events import Dependency
from gradio.events import api as offer

from ganzoo.architectures import Ability
from ganzoo.gallery.address import Control
from ganzoo.gallery.answers import Answers
from ganzoo.gallery.drawing import ABROAD, QUICK, SLOW, Drawing, Handler, Line, by_line, wants
from ganzoo.gallery.endpoint import endpoint
from ganzoo.gallery.widgets import html
from ganzoo.zoo import Zoo


@dataclass
class Stage:
    """One view under construction.

    Attributes:
        zoo: all bundles at hand.
        view: the file name of the tab, its ``?view=``.
        needs: abilities that a bundle must have to be shown here.
        address: the controls of the view's address.
        views: all views of the gallery, by their ``?view=``.
    """

    zoo: Zoo
    view: str
    needs: tuple[Ability, ...]
    address: tuple[Control, ...]
    views: tuple[str, ...]
    _widgets: dict[str, Component] = field(default_factory=dict)
    _drawings: list[Drawing] = field(default_factory=list)
    _presets: list[tuple[gr.Button, dict[str, str]]] = field(default_factory=list)
    _bounds: list[Handler] = field(default_factory=list)
    _instead: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._arrival = gr.HTML(
            "",
            visible="hidden",
            js_on_load=f"ganzoo.stage({json.dumps(self.view)}, query => "
            "{ props.value = query; trigger('input'); })",
        )
        self._notice = html(
            "",
            render=False,
            elem_classes="notice",
            html_template=f"${{ganzoo.newest({json.dumps(self.view)}, value)}}",
        )
        self._foot = html("", render=False, elem_classes="foot")
        self._answers = Answers(
            self.zoo,
            self.needs,
            self.address,
            self.views,
            self._bounds,
            self._widgets,
            self._notice,
            self._foot,
        )

    @property
    def names(self) -> list[str]:
        """The bundles that can be shown here."""
        return self.zoo.names(*self.needs)

    def control(self, name: str) -> Control:
        """A control of the address, as the bundles at hand define it."""
        return next(c for c in self._answers.controls() if c.name == name)

    # -- layout -------------------------------------------------------------------------------

    @contextmanager
    def controls(self) -> Iterator[None]:
        """The few controls, the important one first."""
        with gr.Row(elem_classes="controls", equal_height=False):
            yield
        self._notice.render()

    @contextmanager
    def wall(self) -> Iterator[None]:
        """The pictures, side by side where there is room; under them the link and the cost."""
        with gr.Row(elem_classes="wall"):
            yield
        self.foot()

    def foot(self) -> None:
        """The link to the view and what it cost, unless they stand under a wall already."""
        if not self._foot.is_rendered:
            self._foot.render()

    @contextmanager
    def more(self) -> Iterator[None]:
        """The other controls, folded away."""
        with gr.Accordion("More", open=False, elem_classes="more"):
            yield

    # -- wiring -------------------------------------------------------------------------------

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
        abroad: bool = False,
        unasked: bool = True,
        still: tuple[str, ...] = (),
    ) -> None:
        """Shows what a handler returns, on arrival and whenever a control it names has moved.

        Args:
            on: draw when this button is pressed (and on arrival), not on every move.
            slow: takes a second or more, so it waits in a line of its own.
            abroad: asks the network, and waits in another.
            unasked: draw on arrival too.
            still: controls whose moves it need not follow, such as the widget that it draws: a
                late answer would undo what the visitor pressed meanwhile.
        """
        shown = (outputs,) if isinstance(outputs, Component) else tuple(outputs)
        line = _line(slow, abroad)
        self._drawings.append(Drawing(handler, shown, on, line, unasked, still))

    def bounds(self, handler: Handler) -> None:
        """Takes a control of the address more narrowly where a visitor arrives at some model.

        The handler returns the control as the values that it names leave it, such as a level of no
        more than the model has. An address that goes beyond is complained of. A value that was left
        over from another model is not: the drawings take what comes nearest.
        """
        self._bounds.append(handler)

    def sets(self, button: gr.Button, **values: str) -> None:
        """A button that sets controls, and draws what follows from them.

        Args:
            values: for a control, by name, a JavaScript expression of the present values ``v``,
                such as ``v.end``, or ``ganzoo.luck()`` for a random seed.
        """
        self._presets.append((button, values))

    def instead(self, **brought: str) -> None:
        """What takes the place of a file that a visitor brought: the control's name, by that of
        the file; when it moves, the file is let go.
        """
        self._instead |= {control: file for file, control in brought.items()}

    def action(
        self, handler: Handler, name: str, *, slow: bool = False, abroad: bool = False
    ) -> None:
        """Offers a handler to programs, as an endpoint of that name.

        Every parameter needs a type, the docstring says what it does, and what it returns is JSON.
        A parameter that is named after a control is checked like one, and where it has no default
        takes the control's.
        """
        act = endpoint(handler, self.zoo, self._answers.controls, self._arrival.temp_files)
        offer(act, api_name=name, **_line(slow, abroad).settings)

    def finish(self) -> None:
        """Wires what was bound and drawn; the frame calls this when the tab is built."""
        if not self._notice.is_rendered:
            self._notice.render()
        self.foot()
        self._receive()
        self._follow()
        for button in {d.button for d in self._drawings if d.button is not None}:
            self._obey(button)
        for button, values in self._presets:
            touched = [d for d in self._drawings if set(values) & set(wants(d.handler))]
            set_first = self._set(button.click, values)
            if touched:
                self._on(set_first.then, touched)

    # -- inside -------------------------------------------------------------------------------

    def _follow(self) -> None:
        """Draws what a control that has moved is named by."""
        for name, widget in self._widgets.items():
            moved = [
                d for d in self._drawings
                if d.button is None and name in wants(d.handler) and name not in d.still
            ]  # fmt: skip
            listen: Callable[..., Any] = partial(gr.on, [*_moves(widget)])
            if file := self._instead.get(name):
                listen = self._set(listen, {file: "null"}).then
            if moved:
                self._on(listen, moved, "touched" if isinstance(widget, gr.Dropdown) else "moved")

    def _obey(self, button: gr.Button) -> None:
        """Draws what a button asks for; until that has come, the button says so."""
        asked = [d for d in self._drawings if d.button is button]
        button.elem_id = button.elem_id or f"press-{self.view}-{button._id}"
        pressed = partial(gr.on, [button.click, *self._finished(asked)])
        self._busy(pressed, button, True)
        self._busy(self._on(pressed, asked).then, button, False)

    def _finished(self, drawings: Sequence[Drawing]) -> Iterator[Callable[..., Any]]:
        """Enter, in a line of text that these drawings want, is as good as their button."""
        for name in {name for drawing in drawings for name in wants(drawing.handler)}:
            if isinstance(widget := self._widgets.get(name), gr.Textbox):
                yield widget.submit

    def _receive(self) -> None:
        """Shows a view at the address at which a visitor arrives."""
        widgets, drawn = list(self._widgets.values()), [d for d in self._drawings if d.unasked]
        script = f"query => [query, ganzoo.turn({json.dumps(self.view)})]"
        event = self._listen(
            self._arrival.input, drawn, self._answers.arriving, [self._arrival], widgets, js=script
        )
        script = f"(...values) => ganzoo.stands({json.dumps(self.view)}, values)"
        event.then(None, widgets, None, js=script, api_visibility="private")

    def _busy(self, listen: Callable[..., Any], button: gr.Button, busy: bool) -> None:
        """Shows on a button that it was pressed, until what it asked for has come."""
        said = f"() => ganzoo.busy({json.dumps(button.elem_id)}, {json.dumps(busy)})"
        listen(None, None, None, js=said, api_visibility="private")

    def _on(
        self,
        listen: Callable[..., Any],
        drawings: Sequence[Drawing],
        how: Literal["moved", "touched"] = "moved",
    ) -> Dependency:
        """Writes the address and calls the drawings, of which there is one, when something moved.

        What was ``touched`` may not have moved at all: then nothing is drawn.

        A drawing may correct a control that was left over from another model: then the address
        follows.

        Returns:
            The last call.
        """
        script = f"(...values) => ganzoo.{how}({self._here}, values)"
        widgets = list(self._widgets.values())
        event = self._listen(listen, drawings, self._answers.moving, widgets, [], js=script)
        if any(output in widgets for drawing in drawings for output in drawing.outputs):
            script = f"(...values) => ganzoo.settled({self._here}, values)"
            event = event.then(None, widgets, None, js=script, api_visibility="private")
        return event

    def _listen(
        self,
        listen: Callable[..., Any],
        drawings: Sequence[Drawing],
        draw: Callable[[list[Drawing], list[Component]], Callable[..., Any]],
        inputs: list[Component],
        widgets: list[Component],
        **settings: Any,
    ) -> Dependency:
        """Draws what is quick first; what is slow follows, and leaves the time on the foot.

        The last input of each is the visitor's turn, counted in the browser: a complaint about the
        newest stands, though an answer to an older one comes later.
        """
        lines = [line for line in by_line(drawings) if line] or [[]]
        outputs = self._outputs(lines[0], widgets)
        event = listen(
            draw(lines[0], outputs),
            [*inputs, self._notice],
            outputs,
            **settings,
            **self._settings(lines[0]),
        )
        now = f"ganzoo.now({json.dumps(self.view)})"
        script = f"(...values) => [...values.slice(0, -1), {now}]"
        for later in lines[1:]:
            values = [*self._widgets.values(), self._notice]
            outputs = [o for o in self._outputs(later, []) if o is not self._foot]
            draw_later = self._answers.moving(later, outputs)
            event = event.then(draw_later, values, outputs, js=script, **self._settings(later))
        return event

    def _set(self, listen: Callable[..., Dependency], values: Mapping[str, str]) -> Dependency:
        """Sets controls within the browser."""
        setters = ", ".join(f"{json.dumps(k)}: v => {js}" for k, js in values.items())
        return listen(
            None,
            list(self._widgets.values()),
            [self._widgets[name] for name in values],
            js=f"(...values) => ganzoo.set({self._here}, values, {{{setters}}})",
            api_visibility="private",
        )

    @property
    def _here(self) -> str:
        """This view and its controls, for a script; null for what is kept out of the address."""
        hidden = {control.name for control in self.address if not control.spoken}
        names = [None if name in hidden else name for name in self._widgets]
        return f"{json.dumps(self.view)}, {json.dumps(names)}"

    def _settings(self, drawings: Sequence[Drawing]) -> dict[str, Any]:
        line = drawings[0].line if drawings else QUICK
        return {
            "show_progress": "minimal",
            "show_progress_on": [self._foot],
            "trigger_mode": "always_last",
            "api_visibility": "private",
            **line.settings,
        }

    def _outputs(
        self, drawings: Sequence[Drawing], widgets: Sequence[Component]
    ) -> list[Component]:
        drawn = [output for drawing in drawings for output in drawing.outputs]
        return list(dict.fromkeys([*widgets, *drawn, self._notice, self._foot]))


def _line(slow: bool, abroad: bool) -> Line:
    return ABROAD if abroad else SLOW if slow else QUICK


def _moves(widget: Component) -> Iterator[Callable[..., Any]]:
    """When a visitor has moved a widget: words count once they are finished."""
    if isinstance(widget, gr.Textbox):
        yield widget.submit
        yield widget.blur
    else:
        yield widget.input  # type: ignore[attr-defined]
