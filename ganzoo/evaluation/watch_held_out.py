"""Light scores, while they learn, of networks that are judged on pictures nobody learned from.

Of these the last moment is kept, not the best one: to choose it on the pictures that judge it in
the end would flatter it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

import numpy as np
import torch
from jaxtyping import Int64
from torch import nn

from ganzoo import __version__
from ganzoo.config import Recipe
from ganzoo.data import Dataset
from ganzoo.errors import DataError
from ganzoo.evaluation import eyes, reals
from ganzoo.evaluation.networks import FeatureNetwork, eight_bits
from ganzoo.evaluation.report import count_label, division, rounded
from ganzoo.explore.dissect import segmented
from ganzoo.latents import latents
from ganzoo.metrics import Better
from ganzoo.metrics.kid import OF_PAIRS, kid
from ganzoo.metrics.l1 import l1
from ganzoo.record import Score
from ganzoo.shapes import Image, Latent

Keep = Literal["best", "last"]  # of the moments that were scored, which becomes the bundle
Judged: TypeAlias = dict[str, tuple[float, Better]]  # values, and which way is better
Rows: TypeAlias = Int64[np.ndarray, " n"]
NAMED, TRANSLATED = 2_000, 200  # pictures
BATCH = 50


@dataclass(frozen=True)
class HeldOutWatch:
    """Scores the shown network on some rows of a test split, always the same.

    Attributes:
        judge: from the network and the rows, each measure's value and which way is better; the
            first is what the learning curve shows.
        network: whose features the judge compares, for the protocol.
    """

    keep: ClassVar[Keep] = "last"
    held_out: Dataset
    rows: Rows
    judge: Callable[[nn.Module, Dataset, Rows], Judged]
    network: FeatureNetwork | None = None

    @torch.inference_mode()
    def __call__(self, shown: nn.Module) -> tuple[Score, ...]:
        count = len(self.rows)
        facts: dict[str, str | int | float | bool | None] = {
            "n_real": count,
            "data": self.held_out.name,
            "split": "test",
            **division(self.held_out),
            "data_sha256": self.held_out.fingerprint,
            "precision": "float32",
            "ganzoo": __version__,
            "torch": str(torch.__version__),
        }
        if self.network is not None:
            facts |= {"network": self.network.name, "network_sha256": self.network.sha256}
            facts |= OF_PAIRS if self.held_out.paired else {}
        return tuple(
            Score(
                name=f"{name}_{count_label(count)}",
                value=rounded(value),
                better=better,
                protocol=facts,
            )
            for name, (value, better) in self.judge(shown, self.held_out, self.rows).items()
        )


def watch_held_out(recipe: Recipe) -> HeldOutWatch | None:
    """A watch over a classifier, a segmenter or a translator; None for others, and without a test
    split of at least two pictures.

    Raises:
        BundleError: if the classifier that looks at translations is damaged.
    """
    test = _test(recipe)
    if test is None or len(test) < 2:
        return None
    if "classify" in recipe.abilities and test.labels is not None:
        return HeldOutWatch(test, _drawn(len(test), NAMED), accuracy)
    if "segment" in recipe.abilities and test.maps is not None:
        return HeldOutWatch(test, _drawn(len(test), TRANSLATED), pixel_accuracy)
    if "translate" in recipe.abilities and test.inputs is not None:
        eye, z_dim = eyes.default(recipe), getattr(recipe.options, "z_dim", 0)
        rows = _drawn(min(len(test), len(test.inputs)), TRANSLATED)
        return HeldOutWatch(test, rows, Translations(eye, z_dim), eye)
    return None


def accuracy(shown: nn.Module, test: Dataset, rows: Rows) -> Judged:
    """The share of pictures that a classifier names right."""
    assert test.labels is not None
    right = sum(
        int((shown(image).argmax(1).cpu().numpy() == test.labels[some]).sum())
        for some, image in _batches(shown, test, rows)
    )
    return {"accuracy_test": (right / len(rows), "higher")}


def pixel_accuracy(shown: nn.Module, test: Dataset, rows: Rows) -> Judged:
    """The share of pixels that a segmenter names right."""
    assert test.maps is not None
    right = [
        float((segmented(shown, image).cpu().numpy() == test.maps[some]).mean(axis=(1, 2)).sum())
        for some, image in _batches(shown, test, rows)
    ]
    return {"pixel_accuracy_test": (sum(right) / len(rows), "higher")}


@dataclass(frozen=True)
class Translations:
    """Translations against real pictures as a network sees both; and, where there are pairs, each
    against the picture that was wanted."""

    network: FeatureNetwork
    z_dim: int

    def __call__(self, shown: nn.Module, test: Dataset, rows: Rows) -> Judged:
        fake, real, apart = [], [], 0.0
        for some, image in _batches(shown, test, rows, inputs=True):
            z = self._latents(some, image)
            made = eight_bits(shown(image) if z is None else shown(image, z))
            wanted = test.images(some, image.device)
            fake.append(self.network.look(made).features.cpu())
            real.append(self.network.look(wanted).features.cpu())
            if test.paired:
                apart += float(l1(made, wanted).sum())
        alike = kid(torch.cat(real), torch.cat(fake), paired=test.paired).value
        found: Judged = {f"kid_{self.network.name}": (alike, "lower")}
        if test.paired:
            found["l1"] = apart / len(rows), "lower"
        return found

    def _latents(self, rows: Rows, like: Image) -> Latent | None:
        """Row ``i`` has the latent of seed ``i``, as in the full score."""
        if not self.z_dim:
            return None
        return torch.cat([latents(int(row), 1, self.z_dim) for row in rows]).to(like.device)


def _test(recipe: Recipe) -> Dataset | None:
    try:
        return next(iter(reals.domains(recipe.data).values()), None)
    except DataError:
        return None


def _drawn(count: int, most: int) -> Rows:
    """Some of so many rows, in order: files are sorted, and the first would be all of a kind."""
    return np.sort(np.random.default_rng(0).permutation(count)[:most])


def _batches(
    shown: nn.Module, test: Dataset, rows: Rows, inputs: bool = False
) -> Iterator[tuple[Rows, Image]]:
    where = next(shown.parameters()).device
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        yield some, test.images(some, where, inputs=inputs)
