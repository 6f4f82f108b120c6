"""Weight clipping (Arjovsky, Chintala & Bottou 2017, arXiv:1701.07875, Algorithm 1, line 7).

w <- clip(w, -c, c)   after every step of the critic;   the recipe's weight is c, 0.01 in the paper

Bounded weights make a Lipschitz critic, though with a constant nobody chose. The authors: "Weight
clipping is a clearly terrible way to enforce a Lipschitz constraint."

Deviations from the paper: none.
"""

import torch
from torch import nn

from ganzoo.errors import InputError
from ganzoo.papers import Paper
from ganzoo.penalties import Penalty


@torch.no_grad()
def clip(player: nn.Module, weight: float) -> None:
    """Brings every parameter, gains and biases too, into [-weight, weight], in place.

    Raises:
        InputError: if the bound is not above 0.
    """
    if not weight > 0:
        raise InputError(f"weights are clipped to [-c, c] with c above 0; got c = {weight!r}")
    for parameter in player.parameters():
        parameter.clamp_(-weight, weight)


ENTRY = Penalty(
    paper=Paper(
        nickname="Weight clipping",
        title="Wasserstein Generative Adversarial Networks",
        authors="Martin Arjovsky, Soumith Chintala, Léon Bottou",
        year=2017,
        arxiv="1701.07875",
        venue="ICML 2017",
        idea="Keep every weight of the critic in a small box, so that it cannot be arbitrarily "
        "steep: the crudest leash, and the first.",
        equation=r"w \leftarrow \operatorname{clip}(w, -c, c)",
        parents=("WGAN",),
    ),
    project=clip,
    caution="Clipped weights keep the critic too simple to follow the data (Gulrajani et al. 2017, "
    "Sec. 3): expect worse pictures than a gradient penalty gives under the same budget.",
)
