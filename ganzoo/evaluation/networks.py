"""Networks whose features stand for an image: what they are called, and what they see.

A distance between features means something only beside the network that gave them, so each bears
a name, which goes into every score's name, and the hash of its weights, which goes into every
protocol.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import interpolate

from ganzoo.errors import MetricError
from ganzoo.metrics import Probabilities
from ganzoo.metrics.sharpness import grey
from ganzoo.shapes import Features, Image


class Look(NamedTuple):
    """What a network sees in images; classes only if it is a classifier."""

    features: Features
    probabilities: Probabilities | None


@dataclass(frozen=True, kw_only=True)
class FeatureNetwork:
    """A pure function of images, by name.

    Attributes:
        name: as scores say it: ``mnist_cnn``, ``inception``, ``pixels``.
        sha256: of its weights; empty if it has none.
        resize: how images are brought to the size it wants, for the protocol.
        look: images in [-1, 1], of any size, on any device, to float32 features.
        classes: whether it also gives class probabilities.
        taught_on: the data set whose classes they are, by name, if ganzoo has it.
        patches: what it sees early on in one image, (1, c, h, w), at each place of its first maps;
            None if it has no such maps.
    """

    name: str
    sha256: str
    resize: str
    look: Callable[[Image], Look]
    classes: bool = False
    taught_on: str | None = None
    patches: Callable[[Image], Features] | None = None

    @property
    def seen_by(self) -> str:
        """Name and hash together: equal only for features that may be compared."""
        return f"{self.name}@{self.sha256[:12]}" if self.sha256 else self.name


def fitted(image: Image, size: int, channels: int) -> Float[Tensor, "b _ s s"]:
    """Brought to another size and number of channels, if it has not got them.

    Resized bilinearly, with anti-aliasing where it shrinks; grey is repeated, colour becomes luma.

    Raises:
        MetricError: if the image is not square.
    """
    height, width = image.shape[2:]
    if height != width:
        raise MetricError(f"a feature network sees squares; got {width}x{height} pixels")
    if height != size:
        image = interpolate(image, (size, size), mode="bilinear", antialias=True)
    if image.shape[1] != channels:
        image = grey(image) if channels == 1 else image.expand(-1, channels, -1, -1)
    return image


def eight_bits(image: Image) -> Image:
    """As it would come back from a picture file: clipped to [-1, 1], in 256 levels."""
    return ((image.float().clamp(-1, 1) + 1) * 127.5).round() / 127.5 - 1
