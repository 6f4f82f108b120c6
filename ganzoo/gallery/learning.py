"""A learning curve, drawn: a score at every snapshot of a training, and where something broke."""

from html import escape

from ganzoo.bundle import Bundle
from ganzoo.evaluation.curve import deciding, marks
from ganzoo.evaluation.wording import plain
from ganzoo.gallery.axis import Axis, LogAxis
from ganzoo.gallery.scatter import short

WIDTH, HEIGHT = 480.0, 240.0
LEFT, RIGHT, TOP, BOTTOM = 56.0, 20.0, 30.0, 48.0  # margins, in the drawing's own units


def curve(bundle: Bundle) -> str:
    """The score that chose the bundle's moment, over the images that were shown, as HTML.

    Empty where a training was not watched, or seen once only.
    """
    name = deciding(bundle.config.curve)
    points = [(p.kimg, p.values[name]) for p in bundle.config.curve if name in p.values]
    if name is None or len(points) < 2:
        return ""
    across = Axis.over([kimg for kimg, _ in points], LEFT, WIDTH - RIGHT)
    values = [value for _, value in points]
    kind = LogAxis if min(values) > 0 else Axis
    up = kind.over(values, HEIGHT - BOTTOM, TOP)
    line = " ".join(f"{across.at(x):.1f},{up.at(y):.1f}" for x, y in points)
    begin, end = points[0][1], points[-1][1]
    said = (
        f"{plain(name)} ({name}) from {begin:.3g} after {points[0][0]:.3g} thousand images to "
        f"{end:.3g} after {points[-1][0]:.3g} thousand"
    )
    broken = marks(bundle.config.curve)
    news = "".join(f'<p class="fine">{escape(str(mark))}</p>' for mark in broken)
    lines = "".join(
        f'<path class="broken" d="M{across.at(mark.kimg):.1f} {TOP:g}V{HEIGHT - BOTTOM:g}"/>'
        for mark in broken
    )
    return (
        f'<svg class="curve" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" '
        f'aria-label="{escape(said)}">{_grid(across, up)}{lines}<polyline points="{line}"/>'
        f"{_best(bundle, points, across, up)}"
        f'<text class="axis" x="{LEFT:g}" y="{TOP - 12:g}">{escape(plain(name))}</text>'
        f'<text class="axis" x="{WIDTH - RIGHT:g}" y="{HEIGHT - 8:g}" text-anchor="end">'
        f"thousands of images shown</text></svg>"
        f'<p class="fine"><code>{escape(name)}</code> at every snapshot. The dot is the moment '
        f"that hangs here.</p>{news}"
    )


def _best(
    bundle: Bundle, points: list[tuple[float, float]], across: Axis, up: Axis | LogAxis
) -> str:
    """A dot where the training stood whose weights are in the bundle."""
    cost = bundle.config.cost
    if cost is None:
        return ""
    kimg, value = min(points, key=lambda point: abs(point[0] - cost.best_kimg))
    return f'<circle cx="{across.at(kimg):.1f}" cy="{up.at(value):.1f}" r="5"/>'


def _grid(across: Axis, up: Axis | LogAxis) -> str:
    floor = "".join(
        f'<text x="{across.at(tick):.1f}" y="{HEIGHT - BOTTOM + 18:g}" text-anchor="middle">'
        f"{short(tick)}</text>"
        for tick in across.ticks
    )
    lines = "".join(
        f'<path d="M{LEFT:g} {up.at(tick):.1f}H{WIDTH - RIGHT:g}"/>'
        f'<text x="{LEFT - 8:g}" y="{up.at(tick) + 4:.1f}" text-anchor="end">{short(tick)}</text>'
        for tick in up.ticks
    )
    return f'<g class="grid" aria-hidden="true">{floor}{lines}</g>'
