"""Class embeddings that can also be asked for what lies between classes."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from ganzoo.shapes import Told


class Lookup(nn.Embedding):
    """A row for each class; of shares among the classes, their rows' weighted mean.

    e(y) = E[y]            labels (b,)
    e(s) = s E             shares (b, classes), such as (0.3, 0.7, 0)
    """

    def forward(self, input: Told) -> Float[Tensor, "b width"]:
        if not input.is_floating_point():
            return super().forward(input)
        with torch.autocast(input.device.type, enabled=False):
            return input.to(self.weight.dtype) @ self.weight
