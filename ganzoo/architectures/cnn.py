"""A small residual classifier (He, Zhang, Ren & Sun 2015, arXiv:1512.03385, Fig. 2 and Sec. 4.2).

    image --conv, norm, ReLU--> stem --[block * depth] * 3, each halving--> mean --linear--> logits
    block(h) = ReLU(shortcut(h) + norm(conv(ReLU(norm(conv(h))))))

It sees images in [-1, 1] and its first batch norm does the rest of the normalising. It doubles as
the feature network of metrics on small pictures, where Inception has nothing to say.

Deviations from the paper: the stem shrinks the image by ``stem_stride``, which makes it cheap
enough for a processor (1 is the paper's); shortcuts that change the width are 1x1 convolutions,
not zero padding; dropout before the last layer is an option.
"""

from itertools import pairwise

from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from ganzoo.architectures import Architecture, ImageOptions
from ganzoo.layers.batch_norm import BatchNorm2d
from ganzoo.papers import Paper
from ganzoo.shapes import Features, Image


class Options(ImageOptions):
    image_size: int = Field(default=32, ge=8, le=256, description="side in pixels")
    num_classes: int = Field(default=10, ge=2, le=1000)
    base_channels: int = Field(
        default=32, ge=1, le=512, description="width of the first of three stages"
    )
    depth: int = Field(default=1, ge=1, le=18, description="residual blocks in each stage")
    stem_stride: int = Field(
        default=2, ge=1, le=4, description="by how much the first layer shrinks"
    )
    dropout: float = Field(
        default=0.0, ge=0, lt=1, description="share of features left out in training"
    )

    @property
    def widths(self) -> list[int]:
        """Channels of the three stages; the last is the number of features."""
        return [self.base_channels << k for k in range(3)]


class Classifier(nn.Module):
    """``net(image)`` gives class logits; ``net.features(image)`` what they are read from."""

    def __init__(self, options: Options) -> None:
        super().__init__()
        first, *_, last = options.widths
        stem = nn.Conv2d(
            options.image_channels, first, 3, options.stem_stride, padding=1, bias=False
        )
        blocks = [Block(first, first) for _ in range(options.depth)]
        for thin, wide in pairwise(options.widths):
            blocks.append(Block(thin, wide, stride=2))
            blocks += [Block(wide, wide) for _ in range(options.depth - 1)]
        self.layers = nn.Sequential(stem, BatchNorm2d(first), nn.ReLU(inplace=True), *blocks)
        self.dropout = nn.Dropout(options.dropout)
        self.head = nn.Linear(last, options.num_classes)
        self.apply(draw_he)

    def forward(self, image: Image) -> Float[Tensor, "b classes"]:
        return self.head(self.dropout(self.features(image)))

    def features(self, image: Image) -> Features:
        """Each channel's mean over the last maps: (b, 4 * base_channels), none negative."""
        return self.layers(image).mean((2, 3))


class Block(nn.Module):
    """Learns what to add to its input (Eqs. 1 and 2)."""

    def __init__(self, thin: int, wide: int, stride: int = 1) -> None:
        super().__init__()
        self.residual = nn.Sequential(
            nn.Conv2d(thin, wide, 3, stride, padding=1, bias=False),
            BatchNorm2d(wide),
            nn.ReLU(inplace=True),
            nn.Conv2d(wide, wide, 3, padding=1, bias=False),
            BatchNorm2d(wide),
        )
        self.stride = stride
        self.shortcut = nn.Sequential()
        if thin != wide or stride != 1:
            project = nn.Conv2d(thin, wide, 1, bias=False)
            self.shortcut = nn.Sequential(project, BatchNorm2d(wide))

    def forward(self, features: Image) -> Float[Tensor, "b wide up across"]:
        # A strided 1x1 convolution, whose backward pass oneDNN corrupts (torch 2.15, channels-last)
        kept = features[:, :, :: self.stride, :: self.stride]
        return nn.functional.relu(self.shortcut(kept) + self.residual(features))


def draw_he(module: nn.Module) -> None:
    """Weights that keep the signal's size through ReLUs (He et al. 2015, arXiv:1502.01852)."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")


ENTRY = Architecture(
    paper=Paper(
        nickname="ResNet",
        title="Deep Residual Learning for Image Recognition",
        authors="Kaiming He, Xiangyu Zhang, Shaoqing Ren, Jian Sun",
        year=2015,
        arxiv="1512.03385",
        venue="CVPR 2016",
        idea="Let each layer learn only what to add to what it was given, and a network may "
        "become as deep as one likes and still learn.",
        equation=r"h_{\ell+1} = h_\ell + \mathcal{F}(h_\ell)",
    ),
    options=Options,
    networks={"classifier": Classifier},
    tiny=Options(image_size=8, image_channels=1, num_classes=3, base_channels=4, stem_stride=1),
    abilities=frozenset({"classify"}),
    shown="classifier",
    game="classification",
)
