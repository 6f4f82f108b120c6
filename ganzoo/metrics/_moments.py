"""Mean and covariance of a stream of features, in memory that does not grow with the stream."""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from jaxtyping import Float64
from torch import Tensor

from ganzoo.errors import MetricError
from ganzoo.shapes import Features

CHUNK = 2048  # rows turned into float64 at a time


@dataclass(frozen=True)
class Gaussian:
    """The normal distribution with these moments."""

    mean: Float64[Tensor, " d"]
    covariance: Float64[Tensor, "d d"]


class Moments:
    """Running mean and scatter, merged batch by batch (Chan, Golub & LeVeque 1979).

        delta = mean_b - mean_a
        mean    = mean_a + delta n_b / n
        scatter = scatter_a + scatter_b + delta delta^T n_a n_b / n

    In float64 and around each batch's own mean, so that a large common offset costs no digits.
    """

    def __init__(self) -> None:
        self.count = 0
        self.mean = torch.zeros(0, dtype=torch.float64)
        self.scatter = torch.zeros(0, 0, dtype=torch.float64)

    @classmethod
    def of(cls, features: Features | Iterable[Tensor]) -> "Moments":
        """The moments of a table, or of a stream of them."""
        moments = cls()
        for batch in features.split(CHUNK) if isinstance(features, Tensor) else features:
            moments.add(batch)
        return moments

    def add(self, batch: Features) -> None:
        """Takes a batch in.

        Raises:
            MetricError: if it has another width than those before, or is not finite.
        """
        rows = batch.detach().double()
        if not rows.isfinite().all():
            raise MetricError("features of some images are not finite (NaN or infinite)")
        if self.count and rows.shape[1] != len(self.mean):
            raise MetricError(f"{rows.shape[1]} features after batches of {len(self.mean)}")
        if len(rows) == 0:
            return
        mean = rows.mean(0)
        scatter = (rows - mean).T @ (rows - mean)
        if not self.count:
            self.count, self.mean, self.scatter = len(rows), mean, scatter
            return
        total = self.count + len(rows)
        delta = mean - self.mean
        self.scatter += scatter + torch.outer(delta, delta) * (self.count * len(rows) / total)
        self.mean = self.mean + delta * (len(rows) / total)
        self.count = total

    def gaussian(self) -> Gaussian:
        """The moments, with the unbiased covariance.

        Raises:
            MetricError: if there are not more images than features: the covariance would have
                directions that no image ever filled, and the distance would mostly measure those.
        """
        if self.count <= len(self.mean):
            raise MetricError(
                f"{self.count} images are too few for {len(self.mean)} features: a Frechet "
                f"distance needs at least {len(self.mean) + 1} (kid needs fewer)"
            )
        return Gaussian(self.mean, self.scatter / (self.count - 1))
