"""Gradient reversal (Ganin & Lempitsky 2014, arXiv:1409.7495, Eqs. 7 and 8).

    R(f) = f,    dR/df = -strength * I

What comes after it lowers a loss; what comes before it raises the same loss, ``strength`` times as
hard. So one backward pass plays a minimax game: who judges and who is judged move in one turn.
"""

from typing import Any

import torch
from torch import Tensor

from ganzoo.shapes import Features


def reverse(features: Features, strength: float) -> Features:
    """The features as they are, whose gradients will come back negated.

    Args:
        strength: how much of the gradient comes back; 0 lets nothing through.
    """
    return _Reversal.apply(features, strength)


class _Reversal(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, features: Tensor, strength: float) -> Tensor:
        ctx.strength = strength
        return features.view_as(features)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        return -ctx.strength * gradients[0], None
