"""What networks that know a single image share: its sides."""

from pydantic import Field, model_validator

from ganzoo.architectures import ImageOptions
from ganzoo.shapes import Shape


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
