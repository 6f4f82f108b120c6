"""Orthogonal regularisation (Brock, Donahue & Simonyan 2018, arXiv:1809.11096, Eq. 3).

    sum over weights of |W W^T * (1 - I)|_F^2;   the recipe's weight is beta, 1e-4 in the paper

Each row of W is one output's filter (of a transposed convolution, one input's). Filters are asked
to point in different directions, but not to have any particular length: latents cut near the origin
(truncation) then still reach all of the generator's range.

Deviations from the paper: every weight with two axes or more takes part, embeddings included.
"""

import torch

from ganzoo.papers import Paper
from ganzoo.penalties import Penalty, Round
from ganzoo.shapes import Scalar


def orthogonal(round: Round) -> Scalar:
    """beta apart: the sum over the generator's weights, in float32 under autocast too."""
    total = round.z.new_zeros(())
    with torch.autocast(total.device.type, enabled=False):
        for weight in round.players["generator"].parameters():
            if weight.ndim > 1:
                filters = weight.flatten(1)
                products = filters @ filters.mT
                total = total + (products - torch.diag(products.diag())).square().sum()
    return total


ENTRY = Penalty(
    paper=Paper(
        nickname="Orthogonal regularisation",
        title="Large Scale GAN Training for High Fidelity Natural Image Synthesis",
        authors="Andrew Brock, Jeff Donahue, Karen Simonyan",
        year=2018,
        arxiv="1809.11096",
        venue="ICLR 2019",
        idea="Ask the painter's filters to point in different directions, and calmer latents "
        "still give whole pictures.",
        equation=r"\beta \sum_W \left\lVert W W^{\top} \odot (\mathbf{1} - I) "
        r"\right\rVert_F^2",
        parents=("GAN",),
    ),
    player="generator",
    term=orthogonal,
)
