"""Minibatch standard deviation (Karras et al. 2018, arXiv:1710.10196, Sec. 3).

    per feature and pixel:  the standard deviation over a group of images
    averaged over both:     one number per group, as one more channel

A generator that paints the same picture again and again leaves it near zero, and the judge sees
that; unlike minibatch discrimination it has nothing to learn.
"""

import torch
from torch import nn

from ganzoo.shapes import Image, Made


class MinibatchStd(nn.Module):
    """Adds ``channels`` channels.

    Args:
        group: images that are compared; a batch that it does not divide is compared in smaller
            groups of equal size; neighbours, as one group.
        channels: each of them tells of its share of the features.
        neighbours: whether images of a group follow each other in the batch, or lie as far apart
            as they can.
        unbiased: whether the variance is divided by the group's size less one.
    """

    def __init__(
        self, group: int, channels: int = 1, *, neighbours: bool = False, unbiased: bool = False
    ) -> None:
        super().__init__()
        self.group, self.channels = group, channels
        self.neighbours, self.unbiased = neighbours, unbiased

    def forward(self, image: Image) -> Made:
        count, _, height, width = image.shape
        size = next(n for n in range(min(self.group, count), 0, -1) if count % n == 0)
        if self.neighbours and size < self.group:
            size = count
        features = image.float()
        if self.neighbours:
            grouped = features.unflatten(0, (count // size, size)).transpose(0, 1)
        else:
            grouped = features.unflatten(0, (size, count // size))
        variance = grouped.var(0, unbiased=self.unbiased and size > 1)
        spread = (variance + 1e-8).sqrt().unflatten(1, (self.channels, -1)).mean((2, 3, 4))
        spread = spread * (size > 1) if self.unbiased else spread
        each = spread.repeat_interleave(size, 0) if self.neighbours else spread.repeat(size, 1)
        said = each[:, :, None, None].expand(-1, -1, height, width)
        return torch.cat([image, said.to(image.dtype)], 1)
