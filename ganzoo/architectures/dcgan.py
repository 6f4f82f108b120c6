"""DCGAN, the all-convolutional GAN (Radford, Metz & Chintala 2015, arXiv:1511.06434, Fig. 1).

    z --project--> 4x4 --[norm, ReLU, deconv x2] * n--> tanh --> image
    image --conv/2--> LeakyReLU --[conv/2, norm, LeakyReLU] * n--> 4x4 --conv--> logit

Deviations from the paper: the discriminator returns logits, the objective applies the sigmoid;
latents are Gaussian, not uniform; the default width is half of Fig. 1's (base_channels=128).
Later papers' critics are options: other norms (without one, weights are drawn as He et al. 2015,
arXiv:1502.01852, because N(0, 0.02^2) would let the signal fade), spectral norm, minibatch
discrimination.
"""

from itertools import pairwise

from pydantic import Field, field_validator
from torch import nn

from ganzoo.architectures import Architecture, LatentOptions
from ganzoo.layers.minibatch_discrimination import MinibatchDiscrimination
from ganzoo.layers.norms import Norm, norm
from ganzoo.layers.project import Project
from ganzoo.layers.spectral_norm import spectral_norm_everywhere
from ganzoo.layers.units import by_side
from ganzoo.papers import Paper
from ganzoo.shapes import Image, Latent, Verdicts

SLOPE = 0.2  # of the discriminator's LeakyReLU below zero


class Options(LatentOptions):
    image_size: int = Field(default=64, ge=8, le=1024, description="side in pixels: 8, 16, 32, ...")
    base_channels: int = Field(
        default=64, ge=1, le=512, description="width at half size; then doubling"
    )
    g_norm: Norm = "batch"
    d_norm: Norm = Field(default="batch", description="not batch where each image is judged alone")
    d_spectral: bool = Field(default=False, description="spectral norm on every layer of the judge")
    d_minibatch: int = Field(
        default=0, ge=0, le=512, description="kernels of minibatch discrimination"
    )

    @field_validator("image_size")
    @classmethod
    def halves_down_to_four(cls, size: int) -> int:
        if size != 4 << (size.bit_length() - 3):
            raise ValueError("DCGAN halves its image down to 4x4: the side is 8, 16, 32, 64, ...")
        return size

    @property
    def widths(self) -> list[int]:
        """Channels of the feature maps at size/2, size/4, ..., 4."""
        return [self.base_channels << k for k in range(self.image_size.bit_length() - 3)]


class Generator(nn.Module):
    def __init__(self, options: Options) -> None:
        super().__init__()
        coarse_to_fine = options.widths[::-1]
        layers: list[nn.Module] = [Project(options.z_dim, coarse_to_fine[0])]
        for wide, thin in pairwise([*coarse_to_fine, options.image_channels]):
            deconv = nn.ConvTranspose2d(wide, thin, 4, 2, 1, bias=False)
            layers += [norm(options.g_norm, wide), nn.ReLU(inplace=True), deconv]
        self.layers = nn.Sequential(*layers, nn.Tanh()).apply(draw_small)

    def forward(self, z: Latent) -> Image:
        return self.layers(z)

    def unit_layers(self) -> dict[str, nn.Module]:
        """Every map but the image, behind its ReLU."""
        maps = (module for module in self.layers if isinstance(module, nn.ReLU))
        return by_side((4 << k, module) for k, module in enumerate(maps))


class Discriminator(nn.Module):
    def __init__(self, options: Options) -> None:
        super().__init__()
        unscaled = options.d_norm == "none"
        fine_to_coarse = options.widths
        layers: list[nn.Module] = [
            nn.Conv2d(options.image_channels, fine_to_coarse[0], 4, 2, 1),
            nn.LeakyReLU(SLOPE, inplace=True),
        ]
        for thin, wide in pairwise(fine_to_coarse):
            conv = nn.Conv2d(thin, wide, 4, 2, 1, bias=unscaled)
            layers += [conv, norm(options.d_norm, wide), nn.LeakyReLU(SLOPE, inplace=True)]
        self.layers = nn.Sequential(*layers)
        self.judge = nn.Conv2d(fine_to_coarse[-1], 1, 4)
        self.crowd = Crowd(fine_to_coarse[-1], options.d_minibatch) if options.d_minibatch else None
        self.apply(draw_he if unscaled else draw_small)
        if options.d_spectral:
            spectral_norm_everywhere(self)

    def forward(self, image: Image) -> Verdicts:
        features = self.layers(image)
        verdicts = self.judge(features).flatten()
        return verdicts if self.crowd is None else verdicts + self.crowd(features)


class Crowd(nn.Module):
    """What an image's closeness to the rest of its batch adds to its logit."""

    def __init__(self, channels: int, kernels: int) -> None:
        super().__init__()
        self.compare = MinibatchDiscrimination(channels * 4 * 4, kernels)
        self.judge = nn.Linear(kernels, 1, bias=False)

    def forward(self, features: Image) -> Verdicts:
        return self.judge(self.compare(features.flatten(1))).squeeze(1)


def draw_small(module: nn.Module) -> None:
    """Weights from N(0, 0.02^2) (Sec. 4); gains from N(1, 0.02^2), as in the authors' code."""
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)


def draw_he(module: nn.Module) -> None:
    """Weights that keep the signal's size through LeakyReLUs (He et al. 2015, Eq. 15)."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, a=SLOPE)


ENTRY = Architecture(
    paper=Paper(
        nickname="DCGAN",
        title="Unsupervised Representation Learning with Deep Convolutional Generative "
        "Adversarial Networks",
        authors="Alec Radford, Luke Metz, Soumith Chintala",
        year=2015,
        arxiv="1511.06434",
        venue="ICLR 2016",
        idea="Build both players of convolutions alone, with batch norm, and training holds: the "
        "latent space becomes smooth enough to walk through and to do arithmetic in.",
        equation=r"z_{\text{smiling woman}} - z_{\text{woman}} + z_{\text{man}} "
        r"\approx z_{\text{smiling man}}",
        parents=("GAN",),
    ),
    options=Options,
    networks={"generator": Generator, "discriminator": Discriminator},
    tiny=Options(image_size=16, z_dim=8, base_channels=4),
    abilities=frozenset({"sample", "dissect"}),
)
