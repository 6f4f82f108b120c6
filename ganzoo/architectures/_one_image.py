"""What networks that know a single image share: its sides, and how it changes its size."""

from pydantic import Field, model_validator
from torch import Tensor
from torch.nn.functional import interpolate

from ganzoo.architectures import ImageOptions
from ganzoo.shapes import Image, Made

Shape = tuple[int, int]  # rows and columns


class OneImageOptions(ImageOptions):
    """The image need not be a square."""

    image_size: int = Field(default=250, ge=8, le=1024, description="the longer side in pixels")
    rows: int | None = Field(
        default=None, ge=8, le=1024, description="pixels from top to bottom, if not image_size"
    )
    columns: int | None = Field(
        default=None, ge=8, le=1024, description="pixels from left to right, if not image_size"
    )

    @model_validator(mode="after")
    def _one_side_is_the_longer(self) -> "OneImageOptions":
        if max(self.shape) != self.image_size:
            raise ValueError(
                f"the longer of rows and columns is image_size, {self.image_size}; "
                f"got {self.shape[0]} x {self.shape[1]}"
            )
        return self

    @property
    def shape(self) -> Shape:
        """Rows and columns of the image."""
        return self.rows or self.image_size, self.columns or self.image_size


def resized(image: Image, shape: Shape) -> Made:
    """Bicubic, averaging where it shrinks."""
    if shape_of(image) == shape:
        return image
    return interpolate(image, shape, mode="bicubic", align_corners=False, antialias=True)


def shape_of(image: Tensor) -> Shape:
    """Rows and columns of an image, or of a map."""
    return int(image.shape[2]), int(image.shape[3])
