"""SNGAN (Miyato, Kataoka, Koyama & Yoshida 2018, arXiv:1802.05957, Table 4 and Fig. 8).

    z --linear--> 4x4 --[UpBlock] * n--> norm, ReLU, conv --> tanh --> image
    image --[DownBlock] * m--> ReLU --> sum over places --> linear --> logit

Every layer of the discriminator is divided by its largest singular value, so that its slope stays
bounded whatever it learns. With ``num_classes`` the networks are those of the companion paper
(Miyato & Koyama 2018, arXiv:1802.05637): conditional batch norm in the generator, a projection in
the discriminator.

Deviations from the paper: the last layer of the discriminator has a bias. The default networks are
those for CIFAR-10; widths, depths, how maps grow and where shortcuts start are options, because
public codes differ in them.
"""

from pydantic import model_validator
from torch import nn

from ganzoo.architectures import Architecture
from ganzoo.architectures._resnet import ResidualDiscriminator
from ganzoo.architectures._resnet_generator import ResidualGenerator, ResidualOptions
from ganzoo.papers import Paper


class Options(ResidualOptions):
    @model_validator(mode="after")
    def doubles_from_a_whole_bottom(self) -> "Options":
        assert self.bottom
        return self


def generator(options: Options) -> nn.Module:
    return ResidualGenerator(
        options.z_dim,
        options.image_channels,
        options.g_widths,
        options.bottom,
        doubling=options.g_doubling,
        num_classes=options.num_classes,
        init=options.init,
    )


def discriminator(options: Options) -> nn.Module:
    return ResidualDiscriminator(
        options.image_channels,
        options.d_widths,
        options.d_halvings,
        thin=[i > 0 for i in range(len(options.d_widths))],
        clipped=options.d_clipped,
        num_classes=options.num_classes,
        init=options.init,
    )


ENTRY = Architecture(
    paper=Paper(
        nickname="SNGAN",
        title="Spectral Normalization for Generative Adversarial Networks",
        authors="Takeru Miyato, Toshiki Kataoka, Masanori Koyama, Yuichi Yoshida",
        year=2018,
        arxiv="1802.05957",
        venue="ICLR 2018",
        idea="Divide every layer of the judge by its largest singular value: its slope stays "
        "bounded, and no penalty has to be paid for it.",
        equation=r"W_{\text{SN}} = \frac{W}{\sigma(W)}, \qquad "
        r"\sigma(W) = \max_{h \neq 0} \frac{\lVert W h \rVert_2}{\lVert h \rVert_2}",
        parents=("WGAN-GP", "Geometric GAN"),
    ),
    options=Options,
    networks={"generator": generator, "discriminator": discriminator},
    tiny=Options(
        image_size=8, z_dim=8, num_classes=3, g_widths=(8, 4), d_widths=(4, 4), d_halvings=1
    ),
    abilities=frozenset({"sample", "classes", "blend", "truncate"}),
)
