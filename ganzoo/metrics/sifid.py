"""Fréchet distance of one picture's patches from another's (Shaham et al. 2019, arXiv:1905.01164,
Sec. 4.2: single image FID).

    |m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)),   over the places of one early map of features

What FID asks of two sets of images, it asks of two single ones, each of which is the set of its
patches. A picture that only rearranges the other's patches scores 0 against it.

Deviations from the paper: patches are seen by the networks that ganzoo ships, not by Inception's
layers before its second pooling.
"""

from ganzoo.metrics import fid
from ganzoo.metrics._base import Estimate, Estimates, Metric, Sample
from ganzoo.papers import Paper


def measure(real: Sample, fake: Sample) -> Estimates:
    return {"sifid": Estimate(fid.measure(real, fake)["fid"].value)}


ENTRY = Metric(
    paper=Paper(
        nickname="SIFID",
        title="SinGAN: Learning a Generative Model from a Single Natural Image",
        authors="Rott Shaham, Dekel & Michaeli",
        year=2019,
        arxiv="1905.01164",
        venue="ICCV 2019",
        idea="Compares two pictures as two clouds of patches, each summed up by its mean and "
        "covariance.",
        equation=r"\|\mu_x-\mu_{\tilde x}\|^2+\operatorname{tr}"
        r"\left(\Sigma_x+\Sigma_{\tilde x}-2(\Sigma_x\Sigma_{\tilde x})^{1/2}\right)",
    ),
    yields={"sifid": "lower"},
    words={"sifid": "Fréchet distance of patches"},
    measure=measure,
    patches=True,
)
