"""Inception Score (Salimans et al. 2016, arXiv:1606.03498, Sec. 4).

    exp( E_x KL( p(y | x) || p(y) ) )

High when each image is surely of one class, and all classes occur: from 1 to the number of
classes. It never looks at a real image, so one perfect picture per class scores as high as can be
(Barratt & Sharma 2018, arXiv:1801.01973): never read it alone.

Deviations from the paper: the classes are those of the network named in the score.
"""

import torch

from ganzoo.errors import MetricError
from ganzoo.metrics._base import Estimate, Estimates, Metric, Probabilities, Sample, classes_of
from ganzoo.papers import Paper

SPLITS, LEAST = 10, 10  # and images in one


def inception_score(probabilities: Probabilities, splits: int = SPLITS) -> Estimate:
    """Mean and deviation over equal splits, as in the paper; left-over images are not used.

    Raises:
        MetricError: if a split would be empty.
    """
    size = len(probabilities) // splits
    if size < 1:
        raise MetricError(f"{len(probabilities)} images are too few for {splits} splits")
    p = probabilities[: size * splits].double().unflatten(0, (splits, size))
    surprise = torch.xlogy(p, p) - torch.xlogy(p, p.mean(1, keepdim=True))
    scores = surprise.sum(2).mean(1).exp()
    deviation = float(scores.std(correction=0)) if splits > 1 else None
    return Estimate(float(scores.mean()), deviation, "splits", splits)


def measure(_real: Sample, fake: Sample) -> Estimates:
    """In ten splits; in fewer, if there were less than ten images in each."""
    probabilities = classes_of(fake)
    splits = max(1, min(SPLITS, len(probabilities) // LEAST))
    return {"is": inception_score(probabilities, splits)}


ENTRY = Metric(
    paper=Paper(
        nickname="IS",
        title="Improved Techniques for Training GANs",
        authors="Salimans et al.",
        year=2016,
        arxiv="1606.03498",
        venue="NeurIPS 2016",
        idea="Rewards images that a classifier is sure about, spread over all of its classes.",
        equation=r"\exp\,\mathbb{E}_x\,\mathrm{KL}\left(p(y\mid x)\,\|\,p(y)\right)",
    ),
    yields={"is": "higher"},
    words={"is": "Inception Score"},
    measure=measure,
    needs_classes=True,
)
