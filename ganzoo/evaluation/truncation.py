"""The truncation curve: what quality costs in variety (Brock et al. 2018, arXiv:1809.11096,
Sec. 3.1).

At each threshold the same seeds are painted from latents cut there, and looked at:

    precision   share of the fakes that look real      (quality)
    recall      share of the reals that could be made  (variety)
    fid         distance of the two distributions      (both at once)
"""

from collections.abc import Sequence

import torch

from ganzoo import __version__
from ganzoo.bundle import Bundle
from ganzoo.evaluation.fakes import fakes, generator
from ganzoo.evaluation.networks import FeatureNetwork
from ganzoo.evaluation.plan import Progress, Tell
from ganzoo.evaluation.reals import Reals
from ganzoo.metrics import Sample, metrics
from ganzoo.record import TruncationCurve, TruncationPoint

THRESHOLDS = (0.1, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0)
METRICS = ("precision_recall", "fid")


def curve(
    bundle: Bundle,
    reals: Reals,
    network: FeatureNetwork,
    count: int,
    seed: int = 0,
    thresholds: Sequence[float] = THRESHOLDS,
    tell: Tell = lambda _: None,
) -> TruncationCurve:
    """Measures a bundle's curve.

    Raises:
        MetricError: if it cannot be judged: too few images, no latents, other sizes.
    """
    painter = generator(bundle)
    reference = reals.seen(network)
    points = []
    for threshold in thresholds:
        features = []
        for image in fakes(painter, bundle.recipe, count, seed, threshold):
            with torch.inference_mode():
                features.append(network.look(image).features.cpu())
            tell(Progress("painting", len(image), count * len(thresholds)))
        sample = Sample(features=torch.cat(features), seen_by=network.seen_by)
        found = {}
        for name in METRICS:
            found |= metrics[name].score(reference, sample)
        values = {kind: float(f"{one.value:.4g}") for kind, one in found.items()}
        points.append(TruncationPoint(threshold=threshold, values=values))
    return TruncationCurve(
        points=tuple(points),
        protocol={
            "n_real": len(reals),
            "n_fake": count,
            "data": reals.dataset.name,
            "split": reals.split,
            "data_sha256": reals.dataset.fingerprint,
            "seed": seed,
            "network": network.name,
            "network_sha256": network.sha256,
            "resize": network.resize,
            "precision": "float32",
            "ganzoo": __version__,
            "torch": str(torch.__version__),
        },
    )
