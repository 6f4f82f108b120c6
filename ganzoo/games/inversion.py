"""From features back to pictures (Shocher et al. 2020, arXiv:2003.06221, Sec. 3).

    discriminator lowers  d_loss(D(x, y), D(G(z, m f), y)) + penalties,            f = C(x)
    generator lowers      g_loss(D(G(z, m f), y))
                        + reconstruction * E[sum_k fade^k d_k(G(z, m f), x)] + penalties

    d_k = mean of m_k |pool(C_k(G)) - pool(C_k(x))| / s_k over the places where m_k is 1

C is the recipe's classifier, which stands; m are masks and s_k as in
:mod:`ganzoo.architectures.semantic_pyramid`. So d_k is 1 where two features are as far apart as
those of two pictures are on average; with ``fade`` below 1 fine levels weigh more, since what
pleases C at depth need not look like anything. For each picture one level is told, each ``deeper``
times as often as the last. In a share ``windows`` of them finer maps are told, too, inside a
rectangle or outside it: so a part of a picture can be held and the rest painted anew.

The penalty ``mode_seeking`` is the paper's diversity loss, |z1 - z2| / |G(z1) - G(z2)|; it is asked
of pictures that are told nothing finer than level ``varied``.

Deviations from the paper: levels are drawn for each picture, not for each batch, so that batch
norms see all of them; deep ones may weigh less; windows may be turned inside out; nothing that is
told finely must vary.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any, cast

import numpy as np
import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn
from torch.nn.functional import max_pool2d

from ganzoo.architectures.semantic_pyramid import Generator, Levels, Region, masks
from ganzoo.data import Batch
from ganzoo.draws import Draws
from ganzoo.errors import RecipeError
from ganzoo.games import Game, Match, Turn, _penalties
from ganzoo.latents import latents
from ganzoo.layers.standing import stand
from ganzoo.options import Options
from ganzoo.penalties import Round
from ganzoo.shapes import Image, Latent, Scalar

MEASURED = 512  # pictures from which the spread of features is learned
STANDING_SEED = 0
SHEET_SEED = 0
SURE = 3.4  # how far above all others a classifier puts a class that it is sure of
SMALLEST, LARGEST = 0.25, 0.75  # side of a window, in sides of the picture


class InversionOptions(Options):
    reconstruction: float = Field(1.0, ge=0, description="weight of the features' distance")
    fade: float = Field(1.0, gt=0, le=1, description="share of that which stays a level deeper")
    pool: int = Field(2, ge=1, le=8, description="places in each direction that count as one")
    deeper: float = Field(1.0, gt=0, description="how much oftener than the last is each level")
    windows: float = Field(0.3, ge=0, le=1, description="share of pictures told more in a window")
    varied: int = Field(0, ge=0, description="the finest level at which latents must tell")
    standing: int = Field(0, ge=0, description="batches from which norms' statistics are measured")


class Inversion(Game):
    """A generator and a discriminator, and a classifier that stands."""

    kind = InversionOptions
    reads = frozenset({"objective", "penalties", "classifier", "label_smoothing"})
    options: InversionOptions

    def __init__(self, match: Match) -> None:
        super().__init__(match)
        recipe, data = match.recipe, match.batches.dataset
        if not isinstance(match.players["generator"], Generator):
            raise RecipeError(
                f"the inversion game paints from features; {recipe.architecture!r} does not"
            )
        if data.labels is None:
            raise RecipeError(f"the inversion game needs classes; {data.name} has no labels")
        _penalties.check(match, "generator", "discriminator")
        self.objective = match.objective()
        self.classifier = _classifier(match)
        with torch.no_grad():
            known = self.classifier.levels(data.images(slice(0, MEASURED), match.draws.device))
        self._generator.measure(known)

    def turns(self, step: int) -> Iterator[Turn]:
        batch = next(self.match.batches)
        known, told = self._look(batch.image, self.match.draws)
        z = self.match.draws.normal(len(batch.image), self._generator.options.z_dim)
        painted: list[Image] = []
        terms = partial(self._generator_terms, batch, known, told, z, painted, step)
        yield Turn(player="generator", terms=terms)
        terms = partial(self._discriminator_terms, batch, z, painted, step)
        yield Turn(player="discriminator", terms=terms)

    @torch.no_grad()
    def sheet(self, shown: nn.Module) -> Image:
        """Rows of pictures: each painted from a class's name alone, then told at each level.

        As many rows as columns: a sheet is a square.
        """
        painter, device = cast(Generator, shown), self.match.draws.device
        options = painter.options
        classes, levels = options.num_classes, len(options.shapes)
        rows = min(classes, levels + 1)

        def paint(seed: int, known: Levels, level: int) -> Image:
            z = latents(seed, rows, options.z_dim).to(device)
            told = masks(options, [one == level for one in range(levels)], rows)
            return painter(z, *painter.told(known, [mask.to(device) for mask in told]))

        blank = [torch.zeros(rows, *shape, device=device) for shape in options.shapes[:-1]]
        names = SURE * (torch.eye(classes, device=device)[:rows] - 1 / classes)
        first = paint(SHEET_SEED, [*blank, names], levels - 1)
        known = self.classifier.levels(first)
        again = [paint(SHEET_SEED + rows, known, level) for level in range(levels)]
        return torch.stack([first, *again], 1).flatten(0, 1)

    def settle(self, shown: nn.Module) -> None:
        if not self.options.standing:
            return
        painter, data = cast(Generator, shown), self.match.batches.dataset
        size, draws = self.match.recipe.batch_size, Draws(STANDING_SEED, self.match.draws.device)

        def one(batch: int) -> object:
            rows = np.arange(batch * size, (batch + 1) * size) % len(data)
            known, told = self._look(data.images(rows, draws.device), draws)
            return painter(draws.normal(size, painter.options.z_dim), *painter.told(known, told))

        stand(shown, (partial(one, batch) for batch in range(self.options.standing)))

    @property
    def _generator(self) -> Generator:
        return cast(Generator, self.match.players["generator"])

    @torch.no_grad()
    def _look(self, image: Image, draws: Draws) -> tuple[list[Tensor], list[Tensor]]:
        """What the classifier knows of pictures at each level, and the masks before it."""
        return self.classifier.levels(image), self._masks(len(image), draws)

    def _masks(self, count: int, draws: Draws) -> list[Tensor]:
        options = self._generator.options
        levels = torch.arange(len(options.shapes), device=draws.device)
        chances = (self.options.deeper**levels).cumsum(0)
        level = torch.searchsorted(chances / chances[-1], draws.uniform(count), right=True)
        finer = (draws.uniform(count) * level.clamp_max(len(options.sides))).long()
        windowed = (draws.uniform(count) < self.options.windows) & (level > 0)
        outside = (draws.uniform(count) < 0.5).view(count, 1, 1)
        windows = _windows(draws.uniform(count, 4), options.image_size)
        within = masks(options, [windows ^ outside] * len(options.sides) + [False] * 2, count)
        made = []
        for k, mask in enumerate(within):
            each = (count, *[1] * (mask.ndim - 1))
            more = (windowed & (finer == k)).view(each) * mask.to(draws.device)
            made.append((level == k).float().view(each) + more)
        return made

    def _generator_terms(
        self,
        batch: Batch,
        known: Levels,
        told: Levels,
        z: Latent,
        painted: list[Image],
        step: int,
    ) -> dict[str, Scalar]:
        given = self._generator.told(known, told)
        fake = self._generator(z, *given).float()
        painted.append(fake.detach())
        judged = self.match.players["discriminator"](fake, batch.y)
        terms = {"g/adversarial": self.objective.g_loss(judged.float())}
        if self.options.reconstruction:
            apart = distances(self.classifier.levels(fake), known, told, self.options.pool)
            spread = self._generator.spread
            weights = self.options.fade ** torch.arange(len(spread), device=spread.device) / spread
            apart = (torch.stack(apart, 1) * weights).sum(1).mean()
            terms["g/reconstruction"] = self.options.reconstruction * apart
        fine = torch.stack([mask.flatten(1).any(1) for mask in told], 1)[:, : self.options.varied]
        round = Round(
            players=self.match.players,
            real=batch.image[:0],
            fake=fake,
            z=z,
            draws=self.match.draws,
            paint=lambda other: self._generator(other, *given).float(),
            asked=~fine.any(1),
        )
        return terms | _penalties.terms(self.match.recipe, "generator", round, step)

    def _discriminator_terms(
        self, batch: Batch, z: Latent, painted: list[Image], step: int
    ) -> dict[str, Scalar]:
        """Judges what the generator has just painted: painting once is enough for both."""
        real, fake = batch.image, painted[0]
        round = Round(
            players=self.match.players,
            real=real,
            fake=fake,
            z=z,
            draws=self.match.draws,
            y=batch.y,
            fake_y=batch.y,
        )
        loss = self.objective.d_loss(
            round.judge(real, batch.y).float(),
            round.judge(fake, batch.y).float(),
            smoothing=self.match.recipe.label_smoothing,
        )
        terms = _penalties.terms(self.match.recipe, "discriminator", round, step)
        return {"d/adversarial": loss, **terms}


def distances(
    levels: Levels, wanted: Levels, told: Levels, pool: int = 1
) -> list[Float[Tensor, " b"]]:
    """How far two pictures are apart at each level, where it is told; 0 where nothing is.

    sum(m |f - g|) / (c sum(m)),    f, g and m the maxima and the minimum over ``pool`` x ``pool``
    places where maps have so many twice
    """
    apart = []
    for ours, theirs, mask in zip(levels, wanted, told, strict=True):
        if ours.ndim == 4 and ours.shape[-1] >= 2 * pool > 2:
            ours, theirs, mask = (
                max_pool2d(ours, pool, ceil_mode=True),
                max_pool2d(theirs, pool, ceil_mode=True),
                -max_pool2d(-mask, pool, ceil_mode=True),
            )
        each = (mask * (ours - theirs).abs()).flatten(1).sum(1)
        apart.append(each / (ours.shape[1] * mask.flatten(1).sum(1)).clamp_min(1))
    return apart


def _classifier(match: Match) -> Any:
    """The recipe's classifier, if the generator mirrors it.

    Raises:
        RecipeError: if it names none, or one with other levels.
    """
    if match.classifier is None:
        raise RecipeError("the inversion game needs a classifier; the recipe names none")
    name, wanted = match.recipe.classifier, cast(Any, match.recipe.options).shapes
    levels = getattr(match.classifier, "levels", None)
    if levels is None:
        raise RecipeError(f"{name!r} has no levels to invert: an airbench classifier has")
    size, channels = match.recipe.data.size, match.recipe.data.channels
    with torch.no_grad():
        blank = torch.zeros(1, channels, size, size, device=match.draws.device)
        found = [tuple(one.shape[1:]) for one in levels(blank)]
    if found != wanted:
        raise RecipeError(f"{name!r} has levels of {found}; the generator mirrors {wanted}")
    return match.classifier


def _windows(luck: Float[Tensor, "b 4"], size: int) -> Region:
    """Rectangles of random sides and places, as pixels."""
    sides = SMALLEST + (LARGEST - SMALLEST) * luck[:, :2]
    corner = luck[:, 2:] * (1 - sides)
    at = (torch.arange(size, device=luck.device) + 0.5) / size
    inside = (at >= corner[:, :, None]) & (at < (corner + sides)[:, :, None])
    return inside[:, 0, :, None] & inside[:, 1, None, :]


ENTRY = Inversion
