"""The glossary, as types. One name per quantity, everywhere.

``b`` batch, ``c`` channels, ``h w`` pixels, ``z`` and ``w`` widths of latent and style, ``d`` of
features.
Images are float in [-1, 1], NCHW; uint8 pictures (NHWC) exist only at the edge, in
:mod:`ganzoo.images`.
"""

from typing import TypeAlias

import numpy as np
from jaxtyping import Float, Int, UInt8
from torch import Tensor

Image: TypeAlias = Float[Tensor, "b c h w"]
OneImage: TypeAlias = Float[Tensor, "1 c h w"]
AnySize: TypeAlias = Float[Tensor, "_ c _ _"]  # an image, or noise, of a size and count of its own
Pixels: TypeAlias = Float[Tensor, "b c h w"]  # float in [0, 1], as attacks see images
Maps: TypeAlias = Float[Tensor, "b maps up across"]  # what a layer is given beside an image
Made: TypeAlias = Float[Tensor, "b made tall broad"]  # what a layer makes: of another size, perhaps
Translation: TypeAlias = Float[Tensor, "b made h w"]  # of an image, pixel by pixel
Latent: TypeAlias = Float[Tensor, "b z"]
OneLatent: TypeAlias = Float[Tensor, "1 z"]
Style: TypeAlias = Float[Tensor, "b layers style"]
Labels: TypeAlias = Int[Tensor, " b"]
PixelLabels: TypeAlias = Int[Tensor, "b h w"]  # the class of each pixel
Told: TypeAlias = Labels | Float[Tensor, "b classes"]  # shares among classes, to paint between
Logits: TypeAlias = Float[Tensor, "b ..."]  # one per image, or a map of them (PatchGAN)
Verdicts: TypeAlias = Float[Tensor, " b"]
Features: TypeAlias = Float[Tensor, "b d"]
Scalar: TypeAlias = Float[Tensor, ""]
Picture: TypeAlias = UInt8[np.ndarray, "h w c"]
Pictures: TypeAlias = UInt8[np.ndarray, "b h w c"]
SheetFilm: TypeAlias = UInt8[np.ndarray, "frames tall wide c"]  # of sheets
Input: TypeAlias = UInt8[np.ndarray, "high broad channels"]  # what a translator is given
Sheet: TypeAlias = UInt8[np.ndarray, "tall wide c"]  # a picture made of, or from, smaller ones
Shape: TypeAlias = tuple[int, int]  # rows and columns
Joints: TypeAlias = Float[np.ndarray, "joints 2"]  # of a body, in sides of the picture
Poses: TypeAlias = Float[np.ndarray, "frames joints 2"]  # of a body that moves

PICTURED = (1, 3)  # channels of pictures: grey; red, green and blue


def shape_of(image: Tensor) -> Shape:
    """Rows and columns of an image, or of a map."""
    return int(image.shape[2]), int(image.shape[3])
