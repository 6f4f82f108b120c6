"""One file per way to change what the discriminator sees, so that few images last longer.

Reals and fakes are changed alike, before every verdict, and the generator's gradient flows through
the change: the discriminator cannot learn the data by heart, and the generator need not paint the
changes.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from ganzoo.draws import Draws
from ganzoo.options import Options
from ganzoo.papers import Paper
from ganzoo.registry import Folder
from ganzoo.shapes import Image, Logits


class Augment(ABC):
    """A change at work in one training."""

    def __call__(self, image: Image, draws: Draws) -> Image:
        """The images as the discriminator sees them; differentiable twice.

        In float32 under autocast too: eight bits of a place are a pixel off.
        """
        with torch.autocast(image.device.type, enabled=False):
            return self.change(image.float(), draws)

    @abstractmethod
    def change(self, image: Image, draws: Draws) -> Image:
        """What :meth:`__call__` does, to images in float32."""

    def heed(self, real: Logits) -> None:  # noqa: B027 - most do not adapt
        """Learns from the verdicts on a batch of reals, those of all processes."""

    def gauges(self) -> dict[str, float]:
        """What adapts, for the log."""
        return {}

    def state(self) -> dict[str, Any]:
        """What must be remembered over an interruption."""
        return {}

    def restore(self, state: dict[str, Any]) -> None:  # noqa: B027 - most forget
        """The inverse of :meth:`state`."""


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """One paper's way.

    Attributes:
        options: what a recipe may set.
        build: from the options, the change at work.
    """

    paper: Paper
    options: type[Options]
    build: Callable[[Any], Augment]


augmentations: Folder[Augmentation] = Folder(__name__, Augmentation)
