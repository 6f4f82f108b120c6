"""The game of the StyleGANs (Karras et al. 2019, arXiv:1812.04948, Sec. 3.1): styles are mixed.

    w = mapping(z1) in the first layers, mapping(z2) in the others     for a share of the images

Where one picture is painted from two styles, neighbouring layers cannot count on each other: each
learns to mean something by itself. Noise is drawn anew at each turn.
"""

from typing import Any, cast

import torch
from pydantic import Field

from ganzoo.errors import RecipeError
from ganzoo.games import Match
from ganzoo.games.adversarial import Adversarial, AdversarialOptions
from ganzoo.shapes import Image, Labels, Latent, Style


class StyleGameOptions(AdversarialOptions):
    mixing: float = Field(0.9, ge=0, le=1, description="share of the images with two styles")


class StyleGame(Adversarial):
    """Generators with styles; one without is played as it is.

    Raises:
        RecipeError: if styles are to be mixed and there are none.
    """

    kind = StyleGameOptions
    options: StyleGameOptions  # pyright: ignore[reportIncompatibleVariableOverride]

    def __init__(self, match: Match) -> None:
        super().__init__(match)
        self.styled = "style" in match.recipe.abilities
        told = "mixing" in self.options.model_fields_set and self.options.mixing
        if told and not self.styled:
            raise RecipeError(
                f"{match.recipe.architecture!r} has no styles to mix: nobody reads "
                f"game_options.mixing; got {told:g}"
            )

    def _paint(self, z: Latent, y: Labels | None) -> Image:
        if not self.styled:
            return super()._paint(z, y)
        generator = cast(Any, self.match.players["generator"])
        w = generator.mapping(z, y)
        if self.options.mixing:
            other = generator.mapping(self._latents(len(z))[0], y)
            w = self._mixed(w, other, generator.used)
        return generator.synthesis(w, noise="random")

    def _mixed(self, w: Style, other: Style, used: int) -> Style:
        """The other's styles from a random layer of those in use on, in a share of the images."""
        draws = self.match.draws
        first = 1 + draws.integers(len(w), used - 1)
        chosen = draws.uniform(len(w)) < self.options.mixing
        layer = torch.arange(w.shape[1], device=w.device)
        takes = chosen[:, None] & (layer >= first[:, None])
        return torch.where(takes[:, :, None], other, w)


ENTRY = StyleGame
