"""Peak signal-to-noise ratio of a translation against the wanted picture, in dB.

    psnr(a, b) = -10 log10 mean (a - b)^2,   pixels in [0, 1], at most 100

Deviations from the paper: equal pictures would have infinitely many; they count as 100.
"""

from jaxtyping import Float
from torch import Tensor

from ganzoo.metrics._base import Metric
from ganzoo.papers import Paper
from ganzoo.shapes import Image

MOST = 100.0  # dB


def psnr(image: Image, wanted: Image) -> Float[Tensor, " b"]:
    """Of each picture: 20 where pixels are off by a tenth, 40 where they are by a hundredth."""
    return decibels((image.float() - wanted.float()).div(2).square().flatten(1).mean(1))


def decibels(error: Float[Tensor, "..."]) -> Float[Tensor, "..."]:
    """Of mean squared errors of pixels in [0, 1]."""
    return -10 * error.clamp(min=10 ** (-MOST / 10)).log10()


ENTRY = Metric(
    paper=Paper(
        nickname="PSNR",
        title="Scope of validity of PSNR in image/video quality assessment",
        authors="Huynh-Thu & Ghanbari",
        year=2008,
        arxiv="",
        venue="Electronics Letters 44(13)",
        idea="The mean squared error on the scale of the ear: every 10 dB are a tenth of it.",
        equation=r"-10\log_{10}\operatorname{MSE}",
    ),
    yields={"psnr": "higher"},
    words={"psnr": "peak signal-to-noise ratio, in decibels"},
    compare=psnr,
    uses_network=False,
)
