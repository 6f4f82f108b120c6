"""InGAN: one image at other sizes and shapes (Shocher et al. 2018, arXiv:1812.00231, Sec. 3).

    image --conv 7x7--> features --T: resampled to another size, or through a homography--> +-----+
                                                                                            |     |
    picture <--tanh, conv 7x7-- [x2, conv] * levels <-- residual blocks <-- [conv, /2] * levels   |
                                        ^-------------- + the features on the way down ----------+

T has no parameters (Sec. 3.1): the network is told where everything goes, and learns to fill in
what the new shape needs. The judge is one of patches at every scale (Sec. 3.2), each with weights
of its own, and shrunk by a factor of 1.4 from scale to scale:

    D(x) = sum_k s_k up(D_k(x / 1.4^k)),   s_k ~ t^k,   sum_k s_k = 1
    D_k    conv 3x3 --> conv 3x3, /2 --> conv 3x3 --> conv 1x1: a logit for each 9 x 9 pixels

Every convolution but the generator's last is spectrally normalised.

Deviations from the paper: no sigmoid ends the judge, whose objective is that of least squares; the
norm is over each picture's own pixels, which is what batch norm does in a batch of one, and there
is none after the generator's first layer, so that colours pass a crop's own mean by; any size is
made, not only multiples of eight; beyond the image T finds its mirror image, not zeros.
"""

from itertools import pairwise
from math import ceil, log
from typing import Literal

import torch
from jaxtyping import Bool, Float
from pydantic import Field, model_validator
from torch import Tensor, nn
from torch.nn.functional import affine_grid, grid_sample, interpolate, max_pool2d

from ganzoo.architectures import Architecture
from ganzoo.architectures._one_image import OneImageOptions
from ganzoo.errors import InputError
from ganzoo.layers.norms import Norm, norm
from ganzoo.layers.spectral_norm import spectral_norm
from ganzoo.papers import Paper
from ganzoo.shapes import Image, Logits, Made, Maps, Shape, shape_of

SLOPE = 0.2  # of a LeakyReLU below zero
SQUEEZED = 4  # a residual block works in so many times fewer channels

Homography = Float[Tensor, "3 3"]  # between places (x, y, 1), x and y from -1 to 1
Corners = Float[Tensor, "4 2"]  # top left, top right, bottom left, bottom right


class Options(OneImageOptions):
    base_channels: int = Field(default=64, ge=1, le=512, description="the generator's narrowest")
    levels: int = Field(default=3, ge=1, le=6, description="halvings, each twice as wide")
    blocks: int = Field(default=6, ge=0, le=32, description="residual, at the smallest size")
    d_channels: int = Field(default=64, ge=1, le=512, description="of a judge's first layer")
    d_norm: Literal["instance", "none"] = "instance"
    d_factor: float = Field(
        default=1.4, ge=1.1, le=4, description="so much smaller is the picture to the next judge"
    )
    d_smallest: int = Field(
        default=13, ge=11, le=256, description="the shorter side that a judge still sees"
    )
    crop: int = Field(
        default=256, ge=12, le=1024, description="side of what a step sees of the image, at most"
    )

    @model_validator(mode="after")
    def _judges_fit(self) -> "Options":
        if min(self.cropped) <= self.d_smallest:
            raise ValueError(
                f"a judge sees {self.d_smallest} pixels at least; a step sees {min(self.cropped)}"
            )
        return self

    @property
    def cropped(self) -> Shape:
        """Rows and columns of what a step sees of the image."""
        return min(self.crop, self.shape[0]), min(self.crop, self.shape[1])

    @property
    def scales(self) -> int:
        """How many judges there are."""
        return scales_of(self.cropped, self.d_smallest, self.d_factor)


def scales_of(shape: Shape, smallest: int, factor: float) -> int:
    """At how many scales a picture is at least as large as the smallest that is judged."""
    return max(1, ceil(log(min(shape) / smallest) / log(factor) - 1e-9))


