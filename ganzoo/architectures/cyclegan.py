"""CycleGAN, translation learned without pairs (Zhu et al. 2017, arXiv:1703.10593).

    x --generator--> y' --back_generator--> x''      x'' should be x again
    y --back_generator--> x' --generator--> y''      y'' should be y again
    y or y' --discriminator--> logits       x or x' --back_discriminator--> logits

Deviations from the paper: a U-Net can stand in the residual generators' place (``g_kind``).
"""

from typing import Literal

from pydantic import Field

from ganzoo.architectures import Architecture
from ganzoo.architectures._translators import Generator, GeneratorOptions
from ganzoo.layers.patch import PatchJudge
from ganzoo.layers.translation import PlainNorm, draw_translator
from ganzoo.papers import Paper


class Options(GeneratorOptions):
    g_kind: Literal["unet", "resnet"] = "resnet"
    g_norm: PlainNorm = "instance"
    g_dropout: bool = False
    z_dim: int = Field(default=0, ge=0, le=0, description="each picture has one translation")
    d_width: int = Field(default=64, ge=1, le=512)
    d_layers: int = Field(default=3, ge=0, le=8, description="0 judges each pixel alone")
    d_norm: PlainNorm = "instance"

    def channels_of(self, player: str) -> int:
        starts = player in ("generator", "back_discriminator")
        return self.input_channels if starts else self.output_channels


def generator(options: Options, backwards: bool = False) -> Generator:
    network = Generator(options, backwards)
    network.apply(draw_translator)
    return network


def discriminator(options: Options, backwards: bool = False) -> PatchJudge:
    channels = options.input_channels if backwards else options.output_channels
    bias = options.d_norm == "instance"
    network = PatchJudge(channels, options.d_width, options.d_layers, options.d_norm, bias=bias)
    network.apply(draw_translator)
    return network


ENTRY = Architecture(
    paper=Paper(
        nickname="CycleGAN",
        title="Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks",
        authors="Jun-Yan Zhu, Taesung Park, Phillip Isola, Alexei A. Efros",
        year=2017,
        arxiv="1703.10593",
        venue="ICCV 2017",
        idea="Without a single pair: two painters translate there and back, and whoever returns "
        "must arrive where the journey began.",
        equation=r"\mathcal{L}_{\text{cyc}} = \mathbb{E}_x\left[\lVert F(G(x)) - x \rVert_1\right] "
        r"+ \mathbb{E}_y\left[\lVert G(F(y)) - y \rVert_1\right]",
        parents=("pix2pix", "LSGAN"),
    ),
    options=Options,
    networks={
        "generator": generator,
        "discriminator": discriminator,
        "back_generator": lambda options: generator(options, backwards=True),
        "back_discriminator": lambda options: discriminator(options, backwards=True),
    },
    tiny=Options(image_size=16, g_width=4, g_blocks=1, d_width=4, d_layers=1),
    abilities=frozenset({"translate", "there_and_back"}),
    game="unpaired",
)
