"""Translation learned from pairs (Isola et al. 2016, arXiv:1611.07004, Eqs. 1 to 4).

    generator      adversarial * g_loss(D(x, G(x, z))) + l1 * E|y - G(x, z)| + penalties
                   + features * mean_i E|D_i(x, y) - D_i(x, G(x, z))|   (Wang et al. 2017, Eq. 4)
                   + perceptual * E|VGG_i(y) - VGG_i(G(x, z))|     (Wang et al. 2017, Sec. 4)
    discriminator  1/2 d_loss(D(x, y), D(x, G(x, z)))

The halved loss slows the discriminator down (Sec. 3.3). It is shown the picture that the generator
has just been judged by: one translation serves both turns. With ``adversarial`` 0 there is no
discriminator's turn, with ``l1`` 0 nothing but its opinion: the paper's ablation.

Of few pairs a discriminator soon knows every one. DiffAugment moves what it sees and cuts pieces
out: input, wanted and painted picture of a pair in the same place (Zhao et al. 2020,
arXiv:2006.10738; ``augment: {name: diffaugment, options: {policy: [translation, cutout]}}``).

Deviations from the papers: features are averaged over a judge's layers, and all over its scales,
where Wang et al. add them up; their code doubles :mod:`ganzoo.objectives.least_squares`. So a
weight of 10 for features counts here, with n layers, as 20 / n does there.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn.functional import l1_loss

from ganzoo.augment import Augment, augmentations
from ganzoo.augment.diffaugment import DiffAugmentOptions
from ganzoo.config import Recipe
from ganzoo.errors import RecipeError
from ganzoo.games import Game, Match, Turn, _penalties, _translation
from ganzoo.options import Options
from ganzoo.penalties import Round
from ganzoo.shapes import Latent, Scalar


class PairedOptions(Options):
    l1: float = Field(100.0, ge=0, description="weight of the distance to the wanted picture")
    adversarial: float = Field(1.0, ge=0)
    features: float = Field(0.0, ge=0, description="weight of the judge's features, mean of layers")
    perceptual: float = Field(0.0, ge=0, description="weight of VGG's features")
    jitter: int = Field(0, ge=0, le=256, description="pixels by which both pictures are shifted")


class Paired(Game):
    """Generator against a discriminator that sees input and output together."""

    kind = PairedOptions
    reads = frozenset({"objective", "penalties", "augment"})
    options: PairedOptions

    def __init__(self, match: Match) -> None:
        super().__init__(match)
        _penalties.check(match, "generator")
        _translation.check_sides(match)
        self.objective = match.objective()
        self.augment = _augment(match.recipe)
        self.z_dim: int = getattr(match.recipe.options, "z_dim", 0)
        _check_lesson(self.options, match.recipe)
        self.eye = _translation.eye(match.draws.device) if self.options.perceptual else None
        self._shown: Tensor | None = None  # what the generator has just been judged by

    def turns(self, step: int) -> Iterator[Turn]:
        image, real = _translation.jitter(self.match.draws, self.options.jitter, *self._pair())
        real = self._wanted(real)
        yield Turn(player="generator", terms=partial(self._generator_terms, image, real, step))
        if self.options.adversarial:
            yield Turn(
                player="discriminator", terms=partial(self._discriminator_terms, image, real)
            )

    def sheet(self, shown: nn.Module) -> Tensor | None:
        return _translation.sheet(self.match, shown)

    def _pair(self) -> tuple[Tensor, Tensor]:
        """The next inputs, and what they should become."""
        batch = next(self.match.batches)
        return _translation.given(batch, "paired"), batch.image

    def _generator_terms(self, image: Tensor, real: Tensor, step: int) -> dict[str, Scalar]:
        z = self._latents(len(image))
        fake = self._paint(image, z)
        self._shown = fake.detach()
        terms: dict[str, Scalar] = {}
        if self.options.l1:
            terms["g/l1"] = self.options.l1 * l1_loss(fake, real)
        if self.options.adversarial:
            terms |= self._opinion(image, real, fake)
        if self.eye:
            terms["g/perceptual"] = self.options.perceptual * self.eye(fake, real)
        return terms | self._penalty_terms(image, fake, z, step)

    def _opinion(self, image: Tensor, real: Tensor, fake: Tensor) -> dict[str, Scalar]:
        """What the discriminator makes of the fake, and by how much its features differ."""
        judge: Any = self.match.players["discriminator"]
        wanted, painted = self._told(image, real, fake)
        if not self.options.features:
            loss = _translation.g_loss(self.objective, judge(painted))
            return {"g/adversarial": self.options.adversarial * loss}
        seen = judge.features(painted)
        with torch.no_grad():
            wanted = judge.features(wanted)
        each = list(zip(_per_scale(seen), _per_scale(wanted), strict=True))
        loss = _translation.g_loss(self.objective, [ours[-1] for ours, _ in each])
        distance = torch.stack([_distance(ours, theirs) for ours, theirs in each]).mean()
        return {
            "g/adversarial": self.options.adversarial * loss,
            "g/features": self.options.features * distance,
        }

    def _discriminator_terms(self, image: Tensor, real: Tensor) -> dict[str, Scalar]:
        judge = self.match.players["discriminator"]
        assert self._shown is not None
        wanted, painted = self._told(image, real, self._shown)
        loss = _translation.d_loss(self.objective, judge(wanted), judge(painted))
        return {"d/adversarial": loss / 2}

    def _told(self, image: Tensor, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
        """What the discriminator sees: the input above the wanted picture, and above the fake."""
        seen = [self._context(image), real, fake]
        if self.augment is not None:
            changed = self.augment(torch.cat(seen, 1), self.match.draws)
            seen = list(changed.split([one.shape[1] for one in seen], 1))
        context, real, fake = seen
        return torch.cat([context, real], 1), torch.cat([context, fake], 1)

    def _paint(self, image: Tensor, z: Latent | None) -> Tensor:
        return _translation.translate(self.match.players["generator"], image, z).float()

    def _wanted(self, real: Tensor) -> Tensor:
        """The picture that the painter should make."""
        return real

    def _context(self, image: Tensor) -> Tensor:
        """The input as a judge is told it; some painters find boundaries in it."""
        context = getattr(self.match.players["generator"], "context", None)
        return image if context is None else context(image)

    def _penalty_terms(
        self, image: Tensor, fake: Tensor, z: Latent | None, step: int
    ) -> dict[str, Scalar]:
        round = Round(
            players=self.match.players,
            real=fake.detach()[:0],
            fake=fake,
            z=fake.new_zeros(len(fake), 0) if z is None else z,
            draws=self.match.draws,
            paint=partial(self._paint, image),
        )
        return _penalties.terms(self.match.recipe, "generator", round, step)

    def _latents(self, share: int) -> Latent | None:
        return self.match.draws.normal(share, self.z_dim) if self.z_dim else None


def _per_scale(features: list[Tensor] | list[list[Tensor]]) -> list[list[Tensor]]:
    """A judge of one scale is one of several."""
    nested = [one for one in features if isinstance(one, list)]
    return nested or [[one for one in features if isinstance(one, Tensor)]]


def _distance(ours: list[Tensor], theirs: list[Tensor]) -> Scalar:
    """The mean distance of features over layers, logits left out."""
    layers = list(zip(ours[:-1], theirs[:-1], strict=True))
    return torch.stack([l1_loss(a.float(), b.float()) for a, b in layers]).mean()


def _check_lesson(options: PairedOptions, recipe: Recipe) -> None:
    """Whether there is something to learn, and somebody who reads what only judges are told.

    Raises:
        RecipeError: if not.
    """
    if options.adversarial:
        return
    if not (options.l1 or options.perceptual):
        raise RecipeError("with l1, adversarial and perceptual all 0 there is nothing to learn")
    if options.features:
        raise RecipeError(
            "with adversarial 0 there is no judge, and nobody reads game_options.features; "
            f"got {options.features:g}"
        )
    if recipe.augment is not None:
        raise RecipeError(
            "with adversarial 0 there is no judge, and nobody reads augment; "
            f"got {recipe.augment.name!r}"
        )


def _augment(recipe: Recipe) -> Augment | None:
    """What happens to a pair before it is judged.

    Raises:
        RecipeError: if it would not be the same for inputs and pictures.
    """
    chosen = recipe.augment
    if chosen is None:
        return None
    if not isinstance(chosen.options, DiffAugmentOptions) or "colour" in chosen.options.policy:
        raise RecipeError(
            "pairs are moved and cut, and no more: augment: {name: diffaugment, options: "
            f"{{policy: [translation, cutout]}}}}; got {chosen.name} {chosen.options}"
        )
    return augmentations[chosen.name].build(chosen.options)


ENTRY = Paired
