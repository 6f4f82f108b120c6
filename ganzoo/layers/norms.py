"""Which values a normalisation of feature maps averages over: a choice, by name."""

from typing import Literal

from torch import nn

from ganzoo.layers.batch_norm import BatchNorm2d
from ganzoo.layers.instance_norm import InstanceNorm2d

Norm = Literal["batch", "layer", "instance", "none"]


def norm(kind: Norm, channels: int) -> nn.Module:
    """Normalises (b, c, h, w) features; each channel then has its own gain and bias.

    | kind | averages over | paper |
    |---|---|---|
    | batch | all images and pixels | Ioffe & Szegedy 2015, arXiv:1502.03167 |
    | layer | all channels and pixels of an image | Ba et al. 2016, arXiv:1607.06450 |
    | instance | the pixels of one channel of an image | Ulyanov et al. 2016, arXiv:1607.08022 |
    | none | nothing | |

    Under a gradient penalty a critic must judge each image alone: anything but ``batch``
    (Gulrajani et al. 2017, Sec. 4, recommend ``layer``).
    """
    match kind:
        case "batch":
            return BatchNorm2d(channels)
        case "layer":  # one group: the whole image; GroupNorm's gains are per channel
            return nn.GroupNorm(1, channels)
        case "instance":
            return InstanceNorm2d(channels, affine=True)
        case "none":
            return nn.Identity()
