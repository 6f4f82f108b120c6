"""Cells of a feature map, painted on a picture: a control of an address, and the widget for it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import gradio as gr
import torch

from ganzoo.errors import InputError
from ganzoo.explore.dissect import Places
from ganzoo.gallery.address import Control, said

MOST = 4096  # cells of any map
RUN = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?")

TEMPLATE = """
<figure class="large plate painting">
  <h3>${title}</h3>
  <div class="mural" tabindex="0" role="application" data-side="${side}" style="--side: ${side}"
    aria-label="${label}">
    <img src="${picture}" alt="${alt}" draggable="false">
    ${`${value ?? ""}`.split(",").filter(Boolean).flatMap((run) => {
      const [first, last] = run.split("-").map(Number);
      return Array.from({ length: (last ?? first) - first + 1 }, (_, i) => first + i);
    }).map((k) => `<i data-cell="${k}" style="--x: ${k % side}; --y: ${Math.floor(k / side)}"></i>`)
      .join("")}
  </div>
  <figcaption>${caption}
    <p><button type="button" class="link" data-wipe ${value ? "" : "hidden"}>Wipe the paint off
    </button> <a class="link" download="${file}" href="${picture}">Download the picture</a></p>
  </figcaption>
</figure>"""
SCRIPT = """
let [stroke, cursor] = [null, 0];
const mural = () => element.querySelector(".mural");
const side = () => Number(mural().dataset.side);
const cells = () => new Set([...element.querySelectorAll("[data-cell]")]
  .map((cell) => Number(cell.dataset.cell)));
const written = (set) => {
  const runs = [];
  for (const k of [...set].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && run[1] === k - 1) run[1] = k; else runs.push([k, k]);
  }
  return runs.map(([a, b]) => a === b ? `${a}` : `${a}-${b}`).join(",");
};
const keep = (set, focus) => {
  props.value = written(set);
  trigger("input");
  if (focus) requestAnimationFrame(() => requestAnimationFrame(() => {
    mural().focus({ preventScroll: true });
    mark();
  }));
};
const mark = () => {
  mural().style.setProperty("--cx", cursor % side());
  mural().style.setProperty("--cy", Math.floor(cursor / side()));
};
const under = (event) => {
  const box = mural().getBoundingClientRect(), n = side();
  const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  return x < 0 || y < 0 || x >= 1 || y >= 1 ? null : Math.floor(y * n) * n + Math.floor(x * n);
};
const touch = (k) => {
  if (k === null || stroke.on === stroke.set.has(k)) return;
  if (stroke.on) {
    const cell = document.createElement("i");
    cell.dataset.cell = k;
    cell.style.cssText = `--x: ${k % side()}; --y: ${Math.floor(k / side())}`;
    mural().append(cell);
    stroke.set.add(k);
  } else {
    mural().querySelector(`[data-cell="${k}"]`)?.remove();
    stroke.set.delete(k);
  }
};
element.addEventListener("pointerdown", (event) => {
  if (event.button || !event.target.closest(".mural")) return;
  event.preventDefault();
  const k = under(event), set = cells();
  stroke = { set, on: !set.has(k) };
  element.setPointerCapture(event.pointerId);
  touch(k);
});
element.addEventListener("pointermove", (event) => {
  if (stroke) for (const one of event.getCoalescedEvents?.() ?? [event]) touch(under(one));
});
const finish = () => {
  if (!stroke) return;
  const { set } = stroke;
  stroke = null;
  keep(set);
};
element.addEventListener("pointerup", finish);
element.addEventListener("pointercancel", finish);
element.addEventListener("click", (event) => {
  if (event.target.closest("[data-wipe]")) keep(new Set());
});
element.addEventListener("keydown", (event) => {
  if (!event.target.closest(".mural")) return;
  const n = side(), [x, y] = [cursor % n, Math.floor(cursor / n)];
  const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  if (event.key in step) {
    const [dx, dy] = step[event.key], inside = (v) => Math.max(0, Math.min(n - 1, v));
    cursor = inside(y + dy) * n + inside(x + dx);
    mark();
  } else if (event.key === " " || event.key === "Enter") {
    const set = cells();
    if (!set.delete(cursor)) set.add(cursor);
    keep(set, true);
  } else return;
  event.preventDefault();
});
element.addEventListener("focusin", () => { if (mural()) mark(); });
"""


@dataclass(frozen=True, kw_only=True)
class Cells(Control):
    """Cells of a map by number, row by row, written ``102-105,118``."""

    name: str = "cells"
    default: tuple[int, ...] = ()

    def read(self, value: object) -> tuple[int, ...]:
        if value is None or value == "":
            return ()
        runs = value.replace(" ", "").split(",") if isinstance(value, str) else value
        if not isinstance(runs, Iterable):
            raise self._error(value)
        found: set[int] = set()
        for run in runs:
            match = RUN.fullmatch(str(run))
            if match is None:
                raise self._error(value)
            first, last = int(match[1]), int(match[2] or match[1])
            if not first <= last < MOST:
                raise self._error(value)
            found.update(range(first, last + 1))
        return tuple(sorted(found))

    def write(self, value: tuple[int, ...]) -> str:
        runs = [
            [cell for _, cell in run]
            for _, run in groupby(enumerate(value), lambda pair: pair[1] - pair[0])
        ]
        return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)

    def show(self, value: tuple[int, ...]) -> str:
        return self.write(value)

    def _error(self, value: object) -> InputError:
        return InputError(
            f"{self.called} are numbers of cells, row by row, such as 102-105,118; "
            f"got {said(value)}"
        )


def places(cells: Iterable[int], side: int) -> Places:
    """Those of the cells that a map of this side has."""
    flat = torch.zeros(side * side, dtype=torch.bool)
    flat[[cell for cell in cells if cell < side * side]] = True
    return flat.view(side, side)


def board() -> gr.HTML:
    """A picture beneath a grid: cells are painted with a pointer, or with arrows and space."""
    return gr.HTML(
        None,
        apply_default_css=False,
        html_template=TEMPLATE,
        js_on_load=SCRIPT,
        side=1,
        picture="",
        label="",
        title="",
        alt="",
        caption="",
        file="",
    )


def show(cells: tuple[int, ...], side: int, **shown: Any) -> dict[str, Any]:
    """What a :func:`board` is to show: the painted cells, and ``picture``, ``label``,
    ``title``, ``alt``, ``caption`` and ``file``."""
    kept = tuple(cell for cell in cells if cell < side * side)
    return gr.update(value=Cells().write(kept), side=side, **shown)
