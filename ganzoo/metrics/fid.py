"""Fréchet distance of two Gaussians (Heusel et al. 2017, arXiv:1706.08500, Eq. 6).

    |m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2))

Called FID only when Inception gave the features; other networks put their name into the score's.

The trace of the root needs no matrix root. With S = R R^T,

    tr (S1 S2)^(1/2) = tr (S1^(1/2) S2 S1^(1/2))^(1/2) = sum of the singular values of R1^T R2

where R = V sqrt(lambda) comes from the symmetric eigenvalue form of S. Singular values, because
they are the roots already: taking roots of eigenvalues would turn a rounding error of 1e-16 into
1e-8 in every direction that has no variance.

Deviations from the paper: the networks that ganzoo ships, where Inception is not at hand.
"""

import torch
from jaxtyping import Float64
from torch import Tensor

from ganzoo.errors import MetricError
from ganzoo.metrics._base import Estimate, Estimates, Metric, Sample
from ganzoo.metrics._moments import Gaussian, Moments
from ganzoo.papers import Paper


def frechet(a: Gaussian, b: Gaussian) -> float:
    """The squared Fréchet (2-Wasserstein) distance; 0 for equal Gaussians, never below.

    Raises:
        MetricError: if they live in spaces of different dimension.
    """
    if len(a.mean) != len(b.mean):
        raise MetricError(f"{len(a.mean)} features cannot be compared with {len(b.mean)}")
    between = (a.mean - b.mean).square().sum()
    overlap = torch.linalg.svdvals(root(a.covariance).T @ root(b.covariance)).sum()
    return max(0.0, float(between + a.covariance.trace() + b.covariance.trace() - 2 * overlap))


def root(covariance: Float64[Tensor, "d d"]) -> Float64[Tensor, "d d"]:
    """R with R R^T = covariance; eigenvalues below zero are rounding errors of zero."""
    eigenvalues, vectors = torch.linalg.eigh(covariance)
    return vectors * eigenvalues.clamp(min=0).sqrt()


def measure(real: Sample, fake: Sample) -> Estimates:
    gaussians = [Moments.of(sample.features).gaussian() for sample in (real, fake)]
    return {"fid": Estimate(frechet(*gaussians))}


ENTRY = Metric(
    paper=Paper(
        nickname="FID",
        title="GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium",
        authors="Heusel et al.",
        year=2017,
        arxiv="1706.08500",
        venue="NeurIPS 2017",
        idea="Compares real and generated images as two clouds of features, each summed up by its "
        "mean and covariance.",
        equation=r"\|\mu_r-\mu_g\|^2+\operatorname{tr}"
        r"\left(\Sigma_r+\Sigma_g-2(\Sigma_r\Sigma_g)^{1/2}\right)",
    ),
    yields={"fid": "lower"},
    words={"fid": "Fréchet distance"},
    measure=measure,
)
