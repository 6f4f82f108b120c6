"""The real images nearest to a generated one: to see with one's own eyes that it is no copy.

The yellow column (Goodfellow et al. 2014, arXiv:1406.2661, Fig. 2), in pixels and in the features
of a classifier of the same data, where one is at hand.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch

from ganzoo.bundle import Bundle
from ganzoo.choices import DataChoice
from ganzoo.data import DataRequest, Dataset, sources
from ganzoo.errors import DataError
from ganzoo.evaluation import eyes
from ganzoo.evaluation.networks import FeatureNetwork, eight_bits
from ganzoo.evaluation.reals import Reals
from ganzoo.metrics.nearest import nearest
from ganzoo.shapes import Features, Image, Pictures

PIXELS = "pixels"


@dataclass(frozen=True)
class Nearest:
    """The nearest reals of one image, nearest first.

    Attributes:
        way: ``pixels``, or the feature network's name.
        distances: Euclidean, in units of that way.
        rows: of the data set.
    """

    way: str
    pictures: Pictures
    distances: tuple[float, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Memory:
    """All images that a network learned from, ready to be compared with one."""

    dataset: Dataset
    eye: FeatureNetwork | None
    features: Features | None

    def nearest(self, image: Image, k: int = 4) -> list[Nearest]:
        """The ``k`` nearest reals of a single image, (1, c, h, w), in every way there is.

        Raises:
            MetricError: if there are fewer than ``k`` reals.
        """
        seen = eight_bits(image)
        pixels = torch.from_numpy(np.ascontiguousarray(self.dataset.pictures)).flatten(1)
        levels = (seen.cpu().flatten(1) + 1) * 127.5
        found = [self._found(PIXELS, *nearest(levels, pixels, k), scale=1 / 127.5)]
        if self.eye is not None and self.features is not None:
            with torch.inference_mode():
                features = self.eye.look(seen).features.cpu()
            found.append(self._found(self.eye.name, *nearest(features, self.features, k)))
        return found

    def _found(
        self, way: str, distances: torch.Tensor, rows: torch.Tensor, scale: float = 1.0
    ) -> Nearest:
        chosen = rows[0].tolist()
        return Nearest(
            way,
            np.ascontiguousarray(self.dataset.pictures[chosen].transpose(0, 2, 3, 1)),
            tuple((distances[0] * scale).tolist()),
            tuple(chosen),
        )


def memory(bundle: Bundle) -> Memory | None:
    """The images a bundle learned from; None if they are not on this machine. Nothing is fetched.

    Raises:
        BundleError: if the classifier of the same data is there but damaged.
    """
    origin = bundle.config.data
    try:
        return _memory(bundle.recipe.data.model_dump_json(), origin.fingerprint if origin else "")
    except DataError:
        return None


@lru_cache(maxsize=2)
def _memory(data: str, fingerprint: str) -> Memory | None:
    choice = DataChoice.model_validate_json(data)
    request = DataRequest(
        path=Path(choice.path) if choice.path else None,
        size=choice.size,
        channels=choice.channels,
        split=choice.split,
        download=False,
    )
    dataset = sources[choice.name].load(request)
    if fingerprint and dataset.fingerprint != fingerprint:
        return None  # kept, so that nobody loads and hashes it again
    eye = eyes.of(choice.name)
    if eye is None:
        return Memory(dataset, None, None)
    every = Reals(dataset, choice.split, np.arange(len(dataset)))
    return Memory(dataset, eye, every.seen(eye).features)
