"""Perceptual path length (Karras, Laine & Aila 2018, arXiv:1812.04948, Sec. 4.1, Eq. 2 and 3).

    E[ |f(G(walk(a, b; t))) - f(G(walk(a, b; t + eps)))|^2 / eps^2 ],   t ~ U[0, 1], eps = 1e-4

a, b are random codes, of one class where there are classes; the walk is straight among styles w and
along the great arc among latents z, and the space is in the score's name: ``ppl_w`` or ``ppl_z``.
Short where every small step changes the picture a little: no detours between two pictures.

Deviations from the paper: f is the network named in the score, not LPIPS, so only numbers of the
same network compare. As in its public code, steps below the 1st and above the 99th percentile are
left out. Pictures are not rounded to 8 bits, which would hide so small a step.
"""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

from ganzoo.errors import MetricError
from ganzoo.latents import arc
from ganzoo.metrics._base import Estimate, Estimates, Metric, Probe
from ganzoo.papers import Paper
from ganzoo.shapes import Features, Image

EPSILON = 1e-4
BATCH = 64
LEAST = 4  # steps: two are left without the longest and the shortest
OUTLIERS = 0.01  # share of the steps left out at either end


def straight(
    a: Float[Tensor, "b ..."], b: Float[Tensor, "b ..."], t: Float[Tensor, " b"]
) -> Float[Tensor, "b ..."]:
    """Points of the line from ``a`` to ``b``."""
    return torch.lerp(a, b, t.reshape(-1, *[1] * (a.ndim - 1)))


def steps(
    render: Callable[[Tensor], Image],
    features: Callable[[Image], Features],
    here: Tensor,
    there: Tensor,
    epsilon: float,
) -> Float[Tensor, " b"]:
    """How far the pictures of neighbouring codes are from each other, per squared step."""
    gap = features(render(here)).double() - features(render(there)).double()
    return gap.square().sum(1) / epsilon**2


def path_length(probe: Probe, count: int, seed: int = 0, epsilon: float = EPSILON) -> Estimate:
    """The trimmed mean over ``count`` steps, and its standard error.

    Raises:
        MetricError: if too few steps are left without the longest and the shortest.
    """
    if count < LEAST:
        raise MetricError(f"a path length needs at least {LEAST} steps; got {count}")
    dice = torch.Generator().manual_seed(seed)
    walk = straight if probe.space == "w" else arc
    opposite = seed + probe.far if seed < probe.far else seed - probe.far
    a, b = probe.draw(count, seed), probe.draw(count, opposite)
    t = torch.rand(count, generator=dice).to(a)
    lengths = torch.cat(
        [
            steps(probe.render, probe.features, walk(p, q, s), walk(p, q, s + epsilon), epsilon)
            for p, q, s in zip(a.split(BATCH), b.split(BATCH), t.split(BATCH), strict=True)
        ]
    ).cpu()
    if not lengths.isfinite().all():
        raise MetricError("some steps have no finite length (NaN or infinite)")
    low, high = lengths.quantile(OUTLIERS), lengths.quantile(1 - OUTLIERS)
    kept = lengths[(lengths >= low) & (lengths <= high)]
    return Estimate(float(kept.mean()), float(kept.std() / len(kept) ** 0.5))


def judge(probe: Probe, count: int, seed: int) -> Estimates:
    return {f"ppl_{probe.space}": path_length(probe, count, seed)}


ENTRY = Metric(
    paper=Paper(
        nickname="PPL",
        title="A Style-Based Generator Architecture for Generative Adversarial Networks",
        authors="Karras, Laine & Aila",
        year=2018,
        arxiv="1812.04948",
        venue="CVPR 2019",
        idea="Measures how much the picture changes along a walk: a good space has no detours.",
        equation=r"\mathbb{E}\left[\tfrac{1}{\epsilon^2}\,"
        r"d\left(G(w_t),G(w_{t+\epsilon})\right)\right]",
    ),
    yields={"ppl_w": "lower", "ppl_z": "lower"},
    words={"ppl_w": "perceptual path length in w", "ppl_z": "perceptual path length in z"},
    probe=judge,
)
