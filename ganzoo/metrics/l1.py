"""Mean absolute distance of a translation to the wanted picture (Isola et al. 2016,
arXiv:1611.07004, Eq. 3).

    l1(a, b) = mean |a - b|,   pixels in [0, 1]

Deviations from the paper: none; there it is what is trained for, here what is measured.
"""

from jaxtyping import Float
from torch import Tensor

from ganzoo.metrics._base import Metric
from ganzoo.papers import Paper
from ganzoo.shapes import Image


def l1(image: Image, wanted: Image) -> Float[Tensor, " b"]:
    """Of each picture; 0 for equal ones, 1 between black and white."""
    return (image.float() - wanted.float()).abs().flatten(1).mean(1) / 2


ENTRY = Metric(
    paper=Paper(
        nickname="L1",
        title="Image-to-Image Translation with Conditional Adversarial Networks",
        authors="Isola et al.",
        year=2016,
        arxiv="1611.07004",
        venue="CVPR 2017",
        idea="How far each pixel is from the wanted one; a blurred picture may come close.",
        equation=r"\mathbb{E}\,\lVert y-G(x)\rVert_1",
    ),
    yields={"l1": "lower"},
    words={"l1": "mean absolute difference"},
    compare=l1,
    uses_network=False,
)
