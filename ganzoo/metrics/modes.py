"""Modes covered: the classes that occur (Metz et al. 2016, arXiv:1611.02163, Sec. 3.3.1).

    modes   = number of classes whose share among the fakes is at least a tenth of the reals'
    mode_kl = KL( shares among the fakes || shares among the reals )

An image's class is the classifier's first choice. Both numbers need each other: ten classes can
occur with nine of them rare, and the divergence alone does not say how many are gone.

Classes of which no real was met are one class together, of which there is taken to be half a real:
the divergence is finite, and large where fakes are of such a class.

Deviations from the paper: it counts a class that occurs once, which a classifier's mistakes do by
themselves among 10,000 images; hence the tenth.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from ganzoo.metrics._base import Estimate, Estimates, Metric, Probabilities, Sample, classes_of
from ganzoo.papers import Paper

PRESENT = 0.1  # of a class's share among the reals
UNMET = 0.5  # reals that are taken to be of classes of which none was met


def shares(probabilities: Probabilities) -> Float[Tensor, " k"]:
    """How much of the sample each class takes."""
    chosen = probabilities.argmax(1)
    return chosen.bincount(minlength=probabilities.shape[1]).double() / len(chosen)


def covered(real: Float[Tensor, " k"], fake: Float[Tensor, " k"]) -> int:
    """The number of the reals' classes that the fakes have too."""
    return int(((real > 0) & (fake >= PRESENT * real)).sum())


def divergence(real: Float[Tensor, " k"], fake: Float[Tensor, " k"]) -> float:
    """KL(fake || real) in nats; infinite where fakes are of a class that the reals have not."""
    return float((torch.xlogy(fake, fake) - torch.xlogy(fake, real)).sum())


def _met(
    real: Float[Tensor, " k"], fake: Float[Tensor, " k"], count: int
) -> tuple[Float[Tensor, " met"], Float[Tensor, " met"]]:
    """The shares of classes that the reals have; all others, if fakes are of them, as one more."""
    seen = real > 0
    if not fake[~seen].any():
        return real[seen], fake[seen]
    unmet = torch.tensor([UNMET / count], dtype=real.dtype)
    others = fake[~seen].sum(0, keepdim=True)
    return torch.cat([real[seen], unmet]) / (1 + unmet), torch.cat([fake[seen], others])


def measure(real: Sample, fake: Sample) -> Estimates:
    of_real, of_fake = shares(classes_of(real)), shares(classes_of(fake))
    seen = of_real > 0  # the classifier may know classes that this data set has not
    return {
        "modes": Estimate(float(covered(of_real, of_fake))),
        "mode_kl": Estimate(divergence(*_met(of_real, of_fake, len(classes_of(real))))),
        "classes": Estimate(float(seen.sum())),
    }


ENTRY = Metric(
    paper=Paper(
        nickname="Modes",
        title="Unrolled Generative Adversarial Networks",
        authors="Metz et al.",
        year=2016,
        arxiv="1611.02163",
        venue="ICLR 2017",
        idea="Counts the classes that a generator still draws, by asking a classifier.",
        equation=r"\mathrm{KL}\left(p_g(y)\,\|\,p_r(y)\right)",
    ),
    yields={"modes": "higher", "mode_kl": "lower"},
    words={"modes": "classes that occur", "mode_kl": "divergence of the classes' shares"},
    explains=("classes",),
    measure=measure,
    needs_classes=True,
)
