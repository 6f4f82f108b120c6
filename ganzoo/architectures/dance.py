"""Everybody Dance Now (Chan, Ginosar, Zhou & Efros 2018, arXiv:1808.07371, Secs. 3 and 4).

    [stick figure x_t, last picture G(x_{t-1})] --pix2pixHD's generator--> G(x_t)
    [x_{t-1}, x_t, G(x_{t-1}), G(x_t)] and its halves --> one PatchGAN for each scale

A film is painted picture by picture, each told the last one: so what moves does not flicker. The
first is told a picture of zeros, which is grey. Judges see two poses and two pictures at a time.

Deviations from the paper: no second network for the face: at these sizes a head is ten pixels wide.
"""

from typing import Literal

import torch
from pydantic import Field
from torch import Tensor

from ganzoo.architectures import Architecture, pix2pixhd
from ganzoo.architectures.pix2pixhd import Discriminator
from ganzoo.papers import Paper
from ganzoo.shapes import Image, Translation

FRAMES = 2  # that a judge sees at a time


class Options(pix2pixhd.Options):
    g_kind: Literal["global", "local"] = "local"
    g_edges: Literal[False] = Field(default=False, description="a stick figure has no areas")  # pyright: ignore[reportIncompatibleVariableOverride]
    z_dim: int = Field(default=0, ge=0, le=0, description="a pose has one picture")
    d_scales: int = Field(default=3, ge=1, le=5)

    @property
    def given_channels(self) -> int:
        return self.input_channels + self.output_channels

    @property
    def judged_channels(self) -> int:
        return self.d_channels or FRAMES * (self.input_channels + self.output_channels)


class Generator(pix2pixhd.Generator):
    """From a stick figure and the last picture to the next one."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.painted = options.output_channels

    def forward(self, image: Image, last: Translation | None = None) -> Translation:  # pyright: ignore[reportIncompatibleMethodOverride]
        count, _, height, width = image.shape
        zeros = image.new_zeros(count, self.painted, height, width)
        return super().forward(torch.cat([image, zeros if last is None else last], 1))

    def film(self, poses: Image) -> Tensor:
        """The pictures of poses in order, each told the one before."""
        last, frames = None, []
        for pose in poses.split(1):
            last = self(pose, last)
            frames.append(last)
        return torch.cat(frames)


ENTRY = Architecture(
    paper=Paper(
        nickname="Everybody Dance Now",
        title="Everybody Dance Now",
        authors="Caroline Chan, Shiry Ginosar, Tinghui Zhou, Alexei A. Efros",
        year=2018,
        arxiv="1808.07371",
        venue="ICCV 2019",
        idea="Stick figures carry one dancer's moves to another's body; told its last picture, the "
        "painter of frames does not flicker.",
        equation=r"\min_G \Big( \sum_k \max_{D_k} \mathbb{E} \log D_k(x_{t-1}, x_t, y_{t-1}, y_t) "
        r"+ \mathbb{E} \log\big(1 - D_k(x_{t-1}, x_t, G(x_{t-1}), G(x_t))\big) \Big)",
        parents=("pix2pixHD",),
    ),
    options=Options,
    networks={"generator": Generator, "discriminator": Discriminator},
    tiny=Options(
        image_size=16,
        g_kind="global",
        g_width=4,
        g_downs=1,
        g_blocks=1,
        d_width=4,
        d_layers=1,
        d_scales=2,
    ),
    abilities=frozenset({"dance"}),
    game="dance",
)
