"""The classic two-player game (Goodfellow et al. 2014, arXiv:1406.2661, Algorithm 1).

    repeat d_turns times:  discriminator lowers d_loss(D(x), D(G(z))) + penalties
    once:                  generator lowers     g_loss(D(G(z)))       + penalties

With an architecture that knows classes, both players are told the class (Mirza & Osindero 2014,
arXiv:1411.1784); the fakes' classes are drawn uniformly.

A batch may be worked through in ``accumulate`` parts: the gradient is the mean of theirs, so that a
large batch fits a small memory. Batch norms see a part at a time. ``standing`` passes measure the
shown network's batch-norm statistics afresh before it is looked at (Brock et al. 2018,
arXiv:1809.11096, App. C.1).
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch
from pydantic import Field
from torch import Tensor, nn

from ganzoo.augment import Augment, augmentations
from ganzoo.data import Batch
from ganzoo.errors import RecipeError
from ganzoo.games import Game, Match, Turn, _penalties
from ganzoo.latents import latents
from ganzoo.layers.standing import stand
from ganzoo.options import Options
from ganzoo.penalties import Round, penalties
from ganzoo.shapes import Image, Labels, Latent, Logits, Scalar

SHEET = 64  # pictures on a sheet
STANDING_SEED = 2**31  # of the latents that standing statistics are measured with: far from shown


class AdversarialOptions(Options):
    accumulate: int = Field(1, ge=1, le=1024, description="parts that a batch is worked through in")
    standing: int = Field(0, ge=0, le=1024, description="batches; 0: the running statistics stay")


class Adversarial(Game):
    """Generator against discriminator, with or without classes."""

    kind = AdversarialOptions
    reads = frozenset(
        {"objective", "penalties", "augment", "d_turns", "label_smoothing", "instance_noise"}
    )
    options: AdversarialOptions

    def __init__(self, match: Match) -> None:
        super().__init__(match)
        recipe = match.recipe
        _penalties.check(match, "generator", "discriminator", projects=True)
        self.objective = match.objective()
        chosen = recipe.augment
        self.augment: Augment | None = (
            augmentations[chosen.name].build(chosen.options) if chosen else None
        )
        self.z_dim: int = getattr(recipe.options, "z_dim", 0)
        if not self.z_dim:
            raise RecipeError(f"this game starts from latents; {recipe.architecture!r} has none")
        classes = getattr(recipe.options, "num_classes", 0)
        self.num_classes: int = classes if "classes" in recipe.abilities else 0
        if self.num_classes and match.batches.dataset.labels is None:
            raise RecipeError("this architecture needs classes, but the data set has no labels")
        share, parts = recipe.batch_size // match.draws.world, self.options.accumulate
        if share % parts:
            raise RecipeError(
                f"a batch of {share} cannot be worked through in {parts} equal parts (accumulate)"
            )
        self.share = share // parts

    def turns(self, step: int) -> Iterator[Turn]:
        parts = self.options.accumulate
        for _ in range(self.match.recipe.d_turns):
            batches = iter(_split(next(self.match.batches), self.share))
            yield Turn(
                player="discriminator",
                terms=partial(self._discriminator_terms, batches, step),
                parts=parts,
                after=partial(self._project, "discriminator"),
            )
        yield Turn(
            player="generator",
            terms=partial(self._generator_terms, step),
            parts=parts,
            after=partial(self._project, "generator"),
        )

    def sheet(self, shown: nn.Module) -> Image | None:
        z = latents(0, SHEET, self.z_dim).to(self.match.draws.device)
        y = torch.arange(SHEET, device=z.device) % self.num_classes if self.num_classes else None
        return _tell(shown, z, y)

    def settle(self, shown: nn.Module) -> None:
        size, device = self.match.recipe.batch_size, self.match.draws.device

        def one(index: int) -> Callable[[], object]:
            z = latents(STANDING_SEED + index * size, size, self.z_dim).to(device)
            y = torch.arange(size, device=device) % self.num_classes if self.num_classes else None
            return partial(_tell, shown, z, y)

        if self.options.standing:
            stand(shown, (one(index) for index in range(self.options.standing)))

    def gauges(self, step: int) -> dict[str, float]:
        adapting = self.augment.gauges() if self.augment else {}
        return {f"augment/{name}": value for name, value in adapting.items()}

    def state(self) -> dict[str, Any]:
        return {} if self.augment is None else {"augment": self.augment.state()}

    def restore(self, state: dict[str, Any]) -> None:
        if self.augment is not None:
            self.augment.restore(state["augment"])

    def _discriminator_terms(self, batches: Iterator[Batch], step: int) -> dict[str, Scalar]:
        batch = next(batches)
        real, share = self._real(batch.image), len(batch.image)
        z, fake_y = self._latents(share)
        y = batch.y if self.num_classes else None
        with torch.no_grad():
            fake = self._paint(z, fake_y).float()
        round = Round(
            players=self.match.players,
            real=real,
            fake=fake,
            z=z,
            draws=self.match.draws,
            y=y,
            fake_y=fake_y,
            see=self._see,
        )
        verdicts = round.judge(real, y).float()
        if self.augment is not None:
            self.augment.heed(self.match.draws.gathered(verdicts.detach()))
        loss = self.objective.d_loss(
            verdicts,
            round.judge(fake, fake_y).float(),
            smoothing=self.match.recipe.label_smoothing,
        )
        return {"d/adversarial": loss, **self._penalty_terms("discriminator", round, step)}

    def _generator_terms(self, step: int) -> dict[str, Scalar]:
        z, y = self._latents(self.share)
        fake = self._paint(z, y)
        logits: Logits = _tell(self.match.players["discriminator"], self._see(fake), y)
        alone = fake.detach().float()
        round = Round(
            players=self.match.players,
            real=alone[:0],
            fake=alone,
            z=z,
            draws=self.match.draws,
            fake_y=y,
        )
        loss = self.objective.g_loss(logits.float())
        return {"g/adversarial": loss, **self._penalty_terms("generator", round, step)}

    def _paint(self, z: Latent, y: Labels | None) -> Image:
        """The fakes of a turn."""
        return _tell(self.match.players["generator"], z, y)

    def _see(self, image: Image) -> Image:
        """The images as the discriminator sees them."""
        return image if self.augment is None else self.augment(image, self.match.draws)

    def _penalty_terms(self, player: str, round: Round, step: int) -> dict[str, Scalar]:
        return _penalties.terms(self.match.recipe, player, round, step)

    def _project(self, player: str) -> None:
        for choice in _penalties.concerning(self.match.recipe, player):
            if project := penalties[choice.name].project:
                project(self.match.players[player], choice.weight)

    def _latents(self, share: int) -> tuple[Latent, Labels | None]:
        draws = self.match.draws
        z = draws.normal(share, self.z_dim)
        return z, draws.integers(share, self.num_classes) if self.num_classes else None

    def _real(self, image: Image) -> Image:
        """The reals of a turn."""
        return self._with_noise(image)

    def _with_noise(self, real: Image) -> Image:
        width = 2 * self.match.recipe.instance_noise  # the pixel range [-1, 1] is 2 wide
        if not width:
            return real
        return real + width * (self.match.draws.uniform(*real.shape) - 0.5)


def _split(batch: Batch, size: int) -> list[Batch]:
    images = batch.image.split(size)
    labels = [None] * len(images) if batch.y is None else batch.y.split(size)
    rows = [batch.rows[start : start + size] for start in range(0, len(batch.rows), size)]
    return [Batch(*each) for each in zip(images, labels, rows, strict=True)]


def _tell(network: nn.Module, given: Tensor, y: Labels | None) -> Tensor:
    return network(given) if y is None else network(given, y)


ENTRY = Adversarial
