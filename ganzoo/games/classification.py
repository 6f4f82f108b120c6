"""A game for one: a classifier learns to name what it sees.

    L = E[cross-entropy(C(x), y)]

Images are shifted at random by up to ``shift`` pixels (He et al. 2015, arXiv:1512.03385, Sec. 4.2),
labels softened by ``smoothing`` (Szegedy et al. 2015, arXiv:1512.00567, Sec. 7).
"""

from collections.abc import Iterator
from functools import partial

import torch
from pydantic import Field
from torch.nn.functional import cross_entropy, pad

from ganzoo.data import Batch
from ganzoo.errors import RecipeError
from ganzoo.games import Game, Turn
from ganzoo.options import Options
from ganzoo.shapes import Image, Scalar


class ClassificationOptions(Options):
    shift: int = Field(0, ge=0, le=16, description="pixels, in each direction")
    smoothing: float = Field(0.0, ge=0, lt=1)


class Classification(Game):
    """One player, ``classifier``."""

    kind = ClassificationOptions
    options: ClassificationOptions

    def turns(self, step: int) -> Iterator[Turn]:
        terms = partial(self._terms, next(self.match.batches))
        yield Turn(player="classifier", terms=terms)

    def _terms(self, batch: Batch) -> dict[str, Scalar]:
        if batch.y is None:
            raise RecipeError("a classifier needs labels, but the data set has none")
        logits = self.match.players["classifier"](self._shifted(batch.image)).float()
        loss = cross_entropy(logits, batch.y, label_smoothing=self.options.smoothing)
        return {"c/cross_entropy": loss}

    def _shifted(self, image: Image) -> Image:
        reach = self.options.shift
        if not reach:
            return image
        count, _, height, width = image.shape
        draws, device = self.match.draws, image.device
        top = draws.integers(count, 2 * reach + 1)[:, None] + torch.arange(height, device=device)
        left = draws.integers(count, 2 * reach + 1)[:, None] + torch.arange(width, device=device)
        padded = pad(image, [reach] * 4, mode="reflect").permute(0, 2, 3, 1)
        each = torch.arange(count, device=device)[:, None, None]
        return padded[each, top[:, :, None], left[:, None, :]].permute(0, 3, 1, 2)


ENTRY = Classification
