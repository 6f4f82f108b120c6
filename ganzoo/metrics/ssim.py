"""Structural similarity of a translation and the wanted picture (Wang et al. 2004, Eq. 13).

    (2 ma mb + c1) (2 cov + c2) / ((ma^2 + mb^2 + c1) (va + vb + c2)),   averaged over windows

Means, variances and the covariance are those of 11x11 windows under a Gaussian of deviation 1.5,
of the luma, in [0, 1]; c1 = 0.01^2, c2 = 0.03^2. Only windows that lie within the picture count.

Deviations from the paper: pictures are not shrunk first, since they are small.
"""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import conv2d

from ganzoo.errors import MetricError
from ganzoo.metrics._base import Metric
from ganzoo.metrics.sharpness import grey
from ganzoo.papers import Paper
from ganzoo.shapes import Image

SIDE, SIGMA = 11, 1.5
C1, C2 = 0.01**2, 0.03**2


def ssim(image: Image, wanted: Image) -> Float[Tensor, " b"]:
    """Of each picture: 1 for equal ones; 0 where they have nothing in common.

    Raises:
        MetricError: if pictures are smaller than a window.
    """
    if min(image.shape[2:]) < SIDE:
        raise MetricError(f"ssim needs at least {SIDE}x{SIDE} pixels; got {tuple(image.shape[2:])}")
    a, b = ((grey(one.double()) + 1) / 2 for one in (image, wanted))
    mean_a, mean_b = _windows(a), _windows(b)
    variance_a = _windows(a * a) - mean_a.square()
    variance_b = _windows(b * b) - mean_b.square()
    covariance = _windows(a * b) - mean_a * mean_b
    light = (2 * mean_a * mean_b + C1) / (mean_a.square() + mean_b.square() + C1)
    structure = (2 * covariance + C2) / (variance_a + variance_b + C2)
    return (light * structure).flatten(1).mean(1).float()


def _windows(image: Tensor) -> Tensor:
    """The weighted mean of each window."""
    place = torch.arange(SIDE, dtype=image.dtype, device=image.device) - SIDE // 2
    bell = torch.exp(-place.square() / (2 * SIGMA**2))
    bell = bell / bell.sum()
    return conv2d(conv2d(image, bell[None, None, :, None]), bell[None, None, None])


ENTRY = Metric(
    paper=Paper(
        nickname="SSIM",
        title="Image quality assessment: from error visibility to structural similarity",
        authors="Wang, Bovik, Sheikh & Simoncelli",
        year=2004,
        arxiv="",
        venue="IEEE TIP 13(4)",
        idea="Compares small windows by their brightness, contrast and structure.",
        equation=r"\frac{(2\mu_a\mu_b+c_1)(2\sigma_{ab}+c_2)}"
        r"{(\mu_a^2+\mu_b^2+c_1)(\sigma_a^2+\sigma_b^2+c_2)}",
    ),
    yields={"ssim": "higher"},
    words={"ssim": "structural similarity"},
    compare=ssim,
    uses_network=False,
)
