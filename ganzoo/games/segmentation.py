"""A game for one: a segmenter learns to name each pixel (Ronneberger et al. 2015,
arXiv:1505.04597, Eqs. 1 and 2).

    L = sum over pixels of w(y) * cross-entropy(S(x), y) / sum of w(y)
    w(y) = (share of the pixels that are of class y) ** -balance

With ``balance`` 0 all pixels count alike, with 1 all classes do. Images are shifted at random by up
to ``shift`` pixels, their mirrored borders coming in, and their maps with them.

Deviations from the paper: no weights for the gaps between touching cells, no elastic deformations.
"""

from collections.abc import Iterator
from functools import partial

import torch
from pydantic import Field
from torch import Tensor
from torch.nn.functional import cross_entropy

from ganzoo.data import Batch, Dataset
from ganzoo.errors import RecipeError
from ganzoo.games import Game, Match, Turn
from ganzoo.games._shift import check_shift, shifted
from ganzoo.options import Options
from ganzoo.shapes import Image, PixelLabels, Scalar


class SegmentationOptions(Options):
    shift: int = Field(0, ge=0, le=256, description="pixels, in each direction")
    balance: float = Field(0.0, ge=0, le=1, description="how much rarer classes weigh more")


class Segmentation(Game):
    """One player, ``segmenter``."""

    kind = SegmentationOptions
    options: SegmentationOptions

    def __init__(self, match: Match) -> None:
        super().__init__(match)
        check_shift(self.options.shift, match.recipe.data.size)
        classes: int = getattr(match.recipe.options, "num_classes", 0)
        weights = _weights(match.batches.dataset, classes, self.options.balance)
        self.weights = weights.to(match.draws.device)

    def turns(self, step: int) -> Iterator[Turn]:
        yield Turn(player="segmenter", terms=partial(self._terms, next(self.match.batches)))

    def _terms(self, batch: Batch) -> dict[str, Scalar]:
        assert batch.classes is not None
        image, classes = self._shifted(batch.image, batch.classes)
        logits = self.match.players["segmenter"](image).float()
        return {"s/cross_entropy": cross_entropy(logits, classes, self.weights)}

    def _shifted(self, image: Image, classes: PixelLabels) -> tuple[Image, PixelLabels]:
        both = torch.cat([image, classes[:, None].to(image.dtype)], 1)
        moved = shifted(both, self.options.shift, self.match.draws)
        return moved[:, :-1], moved[:, -1].long()


def _weights(dataset: Dataset, classes: int, balance: float) -> Tensor:
    """One weight for each class; a class without pixels has the rarest one's.

    Raises:
        RecipeError: if no pixel's class is known, or some are beyond those that the network knows.
    """
    if dataset.maps is None:
        raise RecipeError(f"a segmenter learns each pixel's class; {dataset.name} does not say it")
    counts = torch.bincount(torch.from_numpy(dataset.maps.reshape(-1).astype("int64")))
    if len(counts) > classes:
        raise RecipeError(
            f"{dataset.name} has pixels of {len(counts)} classes; the network knows {classes}"
        )
    counts = torch.nn.functional.pad(counts, (0, classes - len(counts))).double()
    shares = counts.clamp_min(float(counts[counts > 0].min())) / counts.sum()
    return shares.pow(-balance).float()


ENTRY = Segmentation
