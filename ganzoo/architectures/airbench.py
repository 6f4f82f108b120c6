"""A classifier that learns CIFAR-10 in minutes (Jordan 2024, arXiv:2404.00498, Secs. 3 and 4).

    image --whiten 2x2--> 24 maps --[stage] * 3--> max --linear/9--> logits
    stage = conv, pool, norm, GELU, then (conv, norm, GELU) * (convs - 1)

Two convolutions make a stage of the paper's quickest classifier; its best has three and hands
what the first gave around the others (``residual``).

The first layer is not learned: it hands on the decorrelated colours and edges of each 2x2 patch,
and their opposites. The last is scaled down, so that its gradients stay small while the features
still move.

Deviations from the paper: natural patches are decorrelated by a fixed basis (Haar's patterns times
grey, blue-yellow and red-green), which a batch norm without gains then whitens, instead of by the
eigenvectors of this data set's patches; weights are drawn as He et al. 2015 (arXiv:1502.01852);
the batch norms learn gains.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch
from jaxtyping import Float
from pydantic import Field, model_validator
from torch import Tensor, nn

from ganzoo.architectures import Architecture, ImageOptions
from ganzoo.layers.batch_norm import BatchNorm2d
from ganzoo.papers import Paper
from ganzoo.shapes import Features, Image, OneImage

HAAR = ((1, 1, 1, 1), (1, -1, 1, -1), (1, 1, -1, -1), (1, -1, -1, 1))
COLOURS = ((1, 1, 1), (1, 1, -2), (1, -1, 0))
SCALE = 1 / 9  # of the logits


class Options(ImageOptions):
    image_size: int = Field(default=32, ge=8, le=128, description="side in pixels")
    num_classes: int = Field(default=10, ge=2, le=1000)
    widths: tuple[int, ...] = Field(
        default=(64, 256, 256), min_length=1, description="one for each stage"
    )
    convs: int = Field(default=2, ge=1, le=8, description="convolutions of each stage")
    residual: bool = Field(default=False, description="a way around all but a stage's first")

    @model_validator(mode="after")
    def halves_to_a_pixel_at_least(self) -> "Options":
        if (self.image_size - 1) >> len(self.widths) < 1:
            raise ValueError(f"{self.image_size} pixels cannot be halved {len(self.widths)} times")
        return self


class Classifier(nn.Module):
    """``net(image)`` gives class logits; ``net.features(image)`` what they are read from."""

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.whiten = Whiten(options.image_channels)
        widths = (self.whiten.channels, *options.widths)
        self.layers = nn.Sequential(
            *(Stage(thin, wide, options) for thin, wide in pairwise(widths))
        )
        self.head = Head(widths[-1], options.num_classes, bias=False)

    def forward(self, image: Image) -> Float[Tensor, "b classes"]:
        return self.head(self.features(image))

    def features(self, image: Image) -> Features:
        """Each channel's maximum over the last maps: (b, widths[-1])."""
        return self.layers(self.whiten(image)).amax((2, 3))

    def levels(self, image: Image) -> list[Tensor]:
        """All that it makes of an image, from fine to deep: each stage's maps, features, logits."""
        maps = [self.whiten(image)]
        for stage in self.layers:
            maps.append(stage(maps[-1]))
        features = maps[-1].amax((2, 3))
        return [*maps[1:], features, self.head(features)]

    def patches(self, image: OneImage) -> Float[Tensor, "places width"]:
        """What the first stage sees at each place of an image of any size, halved."""
        return self.layers[0](self.whiten(image))[0].flatten(1).T


class Whiten(nn.Module):
    """What each 2x2 patch holds, decorrelated, of variance 1, with its opposite (Sec. 3.2)."""

    basis: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        colours = np.array(COLOURS if channels == 3 else ((1,),), np.float32)
        patterns = np.array(HAAR, np.float32).reshape(4, 1, 2, 2)
        basis = (patterns[None] * colours[:, None, :, None, None]).reshape(-1, channels, 2, 2)
        self.register_buffer("basis", torch.tensor(basis), persistent=False)
        self.norm = BatchNorm2d(len(basis), affine=False)
        self.channels = 2 * len(basis)

    def forward(self, image: Image) -> Float[Tensor, "b whitened up across"]:
        patches = self.norm(nn.functional.conv2d(image, self.basis.to(image.dtype)))
        return nn.functional.gelu(torch.cat([patches, -patches], 1))


class Stage(nn.Sequential):
    """Convolutions; the maps are halved after the first."""

    def __init__(self, thin: int, wide: int, options: Options) -> None:
        halve = [_conv(thin, wide), nn.MaxPool2d(2), BatchNorm2d(wide), nn.GELU()]
        further: list[nn.Module] = []
        for _ in range(options.convs - 1):
            further += [_conv(wide, wide), BatchNorm2d(wide), nn.GELU()]
        super().__init__(*halve, *further)
        self.halves = len(halve)
        self.residual = options.residual and bool(further)

    def forward(self, input: Image) -> Float[Tensor, "b wide halved halved_across"]:
        halved = _through([*self][: self.halves], input)
        if not self.residual:
            return _through([*self][self.halves :], halved)
        return self[-1](halved + _through([*self][self.halves : -1], halved))


def _through(layers: Sequence[nn.Module], image: Image) -> Tensor:
    for layer in layers:
        image = layer(image)
    return image


def _conv(thin: int, wide: int) -> nn.Conv2d:
    conv = nn.Conv2d(thin, wide, 3, padding=1, bias=False)
    nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
    return conv


class Head(nn.Linear):
    """Class logits, scaled down (Sec. 3.1)."""

    def forward(self, input: Features) -> Float[Tensor, "b classes"]:
        return super().forward(input) * SCALE


ENTRY = Architecture(
    paper=Paper(
        nickname="airbench",
        title="94% on CIFAR-10 in 3.29 Seconds on a Single GPU",
        authors="Keller Jordan",
        year=2024,
        arxiv="2404.00498",
        venue="preprint",
        idea="Hand a classifier decorrelated colours and edges instead of pixels, and it learns "
        "small pictures in a few passes over them.",
        equation=r"\operatorname{whiten}(x) = \operatorname{GELU}\left(\pm "
        r"\Lambda^{-1/2} V^\top x\right)",
        parents=("ResNet",),
    ),
    options=Options,
    networks={"classifier": Classifier},
    tiny=Options(image_size=8, image_channels=1, num_classes=3, widths=(4, 4)),
    abilities=frozenset({"classify"}),
    shown="classifier",
    game="classification",
)
