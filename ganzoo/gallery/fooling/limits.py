"""Where a network fails: along one way, at the smallest change, and over a whole test split."""

from html import escape
from textwrap import shorten

from ganzoo.evaluation.robustness import Robustness
from ganzoo.gallery import plot, widgets
from ganzoo.gallery.fooling import attempts
from ganzoo.gallery.fooling.marks import levels
from ganzoo.gallery.fooling.subjects import LEVELS, MOST, subject
from ganzoo.gallery.paint import style
from ganzoo.zoo import Zoo

LONGEST = 18  # letters of a class at the end of its line


def draw_curve(
    zoo: Zoo,
    model: str,
    picture: str,
    attack: str,
    epsilon: int,
    target: int | None,
    brought: str | None = None,
) -> str:
    """Confidence against epsilon, along the present direction, with the point of failure."""
    mine = subject(zoo, model)
    picture, names = mine.chosen(picture, brought), mine.classes
    found = attempts.way(mine, picture, attack, epsilon, target)
    lines = [
        plot.Line(
            f"“{shorten(names[y], LONGEST, placeholder='…')}”",
            [
                (float(e), float(p))
                for e, p in zip(found.at, found.probabilities[:, y], strict=True)
            ],
            kind,
        )
        for y, kind in ((found.own, "own"), (found.rival, "rival"))
    ]
    marks = [plot.Mark(float(epsilon), "", "here")]
    if found.failure is not None:
        at = found.failure * LEVELS
        marks.append(plot.Mark(at, f"fails at {at:.1f}/255", "failure"))
        button = _steer(found.failure)
    else:
        button = f"<p class='fine'>No step up to {MOST}/255 along this direction succeeds.</p>"
    svg = plot.chart(
        lines,
        float(MOST),
        [(float(e), str(e)) for e in range(0, MOST + 1, 32)],
        axis="ε, in 255ths of the pixel range",
        what=f"Confidence in {names[found.own]} and in {names[found.rival]} as epsilon grows",
        marks=marks,
    )
    return f'<h2 class="part small">How sure it is, as ε grows</h2>{svg}{button}'


def _steer(failure: float) -> str:
    """A button that moves the slider to the first 255th that fools."""
    first = min(MOST, int(failure * LEVELS) + 1) if failure else 0
    return (
        f'<button type="button" class="link" data-epsilon="{first}">Go to the smallest '
        f"ε that fools: {first}/255</button>"
    )


def draw_smallest(
    zoo: Zoo, model: str, picture: str, target: int | None, brought: str | None = None
) -> str:
    """The smallest changes that the searches find."""
    mine = subject(zoo, model)
    picture, names = mine.chosen(picture, brought), mine.classes
    side = mine.shown(picture).shape[2]
    figures = "".join(
        f'<figure class="{"fooled" if one.reached else ""}">'
        f'<img src="{widgets.png(levels(one.image))}" alt="{escape(one.name)}">'
        f"<figcaption><b>{escape(one.name)}</b>"
        + (f"“{escape(names[one.says])}”, {one.confidence:.0%}" if one.reached else "found nothing")
        + f"<span class='fine'>|δ|∞ {one.linf * LEVELS:.1f}/255<br>|δ|₂ {one.l2:.2f}</span>"
        "</figcaption></figure>"
        for one in attempts.smallest_changes(mine, picture, target)
    )
    return (
        f'<div class="pair four" style="{style(side, pair=128, pair_narrow=128)}">{figures}</div>'
    )


def draw_robustness(zoo: Zoo, model: str) -> str:
    """Accuracy against epsilon of this network and its kin, as it was measured."""
    measured = [
        (name, found) for name in subject(zoo, model).kin if (found := subject(zoo, name).measured)
    ]
    lines, most, said = [], 0.0, []
    for i, (name, found) in enumerate(measured):
        for curve in found.curves:
            if (curve.attack, curve.norm, curve.crafted_on) == ("pgd", "linf", None):
                points = list(zip(curve.epsilon, curve.accuracy, strict=True))
                lines.append(plot.Line(name, points, f"k{i % 4}"))
                most = max(most, curve.epsilon[-1])
                options = "".join(f", {value} {key}" for key, value in curve.options.items())
                said.append(
                    f"The curves: PGD{options}, on {curve.count} pictures of {found.data}'s "
                    f"{found.split} split, seed {found.seed}."
                )
    if not lines:
        return ""
    protocol = " ".join(dict.fromkeys(said))
    ticks = [(most * i / 4, f"{most * i / 4 * LEVELS:.0f}") for i in range(5)]
    svg = plot.chart(
        lines, most, ticks, axis="ε, in 255ths", what="Accuracy under attack as epsilon grows"
    )
    table = "".join(_attacks_table(found) for name, found in measured if name == model)
    return (
        '<h2 class="part">How robust they are</h2><p class="sentence">The share of test pictures '
        "still named right when every one of them is attacked.</p>"
        f'<div class="measured">{svg}<div>{table}<p class="fine">{escape(protocol)} '
        "Measured once, with these very weights.</p></div></div>"
    )


def _attacks_table(found: Robustness) -> str:
    rows = []
    for curve in found.curves:
        if curve.norm != "linf":
            continue
        middle = curve.accuracy[curve.usual]
        rows.append(f"<tr><td>{escape(curve.title)}</td><td>{middle:.1%}</td></tr>")
    usual = next(curve.epsilon[curve.usual] for curve in found.curves if curve.norm == "linf")
    return (
        f"<table><caption>{escape(found.network)} at ε = {usual * LEVELS:.0f}/255</caption>"
        f"{''.join(rows)}</table>"
    )
