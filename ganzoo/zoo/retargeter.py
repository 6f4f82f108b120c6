"""A model that remakes the one image it knows at other sizes and shapes."""

from functools import partial
from typing import cast

from ganzoo.architectures.ingan import Generator, Homography, inside, transformed, trapezoid
from ganzoo.errors import InputError
from ganzoo.images import resized
from ganzoo.shapes import AnySize, Image, OneImage, Shape, shape_of
from ganzoo.zoo.model import Model

STRETCH = 0.4, 2.2  # of either side, at least and most
NARROWEST = 0.5  # share of the width by which an edge may be shorter, at most


class Retargeter:
    """What a model that knows one image makes of it, by the prepared copy that everyone shares.

    image = ganzoo.zoo.Retargeter(ganzoo.load("ingan-pagoda")).remake(tall=1.0, wide=2.0)

    Raises:
        InputError: if the model does not remake an image.
    """

    def __init__(self, model: Model) -> None:
        if "retarget" not in model.bundle.abilities:
            raise InputError(f"{model.bundle.name} does not remake an image at other sizes")
        self.model = model
        self._fast = model.prepared()

    @property
    def image(self) -> OneImage:
        """The image itself, as it learned it: (1, c, h, w)."""
        return self._network.own().cpu()

    def shape(self, tall: float = 1.0, wide: float = 1.0) -> Shape:
        """Rows and columns of a picture so many times as tall and as wide as the image.

        Raises:
            InputError: if that is too little or too much.
        """
        low, high = STRETCH
        if not (low <= tall <= high and low <= wide <= high):
            raise InputError(
                f"a picture is remade {low} to {high} times as tall and as wide; got {tall:g} "
                f"times as tall and {wide:g} times as wide"
            )
        rows, columns = self._network.known.shape[1:]
        return max(round(tall * rows), 1), max(round(wide * columns), 1)

    def remake(self, tall: float = 1.0, wide: float = 1.0, narrow: float = 0.0) -> Image:
        """The image so many times as tall and as wide, of the same patches.

        Args:
            narrow: share of the width by which the upper edge is shorter than the lower one; below
                0 the lower edge is, by as much. What lies outside of this trapezoid is white.

        Raises:
            InputError: if an argument is out of range.
        """
        shape, places = self.shape(tall, wide), self._places(narrow)
        return _cut(self._run(self.image, shape, places), places)

    def stretched(self, tall: float = 1.0, wide: float = 1.0, narrow: float = 0.0) -> Image:
        """The image's own pixels, pulled to that size (bicubic) or trapezoid (bilinear).

        Raises:
            As :meth:`remake`.
        """
        shape, places = self.shape(tall, wide), self._places(narrow)
        if places is None:
            return resized(self.image, shape).clamp(-1, 1)
        return _cut(transformed(self.image, shape, places), places)

    def back(self, picture: AnySize) -> Image:
        """What it makes of a remade picture at the image's own size: the image again, at best."""
        rows, columns = self._network.known.shape[1:]
        return self._run(picture, (int(rows), int(columns)))

    def _run(self, picture: AnySize, shape: Shape, places: Homography | None = None) -> Image:
        network = partial(self._network, shape=shape, places=places)
        given = picture.to(self._network.known.device)
        return self._fast.through(network, given).cpu().clamp(-1, 1)

    @staticmethod
    def _places(narrow: float) -> Homography | None:
        if not abs(narrow) <= NARROWEST:
            raise InputError(
                f"an edge is shorter by at most {NARROWEST} of the width; got narrow = {narrow:g}"
            )
        return trapezoid(narrow) if narrow else None

    @property
    def _network(self) -> Generator:
        return cast(Generator, self._fast.network)


def _cut(image: Image, places: Homography | None) -> Image:
    """White where the image does not reach."""
    return image if places is None else image.where(inside(shape_of(image), places), 1)
