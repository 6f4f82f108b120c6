"""pix2pix, translation learned from pairs (Isola et al. 2016, arXiv:1611.07004).

    input --U-Net--> output             dropout is the noise
    [input, output] --PatchGAN--> a map of logits, one for each 70x70 patch

Deviations from the paper: once trained, batch norm has the statistics of training, not those of
the batch, and dropout is off unless a seed asks for one of its answers; scores have it off. Padded
sizes need not be powers of two. A latent can stand beside the input (``z_dim``, Mao et al. 2019,
arXiv:1903.05628), and the residual generator of CycleGAN in the U-Net's place (``g_kind``).
"""

from typing import Literal

from pydantic import Field

from ganzoo.architectures import Architecture
from ganzoo.architectures._translators import Generator, GeneratorOptions
from ganzoo.layers.patch import PatchJudge, sees
from ganzoo.layers.translation import PlainNorm, draw_translator
from ganzoo.papers import Paper

MOST_LAYERS = 8


class Options(GeneratorOptions):
    d_kind: Literal["pixel", "patch", "image"] = Field(
        default="patch", description="how much one logit sees; patch: as d_layers says"
    )
    d_channels: int | None = Field(
        default=None, ge=1, le=512, description="of what it judges; None: input and output together"
    )
    d_width: int = Field(default=64, ge=1, le=512)
    d_layers: int = Field(default=3, ge=1, le=MOST_LAYERS, description="3 see 70 pixels, 4 see 142")
    d_norm: PlainNorm = "batch"

    @property
    def judged_channels(self) -> int:
        return self.d_channels or self.input_channels + self.output_channels

    def channels_of(self, player: str) -> int:
        return self.input_channels if player == "generator" else self.judged_channels

    @property
    def halvings(self) -> int:
        """The judge's layers that halve the picture."""
        match self.d_kind:
            case "pixel":
                return 0
            case "patch":
                return self.d_layers
            case "image":
                enough = (n for n in range(1, MOST_LAYERS) if sees(n) >= self.image_size)
                return next(enough, MOST_LAYERS)


def generator(options: Options) -> Generator:
    network = Generator(options)
    network.apply(draw_translator)
    return network


def discriminator(options: Options) -> PatchJudge:
    """Called with input and output, one above the other: ``net(cat([input, output], 1))``."""
    network = PatchJudge(
        options.judged_channels,
        options.d_width,
        options.halvings,
        options.d_norm,
        bias=options.d_norm == "instance",
    )
    network.apply(draw_translator)
    return network


ENTRY = Architecture(
    paper=Paper(
        nickname="pix2pix",
        title="Image-to-Image Translation with Conditional Adversarial Networks",
        authors="Phillip Isola, Jun-Yan Zhu, Tinghui Zhou, Alexei A. Efros",
        year=2016,
        arxiv="1611.07004",
        venue="CVPR 2017",
        idea="Give the painter a picture to start from, and let the judge see both: one recipe "
        "turns edges into cats, labels into facades, drawings into photographs.",
        equation=r"\min_G \max_D \; \mathbb{E}\left[\log D(x, y)\right] "
        r"+ \mathbb{E}\left[\log(1 - D(x, G(x, z)))\right] "
        r"+ \lambda\, \mathbb{E}\left[\lVert y - G(x, z) \rVert_1\right]",
        parents=("cGAN", "DCGAN"),
    ),
    options=Options,
    networks={"generator": generator, "discriminator": discriminator},
    tiny=Options(
        image_size=16, g_width=4, g_downs=3, g_dropout=False, d_width=4, d_layers=1, z_dim=0
    ),
    abilities=frozenset({"translate"}),
    game="paired",
)
