"""Which real images a score is measured against, and which show how low it can go."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from jaxtyping import Int64

from ganzoo.choices import DataChoice
from ganzoo.data import Dataset, sources
from ganzoo.errors import DataError, MetricError
from ganzoo.evaluation import cache, extraction
from ganzoo.evaluation.networks import FeatureNetwork
from ganzoo.metrics import Sample
from ganzoo.shapes import Image


@dataclass(frozen=True)
class Reals:
    """Some rows of a data set, in a drawn order."""

    dataset: Dataset
    split: str
    rows: Int64[np.ndarray, " n"]

    def __len__(self) -> int:
        return len(self.rows)

    def __str__(self) -> str:
        return f"{self.split} {len(self)}"

    def batches(self) -> Iterator[Image]:
        """The images, float [-1, 1]."""
        for start in range(0, len(self), extraction.BATCH):
            yield self.dataset.images(self.rows[start : start + extraction.BATCH])

    def seen(
        self,
        network: FeatureNetwork,
        *,
        bfloat16: bool = False,
        tell: extraction.Tell = lambda _: None,
    ) -> Sample:
        """What a network sees in them; from the cache, if it has seen these very images before."""
        key: cache.Key = {
            "data": self.dataset.fingerprint,
            "rows": _fingerprint(self.rows),
            "network": network.name,
            "network_sha256": network.sha256,
            "resize": network.resize,
            "precision": "bfloat16" if bfloat16 else "float32",
        }

        def make(folder: Path) -> None:
            extraction.see(network, self.batches(), len(self), folder, bfloat16=bfloat16, tell=tell)

        return extraction.sample(network, cache.kept(key, make))


@dataclass(frozen=True)
class Yardstick:
    """Reals to measure against, and two sets of reals whose own distance is the floor."""

    reference: Reals
    floor: tuple[Reals, Reals]


def load(data: DataChoice, split: str | None = None) -> Dataset:
    """A recipe's data set, the whole split.

    Raises:
        DataError: if it is not at hand, or has no such split.
    """
    return sources[data.name].load(data.request(split))


def domains(data: DataChoice) -> dict[str, Dataset]:
    """The test pictures that a classifier of this data is judged on, by domain, that which it is
    meant for first; of data that are one world, just theirs, without a name. Of several worlds,
    one whose classes nobody knows judges nothing.

    Raises:
        DataError: as :func:`load`.
    """
    found = list(sources[data.name].domains.items())
    if not found:
        return {"": load(data, "test")}
    asked = data.request("test")
    each = {name: read(asked) for name, read in found[:: -1 if data.backwards else 1]}
    return {name: images for name, images in each.items() if images.labels is not None}


def yardstick(
    dataset: Dataset, test: Dataset | None, split: str, count: int, seed: int = 0
) -> Yardstick:
    """``count`` images of the split that was learned from; the floor is real against real.

    They are compared with as many of the test split; else with others of the same split. If
    neither has half as many, the floor is one half of the split against the other.

    Raises:
        MetricError: if there are fewer than two images.
    """
    if len(dataset) < 2:
        raise MetricError(f"{dataset.name} has {len(dataset)} images: too few to measure against")
    order = _shuffled(dataset, seed)
    reference = Reals(dataset, split, order[:count])
    enough = len(reference) / 2
    if test is not None and min(len(test), count) >= enough:
        return Yardstick(reference, (reference, Reals(test, "test", _shuffled(test, seed)[:count])))
    if len(others := order[count : 2 * count]) >= enough:
        return Yardstick(reference, (reference, Reals(dataset, f"other {split}", others)))
    half = Reals(dataset, f"half of {split}", order[: len(order) // 2])
    return Yardstick(reference, (half, replace(half, rows=order[len(order) // 2 :])))


def test_split(data: DataChoice) -> Dataset | None:
    """The images that nobody learned from, if the source keeps some apart."""
    if data.split == "test":
        return None
    try:
        return load(data, "test")
    except DataError:
        return None


def _shuffled(dataset: Dataset, seed: int) -> Int64[np.ndarray, " n"]:
    return np.random.default_rng(seed).permutation(len(dataset))


def _fingerprint(rows: Int64[np.ndarray, " n"]) -> str:
    return sha256(np.ascontiguousarray(rows).tobytes()).hexdigest()
