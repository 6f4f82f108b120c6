"""Points on two axes, drawn as SVG: pure, in the page's own colours, readable without a mouse."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from ganzoo.gallery.axis import LogAxis

WIDTH, HEIGHT = 760.0, 400.0
LEFT, RIGHT, TOP, BOTTOM = 64.0, 24.0, 36.0, 56.0  # margins, in the drawing's own units
REACH = 11  # units that a letter takes at most, for keeping labels apart
LINE = 20  # units that a line of text takes


@dataclass(frozen=True, kw_only=True)
class Point:
    """One thing: where it lies, how surely, and where a click leads."""

    name: str
    x: float
    y: float
    low: float
    high: float
    href: str
    title: str


def scatter(points: Sequence[Point], x_title: str, y_title: str) -> str:
    """A drawing with logarithmic axes; whiskers are the points' intervals.

    Points without a positive place on both axes are left out; without any there is no drawing.
    """
    placed = [p for p in points if p.x > 0 and p.y > 0]
    if not placed:
        return ""
    across = LogAxis.over([p.x for p in placed], LEFT, WIDTH - RIGHT)
    up = LogAxis.over([v for p in placed for v in (p.low, p.y, p.high)], HEIGHT - BOTTOM, TOP)
    labels = _labels([(across.at(p.x), up.at(p.y), p.name) for p in placed])
    marks = "".join(_mark(p, across, up, at) for p, at in zip(placed, labels, strict=True))
    said = f"{y_title} against {x_title}: " + "; ".join(p.title for p in placed)
    return (
        f'<svg class="scatter" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="group" '
        f'aria-label="{escape(said)}">{_grid(across, up)}'
        f'<text class="axis" x="{(LEFT + WIDTH - RIGHT) / 2:g}" y="{HEIGHT - 6:g}" '
        f'text-anchor="middle">{escape(x_title)}</text>'
        f'<text class="axis" x="{LEFT:g}" y="{TOP - 12:g}">{escape(y_title)}</text>{marks}</svg>'
    )


def _grid(across: LogAxis, up: LogAxis) -> str:
    lines = []
    for tick in across.ticks:
        x = across.at(tick)
        lines.append(f'<path d="M{x:.1f} {TOP:g}V{HEIGHT - BOTTOM:g}"/>')
        lines.append(
            f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 20:g}" text-anchor="middle">'
            f"{short(tick)}</text>"
        )
    for tick in up.ticks:
        y = up.at(tick)
        lines.append(f'<path d="M{LEFT:g} {y:.1f}H{WIDTH - RIGHT:g}"/>')
        lines.append(
            f'<text x="{LEFT - 8:g}" y="{y + 4:.1f}" text-anchor="end">{short(tick)}</text>'
        )
    return f'<g class="grid" aria-hidden="true">{"".join(lines)}</g>'


def _mark(point: Point, across: LogAxis, up: LogAxis, label: tuple[float, float, str]) -> str:
    x, y = across.at(point.x), up.at(point.y)
    whisker = ""
    if point.high > point.low:
        whisker = f'<path d="M{x:.1f} {up.at(point.low):.1f}V{up.at(point.high):.1f}"/>'
    left, baseline, anchor = label
    return (
        f'<a href="{escape(point.href)}"><title>{escape(point.title)}</title>{whisker}'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
        f'<text x="{left:.1f}" y="{baseline:.1f}" text-anchor="{anchor}">'
        f"{escape(point.name)}</text></a>"
    )


def _labels(places: Sequence[tuple[float, float, str]]) -> list[tuple[float, float, str]]:
    """Beside each point on the side with room, moved up or down until no two overlap."""
    taken: list[tuple[float, float, float]] = []  # left, right, baseline
    found: dict[int, tuple[float, float, str]] = {}
    for i in sorted(range(len(places)), key=lambda i: places[i][1]):
        x, y, name = places[i]
        width = REACH * len(name)
        flipped = x + 10 + width > WIDTH - RIGHT
        left = x - 10 - width if flipped else x + 10
        baseline = y + 5
        while any(
            left < end and begin < left + width and abs(baseline - line) < LINE
            for begin, end, line in taken
        ):
            baseline += LINE / 2
        taken.append((left, left + width, baseline))
        found[i] = (x - 10 if flipped else x + 10, baseline, "end" if flipped else "start")
    return [found[i] for i in range(len(places))]


def short(value: float) -> str:
    """1500000 as ``1.5M``, 0.05 as ``0.05``."""
    for unit, name in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= unit:
            return f"{value / unit:.3g}{name}"
    return f"{value:.3g}"
