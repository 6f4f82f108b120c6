"""How well a segmenter names pixels, from one table of how often it called what what.

    pixel accuracy   sum_c n_cc / sum_cd n_cd
    mean IoU         mean over c of n_cc / (sum_d n_cd + sum_d n_dc - n_cc)

n_cd counts the pixels of class c that were called d, over a whole split (Long, Shelhamer & Darrell
2015, arXiv:1411.4038, Sec. 5). A class that is neither there nor named counts for nothing.
"""

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from ganzoo import __version__
from ganzoo.bundle import MODEL, Bundle
from ganzoo.data import Dataset
from ganzoo.errors import MetricError
from ganzoo.evaluation.extraction import BATCH, Tell
from ganzoo.evaluation.report import division
from ganzoo.explore.dissect import segmented
from ganzoo.processor import device
from ganzoo.record import Score
from ganzoo.shapes import PixelLabels

Table = Int64[Tensor, "classes classes"]


def table(true: PixelLabels, named: PixelLabels, classes: int) -> Table:
    """Rows are true classes, columns the names they were given."""
    both = torch.bincount((true * classes + named).flatten(), minlength=classes**2)
    return both.view(classes, classes)


def pixel_accuracy(table: Table) -> float:
    """The share of all pixels that are named right."""
    return float(table.diag().sum() / table.sum())


def overlaps(table: Table) -> Float[Tensor, " classes"]:
    """The IoU of each class; not a number where it neither is nor is named."""
    right = table.diag().double()
    return (right / (table.sum(0) + table.sum(1) - table.diag())).float()


def segmentation(
    bundle: Bundle, dataset: Dataset, split: str, tell: Tell = lambda _: None
) -> tuple[Score, ...]:
    """Pixel accuracy and mean IoU on a whole split.

    Raises:
        MetricError: if no pixel's class is known.
    """
    if dataset.maps is None:
        raise MetricError(f"{dataset.name} does not say each pixel's class")
    network, classes = bundle.network().to(device()), len(bundle.config.classes)
    counts = torch.zeros(classes, classes, dtype=torch.int64)
    for start in range(0, len(dataset), BATCH):
        rows = slice(start, start + BATCH)
        true = torch.from_numpy(dataset.maps[rows].astype("int64"))
        counts += table(true, segmented(network, dataset.images(rows, device())).cpu(), classes)
        tell(len(true))
    each = overlaps(counts)
    values = {"pixel_accuracy": pixel_accuracy(counts), "mean_iou": float(each.nanmean())}
    protocol = {
        "n_real": len(dataset),
        "data": dataset.name,
        "split": split,
        **division(dataset),
        "data_sha256": dataset.fingerprint,
        "classes": ", ".join(
            f"{name} {iou:.3f}" for name, iou in zip(bundle.config.classes, each, strict=True)
        ),
        "network_sha256": bundle.config.sha256[MODEL],
        "precision": "float32",
        "ganzoo": __version__,
        "torch": str(torch.__version__),
    }
    return tuple(
        Score(name=f"{kind}_{split}", value=round(value, 6), better="higher", protocol=protocol)
        for kind, value in values.items()
    )
