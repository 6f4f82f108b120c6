"""Robustness curves as text: for ``docs/fooling.md``, and for a terminal."""

from collections.abc import Iterable

from ganzoo.bundle import Bundle
from ganzoo.evaluation import robustness
from ganzoo.evaluation.robustness import Curve, Robustness
from ganzoo.shares import wilson

SHOWN = (  # attack, norm, whether transferred, how it is headed
    ("fgsm", "linf", False, "FGSM"),
    ("pgd", "linf", False, "PGD"),
    ("universal", "linf", False, "universal"),
    ("pgd", "linf", True, "transfer"),
)


def short(bundles: Iterable[Bundle]) -> str:
    """A row for each classifier: what it still names right at the radius usual for its data.

    Beside that PGD's whole curve: the share at each of the radii measured.
    """
    lines = [
        f"| classifier | n | ε | clean | {' | '.join(head for *_, head in SHOWN)} "
        "| PGD from 0 to 2 ε | median C&W, Euclidean |",
        f"|---|---:|---:|---:|{'---:|' * len(SHOWN)}---|---:|",
    ]
    for one in bundles:
        found = robustness.load(one)
        if found is not None:
            lines.append(_row(found))
    return "\n".join(lines)


def curves(found: Robustness) -> str:
    """Every curve of one classifier, a line each, with its protocol."""
    lines = [f"{found.network} on {found.data} {found.split}, seed {found.seed}"]
    for curve in found.curves:
        points = "  ".join(
            f"{epsilon:g}: {share:.1%}"
            for epsilon, share in zip(curve.epsilon, curve.accuracy, strict=True)
        )
        options = "".join(f", {key} {value}" for key, value in curve.options.items())
        lines.append(f"{curve.title} {curve.norm} (n {curve.count}{options})  {points}")
    return "\n".join(lines)


def _row(found: Robustness) -> str:
    picked = [_find(found, attack, norm, moved) for attack, norm, moved, _ in SHOWN]
    pgd = _find(found, "pgd", "linf", False)
    assert pgd is not None
    usual = pgd.usual
    cells = ["—" if curve is None else _percent(curve.accuracy[usual]) for curve in picked]
    low, high = wilson(round(pgd.accuracy[usual] * pgd.count), pgd.count)
    cells[1] = f"**{cells[1]}** [{_percent(low)}, {_percent(high)}]"
    shape = " ".join(_percent(share) for share in pgd.accuracy)
    return (
        f"| `{found.network}` | {pgd.count} | {_radius(pgd.epsilon[usual])} "
        f"| {_percent(pgd.accuracy[0])} | {' | '.join(cells)} | {shape} | {_median(found)} |"
    )


def _find(found: Robustness, attack: str, norm: str, transferred: bool) -> Curve | None:
    return next(
        (
            curve
            for curve in found.curves
            if (curve.attack, curve.norm) == (attack, norm)
            and (curve.crafted_on is not None) == transferred
        ),
        None,
    )


def _median(found: Robustness) -> str:
    curve = _find(found, "carlini_wagner", "l2", False)
    return "—" if curve is None or curve.median is None else f"{curve.median:.2f}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _radius(epsilon: float) -> str:
    levels = epsilon * 255
    return f"{round(levels)}/255" if abs(levels - round(levels)) < 1e-3 else f"{epsilon:g}"
