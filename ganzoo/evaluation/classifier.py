"""Features of a classifier that ganzoo trained: what its last layer reads its classes from."""

import re
from typing import Any

import torch

from ganzoo.bundle import MODEL, Bundle
from ganzoo.errors import MetricError
from ganzoo.evaluation.networks import FeatureNetwork, Look, fitted
from ganzoo.processor import device
from ganzoo.shapes import Features, Image


def classifier(bundle: Bundle) -> FeatureNetwork:
    """A classifier's bundle as a feature network: ``cnn-mnist`` gives ``mnist_cnn``.

    Raises:
        MetricError: if the bundle is no classifier.
        BundleError: if its weights are missing, were tampered with, or do not fit.
    """
    if "classify" not in bundle.abilities:
        raise MetricError(f"{bundle.name} is no classifier: its features are no yardstick")
    size, channels = bundle.recipe.data.size, bundle.recipe.data.channels
    where = device()
    network: Any = bundle.network().to(where).to(memory_format=torch.channels_last)

    def look(image: Image) -> Look:
        seen = fitted(image.to(where), size, channels)
        features = network.features(seen.contiguous(memory_format=torch.channels_last))
        return Look(features.float(), network.head(features).float().softmax(1))

    def patches(image: Image) -> Features:
        seen = image.to(where).contiguous(memory_format=torch.channels_last)
        return network.patches(seen).float()

    return FeatureNetwork(
        name=score_name(bundle.name),
        sha256=bundle.config.sha256[MODEL],
        resize=f"bilinear to {size}x{size}x{channels} where it differs",
        look=look,
        classes=True,
        taught_on=bundle.recipe.data.name,
        patches=patches if hasattr(network, "patches") else None,
    )


def score_name(name: str) -> str:
    """``<method>-<data>`` as scores say it: ``<data>_<method>``."""
    method, _, data = name.partition("-")
    return re.sub(r"\W", "_", f"{data}_{method}" if data else method)
