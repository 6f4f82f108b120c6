"""Films: what goes in is what plays, and the same pictures become the same bytes."""

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image as Pillow

from ganzoo.errors import InputError
from ganzoo.films import write_mp4, write_webp


def noise(count: int, size: int, channels: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, size, size, channels), np.uint8)


def squares(count: int, size: int) -> np.ndarray:
    """Colours that survive halved colour resolution: each pixel of the film a 2 x 2 block."""
    return noise(count, size // 2, 3).repeat(2, axis=1).repeat(2, axis=2)


def frames(path: Path) -> list[np.ndarray]:
    shown = []
    with Pillow.open(path) as film:
        for index in range(getattr(film, "n_frames", 1)):
            film.seek(index)
            shown.append(np.asarray(film.convert("RGB")))
    return shown


@pytest.mark.parametrize("channels", [1, 3])
def test_a_small_webp_is_exact_and_endless(tmp_path: Path, channels: int) -> None:
    pictures = noise(5, 6, channels)
    write_webp(pictures, tmp_path / "film.webp", 70, factor=3, hold=500)
    big = np.broadcast_to(pictures, (5, 6, 6, 3)).repeat(3, axis=1).repeat(3, axis=2)
    np.testing.assert_array_equal(frames(tmp_path / "film.webp"), big)
    with Pillow.open(tmp_path / "film.webp") as film:
        durations = []
        for index in range(5):
            film.seek(index)
            film.load()
            durations.append(film.info["duration"])
        assert film.info["loop"] == 0
    assert durations == [70, 70, 70, 70, 570]


def test_a_large_webp_gives_up_quality_to_stay_small(tmp_path: Path) -> None:
    pictures = noise(4, 64, 3)
    write_webp(pictures, tmp_path / "exact.webp")
    exact = (tmp_path / "exact.webp").stat().st_size
    write_webp(pictures, tmp_path / "small.webp", limit=exact // 2)
    assert (tmp_path / "small.webp").stat().st_size <= exact // 2
    assert len(frames(tmp_path / "small.webp")) == 4
    write_webp(pictures, tmp_path / "half.webp", limit=exact)  # lossless may take half of it
    assert (tmp_path / "half.webp").stat().st_size < exact


def test_an_mp4_plays_each_picture_for_its_time(tmp_path: Path) -> None:
    pictures = squares(6, 32)
    write_mp4(pictures, tmp_path / "film.mp4", 50, factor=2)
    with av.open(str(tmp_path / "film.mp4")) as film:
        assert film.streams.video[0].codec_context.name == "h264"
        decoded = list(film.decode(video=0))
    assert [frame.time for frame in decoded] == pytest.approx([0.05 * i for i in range(6)])
    shown = np.stack([frame.to_ndarray(format="rgb24") for frame in decoded]).astype(int)
    wanted = pictures.repeat(2, axis=1).repeat(2, axis=2).astype(int)
    assert np.abs(shown - wanted).mean() < 15  # of noise; frames in another order differ by 85


def test_an_mp4_with_odd_sides_gets_even_ones(tmp_path: Path) -> None:
    write_mp4(noise(2, 17, 1), tmp_path / "film.mp4")
    with av.open(str(tmp_path / "film.mp4")) as film:
        assert (film.streams.video[0].height, film.streams.video[0].width) == (18, 18)


@pytest.mark.parametrize("write", [write_webp, write_mp4])
def test_the_same_pictures_become_the_same_bytes(tmp_path: Path, write) -> None:
    write(noise(4, 24, 3), tmp_path / "first", 80, 2)
    write(noise(4, 24, 3), tmp_path / "again", 80, 2)
    assert (tmp_path / "first").read_bytes() == (tmp_path / "again").read_bytes()


@pytest.mark.parametrize("write", [write_webp, write_mp4])
@pytest.mark.parametrize(
    ("count", "milliseconds", "factor", "said"),
    [(0, 80, 1, "got 0"), (2, 0, 1, "1 ms; got 0"), (2, 80, -2, "got -2")],
)
def test_impossible_films_are_refused(tmp_path, write, count, milliseconds, factor, said) -> None:
    with pytest.raises(InputError, match=said):
        write(noise(count, 8, 1), tmp_path / "film", milliseconds, factor)
    assert not (tmp_path / "film").exists()


def test_a_negative_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="-1 ms"):
        write_webp(noise(2, 8, 1), tmp_path / "film.webp", hold=-1)
