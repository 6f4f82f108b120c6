"""Inception-v3 features, through torch-fidelity (Obukhov et al. 2020): the F*I*D of the papers.

The weights (91 MB, trained on ImageNet) are those that the FID of 2017 was defined with, as
torch-fidelity publishes them. They are looked for in ganzoo's cache and where ``torch.hub`` keeps
files, and fetched only if that is asked for. Wants the package: ``pip install torch-fidelity``.
"""

from pathlib import Path
from typing import Any

import torch

from ganzoo import files, paths
from ganzoo.errors import MetricError
from ganzoo.evaluation.networks import FeatureNetwork, Look
from ganzoo.processor import device
from ganzoo.shapes import Image

FILE = "weights-inception-2015-12-05-6726825d.pth"
URL = f"https://github.com/toshas/torch-fidelity/releases/download/v0.2.0/{FILE}"
PREFIX = "6726825d"  # of the file's sha256, by torch.hub's custom of naming files


def places() -> tuple[Path, Path]:
    """Where the weights may lie: ganzoo's own place, to which they are fetched, comes first."""
    return paths.cache() / FILE, Path(torch.hub.get_dir()) / "checkpoints" / FILE


def at_hand() -> bool:
    """Whether library and weights are both here."""
    try:
        import torch_fidelity  # noqa: F401
    except ImportError:
        return False
    return any(place.is_file() for place in places())


def inception(fetch: bool = False) -> FeatureNetwork:
    """2,048 features, and the probabilities of its 1,008 outputs.

    Args:
        fetch: whether the weights may be downloaded.

    Raises:
        MetricError: if the library or the weights are missing, or the file is another one.
    """
    try:
        from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3
    except ImportError:
        raise MetricError("inception needs a package: pip install torch-fidelity") from None
    path = _weights(fetch)
    where = device()
    network = FeatureExtractorInceptionV3(
        "inception", ["2048", "logits_unbiased"], feature_extractor_weights_path=str(path)
    ).to(where)

    def look(image: Image) -> Look:
        colour = image.expand(-1, 3, -1, -1) if image.shape[1] == 1 else image
        levels = ((colour.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
        features, logits = network(levels.to(where))
        return Look(features.float(), logits.float().softmax(1))

    return FeatureNetwork(
        name="inception",
        sha256=files.sha256(path),
        resize="bilinear to 299x299x3 as TensorFlow 1 did it",
        look=look,
        classes=True,
    )


def _weights(fetch: bool) -> Path:
    path = next((place for place in places() if place.is_file()), None)
    if path is None and not fetch:
        looked = ", ".join(f"'{place}'" for place in places())
        raise MetricError(
            f"Inception's weights are not at hand: looked for {looked}. "
            f"Put the file there, or let --fetch get it from {URL}"
        )
    path = path or _fetched(places()[0])
    if not (found := files.sha256(path)).startswith(PREFIX):
        raise MetricError(f"'{path}' is not the file it should be: sha256 {found}")
    _refuse_code(path)
    return path


def _fetched(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        torch.hub.download_url_to_file(URL, str(path), hash_prefix=PREFIX, progress=False)
    except (OSError, RuntimeError) as error:
        raise MetricError(f"Inception's weights could not be fetched from {URL}: {error}") from None
    return path


def _refuse_code(path: Path) -> None:
    """torch-fidelity unpickles without limits, so nothing but tensors may be in the file."""
    try:
        content: Any = torch.load(path, weights_only=True, map_location="meta")
    except Exception as error:
        raise MetricError(f"'{path}' holds something else than tensors: {error}") from None
    if not all(isinstance(value, torch.Tensor) for value in content.values()):
        raise MetricError(f"'{path}' holds something else than tensors")
