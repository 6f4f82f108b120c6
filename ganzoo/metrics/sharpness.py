"""Variance of the Laplacian (Pech-Pacheco et al. 2000, ICPR), compared with that of the reals.

    s(image) = Var( grey * [[0, 1, 0], [1, -4, 1], [0, 1, 0]] ),   grey in [0, 1]
    sharpness = min(f / r, r / f),   f, r = mean of s over the fakes, over the reals

1 is as sharp as the reals; blur and noise both bring it down. The two means are given as well,
for they say which.

Deviations from the paper: it ranks focus settings of one scene, so it needs no reference.
"""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import conv2d

from ganzoo.errors import MetricError
from ganzoo.metrics._base import Estimate, Estimates, Metric, Sample
from ganzoo.papers import Paper
from ganzoo.shapes import Image

LAPLACIAN = ((0.0, 1.0, 0.0), (1.0, -4.0, 1.0), (0.0, 1.0, 0.0))
LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601


def grey(image: Image) -> Float[Tensor, "b 1 h w"]:
    """One channel: the luma of a colour image, a grey one as it is."""
    if image.shape[1] == 1:
        return image
    return (image * image.new_tensor(LUMA)[:, None, None]).sum(1, keepdim=True)


def sharpness(image: Image) -> Float[Tensor, " b"]:
    """The variance of each image's Laplacian; 0 for a flat one.

    Raises:
        MetricError: if an image is smaller than the 3x3 kernel.
    """
    if min(image.shape[2:]) < 3:
        raise MetricError(f"sharpness needs at least 3x3 pixels; got {tuple(image.shape[2:])}")
    kernel = torch.tensor(LAPLACIAN, device=image.device)[None, None]
    edges = conv2d((grey(image.float()) + 1) / 2, kernel)
    return edges.flatten(1).var(1, correction=0)


def measure(real: Sample, fake: Sample) -> Estimates:
    if real.sharpness is None or fake.sharpness is None:
        raise MetricError("sharpness was not recorded for these images")
    r, f = float(real.sharpness.double().mean()), float(fake.sharpness.double().mean())
    if r == 0:
        raise MetricError("every real image is flat: nothing is as sharp as that")
    match = min(f / r, r / f) if f else 0.0
    return {
        "sharpness": Estimate(match),
        "sharpness_fake": Estimate(f),
        "sharpness_real": Estimate(r),
    }


ENTRY = Metric(
    paper=Paper(
        nickname="Sharpness",
        title="Diatom autofocusing in brightfield microscopy: a comparative study",
        authors="Pech-Pacheco et al.",
        year=2000,
        arxiv="",
        venue="ICPR 2000",
        idea="A blurred picture has few edges, so its second derivative varies little.",
        equation=r"\operatorname{Var}(\nabla^2 I)",
    ),
    yields={"sharpness": "higher"},
    words={"sharpness": "sharpness, as that of the reals"},
    explains=("sharpness_fake", "sharpness_real"),
    measure=measure,
    uses_network=False,
)
