"""Scores of a painter of films, on a dance that nobody learned from.

    l1, psnr, ssim   each frame against the true one
    flicker          E[((f_t - f_{t-1}) - (y_t - y_{t-1}))^2], pixels in [0, 1]: what changes
                     from frame to frame, and should not, or does not, and should

Each protocol says beside its value what the same network scores when it is not told its last frame
(``unsmoothed``). Of a puppet in other puppets' normalised poses, scores begin with ``transfer_``:
since it is drawn, it is known what it looks like in them.

Frames that follow each other err alike, so n of them are far fewer than n independent ones. The
deviation is the standard error over means of blocks: of the puppets' frames the correlation is 0.9
from one to the next, 0.2 to 0.3 over five and gone after ten, and a block is twice as long.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import torch
from jaxtyping import Float
from torch import Tensor

from ganzoo import images
from ganzoo.architectures.dance import Generator
from ganzoo.bundle import Bundle
from ganzoo.data import Dataset, puppets
from ganzoo.errors import MetricError
from ganzoo.evaluation.networks import eight_bits
from ganzoo.evaluation.plan import Plan, Progress, Tell
from ganzoo.evaluation.report import count_label, rounded, standard_error, weights_of
from ganzoo.explore.dance import fitted
from ganzoo.metrics import Better, metrics
from ganzoo.processor import device
from ganzoo.record import Score
from ganzoo.shapes import Image, Poses

FLICKER = "flicker"
ALL = ("psnr", "ssim", "l1", FLICKER)
SPLIT = "test"
TRANSFERRED = 120  # frames of each other puppet
BLOCK = 20  # frames, or a few more where a film is no multiple
BATCH = 20


@dataclass(frozen=True)
class _Film:
    """Stick figures in order, and what they should become."""

    poses: Image
    wanted: Image


def dance(
    bundle: Bundle, held_out: Dataset, plan: Plan, tell: Tell = lambda _: None
) -> tuple[Score, ...]:
    """Scores of the first ``plan.count`` frames, once; and of transfers, where puppets dance.

    Raises:
        MetricError: if it paints no films, or another metric was asked for.
    """
    if "dance" not in bundle.abilities or held_out.inputs is None:
        raise MetricError(f"{bundle.name} paints no films: there is nothing to judge")
    asked = tuple(name.replace("-", "_") for name in plan.metrics or ALL)
    if others := [name for name in asked if name not in ALL]:
        raise MetricError(
            f"{', '.join(others)} compares sets of images; of films there are {', '.join(ALL)}"
        )
    count = min(len(held_out), plan.count)
    rows = slice(0, count)
    film = _Film(held_out.images(rows, inputs=True), held_out.images(rows))
    facts: dict[str, str | int | float] = {
        "n_fake": count,
        "data": held_out.name,
        "split": SPLIT,
        "data_sha256": held_out.fingerprint,
        **weights_of(bundle),
    }
    paint = _painter(bundle, tell)

    def scores() -> Iterator[Score]:
        true, smooth, single = film.wanted, paint(film, True), paint(film, False)
        for kind in asked:
            yield _score(
                kind, kind, [measured(kind, smooth, true)],
                facts | {"unsmoothed": _mean(measured(kind, single, true))},
            )  # fmt: skip
        if held_out.name == puppets.NAME:
            yield from _transfers(bundle.recipe.data.size, plan.seed, asked, paint, facts)

    return tuple(scores())


def measured(kind: str, film: Image, wanted: Image) -> Float[Tensor, " _"]:
    """A number for each frame, or for each change from frame to frame."""
    if kind == FLICKER:
        return flicker(film, wanted)
    compare = metrics[kind].compare
    assert compare is not None
    pairs = zip(film.split(BATCH), wanted.split(BATCH), strict=True)
    return torch.cat([compare(ours, theirs) for ours, theirs in pairs])


def flicker(film: Image, wanted: Image) -> Float[Tensor, " _"]:
    """Of each change: 0 if it is the true one, whatever the frames themselves look like."""
    wrong = (film.diff(dim=0) - wanted.diff(dim=0)) / 2
    return wrong.square().flatten(1).mean(1)


def _transfers(
    size: int,
    seed: int,
    asked: tuple[str, ...],
    paint: Callable[[_Film, bool], Image],
    facts: dict[str, str | int | float],
) -> Iterator[Score]:
    others = [name for name in puppets.PUPPETS if name != puppets.TARGET]
    films = [
        _target_in(fitted(name, puppets.dance(name, seed, TRANSFERRED)), size) for name in others
    ]
    smooth, single = ([paint(film, told) for film in films] for told in (True, False))
    own = facts | {
        "n_fake": TRANSFERRED * len(others),
        "seed": seed,
        "split": f"dances of {' and '.join(others)}",
    }
    for kind in asked:
        with_last, without = (
            [measured(kind, made, film.wanted) for made, film in zip(side, films, strict=True)]
            for side in (smooth, single)
        )
        told = own | {"unsmoothed": _mean(torch.cat(without))}
        yield _score(f"transfer_{kind}", kind, with_last, told)


def _target_in(poses: Poses, size: int) -> _Film:
    """The target's stick figures in these poses, and the target itself."""
    figures, true = puppets.figures(poses, size), puppets.film(puppets.TARGET, poses, size)
    return _Film(images.from_pictures(figures), images.from_pictures(true))


def _painter(bundle: Bundle, tell: Tell) -> Callable[[_Film, bool], Image]:
    """In float32: a score must not depend on what a processor is good at."""
    network = cast(Generator, bundle.network().to(device()))

    @torch.inference_mode()
    def paint(film: _Film, smooth: bool) -> Image:
        poses, count = film.poses.to(device()), len(film.poses)
        made = network.film(poses) if smooth else torch.cat([*map(network, poses.split(BATCH))])
        tell(Progress("dancing", count, count))
        return eight_bits(made.cpu())

    return paint


def block_means(values: Float[Tensor, " n"], block: int = BLOCK) -> Float[Tensor, " _"]:
    """The means of consecutive blocks of at least so many numbers; of fewer, one."""
    parts = values.double().tensor_split(max(1, len(values) // block))
    return torch.stack([part.mean() for part in parts])


def _score(
    name: str,
    kind: str,
    films: Sequence[Float[Tensor, " _"]],
    protocol: dict[str, str | int | float],
) -> Score:
    """Of a number for each frame of some films; no block reaches from one film to the next."""
    means = torch.cat([block_means(film) for film in films])
    better: Better = "lower" if kind == FLICKER else metrics[kind].yields[kind]
    return Score(
        name=f"{name}_{count_label(int(protocol['n_fake']))}",
        value=_mean(torch.cat([*films])),
        deviation=standard_error(means),
        better=better,
        protocol={
            **protocol,
            "deviation_over": f"blocks of {BLOCK} frames",
            "blocks": len(means),
            "pixels": "[0, 1]",
        },
    )


def _mean(values: Float[Tensor, " _"]) -> float:
    return rounded(float(values.double().mean()))
