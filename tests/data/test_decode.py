"""Picture files of every kind, and those that only look like one."""

import io
import struct
import zlib

import numpy as np
import pytest
from colours import BLUE, GREEN, RED
from PIL import Image as Pillow

from ganzoo.data._decode import MOST_PIXELS, decode, picture


def saved(image: Pillow.Image, kind: str = "PNG", **how: object) -> io.BytesIO:
    file = io.BytesIO()
    image.save(file, kind, **how)
    file.seek(0)
    return file


def halves(left: object, right: object, mode: str = "RGB", size: int = 16) -> Pillow.Image:
    image = Pillow.new(mode, (size, size), left)
    image.paste(right, (size // 2, 0, size, size))
    return image


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("kind", ["PNG", "AVIF", "BMP", "GIF", "TIFF", "WEBP", "PPM", "JPEG"])
def test_a_flat_picture_comes_out_flat(kind, channels):
    picture = decode(saved(Pillow.new("RGB", (40, 30), (90, 90, 90)), kind), 8, channels)
    assert picture.shape == (channels, 8, 8)
    assert picture.dtype == np.uint8
    assert np.abs(picture.astype(int) - 90).max() <= 2


def test_the_middle_square_is_what_remains():
    image = Pillow.new("RGB", (30, 10), RED)
    image.paste(GREEN, (10, 0, 20, 10))
    picture = decode(saved(image), 10, 3)
    assert (picture == np.array(GREEN)[:, None, None]).all()


def test_the_left_crop_never_sees_the_right_half():
    picture = decode(saved(halves(RED, BLUE, size=64)), 8, 3, crop="left")
    assert (picture == np.array(RED)[:, None, None]).all()


def test_a_picture_of_the_right_size_is_not_touched():
    pixels = np.random.default_rng(0).integers(0, 256, (8, 8, 3), np.uint8)
    picture = decode(saved(Pillow.fromarray(pixels)), 8, 3)
    np.testing.assert_array_equal(picture, pixels.transpose(2, 0, 1))


def test_exif_turns_it_upright():
    exif = Pillow.Exif()
    exif[274] = 6  # shown after a quarter turn clockwise: what was left is up
    picture = decode(saved(halves(RED, BLUE), "JPEG", exif=exif, quality=95), 8, 3)
    assert picture[0, 0].mean() > 200 > 50 > picture[0, -1].mean()
    assert picture[2, -1].mean() > 200 > 50 > picture[2, 0].mean()


def test_a_large_jpeg_keeps_its_place_and_colours():
    """It is unpacked at an eighth: what comes out must still be what was asked for."""
    file = saved(halves((200, 40, 40), (40, 40, 200), size=1600), "JPEG", quality=95)
    picture = decode(file, 16, 3)
    assert np.abs(picture[:, :, :6].mean((1, 2)) - (200, 40, 40)).max() < 4
    assert np.abs(picture[:, :, 10:].mean((1, 2)) - (40, 40, 200)).max() < 4


def test_a_jpeg_unpacked_small_is_as_sharp_as_one_unpacked_whole():
    coarse = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    image = Pillow.fromarray(coarse).resize((256, 256), Pillow.Resampling.BICUBIC)
    picture = decode(saved(image, "JPEG", quality=95), 64, 3).astype(int)
    whole = np.asarray(image.resize((64, 64), Pillow.Resampling.LANCZOS)).transpose(2, 0, 1)
    assert np.abs(picture - whole).mean() < 6


def test_sixteen_bits_are_scaled_not_clipped():
    levels = np.array([[0, 257], [32768, 65535]], np.uint16)
    picture = decode(saved(Pillow.fromarray(levels)), 2, 1)
    assert picture.tolist() == [[[0, 1], [128, 255]]]
    assert decode(saved(Pillow.fromarray(levels), "TIFF"), 2, 3)[2].tolist() == picture[0].tolist()


def test_cmyk_becomes_colour():
    cyan = Pillow.new("CMYK", (8, 8), (255, 0, 0, 0))
    red, green, blue = decode(saved(cyan, "TIFF"), 4, 3).astype(int).mean((1, 2))
    assert red < 30 < 200 < min(green, blue)


def test_a_palette_is_looked_up():
    picture = decode(saved(halves(RED, BLUE).quantize(4)), 16, 3)
    assert picture[:, 0, 0].tolist() == list(RED)
    assert picture[:, 0, -1].tolist() == list(BLUE)


@pytest.mark.parametrize(
    "image",
    [
        Pillow.new("RGBA", (8, 8), (0, 0, 0, 0)),
        Pillow.new("LA", (8, 8), (0, 0)),
        Pillow.new("RGBA", (8, 8), (255, 0, 0, 0)).quantize(4),
    ],
    ids=["RGBA", "LA", "P"],
)
def test_what_is_transparent_is_white(image):
    for channels in (1, 3):
        assert (decode(saved(image), 4, channels) == 255).all()


def test_what_is_half_transparent_is_half_white():
    picture = decode(saved(Pillow.new("RGBA", (8, 8), (0, 0, 0, 128))), 4, 3)
    assert np.abs(picture.astype(int) - 127).max() <= 1


def test_a_transparent_colour_key_is_honoured():
    picture = decode(saved(halves(RED, BLUE), transparency=RED), 16, 3)
    assert picture[:, 0, 0].tolist() == [255, 255, 255]
    assert picture[:, 0, -1].tolist() == list(BLUE)


def test_one_bit_is_black_and_white():
    picture = decode(saved(halves(0, 1, mode="1")), 16, 1)
    assert (picture[0, 0, 0], picture[0, 0, -1]) == (0, 255)


def test_numbers_without_a_range_are_refused():
    with pytest.raises(ValueError, match="no agreed range"):
        decode(saved(Pillow.new("F", (8, 8), 0.5), "TIFF"), 4, 1)


def chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def png_that_claims(width: int, height: int) -> io.BytesIO:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + body)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_bomb_is_refused_before_it_is_unpacked():
    side = int(MOST_PIXELS**0.5) + 1
    with pytest.raises(ValueError, match=f"{side} x {side} are more pixels"):
        decode(png_that_claims(side, side), 8, 1)
    with pytest.raises(Pillow.DecompressionBombError):
        decode(png_that_claims(60000, 60000), 8, 1)


def test_a_program_for_a_printer_is_not_run():
    """Pillow would hand EPS to an interpreter, whatever the file's name."""
    page = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 8 8\n%%EndComments\nshowpage\n"
    with pytest.raises(Pillow.UnidentifiedImageError):
        decode(io.BytesIO(page), 8, 3)


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "CMYK", "P", "1"])
def test_a_large_picture_is_shrunk_as_soon_as_it_is_read(mode):
    file = io.BytesIO()
    Pillow.new("L", (90, 60), 77).convert(mode).save(file, "TIFF" if mode == "CMYK" else "PNG")
    small, whole = (picture(io.BytesIO(file.getvalue()), within=most) for most in (30, None))
    assert whole.shape == (60, 90, 3)
    if mode in ("P", "1"):  # whose pixels cannot be mixed before they are looked up
        np.testing.assert_array_equal(small, whole)
    else:
        assert small.shape == (20, 30, 3)
        assert np.abs(small.astype(int) - whole[0, 0]).max() <= 1
