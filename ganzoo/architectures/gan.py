"""The first GAN, of multi-layer perceptrons (Goodfellow et al. 2014, arXiv:1406.2661).

    z     --> [linear, ReLU] * 2 --> linear --> tanh --> image
    image --> [dropout, maxout] * 2 --> dropout --> linear --> logit

Sizes and dropout are those of the authors' published MNIST settings; the paper gives none.

Deviations from the paper: pixels lie in [-1, 1], so the generator ends in tanh, not a sigmoid;
the discriminator returns logits, the objective applies the sigmoid; initial weights are torch's.
"""

from pydantic import Field
from torch import nn

from ganzoo.architectures import Architecture, Channels, LatentOptions
from ganzoo.layers.maxout import Maxout
from ganzoo.papers import Paper
from ganzoo.shapes import Image, Latent, Verdicts


class Options(LatentOptions):
    image_size: int = Field(default=28, ge=4, le=128, description="side in pixels")
    image_channels: Channels = 1
    g_width: int = Field(default=1200, ge=1, le=8192, description="the generator's hidden units")
    d_width: int = Field(default=240, ge=1, le=8192, description="the discriminator's maxout units")
    d_pieces: int = Field(default=5, ge=1, le=16, description="linear pieces of each maxout unit")
    d_dropout: float = Field(default=0.5, ge=0, lt=1, description="share of hidden units left out")
    d_input_dropout: float = Field(default=0.2, ge=0, lt=1, description="share of pixels left out")

    @property
    def pixels(self) -> int:
        """Numbers in an image."""
        return self.image_channels * self.image_size**2


class Generator(nn.Module):
    def __init__(self, options: Options) -> None:
        super().__init__()
        self.shape = (options.image_channels, options.image_size, options.image_size)
        self.layers = nn.Sequential(
            nn.Linear(options.z_dim, options.g_width),
            nn.ReLU(),
            nn.Linear(options.g_width, options.g_width),
            nn.ReLU(),
            nn.Linear(options.g_width, options.pixels),
            nn.Tanh(),
        )

    def forward(self, z: Latent) -> Image:
        return self.layers(z).unflatten(1, self.shape)


class Discriminator(nn.Module):
    def __init__(self, options: Options) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),
            nn.Dropout(options.d_input_dropout),
            Maxout(options.pixels, options.d_width, options.d_pieces),
            nn.Dropout(options.d_dropout),
            Maxout(options.d_width, options.d_width, options.d_pieces),
            nn.Dropout(options.d_dropout),
            nn.Linear(options.d_width, 1),
        )

    def forward(self, image: Image) -> Verdicts:
        return self.layers(image).squeeze(1)


ENTRY = Architecture(
    paper=Paper(
        nickname="GAN",
        title="Generative Adversarial Networks",
        authors="Ian Goodfellow, Jean Pouget-Abadie, Mehdi Mirza, Bing Xu, David Warde-Farley, "
        "Sherjil Ozair, Aaron Courville, Yoshua Bengio",
        year=2014,
        arxiv="1406.2661",
        venue="NeurIPS 2014",
        idea="A forger and a detective train each other: one network learns to paint pictures, "
        "by fooling another that learns to tell them from real ones.",
        equation=r"\min_G \max_D \; \mathbb{E}_{x}\left[\log D(x)\right] "
        r"+ \mathbb{E}_{z}\left[\log\left(1 - D(G(z))\right)\right]",
    ),
    options=Options,
    networks={"generator": Generator, "discriminator": Discriminator},
    tiny=Options(image_size=8, z_dim=8, g_width=16, d_width=8, d_pieces=2),
)
