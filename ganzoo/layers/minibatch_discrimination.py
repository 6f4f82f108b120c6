"""Minibatch discrimination (Salimans et al. 2016, arXiv:1606.03498, Sec. 3.2).

    M_i = T f(x_i)                           kernels x dims numbers per image
    o_ib = sum_j exp(-|M_ib - M_jb|_1)       how crowded the batch is around image i

A generator that paints one picture again and again crowds its batch, and the discriminator,
which now sees the crowd, can tell.

Deviations from the paper: none. (With several processes, each compares its own images only.)
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from ganzoo.shapes import Features


class MinibatchDiscrimination(nn.Module):
    """Closeness of each image's features to those of its batch: between 1 and the batch size.

    Args:
        features: width of the features.
        kernels: how many different notions of closeness to learn (B in the paper).
        dims: numbers compared in each (C in the paper).
    """

    def __init__(self, features: int, kernels: int, dims: int = 5) -> None:
        super().__init__()
        self.kernels = kernels
        self.tensor = nn.Linear(features, kernels * dims, bias=False)

    def forward(self, features: Features) -> Float[Tensor, "b kernels"]:
        projected = self.tensor(features).unflatten(1, (self.kernels, -1))
        distance = (projected[:, None] - projected[None]).abs().sum(3)
        return torch.exp(-distance).sum(1)
