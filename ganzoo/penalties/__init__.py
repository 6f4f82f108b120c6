"""One file per regulariser: a term added to one player's loss, or a projection after its step."""

from collections.abc import Callable
from dataclasses import dataclass

from jaxtyping import Bool, Float
from torch import Tensor, nn

from ganzoo.draws import Draws
from ganzoo.papers import Paper
from ganzoo.registry import Folder
from ganzoo.shapes import Image, Labels, Latent, Logits, Scalar, Verdicts

TINY = 1e-6  # less than any share of a batch


@dataclass(frozen=True, kw_only=True)
class Round:
    """All that a penalty may look at.

    ``fake`` carries no gradient to the generator; at the generator's turn there are no reals, and
    ``real`` is an empty batch. ``see`` is what becomes of an image before it is judged. A
    translator's game lets penalties paint the same inputs again from other latents (``paint``);
    ``fake`` then carries its gradient. Where not all fakes are meant, ``asked`` says which: others
    are masked, not left out, so that processes that share a batch draw and paint alike.
    """

    players: nn.ModuleDict
    real: Float[Tensor, "reals c h w"]
    fake: Image
    z: Latent
    draws: Draws
    y: Labels | None = None
    fake_y: Labels | None = None
    see: Callable[[Image], Image] = lambda image: image
    paint: Callable[[Latent], Tensor] | None = None
    asked: Bool[Tensor, " b"] | None = None

    def judge(self, image: Image, y: Labels | None) -> Logits:
        """The discriminator's logits, conditional where the game is."""
        judge, image = self.players["discriminator"], self.see(image)
        return judge(image) if y is None else judge(image, y)

    def mean(self, each: Verdicts) -> Scalar:
        """This process's part of the mean over the fakes that are asked; 0 if there are none."""
        if self.asked is None:
            return each.mean()
        asked = self.asked.to(each.dtype)
        share = self.draws.gathered(asked).mean()  # of the whole batch
        return (asked * each).mean() / share.clamp_min(TINY)


@dataclass(frozen=True, kw_only=True)
class Penalty:
    """What it adds to a player's loss, or what it does to the player after each step.

    Attributes:
        player: whom it concerns.
        term: the summand, before the recipe's weight.
        project: changes the player's weights in place; receives the recipe's weight.
        per_image: needs a player that judges each image alone (no batch norm).
        caution: what is known against it, for the card of a bundle that was trained with it.
    """

    paper: Paper
    player: str = "discriminator"
    term: Callable[[Round], Scalar] | None = None
    project: Callable[[nn.Module, float], None] | None = None
    per_image: bool = False
    caution: str = ""


penalties: Folder[Penalty] = Folder(__name__, Penalty)
