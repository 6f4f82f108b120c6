"""DiffAugment (Zhao et al. 2020, arXiv:2006.10738, Sec. 3.2).

    colour        + U(-1/2, 1/2);  saturation x U(0, 2);  contrast x U(1/2, 3/2)
    translation   by up to an eighth of the side, zeros come in
    cutout        a square of half the side becomes zero

Each image draws its own. Zero is mid-grey.

Deviations from the paper: none.
"""

from typing import Literal

import torch
from pydantic import Field
from torch import Tensor

from ganzoo.augment import Augment, Augmentation
from ganzoo.draws import Draws
from ganzoo.options import Options
from ganzoo.papers import Paper
from ganzoo.shapes import Image

Kind = Literal["colour", "translation", "cutout"]


class DiffAugmentOptions(Options):
    policy: tuple[Kind, ...] = ("colour", "translation", "cutout")
    reach: float = Field(1 / 8, ge=0, le=1, description="of a translation, as a share of the side")
    hole: float = Field(1 / 2, ge=0, le=1, description="side of the cut-out, as a share")


class DiffAugment(Augment):
    def __init__(self, options: DiffAugmentOptions) -> None:
        self.options = options

    def change(self, image: Image, draws: Draws) -> Image:
        policy = self.options.policy
        if "colour" in policy:
            image = coloured(image, *draws.uniform(len(image), 3).unbind(1))
        if "translation" in policy:
            image = translated(image, draws.uniform(len(image), 2), self.options.reach)
        if "cutout" in policy:
            image = cut(image, draws.uniform(len(image), 2), self.options.hole)
        return image


def coloured(image: Image, bright: Tensor, vivid: Tensor, strong: Tensor) -> Image:
    """Brightness, saturation and contrast, each from a number in [0, 1) per image."""
    bright, vivid, strong = (each[:, None, None, None] for each in (bright, vivid, strong))
    image = image + (bright - 0.5)
    grey = image.mean(1, keepdim=True)
    image = grey + (image - grey) * (2 * vivid)
    middle = image.mean((1, 2, 3), keepdim=True)
    return middle + (image - middle) * (strong + 0.5)


def translated(image: Image, place: Tensor, reach: float) -> Image:
    """Moved by whole pixels; ``place`` (b, 2) in [0, 1) says how far, down and right."""
    side = image.shape[2]
    most = round(side * reach)
    steps = (place * (2 * most + 1)).floor().long()
    padded = torch.nn.functional.pad(image, [most] * 4)
    along = torch.arange(side, device=image.device)
    each = torch.arange(len(image), device=image.device)[:, None, None]
    rows, columns = (steps[:, :1] + along)[:, :, None], (steps[:, 1:] + along)[:, None]
    return padded.permute(0, 2, 3, 1)[each, rows, columns].permute(0, 3, 1, 2)


def cut(image: Image, place: Tensor, hole: float) -> Image:
    """A square around a random pixel becomes zero, as far as it lies within the image."""
    side = image.shape[2]
    width = int(side * hole + 0.5)
    first = (place * (side + 1 - width % 2)).floor() - width // 2
    along = torch.arange(side, device=image.device)
    inside = (along >= first[:, :, None]) & (along < first[:, :, None] + width)
    kept = ~(inside[:, 0, :, None] & inside[:, 1, None, :])
    return image * kept[:, None].to(image.dtype)


ENTRY = Augmentation(
    paper=Paper(
        nickname="DiffAugment",
        title="Differentiable Augmentation for Data-Efficient GAN Training",
        authors="Shengyu Zhao, Zhijian Liu, Ji Lin, Jun-Yan Zhu, Song Han",
        year=2020,
        arxiv="2006.10738",
        venue="NeurIPS 2020",
        idea="Shift, tint and cut out pieces of all that the judge sees, reals and fakes alike, "
        "and a few hundred pictures are enough.",
        equation=r"\mathcal{L}_D = \mathbb{E}_{x}\left[f_D(-D(T(x)))\right] "
        r"+ \mathbb{E}_{z}\left[f_D(D(T(G(z))))\right]",
        parents=("GAN",),
    ),
    options=DiffAugmentOptions,
    build=DiffAugment,
)
