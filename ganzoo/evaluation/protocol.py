"""Scores with their protocol: nothing is measured here without saying how."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ganzoo.bundle import Bundle
from ganzoo.errors import MetricError
from ganzoo.evaluation.extraction import sample, see
from ganzoo.evaluation.fakes import fakes, generator, probe
from ganzoo.evaluation.networks import FeatureNetwork
from ganzoo.evaluation.pixels import pixels
from ganzoo.evaluation.plan import Plan, Progress, Tell
from ganzoo.evaluation.reals import Reals, Yardstick
from ganzoo.evaluation.report import Facts, Found, Report, floor
from ganzoo.metrics import Metric, Sample
from ganzoo.record import Score


def evaluate(
    bundle: Bundle,
    yardstick: Yardstick,
    network: FeatureNetwork,
    plan: Plan,
    tell: Tell = lambda _: None,
) -> tuple[Score, ...]:
    """Scores of a bundle's generator.

    Raises:
        MetricError: if it cannot be judged: too few images, constant ones, NaN, other sizes; or
            if a metric judges translations, or moves an input that cannot be moved.
    """
    chosen, recipe = plan.chosen(network), bundle.recipe
    _refuse_comparing(chosen)
    _refuse_moving(chosen, bundle)
    painter = generator(bundle)
    # Reals first: what they cannot be judged by is known before anything is painted.
    left, right = (see_reals(side, network, plan, tell) for side in yardstick.floor)
    sides = f"{yardstick.floor[0]} against {yardstick.floor[1]}"
    floors = {name: floor(left, right, metric, sides) for name, metric in chosen.items()}
    reference = see_reals(yardstick.reference, network, plan, tell)
    repeats: list[Found] = []
    with TemporaryDirectory(prefix="ganzoo-") as scratch:
        for repeat in range(plan.repeats):
            first, folder = plan.seed + repeat * plan.count, Path(scratch) / str(repeat)
            folder.mkdir()
            what = f"painting {repeat + 1}/{plan.repeats}"
            images = fakes(painter, recipe, plan.count, first)
            see(network, images, plan.count, folder, bfloat16=plan.bfloat16,
                tell=teller(tell, what, plan.count))  # fmt: skip
            found = compared(chosen, reference, sample(network, folder))
            for metric in chosen.values():
                if metric.probe:
                    found |= metric.probe(probe(painter, recipe, network), plan.count, first)
            repeats.append(found)
    facts: Facts = {
        "n_real": len(yardstick.reference),
        "n_split": len(yardstick.reference.dataset),
        "n_fake": plan.count,
        "data": yardstick.reference.dataset.name,
        "split": yardstick.reference.split,
        "data_sha256": yardstick.reference.dataset.fingerprint,
        "seed": plan.seed,
        "repeats": plan.repeats,
    }
    return tuple(Report(plan, network, facts, floors).scores(chosen, repeats))


def alone(bundle: Bundle, plan: Plan, tell: Tell = lambda _: None) -> tuple[Score, ...]:
    """Scores for which a bundle's generator is all that is needed (:attr:`Metric.alone`).

    Raises:
        MetricError: as :func:`evaluate`.
    """
    eye = pixels()  # nobody looks through it
    chosen = plan.chosen(eye)
    _refuse_moving(chosen, bundle)
    asked = probe(generator(bundle), bundle.recipe, eye)
    repeats: list[Found] = []
    for repeat in range(plan.repeats):
        found: Found = {}
        for name, metric in chosen.items():
            assert metric.probe is not None
            found |= metric.probe(asked, plan.count, plan.seed + repeat * plan.count)
            tell(Progress(f"{name} {repeat + 1}/{plan.repeats}", 1, 1))
        repeats.append(found)
    facts: Facts = {"n_fake": plan.count, "seed": plan.seed, "repeats": plan.repeats}
    return tuple(Report(plan, eye, facts, {}).scores(chosen, repeats))


def between(
    first: Reals,
    second: Reals,
    network: FeatureNetwork,
    plan: Plan,
    tell: Tell = lambda _: None,
    size: int | None = None,
) -> tuple[Score, ...]:
    """Scores of the second set of pictures, as if it were generated to be like the first.

    Args:
        size: to which the pictures were cut and brought, if they were.

    Raises:
        MetricError: as :func:`evaluate`; also if a metric judges generators.
    """
    chosen = plan.chosen(network)
    if probing := [name for name, metric in chosen.items() if metric.probe]:
        raise MetricError(f"{', '.join(probing)} judges a generator, not its pictures")
    _refuse_comparing(chosen)
    sides = [see_reals(side, network, plan, tell) for side in (first, second)]
    facts: Facts = {
        "n_real": len(first),
        "n_fake": len(second),
        "data": first.dataset.name,
        "data_sha256": first.dataset.fingerprint,
        "against": second.dataset.name,
        "against_sha256": second.dataset.fingerprint,
        "seed": plan.seed,
        "repeats": 1,
        **({} if size is None else {"pictures": f"cut to squares, brought to {size}x{size}"}),
    }
    floors = _halves_floors(sides[0], first, chosen)
    report = Report(replace(plan, count=len(second)), network, facts, floors)
    return tuple(report.scores(chosen, [compared(chosen, *sides)]))


def _halves_floors(seen: Sample, of: Reals, chosen: Mapping[str, Metric]) -> dict[str, Facts]:
    """One half of a set against the other; nothing where a half says nothing."""
    try:
        left, right = seen.half(0), seen.half(1)
    except MetricError:
        return {}
    told = f"one half of {of.dataset.name} against the other, {len(left)} each"
    return {name: floor(left, right, metric, told) for name, metric in chosen.items()}


def _refuse_comparing(chosen: Mapping[str, Metric]) -> None:
    if patches := [name for name, metric in chosen.items() if metric.patches]:
        raise MetricError(f"{', '.join(patches)} judges the patches of one image, not many images")
    if comparing := [name for name, metric in chosen.items() if metric.compare]:
        raise MetricError(f"{', '.join(comparing)} judges translations, and these are none")


def _refuse_moving(chosen: Mapping[str, Metric], bundle: Bundle) -> None:
    if "move" not in bundle.abilities and (moving := [n for n, m in chosen.items() if m.moves]):
        raise MetricError(
            f"{', '.join(moving)} moves a generator's input, and that of {bundle.name} cannot be "
            f"moved: {bundle.architecture.paper.nickname} begins with no waves, as StyleGAN3 does"
        )


def see_reals(reals: Reals, network: FeatureNetwork, plan: Plan, tell: Tell) -> Sample:
    what = f"looking at {reals.dataset.name} {reals}"
    return reals.seen(network, bfloat16=plan.bfloat16, tell=teller(tell, what, len(reals)))


def teller(tell: Tell, what: str, total: int) -> Callable[[int], None]:
    return lambda more: tell(Progress(what, more, total))


def compared(chosen: Mapping[str, Metric], real: Sample, fake: Sample) -> Found:
    found: Found = {}
    for metric in chosen.values():
        if metric.measure:
            found |= metric.score(real, fake)
    return found
