"""Moving pictures: a walk, or a training from noise to digits, as animated WebP or as MP4.

Pictures are enlarged by a whole factor without blur, and the same pictures always become the same
bytes.
"""

from fractions import Fraction
from io import BytesIO
from pathlib import Path

import av
import numpy as np
from jaxtyping import UInt8

from ganzoo import files
from ganzoo.errors import InputError
from ganzoo.images import enlarge, to_pillow
from ganzoo.shapes import Picture, Pictures

QUALITIES = (90, 75, 50, 30)  # tried from the best, when a lossless film would be too large


def write_webp(
    pictures: Pictures,
    path: Path,
    milliseconds: int = 80,
    factor: int = 1,
    *,
    hold: int = 0,
    limit: int = 1_500_000,
) -> None:
    """An endless animated WebP: lossless if that fits into half of ``limit``, else as good as fits.

    Args:
        pictures: the frames, in order.
        milliseconds: how long each frame is seen.
        factor: each pixel becomes a square of that side.
        hold: how many milliseconds longer the last frame is seen.
        limit: bytes to stay under; a film that is larger even at the lowest quality is kept.

    Raises:
        InputError: if there is no frame, or a duration or the factor is not positive.
    """
    _check(pictures, milliseconds, factor)
    if hold < 0:
        raise InputError(f"a film cannot hold its last frame for {hold!r} ms")
    first, *rest = (to_pillow(enlarge(picture, factor)) for picture in pictures)
    durations = [milliseconds] * len(rest) + [milliseconds + hold]
    film = b""
    for quality in ({"lossless": True}, *({"quality": quality} for quality in QUALITIES)):
        memory = BytesIO()
        first.save(
            memory,
            "WEBP",
            save_all=True,
            append_images=rest,
            duration=durations,
            loop=0,
            minimize_size=True,
            **quality,
        )
        film = memory.getvalue()
        if len(film) <= (limit // 2 if "lossless" in quality else limit):
            break
    files.replace(path, film)


def write_mp4(pictures: Pictures, path: Path, milliseconds: int = 80, factor: int = 1) -> None:
    """An MP4 that any browser and messenger plays: H.264, 4:2:0, its index in front.

    That format halves the colour resolution and wants even sides: enlarge by at least 2 for exact
    pixels. An odd side is made even by repeating the last row or column.

    Args:
        pictures: the frames, in order.
        milliseconds: how long each frame is seen.
        factor: each pixel becomes a square of that side.

    Raises:
        InputError: if there is no frame, or the duration or the factor is not positive.
    """
    _check(pictures, milliseconds, factor)
    exact = {"movflags": "+faststart", "fflags": "+bitexact"}  # no dates, no version in the file
    with av.open(str(path), "w", format="mp4", options=exact) as container:
        stream = container.add_stream("libx264", rate=Fraction(1000, milliseconds))
        stream.options = {"crf": "18", "preset": "medium", "flags": "+bitexact"}
        stream.codec_context.thread_count = 1  # slices, and so bytes, depend on the threads
        stream.pix_fmt = "yuv420p"
        frames = (_even(enlarge(picture, factor)) for picture in pictures)
        for index, frame in enumerate(frames):
            if index == 0:
                stream.height, stream.width = frame.shape[:2]
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, "rgb24")))
        container.mux(stream.encode())


def _check(pictures: Pictures, milliseconds: int, factor: int) -> None:
    if len(pictures) == 0:
        raise InputError("a film needs at least one picture; got 0")
    if milliseconds < 1:
        raise InputError(f"a frame is seen for at least 1 ms; got {milliseconds!r}")
    if factor < 1:
        raise InputError(f"a film is enlarged by a whole factor of at least 1; got {factor!r}")


def _even(picture: Picture) -> UInt8[np.ndarray, "tall wide 3"]:
    """RGB, with both sides even."""
    height, width, channels = picture.shape
    padded = np.pad(picture, ((0, height % 2), (0, width % 2), (0, 0)), "edge")
    return np.ascontiguousarray(np.repeat(padded, 3 // channels, axis=2))
