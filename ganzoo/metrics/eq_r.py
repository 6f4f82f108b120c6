"""EQ-R: do pictures turn with their input? (Karras et al. 2021, arXiv:2106.12423, App. E.3.)

    EQ of T = turns about the picture's middle by U(0, 360) degrees

A turned grid cannot hold what lies in the corners of the square of frequencies that the picture's
own grid holds. So both pictures, the turned one and the one from the turned input, are compared
without these.

Deviations from the paper: it keeps the frequencies that both squares share; here only the disc that
fits into all of them is kept, whatever the angle, by a kernel of 4 pixels' reach where the paper's
reaches farther. A ceiling follows: pictures that turn perfectly and use all frequencies have 61 dB,
others 69 or more.
"""

import torch

from ganzoo.metrics._base import Estimates, Metric, Probe
from ganzoo.metrics._equivariance import PROTOCOL, equivariance
from ganzoo.motion import CUTOFF, DISC, Transform, moved
from ganzoo.papers import Paper


def judge(probe: Probe, count: int, seed: int) -> Estimates:
    return {"eq_r": equivariance(probe, count, seed, turn, turned=True)}


def turn(dice: torch.Generator, side: int) -> Transform:
    """A turn by any angle, whatever the picture's side."""
    return moved(0, 0, 360 * torch.rand((), generator=dice, dtype=torch.float64).item())


ENTRY = Metric(
    paper=Paper(
        nickname="EQ-R",
        title="Alias-Free Generative Adversarial Networks",
        authors="Karras, Aittala, Laine, Härkönen, Hellsten, Lehtinen & Aila",
        year=2021,
        arxiv="2106.12423",
        venue="NeurIPS 2021",
        idea="Turn the input and look whether the whole picture turns along.",
        equation=r"10\log_{10}\frac{2^2}{\mathbb{E}\left[(\mathbf{r}[g(z)]-g(\mathbf{r}[z]))^2"
        r"\right]}",
    ),
    yields={"eq_r": "higher"},
    words={"eq_r": "equivariance to rotation, in decibels"},
    probe=judge,
    moves=True,
    uses_network=False,
    protocol={
        **PROTOCOL, "turn_most_degrees": 360.0, "kernel_pixels": DISC, "cutoff_per_pixel": CUTOFF,
    },
)  # fmt: skip
