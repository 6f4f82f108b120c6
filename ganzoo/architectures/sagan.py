"""SAGAN (Zhang, Goodfellow, Metaxas & Odena 2018, arXiv:1805.08318, Sec. 3 and 4).

    z --linear--> 4x4 --[UpBlock, (attention)] * n--> norm, ReLU, conv --> tanh --> image
    image --[DownBlock, (attention)] * m--> ReLU, sum over places --> linear + projection --> logit

Self-attention in both networks lets far places agree; spectral norm in both keeps both steady; the
discriminator learns faster than the generator instead of more often (``lr`` by player, Heusel et
al. 2017, arXiv:1706.08500).

Deviations from the paper: the default networks are for 32 pixels, of SNGAN's widths for CIFAR-10,
and the judge's blocks widen where SNGAN's do; the paper's are ``image_size: 128``,
``g_widths: [1024, 1024, 512, 256, 128, 64], g_attention: [2]``,
``d_widths: [64, 128, 256, 512, 1024, 1024], d_halvings: 5, d_attention: [1], d_thin: false``.
"""

from pydantic import Field, model_validator
from torch import nn

from ganzoo.architectures import Architecture
from ganzoo.architectures._resnet import ResidualDiscriminator
from ganzoo.architectures._resnet_generator import ResidualGenerator, ResidualOptions
from ganzoo.layers.biggan_widths import check_places
from ganzoo.papers import Paper


class Options(ResidualOptions):
    num_classes: int = Field(default=10, ge=0, le=10_000, description="0: told no class")
    g_attention: tuple[int, ...] = Field(
        default=(1,), description="blocks, from 0, with attention behind them"
    )
    d_attention: tuple[int, ...] = Field(
        default=(1,), description="blocks, from 0, with attention behind them"
    )
    d_thin: bool = Field(
        default=True,
        description="the judge's blocks, but for the first, widen in their second half",
    )

    @model_validator(mode="after")
    def fits_together(self) -> "Options":
        assert self.bottom
        check_places("g_attention", self.g_attention, len(self.g_widths) - 1)
        check_places("d_attention", self.d_attention, len(self.d_widths))
        return self


def generator(options: Options) -> nn.Module:
    return ResidualGenerator(
        options.z_dim,
        options.image_channels,
        options.g_widths,
        options.bottom,
        doubling=options.g_doubling,
        attention=options.g_attention,
        num_classes=options.num_classes,
        spectral=True,
        init=options.init,
    )


def discriminator(options: Options) -> nn.Module:
    return ResidualDiscriminator(
        options.image_channels,
        options.d_widths,
        options.d_halvings,
        thin=[options.d_thin and i > 0 for i in range(len(options.d_widths))],
        clipped=options.d_clipped,
        attention=options.d_attention,
        num_classes=options.num_classes,
        init=options.init,
    )


ENTRY = Architecture(
    paper=Paper(
        nickname="SAGAN",
        title="Self-Attention Generative Adversarial Networks",
        authors="Han Zhang, Ian Goodfellow, Dimitris Metaxas, Augustus Odena",
        year=2018,
        arxiv="1805.08318",
        venue="ICML 2019",
        idea="Let every place of a picture look at every other one, so that legs are counted and "
        "not merely textured.",
        equation=r"o_j = \gamma \, v\!\left(\sum_i \beta_{j,i} \, h(x_i)\right) + x_j, \qquad "
        r"\beta_{j,i} = \frac{\exp\left(f(x_i)^\top g(x_j)\right)}"
        r"{\sum_i \exp\left(f(x_i)^\top g(x_j)\right)}",
        parents=("SNGAN",),
    ),
    options=Options,
    networks={"generator": generator, "discriminator": discriminator},
    tiny=Options(
        image_size=8,
        z_dim=8,
        num_classes=3,
        g_widths=(8, 8),
        g_attention=(0,),
        d_widths=(8, 4),
        d_halvings=1,
        d_attention=(0,),
    ),
    abilities=frozenset({"sample", "classes", "blend", "truncate"}),
)
