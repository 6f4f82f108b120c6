"""Which layers come from B: a control of an address, and a row of buttons for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from ganzoo.errors import InputError, UnknownNameError, suggestion
from ganzoo.explore.mix import GROUPS, check_layers, thirds
from ganzoo.gallery.address import LONGEST, Control, Whole, said

MOST = 34  # layers of any network there can be
Chosen = str | tuple[int, ...]  # one of GROUPS, or layers by number

TEMPLATE = """
<div class="strata" role="group" aria-label="Layers from B">
  <p>Layers from B, from coarse to fine: pixels on a side</p>
  <span class="presets">${Object.keys(groups).map((name) =>
    `<button type="button" data-pick="${name}" aria-pressed="${name === value}">${name}</button>`
  ).join("")}</span>
  <span class="each">${sides.map((side, i) => `<button type="button" data-layer="${i}"
    aria-pressed="${(groups[value] ?? `${value ?? ""}`.split(",").map(Number)).includes(i)
      && `${value ?? ""}` !== ""}"
    aria-label="Layer ${i}, ${side} by ${side} pixels" title="Layer ${i}: ${side} × ${side} pixels"
    >${side}</button>`).join("")}</span>
</div>"""
PRESS = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { pick, layer } = button.dataset;
  const on = [...element.querySelectorAll(".each [aria-pressed=true]")].map((b) => b.dataset.layer);
  const kept = on.includes(layer) ? on.filter((one) => one !== layer) : [...on, layer];
  props.value = pick ?? kept.sort((a, b) => a - b).join(",");
  trigger("input");
  const again = pick ? `[data-pick="${pick}"]` : `[data-layer="${layer}"]`;
  requestAnimationFrame(() => requestAnimationFrame(() => element.querySelector(again)?.focus()));
});
"""


@dataclass(frozen=True, kw_only=True)
class Layers(Control):
    """A group of layers by its name, or a few layers by number, written ``4,5``.

    Attributes:
        high: the last layer.
    """

    name: str = "layers"
    default: str = GROUPS[0]
    high: int = MOST - 1

    def read(self, value: object) -> Chosen:
        if value in GROUPS:
            return str(value)
        if isinstance(value, str) and value.strip(" ,").isalpha():
            raise UnknownNameError(
                f"{self.called} cannot be {said(value)}. {suggestion(value[:LONGEST], GROUPS)}"
            )
        parts = value.replace(",", " ").split() if isinstance(value, str) else value
        if not isinstance(parts, Sequence) or not 1 <= len(parts) <= MOST:
            raise InputError(
                f"{self.called} are coarse, middle, fine, or at least one number, such as 4, 5; "
                f"got {said(value)}"
            )
        one = Whole(name=f"a layer in {self.called}", default=0, low=0, high=self.high)
        return tuple(sorted({int(one.read(part) or 0) for part in parts}))

    def write(self, value: Chosen) -> str:
        return value if isinstance(value, str) else ",".join(map(str, value))

    def show(self, value: Chosen) -> str:
        return self.write(value)


def within(chosen: Chosen, count: int) -> Chosen:
    """Those of the layers that a network of so many has; the coarse ones, if it has none."""
    if isinstance(chosen, str):
        return chosen
    return tuple(layer for layer in chosen if layer < count) or GROUPS[0]


def numbers(chosen: Chosen, count: int) -> tuple[int, ...]:
    """The layers that are meant, of so many.

    Raises:
        InputError: if one of them is not there.
    """
    layers = thirds(count)[chosen] if isinstance(chosen, str) else chosen
    check_layers(layers, count)
    return layers


def words(chosen: Chosen, sides: Sequence[int]) -> str:
    """What is meant, in words: "coarse layers (4 to 8 pixels)"."""
    meant = [sides[k] for k in numbers(chosen, len(sides))]
    low, high = min(meant), max(meant)
    pixels = f"{low} pixels" if low == high else f"{low} to {high} pixels"
    name = f"{chosen} layers" if isinstance(chosen, str) else "chosen layers"
    return f"{name} ({pixels})"


def strata() -> gr.HTML:
    """The row of buttons: its value is a group's name, or numbers."""
    return gr.HTML(
        None,
        apply_default_css=False,
        html_template=TEMPLATE,
        js_on_load=PRESS,
        sides=[],
        groups={},
    )


def show(chosen: Chosen, sides: Sequence[int]) -> dict[str, Any]:
    """What the buttons are to show for a network whose layers have these sides."""
    numbers(chosen, len(sides))
    return gr.update(
        value=Layers().write(chosen),
        sides=list(sides),
        groups={name: list(layers) for name, layers in thirds(len(sides)).items()},
    )
