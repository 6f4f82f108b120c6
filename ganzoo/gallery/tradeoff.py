"""Quality against variety, a path through thresholds, drawn as SVG: pure, in the page's colours."""

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from ganzoo.gallery.axis import Axis
from ganzoo.record import TruncationCurve, TruncationPoint

WIDTH, HEIGHT = 380.0, 300.0
LEFT, RIGHT, TOP, BOTTOM = 52.0, 20.0, 32.0, 48.0  # margins
QUALITY, VARIETY = "precision", "recall"
Place = tuple[float, float]  # variety and quality


def drawing(curve: TruncationCurve, threshold: float) -> str:
    """The path, its thresholds, and a larger mark where the slider stands."""
    places = [_place(point) for point in curve.points]
    variety, quality = here(curve, threshold)
    across = _scale([place[0] for place in places], LEFT, WIDTH - RIGHT)
    up = _scale([place[1] for place in places], HEIGHT - BOTTOM, TOP)
    dots = "".join(
        f'<circle cx="{across.at(x):.1f}" cy="{up.at(y):.1f}" r="3"><title>truncation '
        f"{point.threshold:g}: precision {y:.2f}, recall {x:.2f}</title></circle>"
        for point, (x, y) in zip(curve.points, places, strict=True)
    )
    path = "L".join(f"{across.at(x):.1f} {up.at(y):.1f}" for x, y in places)
    said = f"Precision {quality:.2f} and recall {variety:.2f} at truncation {threshold:g}"
    return (
        f'<svg class="tradeoff" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" '
        f'aria-label="{escape(said)}">{_axes(across, up)}'
        f'<path class="line" d="M{path}"/>{dots}'
        f'<circle class="here" cx="{across.at(variety):.1f}" cy="{up.at(quality):.1f}" r="7"/>'
        "</svg>"
    )


def here(curve: TruncationCurve, threshold: float) -> Place:
    """Variety and quality at a threshold: measured, or on the line between two that were."""
    points = curve.points
    if threshold <= points[0].threshold:
        return _place(points[0])
    for below, above in pairwise(points):
        if threshold <= above.threshold:
            share = (threshold - below.threshold) / (above.threshold - below.threshold)
            (x0, y0), (x1, y1) = _place(below), _place(above)
            return x0 + share * (x1 - x0), y0 + share * (y1 - y0)
    return _place(points[-1])


def _place(point: TruncationPoint) -> Place:
    return point.values[VARIETY], point.values[QUALITY]


def _scale(values: Sequence[float], start: float, end: float) -> Axis:
    """With a little room at both ends, within [0, 1]."""
    spare = max(0.08 * (max(values) - min(values)), 0.02)
    return Axis(max(0.0, min(values) - spare), min(1.0, max(values) + spare), start, end)


def _axes(across: Axis, up: Axis) -> str:
    marks = []
    for share in (0.0, 0.5, 1.0):
        x = across.low + share * (across.high - across.low)
        y = up.low + share * (up.high - up.low)
        marks.append(
            f'<path d="M{across.at(x):.1f} {TOP:g}V{HEIGHT - BOTTOM:g}"/>'
            f'<path d="M{LEFT:g} {up.at(y):.1f}H{WIDTH - RIGHT:g}"/>'
            f'<text x="{across.at(x):.1f}" y="{HEIGHT - BOTTOM + 18:g}" text-anchor="middle">'
            f"{x:.2f}</text>"
            f'<text x="{LEFT - 8:g}" y="{up.at(y) + 4:.1f}" text-anchor="end">{y:.2f}</text>'
        )
    return (
        f'<g class="grid" aria-hidden="true">{"".join(marks)}</g>'
        f'<text class="axis" x="{WIDTH - RIGHT:g}" y="{HEIGHT - 8:g}" text-anchor="end">'
        "variety (recall) →</text>"
        f'<text class="axis" x="{LEFT:g}" y="{TOP - 14:g}">↑ quality (precision)</text>'
    )
