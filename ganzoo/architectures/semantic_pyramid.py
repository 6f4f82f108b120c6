"""Semantic Pyramid: a generator that mirrors a classifier (Shocher et al. 2020, arXiv:2003.06221).

    classifier   image --> maps 0 --> maps 1 --> maps 2 --> features --> logits        it stands
                            | m_0      | m_1      | m_2       | m_3        | m_4
    generator    image <-- + <------- + <------- + <-------- + <--------- + <-- z      it learns

    h <- h + conv1x1([m_k (f_k - a_k) / s_k ; m_k])       at each level k, where maps are as large

What the classifier makes of a picture reaches the generator level by level, behind masks (Sec. 3):
where m_k is 0 it is told nothing of that level, where it is 1 it is told all. From fine maps it can
paint little else than the picture itself; from the logits alone, any picture that is named alike.
Level 0 is the finest. The latent speaks first, and sets gain and bias of every norm. a_k, each
channel's mean, and s_k, the mean distance of two pictures' features, bring all levels to one scale.

The mirrored classifier is :mod:`ganzoo.architectures.airbench`, whose maps lack the last row and
column; the generator is told nothing there.

Deviations from the paper: the classifier and the sides are CIFAR-10's, not VGG-16 at 224 pixels;
the latent steers the norms; the judge, SNGAN's, is told the picture's class.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from jaxtyping import Bool
from pydantic import Field, model_validator
from torch import Tensor, nn
from torch.nn.functional import pad, relu

from ganzoo.architectures import Architecture, LatentOptions
from ganzoo.architectures._resnet import ResidualDiscriminator, draw
from ganzoo.layers.batch_norm import BatchNorm2d
from ganzoo.layers.conditional_norm import by_vector
from ganzoo.layers.project import ToMap
from ganzoo.layers.residual import UpBlock
from ganzoo.papers import Paper
from ganzoo.shapes import Image, Latent

Levels = Sequence[Tensor]  # one for each level: maps (b, c, side, side), or vectors (b, c)
Region = Bool[Tensor, "_ _ _"]  # of each picture: whether a cell of a square grid belongs to it


class Options(LatentOptions):
    image_size: int = Field(default=32, ge=4, le=256, description="side in pixels")
    z_dim: int = Field(default=64, ge=1, le=4096)
    num_classes: int = Field(default=10, ge=2, le=1000, description="that the classifier knows")
    widths: tuple[int, ...] = Field(
        default=(64, 256, 256), min_length=1, description="of the classifier's maps, from the first"
    )
    hidden: int = Field(default=256, ge=1, le=4096, description="units where there are no places")
    g_widths: tuple[int, ...] = Field(
        default=(128, 128, 64, 32), min_length=2, description="channels at the bottom, doubled, …"
    )
    d_widths: tuple[int, ...] = Field(
        default=(32, 64, 128, 128), min_length=1, description="channels behind each block"
    )
    d_halvings: int = Field(default=3, ge=0, le=10, description="blocks that halve their maps")

    @model_validator(mode="after")
    def _mirrors(self) -> "Options":
        stages = len(self.widths)
        if len(self.g_widths) != stages + 1:
            raise ValueError(
                f"g_widths has one width for the image and one for each of the classifier's "
                f"{stages} stages; got {len(self.g_widths)}"
            )
        if self.image_size % (1 << stages) or self.sides[-1] < 1:
            raise ValueError(f"{self.image_size} pixels cannot be halved {stages} times and mirror")
        return self

    @property
    def sides(self) -> list[int]:
        """Of the classifier's maps, from the first."""
        return [(self.image_size - 1) >> k for k in range(1, len(self.widths) + 1)]

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """What the classifier knows of one picture at each level, from the first maps to logits."""
        maps = [(wide, side, side) for wide, side in zip(self.widths, self.sides, strict=True)]
        return [*maps, (self.widths[-1],), (self.num_classes,)]


