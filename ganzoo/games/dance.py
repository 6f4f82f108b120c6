"""Two frames at a time (Chan et al. 2018, arXiv:1808.07371, Sec. 3.2, "Temporal smoothing").

    first  = G(x_{t-1}, 0)
    second = G(x_t, first)
    the paired game, with  x = [x_{t-1}, x_t]  for input,  y = [y_{t-1}, y_t]  for what is wanted,
    and  G(x) = [first, second]  for what is made

So judges see whether two pictures go together, and features are matched over both. Frames are the
data set's rows, in order; the first frame of all has none before it, and stands for the second.
"""

from typing import Any

import torch
from torch import Tensor

from ganzoo.architectures.dance import FRAMES, Generator
from ganzoo.errors import RecipeError
from ganzoo.games import Match
from ganzoo.games.paired import Paired
from ganzoo.shapes import Latent


class Dance(Paired):
    """The paired game of films: inputs and pictures are each two frames, one above the other."""

    def __init__(self, match: Match) -> None:
        super().__init__(match)
        recipe, data = match.recipe, match.batches.dataset
        if not isinstance(match.players["generator"], Generator):
            raise RecipeError(
                "the dance game paints with the last picture in mind; "
                f"{recipe.architecture!r} is told none"
            )
        if data.inputs is None or not data.paired or len(data) < FRAMES:
            raise RecipeError(
                f"the dance game needs a film, {FRAMES} frames or more in order, each with its "
                f"stick figure; {data.name} has none"
            )
        if recipe.data.flip:
            raise RecipeError("the dance game mirrors nothing: left and right have their colours")
        if self.options.perceptual:
            raise RecipeError("the dance game has no perceptual term; got game_options.perceptual")

    def _pair(self) -> tuple[Tensor, Tensor]:
        batches = self.match.batches
        rows = next(batches).rows.clip(1)
        data, device = batches.dataset, batches.device
        image, real = (
            torch.cat([data.images(rows - 1, device, inputs), data.images(rows, device, inputs)], 1)
            for inputs in (True, False)
        )
        return image, real

    def _paint(self, image: Tensor, z: Latent | None) -> Tensor:
        painter: Any = self.match.players["generator"]
        before, now = image.chunk(FRAMES, 1)
        first = painter(before)
        return torch.cat([first, painter(now, first)], 1).float()


ENTRY = Dance
