"""Which units of a generator draw what, and what happens when they are set (Bau et al. 2019,
arXiv:1811.10597, Secs. 3.1 and 3.2).

A unit r_u is a channel of a layer's map; s_c(x) are the pixels of x that a segmenter calls c.

    agreement      IoU(u, c) = E|(r_u > t) and s_c(x)| / E|(r_u > t) or s_c(x)|,  r_u enlarged to x
                   t = argmax_t I(r_u > t; s_c(x)) / H(r_u > t, s_c(x))           (Eqs. 1 and 2)
    ablation       units U are 0: everywhere, or at places P of the map           (Eq. 3)
    insertion      units U are constants k at places P; k_u is what r_u is on average where c is
    effect         E s_c(x, U inserted at P) - E s_c(x, U ablated at P), inside P  (Eq. 4)

E goes over latents, and in an effect over places, too. The threshold is chosen on other pictures
than the agreement is measured on.

Deviations from the paper: the set U holds the units that agree with c best, where the paper
learns a weight for each unit by gradient descent (Eqs. 5 and 6); thresholds are chosen from
quantiles; the segmenter gives every pixel exactly one concept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import get_ident
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d, interpolate, one_hot

from ganzoo.errors import InputError, UnknownNameError, suggestion
from ganzoo.layers.units import Dissectable
from ganzoo.shapes import Image, Latent, PixelLabels, Told

Units = Float[Tensor, "b units up across"]
Levels = Float[Tensor, "units levels"]
Counts = Int64[Tensor, "units intervals concepts"]
Places = Bool[Tensor, "up across"]
PlacesOfEach = Bool[Tensor, "b up across"]

LEVELS = 64  # thresholds to choose from
THINNEST = 1 / 1000  # share of a unit's answers above the highest of them


@dataclass(frozen=True)
class Change:
    """Units that are set while a picture is painted.

    Attributes:
        units: by number.
        values: one for each; zeros if None.
        places: of the map, where they are set, the same or others for each picture; everywhere if
            None.
    """

    units: tuple[int, ...]
    values: Float[Tensor, " chosen"] | None = None
    places: Places | PlacesOfEach | None = None

    def __call__(self, features: Units) -> Units:
        """The map with the units set.

        Raises:
            InputError: if it has no such units, or the places are those of another map.
        """
        known = features.shape[1]
        if wrong := [unit for unit in self.units if not 0 <= unit < known]:
            raise InputError(f"this layer has the units 0 to {known - 1}; got {wrong[0]}")
        if self.places is not None and self.places.shape[-2:] != features.shape[2:]:
            raise InputError(
                f"places of a map of {'x'.join(map(str, features.shape[2:]))} were to be chosen; "
                f"got {'x'.join(map(str, self.places.shape[-2:]))}"
            )
        chosen = list(self.units)
        values = torch.zeros(len(chosen)) if self.values is None else self.values
        wanted = values.to(features)[None, :, None, None].expand_as(features[:, chosen])
        changed = features.clone()
        changed[:, chosen] = (
            wanted if self.places is None
            else torch.where(
                self.places.to(features.device).unsqueeze(-3), wanted, features[:, chosen]
            )
        )  # fmt: skip
        return changed


class Painted(NamedTuple):
    """A picture, and a layer's units as all later layers saw them."""

    image: Image
    units: Units


def layers(network: nn.Module) -> dict[str, nn.Module]:
    """The layers at which a generator can be opened, coarse to fine.

    Raises:
        InputError: if it does not say where.
    """
    if not isinstance(network, Dissectable):
        raise InputError(f"{type(network).__name__} does not say where its units are")
    return dict(network.unit_layers())


@torch.no_grad()
def paint(
    network: nn.Module,
    layer: str,
    z: Latent,
    changes: Sequence[Change] = (),
    y: Told | None = None,
) -> Painted:
    """Paints latents while units of one layer are set, one change after the other.

    Others may paint with the same network in other threads: they see nothing of it.

    Raises:
        InputError: as :class:`Change` and :func:`layers`.
        UnknownNameError: if there is no layer of that name.
    """
    known = layers(network)
    if layer not in known:
        raise UnknownNameError(f"there is no layer {layer!r}. {suggestion(layer, known)}")
    here, seen = get_ident(), []

    def set_units(_: nn.Module, __: object, answer: Tensor) -> Tensor | None:
        if get_ident() != here:
            return None
        for change in changes:
            answer = change(answer)
        seen.append(answer.detach().float().clone())
        return answer

    hook = known[layer].register_forward_hook(set_units)
    try:
        image = network(z) if y is None else network(z, y)
    finally:
        hook.remove()
    return Painted(image.clamp(-1, 1), seen[-1])


@torch.no_grad()
def segmented(segmenter: nn.Module, image: Image) -> PixelLabels:
    """The concept of each pixel, as a segmenter names it."""
    return segmenter(image).argmax(1)