class Generator(nn.Module):
    """``net(z, *given)`` paints from a latent and what :meth:`told` makes of features and masks.

    Attributes:
        spread: s_k of each level.
        centres: a_k of each level, one after the other.
    """

    spread: Tensor
    centres: Tensor

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.options = options
        z, hidden, widths = options.z_dim, options.hidden, options.g_widths
        self.register_buffer("spread", torch.ones(len(options.shapes)))
        self.register_buffer("centres", torch.zeros(sum(self._channels)))
        self.named = nn.Linear(z + options.num_classes + 1, hidden)
        self.recalled = nn.Linear(hidden + options.widths[-1] + 1, hidden)
        self.project = ToMap(hidden, widths[0], options.sides[-1] + 1)
        self.seen = nn.ModuleList(
            nn.Conv2d(theirs + 1, ours, 1)
            for theirs, ours in zip(options.widths, widths[-2::-1], strict=True)
        )
        self.blocks = nn.ModuleList(
            UpBlock(thin, wide, lambda channels: by_vector(channels, z))
            for thin, wide in pairwise(widths)
        )
        self.norm = BatchNorm2d(widths[-1])
        self.to_image = nn.Conv2d(widths[-1], options.image_channels, 3, padding=1)
        draw(self, "xavier")

    def forward(self, z: Latent, *given: Tensor) -> Image:
        *maps, features, logits = given
        h = relu(self.named(torch.cat([z, logits], 1)))
        h = self.project(relu(self.recalled(torch.cat([h, features], 1))))
        for block, seen, one in zip(self.blocks, reversed(self.seen), reversed(maps), strict=True):
            h = block(h + pad(seen(one), (0, 1, 0, 1)), z)
        return self.to_image(relu(self.norm(h), inplace=True)).tanh()

    @torch.no_grad()
    def measure(self, levels: Levels) -> None:
        """Learns from many pictures' features where they lie, and how far apart."""
        means = [one.transpose(0, 1).flatten(1).mean(1) for one in levels]
        self.centres.copy_(torch.cat(means))
        apart = [(one - one.roll(1, 0)).abs().mean() for one in levels]
        self.spread.copy_(torch.stack(apart))

    def told(self, levels: Levels, masks: Levels) -> list[Tensor]:
        """What it is told of each level: features behind their mask, and the mask."""
        centres = self.centres.split(self._channels)
        given = []
        for features, mask, a, s in zip(levels, masks, centres, self.spread, strict=True):
            a = a.view(-1, *[1] * (features.ndim - 2))
            given.append(torch.cat([mask * (features - a) / s, mask], 1))
        return given

    @property
    def _channels(self) -> list[int]:
        return [shape[0] for shape in self.options.shapes]


def masks(options: Options, told: Sequence[bool | Region], count: int = 1) -> list[Tensor]:
    """A mask for each level, (b, 1, side, side), or (b, 1) where there are no places.

    Args:
        told: for each level, whether it is told; maps may be told in a region of each picture:
            at the places whose centres lie in it.

    Raises:
        ValueError: if a level without places is to be told in a region.
    """
    made = []
    for level, (shape, one) in enumerate(zip(options.shapes, told, strict=True)):
        places = shape[1:]
        if isinstance(one, bool):
            made.append(torch.full((count, 1, *places), float(one)))
            continue
        if not places:
            raise ValueError(f"level {level} has no places, hence no region of them")
        centres = (torch.arange(places[0], device=one.device) + 0.5) * (2 << level)
        rows = (centres * one.shape[1] / options.image_size).long()
        made.append(one[:, None, rows][:, :, :, rows].float())
    return made


def discriminator(options: Options) -> nn.Module:
    return ResidualDiscriminator(
        options.image_channels,
        options.d_widths,
        options.d_halvings,
        thin=[i > 0 for i in range(len(options.d_widths))],
        num_classes=options.num_classes,
    )


ENTRY = Architecture(
    paper=Paper(
        nickname="Semantic Pyramid",
        title="Semantic Pyramid for Image Generation",
        authors="Assaf Shocher, Yossi Gandelsman, Inbar Mosseri, Michal Yarom, Michal Irani, "
        "William T. Freeman, Tali Dekel",
        year=2020,
        arxiv="2003.06221",
        venue="CVPR 2020",
        idea="Hand a painter what a classifier still knows of a picture at some depth, and its "
        "paintings show what that is: all of it at first, in the end no more than a name.",
        equation=r"\mathcal{L}_{rec} = \sum_{\ell} \left\lVert m_\ell \odot \left("
        r"C_\ell(x) - C_\ell(G(z, m \odot C(x)))\right) \right\rVert_1",
        parents=("LSGAN", "SNGAN", "SAGAN", "Mode seeking"),
    ),
    options=Options,
    networks={"generator": Generator, "discriminator": discriminator},
    tiny=Options(
        image_size=8, image_channels=1, z_dim=4, num_classes=3, widths=(4, 4), hidden=6,
        g_widths=(4, 4, 4), d_widths=(4, 4), d_halvings=1,
    ),
    abilities=frozenset({"invert"}),
    game="inversion",
)  # fmt: skip
