"""What a view answers to a visitor: what its drawings show, what is wrong, how long it took.

A drawing that fails is told as a sentence, and where a visitor arrives the defaults hang instead.
Every answer bears the visitor's turn, as the browser counts them: a complaint about the newest
stands, though an answer to an older one comes later.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr
from gradio.components import Component

from ganzoo.architectures import Ability
from ganzoo.errors import GanzooError
from ganzoo.gallery import address, guests
from ganzoo.gallery.address import Control
from ganzoo.gallery.drawing import Drawing, Handler, wants
from ganzoo.gallery.titles import titles
from ganzoo.gallery.widgets import complaint
from ganzoo.zoo import Zoo

LEFT_OUT = '<span class="cost">the link leaves out the picture that you brought</span>'
CONTAINED = '<span class="cost">the link contains the picture that you brought</span>'


@dataclass(frozen=True)
class Answers:
    """Of one view.

    Attributes:
        zoo: all bundles at hand.
        needs: abilities that a bundle must have to be shown here.
        address: the controls of the view's address.
        views: all views of the gallery, by their ``?view=``.
        bounds: return a control of the address as the values that they name leave it.
        widgets: by the control that they are bound to.
        notice: shows what is wrong.
        foot: shows the time.
    """

    zoo: Zoo
    needs: tuple[Ability, ...]
    address: tuple[Control, ...]
    views: tuple[str, ...]
    bounds: Sequence[Handler]
    widgets: Mapping[str, Component]
    notice: Component
    foot: Component

    def arriving(
        self, drawings: list[Drawing], outputs: list[Component]
    ) -> Callable[[str, int], list[Any]]:
        """Called with the query that a visitor arrives with, and the turn."""

        def arrive(query: str, turn: int) -> list[Any]:
            query = guests.recall(self.zoo, query, self.needs)
            controls = self.controls()
            values, complaints = address.read(query, controls)
            complaints += address.misdirected(query, self.views)
            values, beyond = self._within(values)
            complaints += beyond
            shown, errors, seconds = self._draw(drawings, values)
            if errors and (defaults := self._defaults(controls, values)) != values:
                values = defaults
                shown, _, seconds = self._draw(drawings, values)
            widgets = {
                self.widgets[c.name]: c.show(values[c.name])
                for c in controls
                if c.name in self.widgets
            }
            for widget in widgets.keys() & shown.keys():
                shown[widget] = _valued(shown[widget], widgets[widget])
            said = [*complaints, *errors]
            return self._update(outputs, turn, widgets | shown, said, seconds, values)

        return arrive

    def moving(self, drawings: list[Drawing], outputs: list[Component]) -> Callable[..., list[Any]]:
        """Called with the widgets' values, and the turn."""

        def move(*given: Any) -> list[Any]:
            *moved, turn = given
            if turn is None:  # nothing has moved
                return [gr.skip()] * len(outputs)
            named = dict(zip(self.widgets, moved, strict=True))
            labelled = [replace(c, label=self._label(c)) for c in self.controls()]
            values, complaints = address.check(named, labelled)
            if complaints:
                return self._update(outputs, turn, {}, complaints, 0.0, values)
            return self._update(outputs, turn, *self._draw(drawings, values), values)

        return move

    def _label(self, control: Control) -> str:
        return getattr(self.widgets.get(control.name), "label", None) or ""

    def _within(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """The values, but the default for one that is beyond its bounds, and what to say of it."""
        kept, complaints = dict(values), []
        defaults = {control.name: control.default for control in self.address}
        for bound in self.bounds:
            try:
                control = bound(self.zoo, **{name: values[name] for name in wants(bound)})
            except GanzooError:
                continue  # a drawing of the same model says so
            if values[control.name] == defaults[control.name]:
                continue
            try:
                control.read(values[control.name])
            except GanzooError as error:
                complaints.append(str(error))
                kept[control.name] = defaults[control.name]
        return kept, complaints

    def _draw(
        self, drawings: Sequence[Drawing], values: Mapping[str, Any]
    ) -> tuple[dict[Component, Any], list[str], float]:
        start = time.perf_counter()
        shown: dict[Component, Any] = {}
        try:
            for drawing in drawings:
                shown |= drawing.draw(self.zoo, values)
        except GanzooError as error:
            return {}, [str(error)], 0.0
        return shown, [], time.perf_counter() - start

    def _update(
        self,
        outputs: list[Component],
        turn: int,
        shown: Mapping[Component, Any],
        complaints: Sequence[str],
        seconds: float,
        values: Mapping[str, Any],
    ) -> list[Any]:
        frame: dict[Component, Any] = {}
        if complaints or self.foot in outputs:  # what follows does not wipe what was said before
            frame[self.notice] = [turn, _sentences(complaints)]
        if seconds and self.foot in outputs:
            frame[self.foot] = _foot(seconds, *_brought(self.address, values))
        return [{**shown, **frame}.get(output, gr.skip()) for output in outputs]

    def controls(self) -> list[Control]:
        """Those of the address, as the bundles at hand define them."""
        names = self.zoo.names(*self.needs)
        labels = titles(map(self.zoo.bundle, names))
        here = tuple((guests.label(name), name) for name in self.zoo.guests(*self.needs))
        return [_named(control.among(names), labels, here) for control in self.address]

    def _defaults(self, controls: Sequence[Control], values: Mapping[str, Any]) -> dict[str, Any]:
        """The defaults, but of the model that was asked for."""
        kept = {c.name: values[c.name] for c in controls if isinstance(c, address.Model)}
        return {c.name: c.default for c in controls} | kept


Labels = tuple[tuple[str, str], ...]  # and names


def _named(control: Control, labels: Labels, here: Labels) -> Control:
    """A choice of models shows them by their labels, and also takes the guests that are here."""
    if not isinstance(control, address.Model):
        return control
    return replace(control, titles=labels, guests=here)


def _valued(drawn: Any, value: Any) -> Any:
    """A drawing that says only how a widget looks leaves it the value of the address."""
    looks = isinstance(drawn, dict) and drawn.get("__type__") == "update" and "value" not in drawn
    return drawn | {"value": value} if looks else drawn


def _sentences(complaints: Sequence[str]) -> str:
    return "".join(map(complaint, complaints))


def _brought(controls: Sequence[Control], values: Mapping[str, Any]) -> Iterator[str]:
    """What becomes of pictures that a visitor brought."""
    given = [control for control in controls if values.get(control.name)]
    if any(not control.spoken for control in given):
        yield LEFT_OUT
    if any(control.carries(values[control.name]) for control in given):
        yield CONTAINED


def _foot(seconds: float, *further: str) -> str:
    milliseconds = f"{seconds * 1000:.0f} ms" if seconds >= 0.001 else "less than 1 ms"
    return (
        '<button type="button" class="link" data-copy-address>Copy the link to this view</button>'
        f'<span class="cost">drawn in {milliseconds}</span>{"".join(further)}'
    )
