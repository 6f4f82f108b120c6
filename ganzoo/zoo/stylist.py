"""A model with styles, asked in its own words: styles in, pictures out."""

from typing import Any

import torch
from torch import Tensor

from ganzoo.errors import InputError
from ganzoo.latents import maps
from ganzoo.layers.noise import NOISES
from ganzoo.shapes import Image, Latent, Style, Told
from ganzoo.zoo._told import check_latents
from ganzoo.zoo.model import Model


class Stylist:
    """What a generator makes of styles, by the prepared copy that everyone shares.

    Raises:
        InputError: if the model has no styles.
    """

    def __init__(self, model: Model) -> None:
        if "style" not in model.bundle.abilities:
            raise InputError(f"{model.bundle.name} has no styles to mix")
        self.model = model
        self._fast = model.prepared()

    @property
    def sides(self) -> list[int]:
        """Pixels on a side of the maps that each layer's style works on, from coarse to fine."""
        return list(self._network.synthesis.sides)

    @property
    def noisy(self) -> bool:
        """Whether it takes noise beside its styles."""
        options = self.model.bundle.recipe.options
        return bool(self._network.synthesis.noises) and getattr(options, "g_noise", True)

    @property
    def moves(self) -> bool:
        """Whether its pictures can be moved through its input."""
        return "move" in self.model.bundle.abilities

    def styles(
        self, z: Latent, y: Told | None = None, psi: float = 1.0, cutoff: int | None = None
    ) -> Style:
        """The style of every layer.

        Raises:
            InputError: as the bare generator does.
        """
        check_latents(z, self.model.z_dim, self.model.bundle.name)
        told = self.model.told(y, len(z))
        self._network.check(told[0] if told else None, psi, cutoff)
        given = [one.to(self._device) for one in (z, *told)]
        return self._fast.through(
            lambda *batch: self._network.mapping(*batch, psi=psi, cutoff=cutoff), *given
        ).cpu()

    def paint(self, w: Style, noise: str | int = "constant") -> Image:
        """Pictures of styles.

        Args:
            noise: ``constant``, ``none``, or a seed: picture ``i`` gets the noise ``seed + i``.

        Raises:
            InputError: if there is no such noise, or the styles are of other layers.
        """
        self._check(w)
        synthesis = self._network.synthesis
        if isinstance(noise, str):
            if noise not in NOISES:
                raise InputError(f"noise is {', '.join(NOISES)} or a seed; got {noise!r}")
            return self._painted(lambda batch: synthesis(batch, noise=noise), w)
        drawn = self._noise(noise, len(w))
        return self._painted(lambda batch, *noise: synthesis(batch, noise=noise), w, *drawn)

    def move(self, w: Style, transform: Tensor) -> Image:
        """Pictures of styles, moved through the network's input.

        Args:
            transform: of each, (b, 3, 3), as :func:`ganzoo.motion.moved` makes it.

        Raises:
            InputError: if this network's input cannot be moved.
        """
        self._check(w)
        if not self.moves:
            raise InputError(f"the input of {self.model.bundle.name} cannot be moved")
        synthesis = self._network.synthesis
        return self._painted(
            lambda batch, moved: synthesis(batch, transform=moved), w, transform.to(w.dtype)
        )

    @property
    def _network(self) -> Any:
        return self._fast.network

    @property
    def _device(self) -> torch.device:
        return next(self._network.parameters()).device

    def _painted(self, part: Any, *given: Tensor) -> Image:
        return self._fast.through(part, *(one.to(self._device) for one in given)).cpu().clamp(-1, 1)

    def _noise(self, seed: int, count: int) -> list[Tensor]:
        """One map for each layer, of the seeds ``seed``, ``seed + 1``, …"""
        return maps(seed, count, ((1, side, side) for side in self._network.synthesis.noises))

    def _check(self, w: Style) -> None:
        wanted = self._network.synthesis.styles
        if w.shape[1] != wanted:
            raise InputError(
                f"{self.model.bundle.name} has {wanted} layers of styles; got {w.shape[1]}"
            )
