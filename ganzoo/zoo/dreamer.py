"""A model that knows one image, asked for others of the same place."""

from typing import cast

import torch
from torch import Tensor

from ganzoo.architectures.singan import Generator
from ganzoo.errors import InputError
from ganzoo.images import resized
from ganzoo.latents import maps
from ganzoo.shapes import AnySize, Image, Shape
from ganzoo.zoo.model import Model

STRETCH = 0.4, 2.5  # of either side, at least and most
COUNT_LIMIT = 64  # pictures dreamt at once

Stretch = tuple[float, float]  # tall and wide; 1 is the image's own


class Dreamer:
    """What a pyramid makes of noise and of pictures, by the prepared copy that everyone shares.

    Scale 0 is the coarsest. A dream from scale ``start`` on keeps what the image, or a picture that
    was brought, looks like at the scales below, and draws afresh what is finer.

    Raises:
        InputError: if the model does not know one image.
    """

    def __init__(self, model: Model) -> None:
        if "single_image" not in model.bundle.abilities:
            raise InputError(f"{model.bundle.name} did not learn from one image")
        self.model = model
        self._fast = model.prepared()

    @property
    def shapes(self) -> list[Shape]:
        """Rows and columns at each scale, from coarse to fine."""
        return self._network.shapes

    def anchored(self) -> list[AnySize]:
        """The maps of noise that the image itself is painted from: none but the coarsest's."""
        return [one.cpu() for one in self._network.anchored(len(self.shapes) - 1)]

    def known(self) -> Image:
        """The image itself, as the pyramid paints it from its anchor: (1, c, h, w)."""
        return self.noises(self.anchored())

    def dream(
        self,
        seed: int,
        count: int = 1,
        *,
        start: int = 0,
        stretch: Stretch = (1.0, 1.0),
        picture: AnySize | None = None,
    ) -> Image:
        """Pictures of the seeds ``seed``, ``seed + 1``, …: the same ones every time.

        Args:
            start: the first scale that draws afresh; at 0 nothing but noise decides.
            stretch: how much taller and wider than the image.
            picture: whose coarse scales are kept, (1, c, h, w) in [-1, 1]; the image's own if None.

        Raises:
            InputError: if an argument is out of range.
        """
        return self.noises(self.noise(seed, count, stretch), start=start, picture=picture)

    def noise(self, seed: int, count: int = 1, stretch: Stretch = (1.0, 1.0)) -> list[AnySize]:
        """The maps that dreams of these seeds are painted from, one for each scale.

        Raises:
            As :meth:`dream`.
        """
        if count > COUNT_LIMIT:
            raise InputError(f"at most {COUNT_LIMIT} pictures are dreamt at once; got {count}")
        low, high = STRETCH
        if not all(low <= share <= high for share in stretch):
            raise InputError(
                f"a picture is stretched {low} to {high} times; got {stretch[0]:g} times as tall "
                f"and {stretch[1]:g} times as wide"
            )
        channels = self.model.image_channels
        shapes = [
            (channels, max(round(tall * stretch[0]), 1), max(round(wide * stretch[1]), 1))
            for tall, wide in self.shapes
        ]
        return maps(seed, count, shapes)

    def noises(
        self, noise: list[AnySize], *, start: int = 0, picture: AnySize | None = None
    ) -> Image:
        """Pictures of maps of noise, one for each scale.

        Raises:
            InputError: if there is no such scale.
        """
        if not 0 <= start < len(self.shapes):
            raise InputError(f"a scale is 0 to {len(self.shapes) - 1}; got {start}")
        given = [one.to(self._device) for one in noise[start:]]
        if not start:
            return self._fast(*given).cpu().clamp(-1, 1)
        below = self.below(start, noise, picture).to(self._device).expand(len(noise[0]), -1, -1, -1)
        network = self._network
        painted = self._fast.through(lambda coarse, *z: network(*z, start=coarse), below, *given)
        return painted.cpu().clamp(-1, 1)

    def below(self, start: int, noise: list[AnySize], picture: AnySize | None = None) -> AnySize:
        """What scale ``start`` begins with: the picture at the size of the scale below.

        Without one, what that scale paints of the image itself.
        """
        kept = self.ascent(self.anchored()[:start])[-1] if picture is None else picture
        shape = (int(noise[start - 1].shape[2]), int(noise[start - 1].shape[3]))
        return resized(kept.cpu(), shape)

    def ascent(self, noise: list[AnySize]) -> list[AnySize]:
        """What each scale paints of one dream, from coarse to fine, each at its own size."""
        steps: list[Tensor] = []
        for scale, z in enumerate(noise):

            def paint(z: Tensor, *coarse: Tensor, scale: int = scale) -> Tensor:
                return self._network.paint(scale, z, *coarse or (None,))

            given = (one.to(self._device) for one in (z, *steps[-1:]))
            steps.append(self._fast.through(paint, *given).cpu())
        return [step.clamp(-1, 1) for step in steps]

    @property
    def _network(self) -> Generator:
        return cast(Generator, self._fast.network)

    @property
    def _device(self) -> torch.device:
        return self._network.anchor.device
