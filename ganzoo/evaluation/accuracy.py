"""How often a classifier names the class that it should."""

from collections.abc import Iterator

import torch

from ganzoo import __version__
from ganzoo.bundle import MODEL, Bundle
from ganzoo.data import Dataset, numbered
from ganzoo.errors import MetricError
from ganzoo.evaluation.classifier import classifier
from ganzoo.evaluation.extraction import BATCH, Tell
from ganzoo.evaluation.report import division
from ganzoo.record import Score


def accuracy(
    bundle: Bundle, dataset: Dataset, split: str, tell: Tell = lambda _: None, domain: str = ""
) -> tuple[Score, ...]:
    """The share of a whole split that is named right; its deviation is that of a share,
    sqrt(p (1 - p) / n).

    Args:
        domain: which of several domains the images are of: ``accuracy_<domain>_<split>``.

    Raises:
        MetricError: if the bundle is no classifier, or the images have no labels.
        DataError: if they are of classes that it does not know.
    """
    dataset = numbered(dataset, bundle.config.classes, bundle.name)
    if dataset.labels is None:
        raise MetricError(f"{dataset.name} has no labels to compare with")
    network, count = classifier(bundle), len(dataset)
    right = 0
    for rows in _slices(count):
        with torch.inference_mode():
            look = network.look(dataset.images(rows))
        assert look.probabilities is not None
        named = look.probabilities.argmax(1).cpu().numpy()
        right += int((named == dataset.labels[rows]).sum())
        tell(len(named))
    share = right / count
    return (
        Score(
            name="_".join(filter(None, ("accuracy", domain, split))),
            value=round(share, 6),
            deviation=round((share * (1 - share) / count) ** 0.5, 6),
            better="higher",
            protocol={
                "n_real": count,
                "data": dataset.name,
                "split": split,
                **division(dataset),
                "data_sha256": dataset.fingerprint,
                "deviation_over": "images",
                "network_sha256": bundle.config.sha256[MODEL],
                "precision": "float32",
                "ganzoo": __version__,
                "torch": str(torch.__version__),
            },
        ),
    )


def _slices(count: int) -> Iterator[slice]:
    for start in range(0, count, BATCH):
        yield slice(start, start + BATCH)
