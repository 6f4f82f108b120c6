"""The classic two-player game (Goodfellow et al. 2014, arXiv:1406.2661, Algorithm 1).

    repeat d_turns times:  discriminator lowers d_loss(D(x), D(G(z))) + penalties
    once:                  generator lowers     g_loss(D(G(z)))       + penalties

With an architecture that knows classes, both players are told the class (Mirza & Osindero 2014,
arXiv:1411.1784); the fakes' classes are drawn uniformly.
"""

from collections.abc import Iterator
from functools import partial

import torch
from torch import Tensor, nn

from ganzoo.config import PenaltyChoice
from ganzoo.data import Batch
from ganzoo.errors import RecipeError
from ganzoo.games import Game, Match, Turn
from ganzoo.latents import latents
from ganzoo.objectives import objectives
from ganzoo.penalties import Round, penalties
from ganzoo.shapes import Image, Labels, Latent, Logits, Scalar

SHEET = 64  # pictures on a sheet


class Adversarial(Game):
    """Generator against discriminator, with or without classes."""

    def __init__(self, match: Match) -> None:
        super().__init__(match)
        recipe = match.recipe
        if recipe.objective is None:
            raise RecipeError("the adversarial game needs an objective; the recipe names none")
        self.objective = objectives[recipe.objective]
        self.z_dim: int = getattr(recipe.options, "z_dim", 0)
        if not self.z_dim:
            raise RecipeError(f"this game starts from latents; {recipe.architecture!r} has none")
        classes = getattr(recipe.options, "num_classes", 0)
        self.num_classes: int = classes if "classes" in recipe.card.abilities else 0

    def turns(self, step: int) -> Iterator[Turn]:
        recipe = self.match.recipe
        for _ in range(recipe.d_turns):
            terms = partial(self._discriminator_terms, next(self.match.batches), step)
            yield Turn(
                player="discriminator", terms=terms, after=partial(self._project, "discriminator")
            )
        yield Turn(
            player="generator",
            terms=partial(self._generator_terms, recipe.batch_size // self.match.draws.world, step),
            after=partial(self._project, "generator"),
        )

    def sheet(self, shown: nn.Module) -> Image | None:
        z = latents(0, SHEET, self.z_dim).to(self.match.draws.device)
        y = torch.arange(SHEET, device=z.device) % self.num_classes if self.num_classes else None
        return _tell(shown, z, y)

    def _discriminator_terms(self, batch: Batch, step: int) -> dict[str, Scalar]:
        real, share = self._with_noise(batch.image), len(batch.image)
        z, fake_y = self._latents(share)
        y = batch.y if self.num_classes else None
        if self.num_classes and y is None:
            raise RecipeError("this architecture needs classes, but the data set has no labels")
        with torch.no_grad():
            fake = _tell(self.match.players["generator"], z, fake_y).float()
        round = Round(
            players=self.match.players,
            real=real,
            fake=fake,
            z=z,
            draws=self.match.draws,
            y=y,
            fake_y=fake_y,
        )
        loss = self.objective.d_loss(
            round.judge(real, y).float(),
            round.judge(fake, fake_y).float(),
            smoothing=self.match.recipe.label_smoothing,
        )
        return {"d/adversarial": loss, **self._penalty_terms("discriminator", round, step)}

    def _generator_terms(self, share: int, step: int) -> dict[str, Scalar]:
        z, y = self._latents(share)
        fake = _tell(self.match.players["generator"], z, y)
        logits: Logits = _tell(self.match.players["discriminator"], fake, y)
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

    def _penalty_terms(self, player: str, round: Round, step: int) -> dict[str, Scalar]:
        terms = {}
        for choice in self._penalties_of(player):
            penalty = penalties[choice.name]
            if penalty.term and step % choice.every == 0:  # rarer, so proportionally stronger
                term = penalty.term(round)
                terms[f"{player[0]}/{choice.name}"] = choice.weight * choice.every * term
        return terms

    def _project(self, player: str) -> None:
        for choice in self._penalties_of(player):
            if project := penalties[choice.name].project:
                project(self.match.players[player], choice.weight)

    def _penalties_of(self, player: str) -> Iterator[PenaltyChoice]:
        for choice in self.match.recipe.penalties:
            if penalties[choice.name].player == player:
                yield choice

    def _latents(self, share: int) -> tuple[Latent, Labels | None]:
        draws = self.match.draws
        z = draws.normal(share, self.z_dim)
        return z, draws.integers(share, self.num_classes) if self.num_classes else None

    def _with_noise(self, real: Image) -> Image:
        width = 2 * self.match.recipe.instance_noise  # the pixel range [-1, 1] is 2 wide
        if not width:
            return real
        return real + width * (self.match.draws.uniform(*real.shape) - 0.5)


def _tell(network: nn.Module, given: Tensor, y: Labels | None) -> Tensor:
    return network(given) if y is None else network(given, y)


ENTRY = Adversarial
