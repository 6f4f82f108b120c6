"""The residual discriminator that SNGAN, SAGAN and BigGAN share (Miyato et al. 2018, Fig. 8).

    image --[DownBlock, (attention)] * n--> ReLU, sum over places
          --> linear (+ projection) --> logit

Every layer is spectrally normalised, once it has its initial values.
"""

from collections.abc import Sequence
from typing import Literal

from torch import nn

from ganzoo.layers.attention import SelfAttention
from ganzoo.layers.conditional_norm import ConditionalBatchNorm2d
from ganzoo.layers.projection import Projection
from ganzoo.layers.residual import DownBlock
from ganzoo.layers.spectral_norm import spectral_norm, spectral_norm_everywhere
from ganzoo.shapes import Image, Labels, Logits

Init = Literal["orthogonal", "small", "xavier"]


class ResidualDiscriminator(nn.Module):
    """Judges an image, and where it knows classes, whether it is one of the class it is told.

    Args:
        widths: channels of the maps behind each block.
        halvings: how many of the first blocks halve their maps.
        thin: each block's hidden maps are as many as its input's, not its output's.
        clipped: every shortcut but the first starts behind the ReLU.
        attention: blocks, counted from 0, behind which self-attention stands.
        num_classes: 0 for none.
    """

    def __init__(
        self,
        image_channels: int,
        widths: Sequence[int],
        halvings: int,
        *,
        thin: Sequence[bool],
        clipped: bool = False,
        attention: Sequence[int] = (),
        num_classes: int = 0,
        init: Init = "xavier",
    ) -> None:
        super().__init__()
        before = [image_channels, *widths[:-1]]
        self.blocks = nn.ModuleList(
            DownBlock(
                narrow,
                wide,
                narrow if thin[i] else wide,
                halve=i < halvings,
                first=i == 0,
                clipped=clipped,
            )
            for i, (narrow, wide) in enumerate(zip(before, widths, strict=True))
        )
        self.attention = nn.ModuleDict({str(i): SelfAttention(widths[i]) for i in attention})
        self.head = Projection(widths[-1], num_classes)
        draw(self, init)
        spectral_norm_everywhere(self)

    def forward(self, image: Image, y: Labels | None = None) -> Logits:
        for i, block in enumerate(self.blocks):
            image = block(image)
            if str(i) in self.attention:
                image = self.attention[str(i)](image)
        return self.head(image, y)


def normalise(generator: nn.Module) -> None:
    """Spectral norm on every linear and convolutional layer; embeddings stay as they are."""
    for layer in [m for m in generator.modules() if isinstance(m, nn.Conv2d | nn.Linear)]:
        spectral_norm(layer)


def draw(network: nn.Module, init: Init) -> None:
    """Initial values of every weight with two axes or more, but the gains of each class.

    | init | paper |
    |---|---|
    | orthogonal | rows or columns are orthonormal (Saxe et al. 2014, arXiv:1312.6120) |
    | small | N(0, 0.02^2) (Radford et al. 2015, arXiv:1511.06434) |
    | xavier | uniform, of variance 2 / (fan in + fan out) (Glorot & Bengio 2010); twice that for \
the two convolutions of a residual block |
    """
    doubled = {
        conv
        for block in network.modules()
        for name, conv in block.named_children()
        if name in ("conv1", "conv2")
    }
    looked_up = {
        child
        for norm in network.modules()
        if isinstance(norm, ConditionalBatchNorm2d)
        for child in norm.children()
        if isinstance(child, nn.Embedding)
    }
    for module in network.modules():
        if module in looked_up or not isinstance(module, nn.Conv2d | nn.Linear | nn.Embedding):
            continue
        if init == "orthogonal" and not module.weight.is_meta:
            nn.init.orthogonal_(module.weight)
        elif init == "small":
            nn.init.normal_(module.weight, 0, 0.02)
        elif init == "xavier":
            nn.init.xavier_uniform_(module.weight, 2**0.5 if module in doubled else 1.0)
