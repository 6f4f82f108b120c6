"""A light score for a training under way: seconds, so that it can be taken again and again."""

from typing import TypeAlias

import torch
from torch import nn

from ganzoo import __version__
from ganzoo.config import Recipe
from ganzoo.data import Dataset
from ganzoo.errors import MetricError
from ganzoo.evaluation import eyes
from ganzoo.evaluation.fakes import fakes, paints
from ganzoo.evaluation.networks import FeatureNetwork
from ganzoo.evaluation.pixels import pixels
from ganzoo.evaluation.reals import Reals, yardstick
from ganzoo.evaluation.report import count_label
from ganzoo.evaluation.watch_held_out import HeldOutWatch, Keep, watch_held_out
from ganzoo.metrics import Better, Gaussian, Moments
from ganzoo.metrics.fid import frechet
from ganzoo.metrics.modes import covered, shares
from ganzoo.record import Score

COUNT = 2_000
REALS = 10_000


class Watch:
    """Scores the shown generator of a recipe: Fréchet distance, variety, and modes.

    ``variety`` is the variance of the fakes' features in that of the reals': near 0 when all images
    look alike. Modes are the data's own classes: what a stranger's classifier takes a cat for comes
    and goes by chance. The reals are looked at once; each call paints ``count`` images of the same
    seeds.

    Raises:
        MetricError: if there are too few images for the network's features.
    """

    keep: Keep = "best"

    def __init__(
        self, recipe: Recipe, dataset: Dataset, network: FeatureNetwork, count: int = COUNT
    ) -> None:
        self.recipe, self.network, self.count = recipe, network, count
        self.reals: Reals = yardstick(dataset, None, recipe.data.split, REALS).reference
        sample = self.reals.seen(network)
        self.real = Moments.of(sample.features).gaussian()
        probabilities = sample.probabilities
        own = network.taught_on == recipe.data.name
        self.real_shares = shares(probabilities) if own and probabilities is not None else None
        width = len(self.real.mean)
        Moments.of(sample.features[: min(count, width + 1)]).gaussian()  # would fakes suffice?

    def __call__(self, shown: nn.Module) -> tuple[Score, ...]:
        """The scores; the first decides which moment of the training was best."""
        moments, votes = Moments(), []
        for image in fakes(shown, self.recipe, self.count):
            with torch.inference_mode():
                look = self.network.look(image)
            moments.add(look.features.cpu())
            votes.append(look.probabilities)
        fake = moments.gaussian()
        scores = [
            self._score("fid", frechet(self.real, fake), "lower"),
            self._score("variety", _spread(fake) / _spread(self.real), "higher"),
        ]
        if self.real_shares is not None:
            modes = float(covered(self.real_shares, shares(torch.cat(votes).cpu())))
            scores.append(self._score("modes", modes, "higher"))
        return tuple(scores)

    def _score(self, kind: str, value: float, better: Better) -> Score:
        return Score(
            name=f"{kind}_{self.network.name}_{count_label(self.count)}",
            value=float(f"{value:.6g}"),
            better=better,
            protocol={
                "n_real": len(self.reals),
                "n_fake": self.count,
                "data": self.reals.dataset.name,
                "split": self.reals.split,
                "data_sha256": self.reals.dataset.fingerprint,
                "seed": 0,
                "repeats": 1,
                "network": self.network.name,
                "network_sha256": self.network.sha256,
                "resize": self.network.resize,
                "precision": "float32",
                "ganzoo": __version__,
                "torch": str(torch.__version__),
            },
        )


AnyWatch: TypeAlias = Watch | HeldOutWatch


def watch(recipe: Recipe, dataset: Dataset, count: int = COUNT) -> AnyWatch | None:
    """What scores a recipe's training, through the eye that fits its data; where the pictures are
    too few for a borrowed one's features, through their pixels, which are fewer.

    None for what learns from one image, films poses or inverts a network, and where no pictures
    were held out for those that are judged on such.

    Raises:
        MetricError: as :class:`Watch`.
        BundleError: if the data set's classifier is damaged.
    """
    if not paints(recipe):
        return watch_held_out(recipe)
    eye = eyes.default(recipe)
    try:
        return Watch(recipe, dataset, eye, count)
    except MetricError:
        if eye.taught_on == recipe.data.name:
            raise
        return Watch(recipe, dataset, pixels(), count)


def _spread(gaussian: Gaussian) -> float:
    return float(gaussian.covariance.trace())
