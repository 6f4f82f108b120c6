"""Scores of translators, on pictures that nobody learned from.

    with pairs      each translation against the wanted picture: l1, psnr, ssim
    there and back  F(G(x)) against x, where G(x) passes through an 8-bit file: cycle
    always          all translations against all real held-out pictures, as features: kid, sharpness

With pairs no translation is compared with its own wanted picture in ``kid``, which asks whether the
two sides are alike as crowds.
Of a model that learned both ways, scores of the way back begin with ``back_``.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from torch import Tensor, nn

from ganzoo.bundle import Bundle
from ganzoo.data import Dataset
from ganzoo.errors import MetricError
from ganzoo.evaluation.extraction import sample, see
from ganzoo.evaluation.networks import FeatureNetwork, eight_bits
from ganzoo.evaluation.plan import Plan, Tell
from ganzoo.evaluation.protocol import compared, see_reals, teller
from ganzoo.evaluation.reals import Reals
from ganzoo.evaluation.report import (
    Facts,
    Report,
    count_label,
    division,
    floor,
    rounded,
    standard_error,
    weights_of,
)
from ganzoo.latents import latents
from ganzoo.metrics import Metric, metrics
from ganzoo.metrics.l1 import l1
from ganzoo.processor import device
from ganzoo.record import Score
from ganzoo.shapes import Image

WITH_PAIRS = ("kid", "l1", "psnr", "ssim", "sharpness")
WITHOUT = ("kid", "sharpness")
CYCLE = "cycle"
BATCH = 20  # pictures at once
SPLIT = "test"

Paint = Callable[[Image, int], Image]  # of some inputs, and the row of the first
Told = dict[str, list[Tensor]]  # one number for each picture, by kind


def translations(
    bundle: Bundle,
    held_out: Dataset,
    network: FeatureNetwork,
    plan: Plan,
    tell: Tell = lambda _: None,
) -> tuple[Score, ...]:
    """Scores of every way that a translator knows.

    Args:
        held_out: inputs that nobody learned from, and pictures of the kind they should become.
        plan: at most ``count`` pictures are judged, once: the same input gives the same
            translation, since dropout is off and row ``i`` has the latent of seed ``i``.

    Raises:
        MetricError: if it is no translator, a metric needs what is not there, or there are too
            few pictures.
    """
    if "translate" not in bundle.abilities or held_out.inputs is None:
        raise MetricError(f"{bundle.name} translates nothing: there is nothing to judge")
    there = _Way(bundle, held_out, network, plan, tell)
    if not there.returns:
        return tuple(there.scores())
    turned = replace(
        held_out, pictures=held_out.inputs, inputs=held_out.pictures, labels=None, maps=None
    )
    return (*there.scores(), *replace(there, data=turned, back=True).scores())


@dataclass(frozen=True)
class _Way:
    """One direction of a translator, with the pictures it begins and should end at."""

    bundle: Bundle
    data: Dataset
    network: FeatureNetwork
    plan: Plan
    tell: Tell
    back: bool = False

    @property
    def returns(self) -> bool:
        return "there_and_back" in self.bundle.abilities

    def scores(self) -> Iterator[Score]:
        chosen = self.plan.chosen(self.network, WITH_PAIRS if self.data.paired else WITHOUT)
        self._refuse(chosen)
        judging = {n: m.of_pairs() for n, m in chosen.items()} if self.data.paired else chosen
        assert self.data.inputs is not None
        count = min(len(self.data.inputs), self.plan.count)
        rows, told = np.arange(min(len(self.data), self.plan.count)), Told()
        with TemporaryDirectory(prefix="ganzoo-") as scratch:
            tell = teller(self.tell, f"translating{' back' if self.back else ''}", count)
            images = self._translations(count, chosen, told)
            see(self.network, images, count, Path(scratch), bfloat16=self.plan.bfloat16, tell=tell)
            fake = sample(self.network, Path(scratch))
            real = see_reals(Reals(self.data, SPLIT, rows), self.network, self.plan, self.tell)
            found = compared(judging, real, fake)
        facts: Facts = {
            "n_real": len(rows),
            "n_split": len(self.data),
            "n_fake": count,
            "data": self.data.name,
            "split": SPLIT,
            **division(self.data),
            "data_sha256": self.data.fingerprint,
            "seed": self.plan.seed,
            "repeats": 1,
        }
        plan, floors = replace(self.plan, count=count), self._floors(chosen, rows)
        for score in Report(plan, self.network, facts, floors).scores(judging, [found]):
            yield score.model_copy(update={"name": self._named(score.name)})
        for kind, values in told.items():
            yield self._mean(kind, torch.cat(values), facts)

    def _named(self, name: str) -> str:
        return f"back_{name}" if self.back else name

    def _refuse(self, chosen: Mapping[str, Metric]) -> None:
        for name, metric in chosen.items():
            if metric.compare and not self.data.paired:
                raise MetricError(f"{name} needs pairs, and {self.data.name} holds none")
            if metric.probe:
                raise MetricError(f"{name} walks among latents, which no translation starts from")

    def _translations(
        self, count: int, chosen: Mapping[str, Metric], told: Told
    ) -> Iterator[Image]:
        """Of all inputs; what each is worth by itself is noted as it passes."""
        paint = self._painter(self.back)
        come = self._painter(not self.back) if self.returns else None
        for start in range(0, count, BATCH):
            part = slice(start, min(start + BATCH, count))
            given = self.data.images(part, device(), inputs=True)
            image = paint(given, start)
            for name, metric in chosen.items():
                if metric.compare:
                    wanted = self.data.images(part, device())
                    told.setdefault(name, []).append(metric.compare(image, wanted).cpu())
            if come is not None:
                told.setdefault(CYCLE, []).append(l1(come(image, start), given).cpu())
            yield image

    def _painter(self, back: bool) -> Paint:
        """A way in float32: a score must not depend on what a processor is good at."""
        player = "back_generator" if back else self.bundle.architecture.shown
        network: nn.Module = self.bundle.network(player).to(device())
        network = network.to(memory_format=torch.channels_last)
        z_dim = getattr(self.bundle.recipe.options, "z_dim", 0)

        @torch.inference_mode()
        def paint(image: Image, first: int) -> Image:
            if not z_dim:
                return eight_bits(network(image))
            z = latents(self.plan.seed + first, len(image), z_dim)
            return eight_bits(network(image, z.to(image.device)))

        return paint

    def _floors(self, chosen: Mapping[str, Metric], rows: np.ndarray) -> dict[str, Facts]:
        """What real pictures score against real ones: one half of them against the other."""
        order = np.random.default_rng(self.plan.seed).permutation(rows)
        middle = len(order) // 2
        left, right = (
            see_reals(
                Reals(self.data, f"half of {SPLIT}", half), self.network, self.plan, self.tell
            )
            for half in (order[:middle], order[middle:])
        )
        sides = f"half of {SPLIT} {len(left)} against the other {len(right)}"
        return {name: floor(left, right, metric, sides) for name, metric in chosen.items()}

    def _mean(self, kind: str, values: Tensor, facts: Facts) -> Score:
        """Over pictures, beside its standard error."""
        return Score(
            name=f"{self._named(kind)}_{count_label(len(values))}",
            value=rounded(float(values.double().mean())),
            deviation=standard_error(values),
            better=metrics["l1" if kind == CYCLE else kind].yields.get(kind, "lower"),
            protocol={
                **facts,
                "deviation_over": "pictures",
                "pixels": "l1 in [0, 1]" if kind == CYCLE else "[0, 1]",
                **weights_of(self.bundle),
            },
        )
