"""One picture file, of whatever kind, becomes a small square of bytes."""

from io import BufferedReader, BytesIO
from typing import Literal, TypeAlias

import numpy as np
from jaxtyping import UInt8
from PIL import Image as Pillow
from PIL import ImageOps

from ganzoo.errors import InputError
from ganzoo.shapes import Picture

# never EPS: it runs a program
FORMATS = ("AVIF", "BMP", "GIF", "JPEG", "PNG", "PPM", "TIFF", "WEBP")
SUFFIXES = frozenset(
    (".avif", ".bmp", ".gif", ".jfif", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff",
     ".webp")
)  # fmt: skip
# of pictures that are not read: a folder's reader says so of each, instead of passing it over
FOREIGN = frozenset(
    (".arw", ".cr2", ".cr3", ".dng", ".heic", ".heif", ".jp2", ".jxl", ".nef", ".psd", ".svg")
)
# what Pillow raises for a file that is no picture, or one too large
UNREADABLE = (OSError, ValueError, SyntaxError, Pillow.DecompressionBombError)
NUMBERED = frozenset({"1", "L", "P"})  # modes in which a pixel is one number
SHRINK = frozenset({"L", "LA", "RGB", "RGBA", "CMYK"})  # modes in which pixels may be mixed
MOST_PIXELS = 89_478_485  # Pillow's own line between a large photograph and a bomb

Crop: TypeAlias = Literal["centre", "left", "right", "numbers"]
Opened: TypeAlias = BufferedReader | BytesIO


def decode(
    file: Opened, size: int, channels: Literal[1, 3], crop: Crop = "centre"
) -> UInt8[np.ndarray, "c size size"]:
    """Turns it upright (EXIF), lays it on white, cuts a square, resizes it (Lanczos).

    Sixteen-bit grey is scaled to eight; of an animation the first frame is taken. A JPEG is
    unpacked at a half, quarter or eighth if that leaves twice the pixels needed.

    Args:
        crop: the square in the middle of the picture, or of its left or right half; ``numbers``:
            that in the middle of a map, see :func:`numbers`.

    Raises:
        Exception: whatever Pillow raises for a file that it cannot read; ValueError for one that
            would unpack to more than MOST_PIXELS, or whose numbers have no agreed range.
    """
    if crop == "numbers":
        return numbers(file, size)
    enough = 2 * size
    flat = upright(file, channels, (enough if crop == "centre" else 2 * enough, enough))
    square = flat.crop(_square(*flat.size, crop))  # not resize(box=): that looks beyond the box
    small = square.resize((size, size), Pillow.Resampling.LANCZOS)
    return np.atleast_3d(np.asarray(small)).transpose(2, 0, 1)


def numbers(file: Opened, size: int) -> UInt8[np.ndarray, "1 size size"]:
    """What the pixels of a map in grey, or with a palette, say; none is mixed with others.

    Raises:
        Exception: as :func:`decode`; ValueError for colours, and for formats that blur.
    """
    with Pillow.open(file, formats=FORMATS) as image:
        _check_pixels(image)
        if image.format != "PNG" or image.mode not in NUMBERED:
            raise ValueError(
                f"a map is a PNG in grey or with a palette; this is {image.format} in {image.mode}"
            )
        left, top, right, _ = _square(*image.size, "centre")
        middles = (np.arange(size) * 2 + 1) * (right - left) // (2 * size)
        levels = np.asarray(image).astype(np.uint8)
    return levels[top + middles[:, None], left + middles][None]


def picture(
    file: Opened,
    channels: Literal[1, 3] = 3,
    name: str = "This file",
    within: int | None = None,
) -> Picture:
    """A whole picture of whatever shape, upright and on white.

    Args:
        within: pixels of its longer side, to which a larger one is shrunk as soon as it is read.

    Raises:
        InputError: saying what is wrong with the file.
    """
    try:
        flat = upright(file, channels, within=within)
    except Exception as error:  # a damaged file can trip Pillow in any way at all
        said = str(error) if isinstance(error, ValueError) else _wrong(file)
        raise InputError(f"{name} cannot be read: {said}") from None
    return np.atleast_3d(np.asarray(flat))


def _wrong(file: Opened) -> str:
    """What to say of a file that Pillow does not know."""
    file.seek(0)
    if file.read(12)[4:] in (b"ftypheic", b"ftypheix", b"ftypmif1"):  # a telephone's photographs
        return "HEIC is not read here; save it as JPEG or PNG"
    return "it is damaged or no picture"


def upright(
    file: Opened,
    channels: Literal[1, 3],
    draft: tuple[int, int] | None = None,
    within: int | None = None,
) -> Pillow.Image:
    """Turned as it was meant, eight bits, on white, grey or colour.

    Args:
        draft: a JPEG may be unpacked at a half, quarter or eighth, if that leaves so many pixels.
        within: as :func:`picture`.

    Raises:
        Exception: as :func:`decode`.
    """
    with Pillow.open(file, formats=FORMATS) as image:
        _check_pixels(image)
        if draft:
            image.draft(None, draft)
        if within and image.mode in SHRINK:
            image.thumbnail((within, within), Pillow.Resampling.LANCZOS)
        ImageOps.exif_transpose(image, in_place=True)
        return _on_white(_eight_bits(image)).convert("L" if channels == 1 else "RGB")


def _check_pixels(image: Pillow.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise ValueError(f"{image.width} x {image.height} are more pixels than a picture has")


def _square(width: int, height: int, crop: Crop) -> tuple[int, int, int, int]:
    across = width if crop == "centre" else max(1, width // 2)
    side = min(across, height)
    left, top = (across - side) // 2, (height - side) // 2
    if crop == "right":
        left += width - across
    return left, top, left + side, top + side


def _eight_bits(image: Pillow.Image) -> Pillow.Image:
    if image.mode == "F":
        raise ValueError("floating-point pixels have no agreed range")
    if not image.mode.startswith("I"):
        return image
    levels = np.asarray(image).astype(np.int64).clip(0, 65535)
    return Pillow.fromarray(((levels + 128) // 257).astype(np.uint8))


def _on_white(image: Pillow.Image) -> Pillow.Image:
    if not image.has_transparency_data:
        return image
    white = Pillow.new("RGBA", image.size, "white")
    white.alpha_composite(image.convert("RGBA"))
    return white
