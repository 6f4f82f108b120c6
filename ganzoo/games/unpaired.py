"""Translation learned without pairs (Zhu et al. 2017, arXiv:1703.10593, Eqs. 1 to 3).

    both generators       g_loss(D_Y(G(x))) + g_loss(D_X(F(y)))
                          + cycle * (E|F(G(x)) - x| + E|G(F(y)) - y|)
                          + identity * cycle * (E|G(y) - y| + E|F(x) - x|)        (Sec. 5.2)
    each discriminator    1/2 d_loss(reals, fakes out of a pool of the last 50)   (Sec. 4)

Two games at once, and one turn for both painters. G is ``generator``, F ``back_generator``.

Deviations from the paper: its least squares are twice :mod:`ganzoo.objectives.least_squares`, so
that a cycle of weight 10 weighs here as 20 does there.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn.functional import l1_loss

from ganzoo.draws import Draws
from ganzoo.errors import RecipeError
from ganzoo.games import Game, Match, Turn, _translation
from ganzoo.options import Options
from ganzoo.shapes import Scalar

WAYS = ("", "back_")  # there, and back


class UnpairedOptions(Options):
    cycle: float = Field(10.0, ge=0, description="weight of arriving where the journey began")
    identity: float = Field(
        0.5, ge=0, description="in cycle's terms: leave alone what fits already"
    )
    identity_every: int = Field(
        1, ge=1, le=64, description="only in every so many steps, and as much heavier then"
    )
    pool: int = Field(
        50, ge=0, le=1000, description="fakes kept for the judges; 0: the newest only"
    )


class Unpaired(Game):
    """Two generators, two discriminators, one cycle."""

    kind = UnpairedOptions
    reads = frozenset({"objective"})
    options: UnpairedOptions

    def __init__(self, match: Match) -> None:
        super().__init__(match)
        _translation.check_sides(match)
        self.objective = match.objective()
        if "back_generator" not in match.players:
            raise RecipeError(
                f"the unpaired game needs a way back; {match.recipe.architecture!r} has none"
            )
        self.pools = {way: Pool(self.options.pool, match.draws) for way in WAYS}
        self._shown: dict[str, Tensor] = {}

    @property
    def averaged(self) -> tuple[str, ...]:
        return ("generator", "back_generator")

    def turns(self, step: int) -> Iterator[Turn]:
        batch = next(self.match.batches)
        x, y = _translation.given(batch, "unpaired"), batch.image
        yield Turn(
            player=("generator", "back_generator"),
            terms=partial(self._generators_terms, x, y, step),
        )
        for way, real in zip(WAYS, (y, x), strict=True):
            terms = partial(self._discriminator_terms, way, real)
            yield Turn(player=f"{way}discriminator", terms=terms)

    def sheet(self, shown: nn.Module) -> Tensor | None:
        return _translation.sheet(self.match, shown)

    def state(self) -> dict[str, Any]:
        return {way: pool.kept for way, pool in self.pools.items()}

    def restore(self, state: dict[str, Any]) -> None:
        for way, kept in state.items():
            self.pools[way].kept = list(kept)

    def _generators_terms(self, x: Tensor, y: Tensor, step: int) -> dict[str, Scalar]:
        there, back = (self.match.players[f"{way}generator"] for way in WAYS)
        every = self.options.identity_every
        identity = 0.0 if step % every else self.options.identity * self.options.cycle * every
        terms: dict[str, Scalar] = {}
        journeys = {"": (there, back, x, y), "back_": (back, there, y, x)}
        for way, (go, come, start, others) in journeys.items():
            fake = go(start).float()
            self._shown[way] = fake.detach()
            judged = self.match.players[f"{way}discriminator"](fake)
            terms[f"{way}g/adversarial"] = _translation.g_loss(self.objective, judged)
            if self.options.cycle:
                returned = come(fake).float()
                terms[f"{way}g/cycle"] = self.options.cycle * l1_loss(returned, start)
            if identity:
                terms[f"{way}g/identity"] = identity * l1_loss(go(others).float(), others)
        return terms

    def _discriminator_terms(self, way: str, real: Tensor) -> dict[str, Scalar]:
        judge = self.match.players[f"{way}discriminator"]
        fake = self.pools[way].swap(self._shown[way])
        loss = _translation.d_loss(self.objective, judge(real), judge(fake))
        return {f"{way}d/adversarial": loss / 2}


class Pool:
    """Remembers fakes, so that judges do not forget old tricks (Shrivastava et al. 2016).

    While there is room, fakes are kept and shown as they come. Then each is, with probability one
    half, exchanged for one of those kept.
    """

    def __init__(self, size: int, draws: Draws) -> None:
        self.size, self.draws = size, draws
        self.kept: list[Tensor] = []

    def swap(self, fakes: Tensor) -> Tensor:
        """As many fakes as were given.

        Processes that share a batch keep the same pool, of the fakes of all.
        """
        draws = self.draws
        coins = draws.gathered(draws.uniform(len(fakes))).tolist()
        places = draws.gathered(draws.uniform(len(fakes))).tolist()
        whole = zip(draws.gathered(fakes), coins, places, strict=True)
        out = [self._one(*each) for each in whole][draws.rank :: draws.world]
        return torch.stack(out).contiguous(memory_format=torch.channels_last)

    def _one(self, fake: Tensor, coin: float, place: float) -> Tensor:
        if not self.size:
            return fake
        if len(self.kept) < self.size:
            self.kept.append(fake.clone())
            return fake
        if coin >= 0.5:
            return fake
        chosen = int(place * len(self.kept))
        old, self.kept[chosen] = self.kept[chosen], fake.clone()
        return old


ENTRY = Unpaired
