"""EQ-T: do pictures move with their input? (Karras et al. 2021, arXiv:2106.12423, App. E.1, E.2.)

    EQ of T = moves in both directions by U(-1/8, 1/8) of a picture's width
    eq_t        by whole pixels: the still picture is moved as it is
    eq_t_frac   by parts of one: it is read between its pixels with Lanczos' kernel of three lobes

A network whose details stick to the grid may follow by whole pixels of its coarsest maps, and by
nothing in between.

Deviations from the paper: none.
"""

import torch

from ganzoo.metrics._base import Estimates, Metric, Probe
from ganzoo.metrics._equivariance import PROTOCOL, equivariance
from ganzoo.motion import Transform, moved
from ganzoo.papers import Paper

MOST = 1 / 8  # of a picture's width


def judge(probe: Probe, count: int, seed: int) -> Estimates:
    return {
        "eq_t": equivariance(probe, count, seed, whole, turned=False),
        "eq_t_frac": equivariance(probe, count, seed, parts, turned=False),
    }


def whole(dice: torch.Generator, side: int) -> Transform:
    """A move by whole pixels."""
    right, down = ((_far(dice) * side).round() / side).tolist()
    return moved(right, down, 0)


def parts(dice: torch.Generator, side: int) -> Transform:
    """A move by parts of a pixel, whatever the picture's side."""
    right, down = _far(dice).tolist()
    return moved(right, down, 0)


def _far(dice: torch.Generator) -> torch.Tensor:
    return (torch.rand(2, generator=dice, dtype=torch.float64) * 2 - 1) * MOST


ENTRY = Metric(
    paper=Paper(
        nickname="EQ-T",
        title="Alias-Free Generative Adversarial Networks",
        authors="Karras, Aittala, Laine, Härkönen, Hellsten, Lehtinen & Aila",
        year=2021,
        arxiv="2106.12423",
        venue="NeurIPS 2021",
        idea="Move the input and look whether the whole picture moves along, or details stay.",
        equation=r"10\log_{10}\frac{2^2}{\mathbb{E}\left[(\mathbf{t}[g(z)]-g(\mathbf{t}[z]))^2"
        r"\right]}",
    ),
    yields={"eq_t": "higher", "eq_t_frac": "higher"},
    words={
        "eq_t": "equivariance to shifts of whole pixels, in decibels",
        "eq_t_frac": "equivariance to shifts of parts of pixels, in decibels",
    },
    probe=judge,
    moves=True,
    uses_network=False,
    protocol={**PROTOCOL, "shift_most": MOST},
)
