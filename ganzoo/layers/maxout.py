"""Maxout (Goodfellow et al. 2013, arXiv:1302.4389, Sec. 3): each unit learns its own convex bend.

h_i(x) = max_j (x . W_ij + b_ij)
"""

from jaxtyping import Float
from torch import Tensor, nn

from ganzoo.shapes import Features


class Maxout(nn.Module):
    """A linear layer of ``units * pieces`` outputs, of which each unit keeps its largest."""

    def __init__(self, width: int, units: int, pieces: int) -> None:
        super().__init__()
        self.units = units
        self.linear = nn.Linear(width, units * pieces)

    def forward(self, features: Features) -> Float[Tensor, "b units"]:
        return self.linear(features).unflatten(1, (self.units, -1)).amax(2)
