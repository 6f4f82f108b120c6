"""Files that people bring: odd ones that are pictures all the same, and ones that are none."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

Make = Callable[[Path], Path]


def _slope(height: int, width: int) -> np.ndarray:
    return np.linspace(0, 255, height * width * 3).reshape(height, width, 3).astype(np.uint8)


def odd_size(folder: Path) -> Path:
    Pillow.fromarray(_slope(37, 53)).save(folder / "odd.png")
    return folder / "odd.png"


def tiny(folder: Path) -> Path:
    Pillow.new("RGB", (1, 1), "red").save(folder / "tiny.png")
    return folder / "tiny.png"


def transparent(folder: Path) -> Path:
    Pillow.new("RGBA", (20, 20), (255, 0, 0, 0)).save(folder / "transparent.png")
    return folder / "transparent.png"


def sixteen_bits(folder: Path) -> Path:
    levels = np.linspace(0, 65535, 400).reshape(20, 20).astype(np.uint16)
    Pillow.fromarray(levels).save(folder / "sixteen.png")
    return folder / "sixteen.png"


def cmyk(folder: Path) -> Path:
    Pillow.fromarray(_slope(24, 24)).convert("CMYK").save(folder / "cmyk.jpg")
    return folder / "cmyk.jpg"


def turned(folder: Path) -> Path:
    """A quarter, by EXIF."""
    exif = Pillow.Exif()
    exif[0x0112] = 6
    Pillow.fromarray(_slope(16, 32)).save(folder / "turned.jpg", exif=exif)
    return folder / "turned.jpg"


def bomb(folder: Path) -> Path:
    Pillow.new("1", (12_000, 12_000)).save(folder / "bomb.png")
    return folder / "bomb.png"


def text(folder: Path) -> Path:
    (folder / "text.png").write_text("not a picture at all")
    return folder / "text.png"


def telephone(folder: Path) -> Path:
    (folder / "phone.jpg").write_bytes(b"\0\0\0\x18ftypheic" + bytes(64))
    return folder / "phone.jpg"


ODD: dict[str, Make] = {
    "odd size": odd_size,
    "one pixel": tiny,
    "transparent": transparent,
    "16 bits": sixteen_bits,
    "CMYK": cmyk,
    "turned by EXIF": turned,
}
REFUSED: dict[str, tuple[Make, str]] = {
    "bomb": (bomb, "12000 x 12000|damaged"),
    "HEIC": (telephone, "HEIC is not read here; save it as JPEG or PNG"),
    "text": (text, "damaged or no picture"),
}