def enlarged(units: Units, side: int) -> Float[Tensor, "b units side side"]:
    """Maps as large as the picture, bilinear."""
    return interpolate(units, (side, side), mode="bilinear")


def levels(units: Units, count: int = LEVELS) -> Levels:
    """Thresholds to choose from: each unit's quantiles, the shares above them falling
    geometrically from a half to a thousandth."""
    exponents = torch.linspace(0, 1, count, dtype=torch.float64)
    shares = 0.5 * (2 * THINNEST) ** exponents
    ordered = units.transpose(0, 1).flatten(1).sort(1).values
    last = ordered.shape[1] - 1
    return ordered[:, ((1 - shares) * last).round().long()]


def counted(units: Units, classes: PixelLabels, levels: Levels, concepts: int) -> Counts:
    """Pixels of each concept between neighbouring levels of each unit."""
    intervals, flat = levels.shape[1] + 1, classes.flatten()
    counts = []
    for unit, own in enumerate(levels):
        answers = enlarged(units[:, unit : unit + 1], classes.shape[1]).flatten()
        place = torch.searchsorted(own.contiguous(), answers)
        both = torch.bincount(place * concepts + flat, minlength=intervals * concepts)
        counts.append(both.view(intervals, concepts))
    return torch.stack(counts)


def agreement(
    chosen: Counts, measured: Counts
) -> tuple[Float[Tensor, "units concepts"], Int64[Tensor, "units concepts"]]:
    """How well each unit agrees with each concept, and at which of its levels (Eqs. 1 and 2).

    Args:
        chosen: of the pictures on which levels are chosen.
        measured: of those on which the agreement is measured.
    """
    at = _quality(chosen).argmax(1)
    both, above, concept = (each.expand(_above(measured)[0].shape) for each in _above(measured))
    union = above + concept - both
    iou = both / union.clamp_min(1)
    return iou.gather(1, at[:, None]).squeeze(1).float(), at


def means(units: Units, classes: PixelLabels, concepts: int) -> Float[Tensor, "concepts units"]:
    """What each unit answers on average where a concept is: cells count by the share of their
    pixels that it has. 0 where there is none of it."""
    pixels = one_hot(classes, concepts).permute(0, 3, 1, 2).to(units)
    share = adaptive_avg_pool2d(pixels, (units.shape[2], units.shape[3]))
    total = share.sum((0, 2, 3))[:, None]
    return torch.einsum("bcij,buij->cu", share, units) / total.clamp_min(1e-12)


def best(iou: Sequence[Sequence[float]], concept: int, count: int) -> tuple[int, ...]:
    """The units that agree with a concept best, best first; of equals, the first."""
    ranked = sorted(range(len(iou)), key=lambda unit: -iou[unit][concept])
    return tuple(ranked[:count])


def square(side: int, top: int, left: int, size: int) -> Places:
    """A square of cells of a map, cut off at its border."""
    places = torch.zeros(side, side, dtype=torch.bool)
    places[top : top + size, left : left + size] = True
    return places


def shares(
    classes: PixelLabels, concepts: int, within: Places | PlacesOfEach | None = None
) -> Float[Tensor, " concepts"]:
    """Of all pixels, or of those beneath some places, what share each concept has."""
    if within is not None:
        times = classes.shape[1] // within.shape[-1]
        pixels = within.repeat_interleave(times, -2).repeat_interleave(times, -1)
        classes = classes[pixels.expand(classes.shape)]
    return torch.bincount(classes.flatten(), minlength=concepts).float() / classes.numel()


def removed(before: float, after: float) -> float:
    """The share of a concept's pixels that is gone; negative if there are more."""
    return 0.0 if before == 0 else 1 - after / before


def _above(counts: Counts) -> tuple[Tensor, Tensor, Tensor]:
    """Pixels above each level and of each concept, above the level at all, of the concept at all:
    (units, levels, concepts), or as it broadcasts."""
    both = counts.flip(1).cumsum(1).flip(1)[:, 1:].double()
    return both, both.sum(2, keepdim=True), counts.sum(1, keepdim=True).double()


def _quality(counts: Counts) -> Float[Tensor, "units levels concepts"]:
    """The information quality ratio I / H of two bits: whether a pixel is above the level, and
    whether it is of the concept. 0 where neither ever changes."""
    both, above, concept = _above(counts)
    total = concept.sum(2, keepdim=True)
    table = torch.stack([both, above - both, concept - both, total - above - concept + both])
    p = table / total
    high, of = above / total, concept / total
    apart = torch.stack([high * of, high * (1 - of), (1 - high) * of, (1 - high) * (1 - of)])
    entropy = -torch.special.xlogy(p, p).sum(0)
    information = (torch.special.xlogy(p, p) - torch.special.xlogy(p, apart)).sum(0)
    return torch.where(entropy > 0, information / entropy.clamp_min(1e-12), 0.0)
