"""One image, remade at ever more sizes (Shocher et al. 2018, arXiv:1812.00231, Secs. 2 and 3).

    generator       lowers g_loss(D(G(x; T))) + reconstruction * E|G(G(x; T); T^-1) - x|     (Eq. 1)
    discriminator   lowers d_loss(D(x), D(G(x; T)))

At each step x is a crop at a random place, T a random size, each side for itself, and a random
trapezoid, if ``narrow`` is not 0. T begins near the identity, and has its whole range when the
share ``grown`` of the budget is spent. The judges' scales weigh t^k, from fine to coarse:

    t = tilt^((even - spent) / even)

so that the coarse ones count more at first, all alike after the share ``even``, and the fine ones
more in the end. ``instance_noise``, uniform and so wide where white is 1 and black is 0, is added
to the image that the generator begins with, and to both that the judge learns from.
"""

from collections.abc import Collection, Iterator
from functools import partial
from typing import cast

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn.functional import l1_loss

from ganzoo.architectures.ingan import (
    Discriminator,
    Generator,
    Homography,
    Options,
    trapezoid,
)
from ganzoo.errors import RecipeError
from ganzoo.games import Game, Match, Turn, _one_image
from ganzoo.options import Options as GameOptions
from ganzoo.shapes import Image, Made, Scalar, Shape, shape_of

WIDTHS = 1.0, 2.0, 0.5  # on a sheet, in terms of the image's: first as it is, for thumbnails
HEIGHTS = 1.0, 1.6, 0.6
GAP = 6  # pixels between them


class RetargetingOptions(GameOptions):
    smallest: float = Field(0.15, gt=0, le=1, description="share of a side that is left of it")
    largest: float = Field(2.25, ge=1, le=8, description="times a side, at most")
    narrow: float = Field(
        0.0, ge=0, le=0.9, description="of an edge of a trapezoid, in terms of the width, at most"
    )
    grown: float = Field(0.13, gt=0, le=1, description="share of the budget until T is whole")
    reconstruction: float = Field(
        0.05, ge=0, description="weight of the way back: lambda / 2, as g_loss has its half"
    )
    tilt: float = Field(1.4, ge=1, le=8, description="t in the beginning")
    even: float = Field(0.33, gt=0, le=1, description="share of the budget until t = 1")


class Retargeting(Game):
    """A generator that remakes one image, and judges of its patches."""

    kind = RetargetingOptions
    reads = frozenset({"objective", "instance_noise"})
    options: RetargetingOptions

    def __init__(self, match: Match) -> None:
        super().__init__(match)
        recipe, known = match.recipe, match.recipe.options
        if not isinstance(known, Options):
            raise RecipeError(
                f"the retargeting game remakes an image; {recipe.architecture!r} does not"
            )
        self.objective = match.objective()
        self.known = known
        _one_image.fits(match, known.shape, "retargeting")
        self._learn_by_heart()

    def turns(self, step: int) -> Iterator[Turn]:
        recipe = self.match.recipe
        spent = step * recipe.batch_size / (1000 * recipe.kimg)
        self._judge.tilt.fill_(self.options.tilt ** (1 - spent / self.options.even))
        real = self._cut(next(self.match.batches).image)
        shape, places = self._drawn(shape_of(real), min(1.0, spent / self.options.grown))
        fakes: list[Tensor] = []
        generator_terms = partial(self._generator_terms, real, shape, places, fakes)
        yield Turn(player="generator", terms=generator_terms)
        yield Turn(player="discriminator", terms=partial(self._discriminator_terms, real, fakes))

    def sheet(self, shown: nn.Module) -> Tensor | None:
        assert isinstance(shown, Generator)
        return collage(shown)

    def take_over(self, fresh: Collection[str]) -> None:
        self._learn_by_heart()

    @property
    def _generator(self) -> Generator:
        return cast(Generator, self.match.players["generator"])

    @property
    def _judge(self) -> Discriminator:
        return cast(Discriminator, self.match.players["discriminator"])

    def _learn_by_heart(self) -> None:
        picture = torch.from_numpy(self.match.batches.dataset.pictures[0].copy())
        self._generator.known.copy_(picture)

    def _cut(self, image: Image) -> Made:
        """A crop at a random place."""
        (rows, columns), draws = self.known.cropped, self.match.draws
        top = int(draws.integers(1, image.shape[2] - rows + 1))
        left = int(draws.integers(1, image.shape[3] - columns + 1))
        return image[:, :, top : top + rows, left : left + columns]

    def _drawn(self, shape: Shape, grown: float) -> tuple[Shape, Homography | None]:
        """A random T, of a share of its whole range."""
        options = self.options
        low, high = (1 + grown * (end - 1) for end in (options.smallest, options.largest))
        tall, wide, edge = self.match.draws.uniform(1, 3)[0].tolist()
        sides = [
            max(round(side * (low + (high - low) * share)), self.known.d_smallest)
            for side, share in zip(shape, (tall, wide), strict=True)
        ]
        reach = options.narrow * grown
        return (sides[0], sides[1]), trapezoid((2 * edge - 1) * reach) if reach else None

    def _noisy(self, image: Image) -> Image:
        width = 2 * self.match.recipe.instance_noise  # the pixel range [-1, 1] is 2 wide
        if not width:
            return image
        noise = self.match.draws.uniform(1, *image.shape[1:]) - 0.5
        return image + width * noise

    def _generator_terms(
        self, real: Image, shape: Shape, places: Homography | None, fakes: list[Tensor]
    ) -> dict[str, Scalar]:
        generator = self._generator
        fake = generator(self._noisy(real), shape, places).float()
        fakes.append(fake.detach())
        terms = {"g/adversarial": self.objective.g_loss(self._judge(fake).float())}
        if weight := self.options.reconstruction:
            back = None if places is None else torch.linalg.inv(places)
            again = generator(fake, shape_of(real), back).float()
            terms["g/reconstruction"] = weight * l1_loss(again, real)
        return terms

    def _discriminator_terms(self, real: Image, fakes: list[Tensor]) -> dict[str, Scalar]:
        judged = [self._judge(self._noisy(one)).float() for one in (real, fakes[-1])]
        return {"d/adversarial": self.objective.d_loss(*judged)}


def collage(generator: Generator) -> Image:
    """The image on white, at several widths from left to right, and heights from top to bottom."""
    image = generator.own()
    rows, columns = shape_of(image)
    shares = (
        [round(share * rows) for share in HEIGHTS],
        [round(share * columns) for share in WIDTHS],
    )
    high, wide = (sum(sides) + GAP * (len(sides) - 1) for sides in shares)
    sheet = image.new_ones(1, image.shape[1], high, wide)
    top = 0
    for tall in shares[0]:
        left = 0
        for broad in shares[1]:
            sheet[:, :, top : top + tall, left : left + broad] = generator(image, (tall, broad))
            left += broad + GAP
        top += tall + GAP
    return sheet


ENTRY = Retargeting
