"""Conditional GAN (Mirza & Osindero 2014, arXiv:1411.1784, Fig. 1 and Sec. 4.1).

    z     --> linear, ReLU --+
                             +--> linear, ReLU --> linear --> tanh --> image
    y     --> linear, ReLU --+

    image --> maxout --------+
                             +--> maxout --> linear --> logit
    y     --> maxout --------+

Labels enter as one-hot vectors; dropout follows every hidden layer.

Deviations from the paper: pixels lie in [-1, 1], so the generator ends in tanh, not a sigmoid;
latents are Gaussian, not uniform; the discriminator returns logits, the objective applies the
sigmoid; the generator's dropout is an option and off by default.
"""

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from ganzoo.architectures import Architecture, Channels, LatentOptions
from ganzoo.layers.maxout import Maxout
from ganzoo.papers import Paper
from ganzoo.shapes import Image, Labels, Latent, Told, Verdicts


class Options(LatentOptions):
    image_size: int = Field(default=28, ge=4, le=128, description="side in pixels")
    image_channels: Channels = 1
    num_classes: int = Field(default=10, ge=2, le=1000)
    g_latent_width: int = Field(
        default=200, ge=1, le=8192, description="hidden units for the latent"
    )
    g_label_width: int = Field(
        default=1000, ge=1, le=8192, description="hidden units for the label"
    )
    g_width: int = Field(default=1200, ge=1, le=8192, description="hidden units for both together")
    g_dropout: float = Field(default=0.0, ge=0, lt=1)
    d_width: int = Field(
        default=240, ge=1, le=8192, description="maxout units for image, and for both"
    )
    d_label_width: int = Field(default=50, ge=1, le=8192, description="maxout units for the label")
    d_pieces: int = Field(default=5, ge=1, le=16, description="linear pieces of each separate unit")
    d_joint_pieces: int = Field(
        default=4, ge=1, le=16, description="linear pieces of each joint unit"
    )
    d_dropout: float = Field(default=0.5, ge=0, lt=1)

    @property
    def pixels(self) -> int:
        """Numbers in an image."""
        return self.image_channels * self.image_size**2


class Generator(nn.Module):
    def __init__(self, options: Options) -> None:
        super().__init__()
        self.num_classes = options.num_classes
        self.shape = (options.image_channels, options.image_size, options.image_size)
        self.latent = hidden(options.z_dim, options.g_latent_width, options.g_dropout)
        self.label = hidden(options.num_classes, options.g_label_width, options.g_dropout)
        both = options.g_latent_width + options.g_label_width
        self.joint = nn.Sequential(
            hidden(both, options.g_width, options.g_dropout),
            nn.Linear(options.g_width, options.pixels),
            nn.Tanh(),
        )

    def forward(self, z: Latent, y: Told) -> Image:
        label = self.label(one_hot(y, self.num_classes, z))
        return self.joint(torch.cat([self.latent(z), label], 1)).unflatten(1, self.shape)


class Discriminator(nn.Module):
    def __init__(self, options: Options) -> None:
        super().__init__()
        self.num_classes = options.num_classes
        self.image = nn.Sequential(
            Maxout(options.pixels, options.d_width, options.d_pieces),
            nn.Dropout(options.d_dropout),
        )
        self.label = nn.Sequential(
            Maxout(options.num_classes, options.d_label_width, options.d_pieces),
            nn.Dropout(options.d_dropout),
        )
        both = options.d_width + options.d_label_width
        self.joint = nn.Sequential(
            Maxout(both, options.d_width, options.d_joint_pieces),
            nn.Dropout(options.d_dropout),
            nn.Linear(options.d_width, 1),
        )

    def forward(self, image: Image, y: Labels) -> Verdicts:
        label = self.label(one_hot(y, self.num_classes, image))
        return self.joint(torch.cat([self.image(image.flatten(1)), label], 1)).squeeze(1)


def hidden(width: int, units: int, dropout: float) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, units), nn.ReLU(), nn.Dropout(dropout))


def one_hot(y: Told, num_classes: int, like: Tensor) -> Float[Tensor, "b classes"]:
    """1 at the label and 0 elsewhere, in the number type of ``like``; shares stay shares."""
    if y.is_floating_point():
        return y.to(like.dtype)
    return nn.functional.one_hot(y.long(), num_classes).to(like.dtype)


ENTRY = Architecture(
    paper=Paper(
        nickname="cGAN",
        title="Conditional Generative Adversarial Nets",
        authors="Mehdi Mirza, Simon Osindero",
        year=2014,
        arxiv="1411.1784",
        venue="arXiv preprint",
        idea="Tell both the painter and the judge which class is wanted, and you can order a "
        "seven instead of waiting for one.",
        equation=r"\min_G \max_D \; \mathbb{E}_{x}\left[\log D(x \mid y)\right] "
        r"+ \mathbb{E}_{z}\left[\log\left(1 - D(G(z \mid y) \mid y)\right)\right]",
        parents=("GAN",),
    ),
    options=Options,
    networks={"generator": Generator, "discriminator": Discriminator},
    tiny=Options(
        image_size=8,
        z_dim=8,
        num_classes=3,
        g_latent_width=8,
        g_label_width=8,
        g_width=16,
        d_width=8,
        d_label_width=4,
        d_pieces=2,
        d_joint_pieces=2,
    ),
    abilities=frozenset({"sample", "classes", "blend", "truncate"}),
)
