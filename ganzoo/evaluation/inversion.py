"""Scores of a generator that inverts a classifier, at each level from the deepest to the finest.

named_alike       share of inversions that the classifier names as the original's class
feature_distance  of inversion and original at that level, where that of two originals is 1
psnr              of inversion and original
diversity         mean over pixels of the deviation over latents, where that over originals is 1
fid               of inversions against originals that were not inverted

So the last three say what a level leaves open: psnr falls and diversity rises with depth. The first
two are judged by the classifier that the generator learned to please, the last by another eye.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import torch
from jaxtyping import Float
from torch import Tensor

from ganzoo import bundle, shelf
from ganzoo.architectures.semantic_pyramid import Generator, masks
from ganzoo.bundle import MODEL, Bundle
from ganzoo.data import Dataset, numbered
from ganzoo.errors import MetricError
from ganzoo.evaluation.networks import FeatureNetwork, eight_bits
from ganzoo.evaluation.plan import Plan, Progress, Tell
from ganzoo.evaluation.report import Facts, count_label, rounded, weights_of
from ganzoo.games.inversion import distances
from ganzoo.latents import latents
from ganzoo.metrics import Better, Sample, metrics
from ganzoo.metrics.psnr import psnr
from ganzoo.metrics.sharpness import grey
from ganzoo.processor import device
from ganzoo.record import Score
from ganzoo.shapes import Image

ORIGINALS = 2000  # at most
VARIED = 100  # originals whose inversions of several latents are compared
LATENTS = 10  # of each
BATCH = 100
ALL = "named_alike", "feature_distance", "psnr", "diversity", "fid"
SPLIT = "test"


def inversion(
    judged: Bundle,
    held_out: Dataset,
    network: FeatureNetwork,
    plan: Plan,
    tell: Tell = lambda _: None,
) -> tuple[Score, ...]:
    """Scores at every level, of ``plan.count`` originals and at most 2,000.

    Args:
        held_out: originals that nobody learned from, twice as many.
        network: another eye than the inverted classifier's.

    Raises:
        MetricError: if the bundle inverts nothing, another metric was asked for, the originals
            are too few or without labels, or the network is the inverted classifier.
        UnknownNameError: if the classifier is not at hand.
        BundleError: if another one is.
    """
    if "invert" not in judged.abilities or judged.config.classifier is None:
        raise MetricError(f"{judged.name} inverts no classifier")
    asked = tuple(name.replace("-", "_") for name in plan.metrics or ALL)
    if others := [name for name in asked if name not in ALL]:
        raise MetricError(f"{', '.join(others)}: of inversions there are {', '.join(ALL)}")
    count = min(plan.count, ORIGINALS)
    if held_out.labels is None:
        raise MetricError(f"{held_out.name} has no originals with labels")
    if len(held_out) < 2 * count:
        raise MetricError(
            f"{held_out.name} has {len(held_out)} originals; of {count} as many again are needed, "
            "to be compared with"
        )
    seen = bundle.load(shelf.find(judged.config.classifier.name))
    held_out = numbered(held_out, seen.config.classes, seen.name)
    judged.check_classifier(seen)
    if network.sha256 == seen.config.sha256[MODEL]:
        raise MetricError(f"{network.name} is what was inverted: it would flatter")
    order = torch.randperm(len(held_out), generator=torch.Generator().manual_seed(plan.seed))
    rows, apart = (part.numpy() for part in order[: 2 * count].split(count))
    assert held_out.labels is not None
    labels = torch.from_numpy(held_out.labels[rows])
    trial = _Trial(judged, seen, held_out.images(rows), labels, network, plan, tell)
    return tuple(trial.scores(asked, held_out.images(apart), held_out))


class _Values(NamedTuple):
    """One number for each picture, and what a protocol says of it."""

    values: Float[Tensor, " n"]
    better: Better
    more: Facts


@dataclass(frozen=True)
class _Trial:
    """Originals and what is made of them, in float32: a score must not depend on a processor."""

    judged: Bundle
    seen: Bundle
    originals: Image
    labels: Tensor
    network: FeatureNetwork
    plan: Plan
    tell: Tell

    @torch.inference_mode()
    def scores(self, asked: tuple[str, ...], apart: Image, data: Dataset) -> Iterator[Score]:
        generator = cast(Generator, self.judged.network().to(device()))
        classifier: Any = self.seen.network().to(device())
        known, facts = self._look(classifier, self.originals), self._facts(data)
        reals = self._sample(apart) if "fid" in asked else None
        floor = self._fid(reals, self.originals) if reals else None
        for level in reversed(range(len(generator.options.shapes))):
            made = self._invert(generator, known, level)
            for kind, one in self._each(made, known, self._look(classifier, made), level).items():
                if kind in asked:
                    yield self._mean(f"level_{level}_{kind}", one, facts)
            if "diversity" in asked:
                varied = min(VARIED, len(made))
                yield Score(
                    name=f"level_{level}_diversity_{count_label(varied)}",
                    value=rounded(self._diversity(generator, known, level)),
                    better="higher",
                    protocol={**facts, "n_fake": varied * LATENTS, "latents": LATENTS},
                )
            if reals:
                yield Score(
                    name=f"level_{level}_fid_{self.network.name}_{count_label(len(made))}",
                    value=self._fid(reals, made),
                    better="lower",
                    protocol={**facts, **self._seen_by(), "real_vs_real": floor},
                )

    def _facts(self, data: Dataset) -> Facts:
        count = len(self.originals)
        return {
            "n_real": count,
            "n_fake": count,
            "data": data.name,
            "split": SPLIT,
            "data_sha256": data.fingerprint,
            "seed": self.plan.seed,
            "repeats": 1,
            "classifier": self.seen.name,
            "classifier_sha256": self.seen.config.sha256[MODEL],
            **weights_of(self.judged),
        }

    def _seen_by(self) -> Facts:
        return {
            "real_vs_real_of": "the originals against those that were not inverted",
            "network": self.network.name,
            "network_sha256": self.network.sha256,
            "resize": self.network.resize,
        }

    def _each(
        self, made: Image, known: list[Tensor], found: list[Tensor], level: int
    ) -> dict[str, _Values]:
        """What is measured of each inversion by itself.

        Args:
            known: what the classifier saw in the originals, at each level.
            found: what it sees in their inversions.
        """
        whole = _whole(known)
        named, right = (one[-1].argmax(1) == self.labels for one in (known, found))
        apart = distances(known, [one.roll(1, 0) for one in known], whole)[level].mean()
        far = distances(found, known, whole)[level].double() / float(apart)
        share: Facts = {"originals_named_so": rounded(float(named.float().mean()))}
        return {
            "named_alike": _Values(right.double(), "higher", share),
            "feature_distance": _Values(far, "lower", {"unit": "two originals' mean distance"}),
            "psnr": _Values(psnr(made, self.originals).double(), "higher", {"pixels": "[0, 1]"}),
        }

    @staticmethod
    def _mean(name: str, each: _Values, facts: Facts) -> Score:
        count = len(each.values)
        return Score(
            name=f"{name}_{count_label(count)}",
            value=rounded(float(each.values.mean())),
            deviation=rounded(float(each.values.std() / count**0.5)),
            better=each.better,
            protocol={**facts, "deviation_over": "pictures", **each.more},
        )

    def _invert(
        self, generator: Generator, known: list[Tensor], level: int, first: int = 0
    ) -> Image:
        """One inversion of each original; the next seeds' from ``first`` on."""
        count, options = len(known[0]), generator.options
        told = [one == level for one in range(len(options.shapes))]
        made = []
        for start in range(0, count, BATCH):
            part = [one[start : start + BATCH].to(device()) for one in known]
            size = len(part[0])
            z = latents(self.plan.seed + first + start, size, options.z_dim).to(device())
            before = [one.to(device()) for one in masks(options, told, size)]
            made.append(eight_bits(generator(z, *generator.told(part, before)).cpu()))
            self.tell(Progress(f"inverting level {level}", size, count))
        return torch.cat(made)

    def _diversity(self, generator: Generator, known: list[Tensor], level: int) -> float:
        few = [one[:VARIED] for one in known]
        many = [one.repeat_interleave(LATENTS, 0) for one in few]
        made = grey(self._invert(generator, many, level, len(known[0])))
        over = made.view(len(few[0]), LATENTS, *made.shape[1:]).std(1).mean()
        return float(over / grey(self.originals).std(0).mean())

    def _look(self, classifier: Any, image: Image) -> list[Tensor]:
        parts = [
            [one.cpu() for one in classifier.levels(part.to(device()))]
            for part in image.split(BATCH)
        ]
        return [torch.cat(one) for one in zip(*parts, strict=True)]

    def _sample(self, image: Image) -> Sample:
        features = [self.network.look(part).features.cpu() for part in image.split(BATCH)]
        return Sample(seen_by=self.network.seen_by, features=torch.cat(features))

    def _fid(self, reals: Sample, image: Image) -> float:
        return rounded(metrics["fid"].score(reals, self._sample(image))["fid"].value)


def _whole(levels: list[Tensor]) -> list[Float[Tensor, "b 1 ..."]]:
    return [torch.ones_like(one[:, :1]) for one in levels]
