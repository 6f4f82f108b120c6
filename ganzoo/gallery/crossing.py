"""A grid of two families' mixtures: one cell is picked, and shown large elsewhere."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from ganzoo.gallery.mixing import Grid
from ganzoo.gallery.widgets import PICK, png

TEMPLATE = """
<div class="sheet crossing" style="--wide: ${wide}px; --narrow: ${narrow}px;
  --columns: ${columns.length + 1}">
  <div class="scrolls"><div class="cells" role="radiogroup"
    aria-label="Mixtures: pick one to see it large">
    <span class="corner"><i>B</i><i>A</i></span>
    ${columns.map((picture, j) => `<figure><img src="${picture}" alt="B: seed ${b[j]}">
      <figcaption>${b[j]}</figcaption></figure>`).join("")}
    ${rows.map((picture, i) => `<figure class="first"><img src="${picture}" alt="A: seed ${a[i]}">
      <figcaption>${a[i]}</figcaption></figure>` + columns.map((_, j) => {
        const k = i * columns.length + j;
        const title = `Seed ${a[i]} with layers of seed ${b[j]}`;
        return `<button type="button" class="tile" role="radio" data-index="${k}"
          aria-checked="${k === value}" tabindex="${k === value ? 0 : -1}" title="${title}"
          ><img src="${cells[k]}" alt="${title}"></button>`;
      }).join("")).join("")}
  </div></div>
  <button type="button" class="link" data-save-sheet="${file}" data-columns="${columns.length + 1}"
    data-corner ${cells.length ? "" : "hidden"}>Download the grid</button>
</div>"""


def crossing() -> gr.HTML:
    """The widget: its value is the index of the picked cell, row by row."""
    return gr.HTML(
        None,
        apply_default_css=False,
        html_template=TEMPLATE,
        js_on_load=PICK,
        rows=[],
        columns=[],
        cells=[],
        a=[],
        b=[],
        file="",
        wide=0,
        narrow=0,
    )


def show_crossing(
    pick: int,
    grid: Grid,
    a: Sequence[int],
    b: Sequence[int],
    file: str,
    *,
    wide: int,
    narrow: int,
) -> dict[str, Any]:
    """What the widget is to show, and which cell is picked.

    Args:
        a, b: the seeds of the rows and of the columns.
        file: what the grid is called when it is taken home.
        wide, narrow: CSS pixels of one picture on a desk and on a phone.
    """
    return gr.update(
        value=pick,
        rows=[png(picture) for picture in grid.rows],
        columns=[png(picture) for picture in grid.columns],
        cells=[png(picture) for picture in grid.cells],
        a=list(a),
        b=list(b),
        file=file,
        wide=wide,
        narrow=narrow,
    )
