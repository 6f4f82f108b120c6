"""Nearest training neighbours: the yellow column (Goodfellow et al. 2014, arXiv:1406.2661, Fig. 2).

Beside each generated image stands the training image closest to it, to show that it is not a copy.
:func:`nearest` finds them, in pixels or in features. To put a number on it, an image counts as
authentic (Alaa et al. 2022, arXiv:2102.08921, Sec. 4.3) if it is farther from its nearest training
image than that one is from its own nearest:

    authenticity = share of fakes with d(fake, r*) > d(r*, nearest other real),   r* = nearest real

A generator that memorised scores near 0 if the reals are all that it learned from. If they are m of
N, drawn by chance, a copy is known as one only where its original is among them: a generator that
gives back nothing but copies scores (1 - m/N) of what unseen images do, and one of which a share c
are copies is about c m/N of it below. What unseen images score depends on the number of features
and of reals, so read it beside the value of real against real, at the same m.

Deviations from the papers: distances in the features of the network named in the score.
"""

from jaxtyping import Float
from torch import Tensor

from ganzoo.metrics._base import Estimate, Estimates, Metric, Sample
from ganzoo.metrics._neighbours import Neighbours, nearest, reach
from ganzoo.papers import Paper

__all__ = ["ENTRY", "Neighbours", "authenticity", "nearest"]


def authenticity(real: Float[Tensor, "m d"], fake: Float[Tensor, "n d"]) -> float:
    """The share of fakes that are no nearer to a real image than real images are to each other.

    Copies of images that are not among the reals count as authentic as unseen images do.
    """
    found = nearest(fake, real)
    others = reach(real, 1)[found.row[:, 0]].sqrt()
    return float((found.distance[:, 0] > others).double().mean())


def measure(real: Sample, fake: Sample) -> Estimates:
    return {"authenticity": Estimate(authenticity(real.features, fake.features))}


ENTRY = Metric(
    paper=Paper(
        nickname="Authenticity",
        title="How Faithful is your Synthetic Data? Sample-level Metrics for Evaluating and "
        "Auditing Generative Models",
        authors="Alaa et al.",
        year=2022,
        arxiv="2102.08921",
        venue="ICML 2022",
        idea="Asks of each generated image whether it crowds a training image more than other "
        "training images do.",
        equation=r"\Pr\left[d(g,r^*)>\min_{r\ne r^*}d(r^*,r)\right]",
    ),
    yields={"authenticity": "higher"},
    words={"authenticity": "authenticity"},
    measure=measure,
)
