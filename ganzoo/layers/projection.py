"""The projection head of a discriminator (Miyato & Koyama 2018, arXiv:1802.05637, Eq. 3).

    D(x, y) = psi(phi(x)) + <embed(y), phi(x)>

The class is not an input beside the image: it chooses a direction, and the image is judged by how
far it lies along it. phi sums its last maps over all places, in float32 whatever they are.
"""

import torch
from torch import nn

from ganzoo.shapes import Image, Labels, Logits


class Projection(nn.Module):
    """From feature maps to one logit for each image, (b, 1).

    Args:
        num_classes: 0 for a judge that is told no class.
    """

    def __init__(self, channels: int, num_classes: int) -> None:
        super().__init__()
        self.judge = nn.Linear(channels, 1)
        self.embed = nn.Embedding(num_classes, channels) if num_classes else None

    def forward(self, maps: Image, y: Labels | None = None) -> Logits:
        with torch.autocast(maps.device.type, enabled=False):
            features = nn.functional.relu(maps).sum((2, 3), dtype=self.judge.bias.dtype)
            verdicts = self.judge(features)
            if self.embed is None:
                return verdicts
            if y is None:
                raise TypeError("a projection discriminator must be told a class for each image")
            return verdicts + (self.embed(y) * features).sum(1, keepdim=True)
