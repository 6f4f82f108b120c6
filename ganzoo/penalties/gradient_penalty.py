"""The gradient penalty (Gulrajani et al. 2017, arXiv:1704.00028, Eq. 3 and Algorithm 1).

    E[(|grad D(x^)|_2 - 1)^2],   x^ = e x + (1 - e) G(z),   e ~ U[0, 1), one for each image

Between reals and fakes, the best critic's slope is 1 almost everywhere (Proposition 1). The
recipe's weight is 10 in the paper. A conditional critic judges x^ by the real's label.

Deviations from the paper: none.
"""

import torch

from ganzoo.papers import Paper
from ganzoo.penalties import Penalty, Round
from ganzoo.penalties._slope import slope
from ganzoo.shapes import Scalar


def gradient_penalty(round: Round) -> Scalar:
    """E[(|grad D(x^)|_2 - 1)^2], at one place between each real and its fake."""
    mix = round.draws.uniform(len(round.real), 1, 1, 1).to(round.real.dtype)
    between = torch.lerp(round.fake, round.real, mix)
    return (slope(round, between, round.y).norm(dim=1) - 1).square().mean()


ENTRY = Penalty(
    paper=Paper(
        nickname="WGAN-GP",
        title="Improved Training of Wasserstein GANs",
        authors="Ishaan Gulrajani, Faruk Ahmed, Martin Arjovsky, Vincent Dumoulin, Aaron Courville",
        year=2017,
        arxiv="1704.00028",
        venue="NeurIPS 2017",
        idea="Rather than boxing the critic's weights in, ask it for a slope of one on the way "
        "from each fake to a real.",
        equation=r"\lambda \, \mathbb{E}_{\hat x}\left[\left("
        r"\lVert \nabla_{\hat x} D(\hat x) \rVert_2 - 1\right)^2\right], \qquad "
        r"\hat x = \epsilon x + (1 - \epsilon) G(z)",
        parents=("WGAN",),
    ),
    term=gradient_penalty,
    per_image=True,
)
