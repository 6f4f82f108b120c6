"""Beginning with a bundle's weights instead of random ones.

A bundle of the same recipe and the same images is **continued**: what it was shown counts, and its
curve, its film and its cost go on. Any other bundle of the same architecture is a start for
something new (transfer learning): what fits is taken over, and the budget begins at nothing.

Not exact, as a resumed run is: a bundle keeps the average of the shown network in float16, and
nothing of what the optimisers and the game remembered.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from PIL import Image as Pillow
from PIL import ImageSequence
from torch import Tensor

from ganzoo.bundle import FILM, Bundle
from ganzoo.config import Recipe
from ganzoo.data import Dataset
from ganzoo.errors import TrainingError
from ganzoo.outline import Shape, outline
from ganzoo.record import Beginning, CurvePoint
from ganzoo.training.state import changes
from ganzoo.training.trainer import Trainer


@dataclass(frozen=True)
class Start:
    """A bundle, and how a recipe begins with it.

    Attributes:
        continued: whether it goes on with the bundle's own training.
        fresh: names of the weights that begin at random, because none of the bundle's fits.
    """

    bundle: Bundle
    continued: bool
    fresh: tuple[str, ...]

    @classmethod
    def of(cls, bundle: Bundle, recipe: Recipe, dataset: Dataset) -> "Start":
        """How this recipe begins with that bundle.

        Raises:
            TrainingError: if it is of another architecture, if nothing in it fits, or if its
                training is to go on, but has had the whole budget.
        """
        if bundle.recipe.architecture != recipe.architecture:
            raise TrainingError(
                f"{bundle.name} is a {bundle.recipe.architecture}, this recipe trains a "
                f"{recipe.architecture}: its weights fit nowhere"
            )
        wanted, given = _shapes(recipe), _shapes(bundle.recipe, bundle.players)
        fresh = tuple(name for name, shape in wanted.items() if given.get(name) != shape)
        if len(fresh) == len(wanted):
            raise TrainingError(f"none of {bundle.name}'s weights has the shape it needs here")
        origin, cost = bundle.config.data, bundle.config.cost
        continued = bool(
            cost
            and origin
            and origin.fingerprint == dataset.fingerprint
            and not changes(bundle.recipe, recipe)
            and not fresh
        )
        if continued and cost and cost.best_kimg >= recipe.kimg:
            raise TrainingError(
                f"{bundle.name} has been shown {cost.best_kimg:g} of {recipe.kimg:g} kimg: "
                f"to go on, give it more (--set kimg=…)"
            )
        return cls(bundle, continued, fresh)

    @property
    def kimg(self) -> float:
        """Thousands of images that count as shown."""
        cost = self.bundle.config.cost
        return cost.best_kimg if self.continued and cost else 0.0

    @property
    def steps(self) -> int:
        """As many as that took."""
        cost = self.bundle.config.cost
        return round(cost.steps * self.kimg / cost.kimg) if self.continued and cost else 0

    @property
    def seconds(self) -> float:
        """What has been spent."""
        cost = self.bundle.config.cost
        return cost.seconds if self.continued and cost else 0.0

    @property
    def curve(self) -> list[CurvePoint]:
        """What was measured up to the moment whose weights the bundle keeps."""
        points = self.bundle.config.curve if self.continued else ()
        return [point for point in points if point.kimg < self.kimg]

    @cached_property
    def record(self) -> Beginning:
        """What the new bundle will say of it."""
        config = self.bundle.config
        shown = self.bundle.file_of(self.bundle.architecture.shown)
        return Beginning(
            name=config.name,
            sha256=config.sha256[shown],
            kimg=config.cost.best_kimg if config.cost else None,
            continued=self.continued,
            fresh=len(self.fresh),
            licences=tuple(dict.fromkeys(_licences(self.bundle))),
        )

    def __str__(self) -> str:
        if self.continued:
            return f"goes on with {self.bundle.name}, from {self.kimg:g} kimg"
        told = f"begins with the weights of {self.bundle.name}"
        if not self.fresh:
            return told
        named = ", ".join(self.fresh[:3]) + ", …" * (len(self.fresh) > 3)
        return f"{told}; {len(self.fresh)} fit nowhere and begin at random: {named}"

    def apply(self, trainer: Trainer) -> None:
        """Gives a fresh trainer the weights, and puts it where the bundle's training stood.

        Raises:
            BundleError: if the weights are missing or were tampered with.
        """
        fresh = set(self.fresh)
        for player, network in trainer.players.items():
            if player not in self.bundle.players:
                continue
            own = network.state_dict()
            theirs: dict[str, Tensor] = self.bundle.network(player).state_dict()
            own |= {k: v for k, v in theirs.items() if k in own and f"{player}.{k}" not in fresh}
            network.load_state_dict(own)
        trainer.game.take_over(fresh)
        for player, average in trainer.averages.items():
            average.load_state_dict(trainer.players[player].state_dict())
        if self.continued:
            trainer.batches.restore(round(1000 * self.kimg))
            trainer.steps = self.steps
            trainer.draws.generator.manual_seed(trainer.recipe.seed + trainer.steps)
            torch.manual_seed(trainer.recipe.seed + trainer.steps)

    def film(self, like: Pillow.Image) -> list[tuple[float, Pillow.Image]]:
        """Earlier sheets and the kimg they were taken at, as a later sheet's size and mode."""
        path = self.bundle.folder / FILM
        if not (self.continued and path.is_file()):
            return []
        with Pillow.open(path) as film:
            frames = [frame.convert(like.mode) for frame in ImageSequence.Iterator(film)]
        moments = np.linspace(0, self.kimg, len(frames))[:-1]  # the last is made anew
        pairs = zip(moments.tolist(), frames, strict=False)
        return [(kimg, frame) for kimg, frame in pairs if frame.size == like.size]


def _licences(bundle: Bundle) -> Iterator[str]:
    """What a bundle's weights stand under: as published, or as their data ask; and those before."""
    config = bundle.config
    if config.beginning:
        yield from config.beginning.licences
    if config.provenance:
        yield config.provenance.licence
    elif config.data:
        yield config.data.licence


def _shapes(recipe: Recipe, players: tuple[str, ...] | None = None) -> dict[str, Shape]:
    """Of every weight of every player, as ``player.weight``."""
    networks = recipe.card.networks
    return {
        f"{player}.{name}": tuple(value.shape)
        for player in (networks if players is None else players)
        for name, value in outline(networks[player], recipe.options).state_dict().items()
    }
