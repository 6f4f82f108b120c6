"""One scale after the other, from coarse to fine (Shaham et al. 2019, arXiv:1905.01164, Sec. 3.2).

    each scale    d_turns times:  discriminator lowers d_loss(D_k(x_k), D_k(G_k(noise)))
                                                       + penalties
                  g_turns times:  generator lowers     g_loss(D_k(G_k(noise)))
                                                       + reconstruction * E|G_k(anchor) - x_k|^2

Scales below stay as they are; a new one begins with the weights of the last. Each has an equal
share of the budget, and lowers its learning rate towards the end of it. How much noise a scale adds
follows from how far the scales below miss the image there:

    a_k = noise * rmse(up(G_{k-1}(anchor)), x_k)

What has been climbed is never left again, not even if the budget becomes larger on the way.
"""

from collections.abc import Collection, Iterator
from functools import partial
from typing import Any, cast

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn.functional import mse_loss

from ganzoo.architectures.singan import Generator, climb
from ganzoo.errors import RecipeError
from ganzoo.games import Game, Match, Turn, _one_image, _penalties
from ganzoo.images import resized
from ganzoo.latents import maps
from ganzoo.options import Options
from ganzoo.penalties import Round
from ganzoo.shapes import Image, Scalar

SHEET = 12  # pictures on a sheet
SHEET_SEED = 0  # of the first


class PyramidOptions(Options):
    g_turns: int = Field(3, ge=1, le=64, description="generator turns in a step")
    reconstruction: float = Field(10.0, ge=0, description="weight of painting the image itself")
    noise: float = Field(0.1, gt=0, le=10, description="in terms of what the scales below miss")
    late: float = Field(0.8, gt=0, le=1, description="share of a scale's budget until it slows")
    slower: float = Field(0.1, gt=0, le=1, description="what the learning rate falls to then")


class Pyramid(Game):
    """A generator and a discriminator of many scales, and a single image."""

    kind = PyramidOptions
    reads = frozenset({"objective", "penalties", "d_turns"})
    options: PyramidOptions

    def __init__(self, match: Match) -> None:
        super().__init__(match)
        recipe = match.recipe
        if not isinstance(match.players["generator"], Generator):
            raise RecipeError(
                f"the pyramid game climbs from scale to scale; {recipe.architecture!r} has none"
            )
        _penalties.check(match, "discriminator")
        self.objective = match.objective()
        _one_image.fits(match, self._generator.shapes[-1], "pyramid")
        self.scale = -1
        self._still: tuple[int, Tensor | None] = (-1, None)

    @property
    def scales(self) -> int:
        """How many there are to climb."""
        return len(self._generator.shapes)

    def turns(self, step: int) -> Iterator[Turn]:
        recipe, options = self.match.recipe, self.options
        climbed = step * recipe.batch_size * recipe.d_turns / (1000 * recipe.kimg) * self.scales
        image = next(self.match.batches).image
        while self.scale < min(int(climbed + 1e-9), self.scales - 1):
            self._climb(image)
        rate = options.slower if climbed - self.scale >= options.late else 1.0
        real = resized(image, self._generator.shapes[self.scale])
        for turn in range(recipe.d_turns):
            if turn:
                next(self.match.batches)
            terms = partial(self._discriminator_terms, real, step)
            yield Turn(player="discriminator", terms=terms, rate=rate)
        for _ in range(options.g_turns):
            terms = partial(self._generator_terms, real)
            yield Turn(player="generator", terms=terms, rate=rate)

    def sheet(self, shown: nn.Module) -> Image | None:
        generator = cast(Generator, shown)
        known = generator.shapes[: int(generator.top) + 1]
        noise = maps(SHEET_SEED, SHEET, [(generator.anchor.shape[1], *one) for one in known])
        painted = generator.climbed([z.to(generator.anchor.device) for z in noise])
        assert painted is not None
        return resized(painted, generator.shapes[-1])

    def take_over(self, fresh: Collection[str]) -> None:
        self.scale = int(self._generator.top)

    def gauges(self, step: int) -> dict[str, float]:
        return {"scale": float(self.scale)}

    def state(self) -> dict[str, Any]:
        return {"scale": self.scale}

    def restore(self, state: dict[str, Any]) -> None:
        self.scale = state["scale"]

    @property
    def _generator(self) -> Generator:
        return cast(Generator, self.match.players["generator"])

    @torch.no_grad()
    def _climb(self, image: Image) -> None:
        self.scale += 1
        for player in self.match.players.values():
            climb(player, self.scale)
        if self.scale:
            generator = self._generator
            real = resized(image, generator.shapes[self.scale])
            missed = mse_loss(resized(self._anchored_below(), generator.shapes[self.scale]), real)
            generator.amplitudes[self.scale] = self.options.noise * missed.sqrt()

    @torch.no_grad()
    def _anchored_below(self) -> Tensor:
        """What the scales below paint of the image itself; they do not move any more."""
        scale, below = self._still
        if scale != self.scale or below is None:
            generator = self._generator
            # once within a step and once before it: after an interruption it must be the same
            with torch.autocast(generator.anchor.device.type, enabled=False):
                below = generator.climbed(generator.anchored(self.scale - 1))
            assert below is not None
            self._still = (self.scale, below)
        return below

    @torch.no_grad()
    def _below(self) -> Tensor | None:
        """What the scales below paint of fresh noise; None at the coarsest."""
        return self._generator.climbed([self._noise(scale) for scale in range(self.scale)])

    def _noise(self, scale: int) -> Tensor:
        generator = self._generator
        return self.match.draws.normal(1, generator.anchor.shape[1], *generator.shapes[scale])

    def _fake(self) -> Tensor:
        below = self._below()
        return self._generator.paint(self.scale, self._noise(self.scale), below)

    def _discriminator_terms(self, real: Image, step: int) -> dict[str, Scalar]:
        with torch.no_grad():
            fake = self._fake().float()
        judge = self.match.players["discriminator"]
        loss = self.objective.d_loss(judge(real).float(), judge(fake).float())
        return {"d/adversarial": loss, **self._penalty_terms(real, fake, step)}

    def _penalty_terms(self, real: Image, fake: Image, step: int) -> dict[str, Scalar]:
        players, draws = self.match.players, self.match.draws
        z = self._generator.anchor.flatten(1)
        round = Round(players=players, real=real, fake=fake, z=z, draws=draws)
        return _penalties.terms(self.match.recipe, "discriminator", round, step)

    def _generator_terms(self, real: Image) -> dict[str, Scalar]:
        judged = self.match.players["discriminator"](self._fake().float())
        terms = {"g/adversarial": self.objective.g_loss(judged.float())}
        if self.options.reconstruction:
            generator = self._generator
            below = self._anchored_below() if self.scale else None
            again = generator.paint(self.scale, generator.anchored(self.scale)[-1], below)
            terms["g/reconstruction"] = self.options.reconstruction * mse_loss(again.float(), real)
        return terms


ENTRY = Pyramid