def homography(start: Corners, end: Corners) -> Homography:
    """The one that takes four corners to four others; no three of them may be in line.

    From the eight equations of x' (g x + h y + 1) = a x + b y + c, and y' likewise.
    """
    rows, wanted = [], []
    for (x, y), (u, v) in zip(start.tolist(), end.tolist(), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    known = torch.linalg.solve(
        torch.tensor(rows, dtype=torch.float64), torch.tensor(wanted, dtype=torch.float64)
    )
    return torch.cat([known, known.new_ones(1)]).view(3, 3).to(start.dtype)


def trapezoid(narrow: float) -> Homography:
    """From the places of a picture whose upper edge is shorter to those of a plain one.

    Args:
        narrow: share of the width by which it is shorter; below 0: the lower edge is, by as much.
    """
    whole = torch.tensor([[-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], [1.0, 1.0]])
    moved = whole.clone()
    moved[slice(2) if narrow > 0 else slice(2, 4), 0] *= 1 - abs(narrow)
    return homography(moved, whole)


def transformed(features: Maps, shape: Shape, places: Homography | None = None) -> Made:
    """T: features at another size, bilinear; through a homography if there is one.

    Args:
        places: from where a feature will be to where it is taken from.
    """
    if places is None:
        if shape_of(features) == shape:
            return features
        return interpolate(features, shape, mode="bilinear", align_corners=False)
    found = origins(shape, places.to(features.device)).expand(len(features), -1, -1, -1)
    return grid_sample(features, found, padding_mode="reflection", align_corners=False)


def inside(shape: Shape, places: Homography) -> Bool[Tensor, "rows columns"]:
    """Where T finds the image itself, and not its mirror image."""
    return (origins(shape, places)[0].abs() <= 1).all(2)


def origins(shape: Shape, places: Homography) -> Float[Tensor, "1 rows columns 2"]:
    """From where each pixel of a shape is taken: x and y, in float32 under autocast too."""
    with torch.autocast(places.device.type, enabled=False):
        same = torch.eye(2, 3, device=places.device)[None]
        grid = affine_grid(same, [1, 1, *shape], align_corners=False)
        known = torch.cat([grid, torch.ones_like(grid[..., :1])], 3) @ places.mT
    return known[..., :2] / known[..., 2:].clamp(min=0.1)  # behind the horizon there is nothing


def block(thin: int, wide: int, size: int, kind: Norm = "instance") -> nn.Sequential:
    """A convolution with spectral norm, a norm, a leaky ReLU; borders are mirrored."""
    edge = nn.ReflectionPad2d(size // 2) if size > 1 else nn.Identity()
    conv = spectral_norm(drawn(nn.Conv2d(thin, wide, size)))
    return nn.Sequential(edge, conv, norm(kind, wide), nn.LeakyReLU(SLOPE, inplace=True))


def drawn(layer: nn.Conv2d) -> nn.Conv2d:
    """Weights as Glorot & Bengio have them, of a hundredth of their width, and no bias."""
    nn.init.xavier_normal_(layer.weight, 0.01)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


class Residual(nn.Module):
    """x + f(x), f in fewer channels."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        few = max(1, channels // SQUEEZED)
        last = spectral_norm(drawn(nn.Conv2d(few, channels, 1)))
        self.change = nn.Sequential(
            block(channels, few, 1), block(few, few, 3), last, norm("instance", channels)
        )

    def forward(self, features: Maps) -> Maps:
        return features + self.change(features)


class Generator(nn.Module):
    """``net(image)`` remakes an image; ``net(image, shape, places)`` at another size and shape.

    Attributes:
        known: the image that it learned from, uint8, (c, h, w).
    """

    known: Tensor

    def __init__(self, options: Options) -> None:
        super().__init__()
        width, channels = options.base_channels, options.image_channels
        widths = [width << level for level in range(options.levels + 1)]
        pairs = list(pairwise(widths))
        self.enter = block(channels, width, 7, "none")
        self.down = nn.ModuleList(block(thin, wide, 3) for thin, wide in pairs)
        self.middle = nn.Sequential(*(Residual(widths[-1]) for _ in range(options.blocks)))
        self.up = nn.ModuleList(block(wide, thin, 3) for thin, wide in reversed(pairs))
        last = drawn(nn.Conv2d(width, channels, 7))
        self.leave = nn.Sequential(nn.ReflectionPad2d(3), last, nn.Tanh())
        self.register_buffer("known", torch.zeros(channels, *options.shape, dtype=torch.uint8))

    def forward(
        self, image: Image, shape: Shape | None = None, places: Homography | None = None
    ) -> Made:
        """Pictures of a shape, in rows and columns; of the image's if there is none.

        Args:
            places: from where everything will be to where it is taken from.

        Raises:
            InputError: if a side is too short to be halved so often.
        """
        shape = shape or shape_of(image)
        if min(shape) <= (least := 1 << len(self.down)):
            raise InputError(f"a picture has more than {least} rows and columns; got {shape}")
        features = transformed(self.enter(image), shape, places)
        passed = []
        for conv in self.down:
            passed.append(features)
            features = max_pool2d(conv(features), 2, ceil_mode=True)
        features = self.middle(features)
        for conv in self.up:
            kept = passed.pop()
            features = conv(interpolate(features, shape_of(kept), mode="nearest")) + kept
        return self.leave(features)

    def own(self) -> Tensor:
        """The image that it learned from, in [-1, 1]: (1, c, h, w)."""
        return self.known[None].float() / 127.5 - 1


class Discriminator(nn.Module):
    """``net(image)`` gives a map of logits: each scale's judge, enlarged, in a weighted sum.

    Attributes:
        tilt: t, how much more the next coarser judge's word weighs; 1: all alike.
    """

    tilt: Tensor

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.factor, self.smallest = options.d_factor, options.d_smallest
        self.scales = nn.ModuleList(
            judge(options.image_channels, options.d_channels, options.d_norm)
            for _ in range(options.scales)
        )
        self.register_buffer("tilt", torch.tensor(1.0))

    def weights(self, shape: Shape) -> Tensor:
        """s, of as many scales as a picture of that shape has; together 1."""
        count = min(scales_of(shape, self.smallest, self.factor), len(self.scales))
        each = self.tilt ** torch.arange(count, device=self.tilt.device)
        return each / each.sum()

    def forward(self, image: Image) -> Logits:
        weights = self.weights(shape_of(image))
        maps: list[Tensor] = []
        for scale, (judge_, weight) in enumerate(zip(self.scales, weights, strict=False)):
            seen = self._shrunk(image, scale)
            logits = judge_(seen)
            if maps:
                logits = interpolate(
                    logits, shape_of(maps[0]), mode="bilinear", align_corners=False
                )
            maps.append(weight * logits)
        return torch.stack(maps).sum(0)

    def _shrunk(self, image: Image, scale: int) -> Made:
        if not scale:
            return image
        rows, columns = (max(9, round(side / self.factor**scale)) for side in shape_of(image))
        return interpolate(
            image, (rows, columns), mode="bilinear", align_corners=False, antialias=True
        )


def judge(channels: int, width: int, kind: Norm) -> nn.Sequential:
    """One scale's layers, without borders."""
    layers: list[nn.Module] = []
    widths = [channels, width, 2 * width, 2 * width]
    for thin, wide, stride in zip(widths, widths[1:], (1, 2, 1), strict=False):
        conv = spectral_norm(drawn(nn.Conv2d(thin, wide, 3, stride)))
        layers += [conv, norm(kind, wide), nn.LeakyReLU(SLOPE, inplace=True)]
    return nn.Sequential(*layers, spectral_norm(drawn(nn.Conv2d(2 * width, 1, 1))))


ENTRY = Architecture(
    paper=Paper(
        nickname="InGAN",
        title='InGAN: Capturing and Retargeting the "DNA" of a Natural Image',
        authors="Assaf Shocher, Shai Bagon, Phillip Isola, Michal Irani",
        year=2018,
        arxiv="1812.00231",
        venue="ICCV 2019",
        idea="Remake one image at any size and shape so that its patches, at every scale, are as "
        "before: what does not fit any more is left out, and what is missing is there twice.",
        equation=r"\mathcal{L} = \mathcal{L}_{\text{GAN}}\big(G(x; T), D\big) + \lambda \, "
        r"\big\lVert G\big(G(x; T); T^{-1}\big) - x \big\rVert_1",
        parents=("CycleGAN", "SNGAN"),
    ),
    options=Options,
    networks={"generator": Generator, "discriminator": Discriminator},
    tiny=Options(
        image_size=16, image_channels=1, base_channels=2, levels=2, blocks=1, d_channels=2
    ),
    abilities=frozenset({"retarget"}),
    game="retargeting",
)
