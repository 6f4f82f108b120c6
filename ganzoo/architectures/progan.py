"""ProGAN (Karras et al. 2018, arXiv:1710.10196, Fig. 2 and Table 2).

    z --unit--> linear --> 4x4 --conv--> --[doubled, conv, conv] * n--> to RGB --> image
    after each of them LeakyReLU and pixel norm

The networks grow: first they learn 4x4 pixels, then 8x8, ..., each new pair of layers faded in.

Deviations from the paper: the game decides when to grow, by its share of the budget. The gain of
sqrt(2) stands behind a layer's rectifier, not in its weights: biases learn by as much faster.
"""

from typing import Literal, cast

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from ganzoo.architectures import Architecture
from ganzoo.architectures._growing import Discriminator, GrowingOptions
from ganzoo.errors import InputError
from ganzoo.layers.activations import GAIN, SLOPE, bend
from ganzoo.layers.equalized import EqualConv, EqualLinear, unit
from ganzoo.layers.growing import Grows, enlarged
from ganzoo.layers.units import by_side
from ganzoo.papers import Paper
from ganzoo.shapes import Image, Latent


class Options(GrowingOptions):
    g_widths: tuple[int, ...] = Field(
        (), description="channels at 4x4, 8x8, …; the paper's if empty"
    )
    g_slope: float = Field(default=SLOPE, ge=0, le=1, description="of LeakyReLU below zero")
    g_output: Literal["linear", "tanh"] = Field(
        default="linear", description="what bends the picture at the end, if anything does"
    )


class Generator(Grows):
    def __init__(self, options: Options) -> None:
        super().__init__(options.stages)
        widths = options.widths(options.g_widths)
        self.size, self.output, self.slope = options.image_size, options.g_output, options.g_slope
        self.project = EqualLinear(options.z_dim, 16 * widths[0], gain=GAIN)
        self.first = EqualConv(widths[0], widths[0], 3, gain=GAIN)
        self.blocks = nn.ModuleList(
            nn.ModuleList(
                [EqualConv(widths[k], widths[k + 1], 3, gain=GAIN),
                 EqualConv(widths[k + 1], widths[k + 1], 3, gain=GAIN)]
            )
            for k in range(len(widths) - 1)
        )  # fmt: skip
        self.seen = nn.ModuleList(nn.Identity() for _ in widths)  # where units can be reached
        self.paints = nn.ModuleList(EqualConv(wide, options.image_channels, 1) for wide in widths)

    def forward(self, z: Latent, alpha: float | None = None) -> Image:
        """Paints.

        Args:
            alpha: share of the last stage in the picture; as far as the network has grown if None.

        Raises:
            InputError: if alpha is no share.
        """
        stage, grown = self.stage()
        alpha = grown if alpha is None else alpha
        if not 0 <= alpha <= 1:
            raise InputError(f"alpha is a share of the last stage, 0 to 1; got {alpha!r}")
        features = self._bent(self.project(unit(z))).unflatten(1, (-1, 4, 4))
        features = self.seen[0](unit(self._bent(self.first(unit(features)))))
        before = features
        for block, seen in zip(self.blocks[:stage], self.seen[1:], strict=False):
            before, features = features, enlarged(features, 2)
            for conv in cast(nn.ModuleList, block):
                features = unit(self._bent(conv(features)))
            features = seen(features)
        image = self.paints[stage](features)
        if alpha < 1 and stage:
            image = torch.lerp(enlarged(self.paints[stage - 1](before), 2), image, alpha)
        image = image.float().tanh() if self.output == "tanh" else image.float()
        return enlarged(image, self.size // image.shape[2])

    def _bent(self, features: Float[Tensor, "b ..."]) -> Float[Tensor, "b ..."]:
        return bend(features, "lrelu", self.slope)

    def unit_layers(self) -> dict[str, nn.Module]:
        """The last map of each resolution, behind its pixel norm, as far as it has grown."""
        return by_side((4 << k, self.seen[k]) for k in range(self.stage()[0] + 1))


ENTRY = Architecture(
    paper=Paper(
        nickname="ProGAN",
        title="Progressive Growing of GANs for Improved Quality, Stability, and Variation",
        authors="Tero Karras, Timo Aila, Samuli Laine, Jaakko Lehtinen",
        year=2018,
        arxiv="1710.10196",
        venue="ICLR 2018",
        idea="Begin with pictures of four by four pixels and double them again and again, fading "
        "each new layer in: what is learned at small scale stays learned.",
        equation=r"x_k = (1 - \alpha) \operatorname{up}(x_{k-1}) "
        r"+ \alpha \operatorname{toRGB}_k(h_k), \qquad \alpha: 0 \to 1",
        parents=("WGAN-GP",),
    ),
    options=Options,
    networks={"generator": Generator, "discriminator": Discriminator},
    tiny=Options(image_size=16, z_dim=8, g_widths=(8, 8, 4), d_widths=(8, 8, 4)),
    abilities=frozenset({"sample", "dissect"}),
    bounded=False,
    game="progressive",
)
