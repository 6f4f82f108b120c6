"""A quiet line chart as SVG: it grows with its column, and takes its colours from the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 560, 272
LEFT, RIGHT, TOP, BOTTOM = 52, 132, 14, 56
GAP = 22  # between two names at the end of their lines


@dataclass(frozen=True)
class Line:
    """A named line through points (x, share from 0 to 1).

    Attributes:
        kind: its class in the style: ``own``, ``rival``, ``k0``, ``k1``, …
    """

    name: str
    points: Sequence[tuple[float, float]]
    kind: str


@dataclass(frozen=True)
class Mark:
    """A place on the horizontal axis, with words."""

    at: float
    said: str
    kind: str


def chart(
    lines: Sequence[Line], most: float, ticks: Sequence[tuple[float, str]], *,
    axis: str, what: str, marks: Sequence[Mark] = (),
) -> str:  # fmt: skip
    """The chart: shares upwards from 0 to 100 %, ``axis`` to the right from 0 to ``most``.

    Args:
        what: said to those who cannot see it.
    """
    grid = "".join(
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{_y(v):.1f}" y2="{_y(v):.1f}"/>'
        f'<text class="tick left" x="{LEFT - 8}" y="{_y(v) + 4:.1f}">{v:.0%}</text>'
        for v in (0.0, 0.5, 1.0)
    )
    floor = "".join(
        f'<text class="tick" x="{_x(x, most):.1f}" y="{HEIGHT - BOTTOM + 22}">{escape(said)}</text>'
        for x, said in ticks
    )
    middle = (LEFT + WIDTH - RIGHT) / 2
    title = f'<text class="tick" x="{middle}" y="{HEIGHT - 8}">{escape(axis)}</text>'
    drawn = "".join(_line(line, most) for line in lines)
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(what)}">'
        f"{grid}{floor}{title}{''.join(_mark(mark, most) for mark in marks)}{drawn}"
        f"{_names(lines)}</svg>"
    )


def _line(line: Line, most: float) -> str:
    path = " ".join(f"{_x(x, most):.1f},{_y(y):.1f}" for x, y in line.points if x <= most)
    return f'<polyline class="{line.kind}" points="{path}"/>'


def _names(lines: Sequence[Line]) -> str:
    """At the end of each line, moved apart where they would cover each other."""
    ends = [(_y(line.points[-1][1]), line) for line in lines if line.points]
    placed: list[tuple[float, Line]] = []
    for y, line in sorted(ends, key=lambda end: end[0]):
        placed.append((max(y, placed[-1][0] + GAP) if placed else y, line))
    if placed and (over := placed[-1][0] - (HEIGHT - BOTTOM)) > 0:
        placed = [(y - over, line) for y, line in placed]
    x = WIDTH - RIGHT + 8
    return "".join(
        f'<text class="name {line.kind}" x="{x}" y="{y + 4:.1f}">{escape(line.name)}</text>'
        for y, line in placed
    )


def _mark(mark: Mark, most: float) -> str:
    x = _x(min(mark.at, most), most)
    left = x > (LEFT + WIDTH - RIGHT) / 2
    side, anchor = (-6, "end") if left else (6, "start")
    words = (
        f'<text class="said {mark.kind}" x="{x + side:.1f}" y="{_y(0.64):.1f}" '
        f'style="text-anchor:{anchor}">{escape(mark.said)}</text>'
        if mark.said
        else ""
    )
    return (
        f'<line class="mark {mark.kind}" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" '
        f'y2="{HEIGHT - BOTTOM}"/>{words}'
    )


def _x(value: float, most: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * value / most


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share
