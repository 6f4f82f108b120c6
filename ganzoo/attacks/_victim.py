"""A classifier as attacks meet it: it carries the range of its pixels and its normalisation."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

from ganzoo.shapes import Pixels


@dataclass(frozen=True, kw_only=True)
class Victim:
    """Logits of pictures in [0, 1].

        logits = network((pixels - mean) / std)

    Attributes:
        network: what is attacked, as it is called with normalised pictures.
        mean, std: of each channel, or of all; 0.5 and 0.5 give the [-1, 1] of ganzoo's networks.
        num_classes: how many logits it gives.
        shape: of a picture, (channels, height, width), if it takes only one.
        low, high: the range of a pixel, which no attack leaves.
    """

    network: nn.Module
    num_classes: int
    shape: tuple[int, int, int] | None = None
    mean: tuple[float, ...] = (0.5,)
    std: tuple[float, ...] = (0.5,)
    low: float = 0.0
    high: float = 1.0

    def __call__(self, pixels: Pixels) -> Float[Tensor, "b classes"]:
        return self.network(self.normalised(pixels)).float()

    def normalised(self, pixels: Pixels) -> Pixels:
        """As the network itself wants them."""
        mean, std = (pixels.new_tensor(each).view(-1, 1, 1) for each in (self.mean, self.std))
        return (pixels - mean) / std

    def clip(self, pixels: Pixels) -> Pixels:
        """Back into the range of a pixel."""
        return pixels.clamp(self.low, self.high)


@contextmanager
def undisturbed(network: nn.Module) -> Iterator[None]:
    """A network in eval mode, its weights frozen; afterwards it is as it was.

    So an attack changes no running statistics, and its gradients stop at the picture.
    """
    training = [module for module in network.modules() if module.training]
    learning = [weight for weight in network.parameters() if weight.requires_grad]
    try:
        for module in training:
            module.training = False
        for weight in learning:
            weight.requires_grad_(False)
        with torch.inference_mode(False):
            yield
    finally:
        for module in training:
            module.training = True
        for weight in learning:
            weight.requires_grad_(True)
