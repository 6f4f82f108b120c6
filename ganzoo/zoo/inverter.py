"""A model that paints what a classifier knows of a picture, asked for pictures."""

from collections.abc import Sequence
from typing import Any, cast

import torch

from ganzoo.architectures.semantic_pyramid import Generator, Levels, Options, Region, masks
from ganzoo.errors import BundleError, InputError, UnknownNameError
from ganzoo.shapes import Image, OneImage
from ganzoo.zoo.model import Model
from ganzoo.zoo.zoo import Zoo

COUNT_LIMIT = 64  # pictures painted at once


class Inverter:
    """Pictures of which a classifier knows the same, by the prepared copy that everyone shares.

    Level 0 is what the classifier's first stage makes of a picture, the last its class logits::

        zoo = Zoo([paths.checkpoints()])
        inverter = Inverter.of(zoo, "semantic_pyramid-cifar10")
        inverter.invert(image, level=2, seed=0, count=4)  # (4, 3, 32, 32), float in [-1, 1]

    Raises:
        InputError: if the model inverts nothing.
        BundleError: if it was taught through the eyes of another classifier.
    """

    def __init__(self, model: Model, classifier: Model) -> None:
        if "invert" not in model.bundle.abilities:
            raise InputError(f"{model.bundle.name} does not paint what a classifier knows")
        model.bundle.check_classifier(classifier.bundle)
        self.model, self.classifier = model, classifier
        self.options = cast(Options, model.bundle.recipe.options)
        self._eyes: Any = classifier.network()
        self._fast = model.prepared()

    @classmethod
    def of(cls, zoo: Zoo, name: str) -> "Inverter":
        """The model of that name and its classifier.

        Raises:
            UnknownNameError: if there is no such model.
            BundleError: if its classifier is not here, or another one is.
            InputError: if it inverts nothing.
        """
        model = zoo.model(name)
        beheld = model.bundle.config.classifier
        if beheld is None:
            return cls(model, model)
        try:
            return cls(model, zoo.model(beheld.name))
        except UnknownNameError:
            raise BundleError(
                f"{name} sees through the eyes of {beheld.name}, and that bundle is not here: put "
                "it beside this one"
            ) from None

    @property
    def levels(self) -> list[tuple[int, ...]]:
        """What is known of one picture at each level: (c, side, side) for maps, then vectors."""
        return self.options.shapes

    @property
    def classes(self) -> tuple[str, ...]:
        """What the classifier can say."""
        named = self.classifier.bundle.config.classes
        return named or tuple(map(str, range(self.options.num_classes)))

    @torch.inference_mode()
    def look(self, image: Image) -> list[torch.Tensor]:
        """What the classifier knows of pictures at each level.

        Raises:
            InputError: if they have another shape than it was trained on.
        """
        side, channels = self.options.image_size, self.options.image_channels
        if tuple(image.shape[1:]) != (channels, side, side):
            raise InputError(
                f"{self.classifier.bundle.name} sees pictures of {channels} x {side} x {side}; "
                f"got {' x '.join(map(str, image.shape[1:]))}"
            )
        return self._eyes.levels(image)

    def invert(self, image: OneImage, level: int, seed: int = 0, count: int = 4) -> Image:
        """Pictures that are alike at one level, of the seeds ``seed``, ``seed + 1``, …

        Raises:
            InputError: if an argument is out of range.
        """
        self._check(level)
        told = [one == level for one in range(len(self.levels))]
        return self.paint(self.look(image), told, seed, count)

    @torch.inference_mode()
    def paint(
        self, known: Levels, told: Sequence[bool | Region], seed: int = 0, count: int = 4
    ) -> Image:
        """Pictures of what is known of one at each level.

        Args:
            told: for each level, whether it is told, or in which region, (1, n, n).

        Raises:
            InputError: if too many are asked for, or the seed is none.
        """
        if count > COUNT_LIMIT:
            raise InputError(f"at most {COUNT_LIMIT} pictures are painted at once; got {count}")
        z = self.model.latents(seed, count)
        network = cast(Generator, self._fast.network)
        levels, before = (
            [one.to(network.spread.device) for one in each]
            for each in (known, masks(self.options, told))
        )
        given = (one.expand(count, *one.shape[1:]) for one in network.told(levels, before))
        return self._fast(z.to(network.spread.device), *given).cpu().clamp(-1, 1)

    def _check(self, level: int) -> None:
        if not 0 <= level < len(self.levels):
            raise InputError(f"a level is 0 to {len(self.levels) - 1}; got {level}")
