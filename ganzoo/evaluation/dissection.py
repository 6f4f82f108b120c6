"""A layer of a bundle's generator, dissected: what its units draw, and what setting them does.

Thresholds are chosen on the first half of the pictures, agreement is measured on the second. The
effects of setting a concept's best units are measured on pictures of their own, with one random
square of cells in each.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ganzoo.bundle import MODEL, Bundle
from ganzoo.errors import InputError
from ganzoo.evaluation.plan import Progress, Tell
from ganzoo.evaluation.report import weights_of
from ganzoo.explore import dissect
from ganzoo.explore.dissect import Change
from ganzoo.latents import SEED_LIMIT
from ganzoo.processor import device
from ganzoo.record import Dissection, Effect
from ganzoo.zoo import Model

SETS = (4, 8, 16)  # units that are set together
EFFECT_PICTURES = 48
BATCH = 16
PRESENT = 0.002  # share of the pixels below which a concept's effects are not measured
REACH = 3 / 16  # side of a square of cells, of the map's side


@dataclass(frozen=True)
class Theatre:
    """A generator, opened at a layer, and the segmenter that looks on."""

    model: Model
    network: nn.Module
    segmenter: nn.Module
    layer: str
    concepts: int

    def paint(
        self, seed: int, count: int, changes: tuple[Change, ...] = ()
    ) -> tuple[Tensor, Tensor]:
        """Units and classes of the pictures of some seeds."""
        where = device()
        z = self.model.latents(seed % SEED_LIMIT, count).to(where)
        told = self.model.labels(seed % SEED_LIMIT, count)
        y = None if told is None else told.to(where)
        painted = dissect.paint(self.network, self.layer, z, changes, y)
        return painted.units.cpu(), dissect.segmented(self.segmenter, painted.image).cpu()


def middle(bundle: Bundle) -> str:
    """The layer that is opened if nobody says which: the middle one, where objects are drawn
    (Bau et al. 2019, Sec. 4.1)."""
    known = list(dissect.layers(bundle.network()))
    return known[len(known) // 2]


def dissection(
    bundle: Bundle,
    segmenter: Bundle,
    layer: str | None = None,
    count: int = 400,
    seed: int = 0,
    tell: Tell = lambda _: None,
) -> Dissection:
    """Measures what a layer's units draw.

    Args:
        count: pictures, of the seeds ``seed``, ``seed + 1``, …

    Raises:
        InputError: if the generator cannot be opened, the other bundle is no segmenter of such
            pictures, or there are too few of them.
        UnknownNameError: if there is no such layer.
    """
    check(bundle, segmenter)
    if count < 4:
        raise InputError(f"a dissection needs at least 4 pictures; got {count}")
    layer = layer or middle(bundle)
    names = segmenter.config.classes
    theatre = Theatre(
        Model(bundle),
        bundle.network().to(device()),
        segmenter.network().to(device()),
        layer,
        len(names),
    )
    parts = [theatre.paint(seed + first, many) for first, many in _batches(count, "looking", tell)]
    units, classes = (torch.cat(one) for one in zip(*parts, strict=True))
    half = count // 2
    levels = dissect.levels(units[:half])
    iou, at = dissect.agreement(
        dissect.counted(units[:half], classes[:half], levels, len(names)),
        dissect.counted(units[half:], classes[half:], levels, len(names)),
    )
    means, shares = dissect.means(units, classes, len(names)), dissect.shares(classes, len(names))
    found = Dissection(
        layer=layer,
        side=units.shape[2],
        segmenter=segmenter.name,
        concepts=names,
        shares=_rounded(shares),
        iou=tuple(map(_rounded, iou)),
        thresholds=tuple(map(_rounded, levels.gather(1, at))),
        means=tuple(map(_rounded, means)),
        protocol={
            "n_fake": count,
            "seed": seed,
            "threshold": f"best information quality ratio of {dissect.LEVELS} quantiles, on "
            f"the first {half} pictures; IoU on the other {count - half}",
            "maps": "enlarged bilinearly",
            "effects_of": f"{EFFECT_PICTURES} further pictures, each with one random square of "
            f"{_reach(units.shape[2])} cells a side",
            "inserted": "what a unit answers on average where the concept is",
            "segmenter_sha256": segmenter.config.sha256[MODEL],
            **weights_of(bundle),
        },
    )
    return found.model_copy(update={"effects": tuple(_effects(theatre, found, seed + count, tell))})


def check(bundle: Bundle, segmenter: Bundle) -> None:
    """Refuses what cannot be dissected, or not by this segmenter.

    Raises:
        InputError: saying why.
    """
    if "dissect" not in bundle.recipe.abilities or not bundle.abilities:
        raise InputError(f"{bundle.name} has no layers that can be opened: it cannot be dissected")
    if "segment" not in segmenter.abilities:
        raise InputError(f"{segmenter.name} is no segmenter: it names no pixel's class")
    ours, theirs = bundle.recipe.data, segmenter.recipe.data
    if (ours.size, ours.channels) != (theirs.size, theirs.channels):
        raise InputError(
            f"{segmenter.name} knows pictures of {theirs.size} pixels and {theirs.channels} "
            f"channels; those of {bundle.name} have {ours.size} and {ours.channels}"
        )


def _effects(theatre: Theatre, found: Dissection, seed: int, tell: Tell) -> Iterator[Effect]:
    """Of each concept's best units, a few and more of them, on the same pictures and places."""
    concepts, known = len(found.concepts), len(found.iou)
    sets = [
        (concept, dissect.best(found.iou, concept, size))
        for concept, share in enumerate(found.shares) if share >= PRESENT
        for size in SETS if size <= known
    ]  # fmt: skip
    total = len(sets) * EFFECT_PICTURES
    before = torch.cat([theatre.paint(seed + k, n)[1] for k, n in _batches(EFFECT_PICTURES)])
    kept = dissect.shares(before, concepts)
    dice = torch.Generator().manual_seed(seed)
    reach = _reach(found.side)
    corners = torch.randint(found.side - reach + 1, (EFFECT_PICTURES, 2), generator=dice)
    squares = torch.stack(
        [dissect.square(found.side, top, left, reach) for top, left in corners.tolist()]
    )
    for concept, chosen in sets:
        values = torch.tensor(found.means[concept])[list(chosen)]
        everywhere, high, low = ([], [], [])
        for first, many in _batches(EFFECT_PICTURES):
            there = squares[first : first + many]
            for seen, change in (
                (everywhere, Change(chosen)),
                (high, Change(chosen, values, there)),
                (low, Change(chosen, None, there)),
            ):
                seen.append(theatre.paint(seed + first, many, (change,))[1])
            tell(Progress("setting units", many, total))
        gone = dissect.shares(torch.cat(everywhere), concepts)[concept]
        inserted, ablated = (
            dissect.shares(torch.cat(seen), concepts, squares)[concept] for seen in (high, low)
        )
        yield Effect(
            concept=found.concepts[concept],
            units=chosen,
            removed=float(f"{dissect.removed(float(kept[concept]), float(gone)):.4g}"),
            caused=float(f"{float(inserted - ablated):.4g}"),
        )


def _reach(side: int) -> int:
    return max(1, round(side * REACH))


def _rounded(values: Tensor) -> tuple[float, ...]:
    return tuple(float(f"{value:.4g}") for value in values.tolist())


def _batches(count: int, what: str = "", tell: Tell = lambda _: None) -> Iterator[tuple[int, int]]:
    for first in range(0, count, BATCH):
        many = min(BATCH, count - first)
        yield first, many
        tell(Progress(what, many, count))
