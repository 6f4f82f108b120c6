"""A game for one: a classifier learns to name what it sees.

    L = E[cross-entropy(C(x), y)]

With an ``attack`` it learns from what that attack makes of each image instead, the network
attacked in eval mode: adversarial training (Madry et al. 2017, arXiv:1706.06083). The radius grows
from 0 over the first ``ramp`` of the budget: a network that knows nothing yet learns nothing from
the worst pictures.

Images are shifted at random by up to ``shift`` pixels (He et al. 2015, arXiv:1512.03385, Sec. 4.2),
a square of ``cutout`` pixels is hidden in each (DeVries & Taylor 2017, arXiv:1708.04552), labels
softened by ``smoothing`` (Szegedy et al. 2015, arXiv:1512.00567, Sec. 7).
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from pydantic import Field, field_validator
from torch.nn.functional import cross_entropy

from ganzoo.attacks import Goal, Victim, attacks, crafted
from ganzoo.attacks import read as read_attack
from ganzoo.augment.diffaugment import cut
from ganzoo.data import Batch
from ganzoo.errors import GanzooError, RecipeError
from ganzoo.games import Game, Match, Turn
from ganzoo.games._shift import check_shift, shifted
from ganzoo.options import Options
from ganzoo.shapes import Image, Labels, Scalar


class AttackChoice(Options):
    """An attack by name, with its options, to be trained against.

    Attributes:
        ramp: share of the budget over which its radius grows from 0.
    """

    name: str
    options: dict[str, Any] = Field(default_factory=dict)
    ramp: float = Field(0.0, ge=0, le=1)

    @field_validator("name")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            return name if attacks[name] else ""
        except GanzooError as error:
            raise ValueError(str(error)) from None


class ClassificationOptions(Options):
    shift: int = Field(0, ge=0, le=16, description="pixels, in each direction")
    cutout: int = Field(0, ge=0, le=64, description="pixels, a side")
    smoothing: float = Field(0.0, ge=0, lt=1)
    attack: AttackChoice | None = None


class Classification(Game):
    """One player, ``classifier``."""

    kind = ClassificationOptions
    options: ClassificationOptions

    def __init__(self, match: Match) -> None:
        super().__init__(match)
        check_shift(self.options.shift, match.recipe.data.size)
        if match.batches.dataset.labels is None:
            raise RecipeError("a classifier needs labels, but the data set has none")
        choice = self.options.attack
        self.attack = choice and attacks[choice.name]
        self.strength = choice and read_attack(attacks[choice.name], choice.name, choice.options)

    def turns(self, step: int) -> Iterator[Turn]:
        terms = partial(self._terms, next(self.match.batches), step)
        yield Turn(player="classifier", terms=terms)

    def _terms(self, batch: Batch, step: int) -> dict[str, Scalar]:
        assert batch.y is not None
        image = shifted(batch.image, self.options.shift, self.match.draws)
        if self.options.cutout:
            place = self.match.draws.uniform(len(image), 2)
            image = cut(image, place, self.options.cutout / image.shape[2])
        image = self._attacked(image, batch.y, step)
        logits = self.match.players["classifier"](image).float()
        loss = cross_entropy(logits, batch.y, label_smoothing=self.options.smoothing)
        return {"c/cross_entropy": loss}

    def gauges(self, step: int) -> dict[str, float]:
        radius = self._radius(step)
        return {} if radius is None else {"epsilon": radius}

    def _radius(self, step: int) -> float | None:
        """Of the attack at a step; None without one, and where it has none."""
        choice, recipe = self.options.attack, self.match.recipe
        if not (choice and self.strength) or self.strength.epsilon is None:
            return None
        spent = step * recipe.batch_size / (1000 * recipe.kimg)
        return self.strength.epsilon * (min(1.0, spent / choice.ramp) if choice.ramp else 1.0)

    def _attacked(self, image: Image, y: Labels, step: int) -> Image:
        """What the attack makes of each image, at this moment of the training."""
        if not (self.options.attack and self.attack and self.strength):
            return image
        recipe, network = self.match.recipe, self.match.players["classifier"]
        seed = step * self.match.draws.world + self.match.draws.rank
        strength = self.strength.model_copy(update={"epsilon": self._radius(step), "seed": seed})
        victim = Victim(network=network, num_classes=getattr(recipe.options, "num_classes", 0))
        return 2 * crafted(self.attack, victim, (image + 1) / 2, Goal(y), strength) - 1


ENTRY = Classification
