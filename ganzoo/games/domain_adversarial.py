"""Adaptation to a domain without labels (Ganin et al. 2016, arXiv:1505.07818, Eqs. 10 and 18).

    L = E_source[cross-entropy(C(x), y)] + d_loss(D(R(f(source))), D(R(f(target))))

f are the classifier's features, D judges which domain they come from, and R reverses D's gradient
on its way back to f. So all move in one turn: D tells the domains apart, f learns what C can name
and D cannot tell apart. The target's labels are nobody's business: they are not at hand. Where D
is undecided, ``d/domain`` is log 4 under the ``minimax`` objective.

The reversed gradient is ``strength`` times as strong in the end, and nothing at first, when D only
makes noise (Sec. 5.2):

    strength * (2 / (1 + exp(-gamma * p)) - 1),      p: the share of the budget that is spent

With ``strength: 0`` the classifier learns from the source alone, and D merely looks on.
"""

from collections.abc import Iterator
from functools import partial
from math import tanh
from typing import Any

import torch
from pydantic import Field
from torch import Tensor
from torch.nn.functional import cross_entropy

from ganzoo.errors import RecipeError
from ganzoo.games import Game, Match, Turn
from ganzoo.layers.gradient_reversal import reverse
from ganzoo.options import Options
from ganzoo.shapes import Image, Labels, Scalar

PLAYERS = ("classifier", "domain_classifier")


class DomainAdversarialOptions(Options):
    strength: float = Field(1.0, ge=0, description="of the reversed gradient, in the end")
    gamma: float = Field(10.0, gt=0, description="how soon it comes near that")


class DomainAdversarial(Game):
    """One turn for ``classifier`` and ``domain_classifier``."""

    kind = DomainAdversarialOptions
    reads = frozenset({"objective"})
    options: DomainAdversarialOptions

    def __init__(self, match: Match) -> None:
        super().__init__(match)
        recipe = match.recipe
        if missing := [name for name in PLAYERS if name not in match.players]:
            raise RecipeError(
                f"the domain-adversarial game needs a {' and a '.join(missing)}; "
                f"{recipe.architecture!r} has none"
            )
        self.objective = match.objective()

    def turns(self, step: int) -> Iterator[Turn]:
        batch = next(self.match.batches)
        if batch.y is None or batch.input is None:
            missing = "labels" if batch.y is None else "others"
            raise RecipeError(
                "the domain-adversarial game needs images with labels, and others to adapt to; "
                f"{self.match.batches.dataset.name} has no {missing}"
            )
        yield Turn(
            player=PLAYERS,
            terms=partial(self._terms, batch.image, batch.y, batch.input, self.strength(step)),
        )

    def gauges(self, step: int) -> dict[str, float]:
        return {"strength": self.strength(step)}

    def strength(self, step: int) -> float:
        """Of the reversed gradient at a step."""
        recipe = self.match.recipe
        spent = min(1.0, step * recipe.batch_size / (1000 * recipe.kimg))
        return self.options.strength * tanh(self.options.gamma * spent / 2)

    def _terms(
        self, source: Image, y: Labels, target: Tensor, strength: float
    ) -> dict[str, Scalar]:
        players: dict[str, Any] = dict(self.match.players.items())
        classifier, domain_classifier = (players[name] for name in PLAYERS)
        features = classifier.features(torch.cat([source, target]))
        logits = classifier.head(features[: len(source)]).float()
        verdicts = domain_classifier(reverse(features, strength)).float()
        here, there = verdicts.split([len(source), len(target)])
        return {
            "c/label": cross_entropy(logits, y),
            "d/domain": self.objective.d_loss(here, there),
        }


ENTRY = DomainAdversarial
