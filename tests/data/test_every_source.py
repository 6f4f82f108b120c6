"""What every data source keeps to, and how one is found by name or path."""

from pathlib import Path

import numpy as np
import pytest
from colours import BLUE, RED

from ganzoo.data import DataRequest, read, recognise, sources
from ganzoo.errors import DataError, InputError

TRANSLATIONS = ("edges2cats", "facades", "flat2emoji", "lineart2emoji", "noto2fluent")
SEGMENTED = ("facades",)
SHORT = {
    "mnist", "fashion", "digits", "cifar10", "cats", "flowers", "emoji", "facades", "pagoda",
    "mnist_m",
}  # fmt: skip
ADAPTATIONS = ("mnist_m",)


@pytest.mark.parametrize("name", sources)
def test_every_source_introduces_itself(name):
    source = sources[name]
    assert source.title
    assert source.licence
    assert bool(source.short) == source.url.startswith("https://")


def test_the_short_names_are_those_that_bundles_bear():
    short = [source.short for source in sources.values() if source.short]
    assert sorted(short) == sorted([*SHORT, *TRANSLATIONS, *SEGMENTED, *ADAPTATIONS])


@pytest.mark.parametrize("name", sources)
def test_the_domains_that_it_speaks_of_are_sources_or_sides(name):
    domains = sources[name].domains
    assert set(domains) <= set(sources) or (set(domains), sources[name].short) == ({"A", "B"}, "")
    assert len(domains) != 1


@pytest.mark.parametrize(("size", "channels"), [(8, 1), (32, 3), (16, 1)])
def test_digits_need_nothing_and_are_real(size, channels):
    data = read("digits", DataRequest(size=size, channels=channels, download=False))
    assert data.pictures.shape == (1797, channels, size, size)
    assert data.pictures.dtype == np.uint8
    assert np.bincount(data.labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert data.class_names == tuple("0123456789")


def test_digits_use_the_whole_range():
    data = read("digits", DataRequest(size=8, channels=1))
    levels = np.unique(data.pictures)
    np.testing.assert_array_equal(levels, np.rint(np.arange(17) * 255 / 16))
    with pytest.raises(DataError, match="no split 'test'"):
        read("digits", DataRequest(split="test"))


def test_paths_are_recognised(album, pack, tmp_path):
    folder, archive = album({"1.png": RED}), pack({"1.png": RED})
    assert recognise(str(folder)) == ("folder", folder)
    assert recognise(archive) == ("tar", archive)
    assert recognise(f"{archive}:inner") == ("tar", Path(f"{archive}:inner"))
    assert recognise(tmp_path / "x.npz") == ("npz", tmp_path / "x.npz")
    assert recognise("fashion-mnist") == ("fashion_mnist", None)
    assert recognise("~") == ("folder", Path.home())


def test_a_name_goes_before_a_folder_that_is_called_like_it(album, tmp_path, monkeypatch):
    album({"1.png": RED}, "digits")
    monkeypatch.chdir(tmp_path)
    assert recognise("digits") == ("digits", None)
    assert recognise(Path("digits")) == recognise("./digits") == ("folder", Path("digits"))


def test_what_is_neither_name_nor_path_gets_a_suggestion(tmp_path):
    with pytest.raises(DataError, match=r"no data set or path 'fashion'.*'fashion_mnist'"):
        recognise("fashion")
    (tmp_path / "notes.txt").write_bytes(b"")
    with pytest.raises(DataError, match=r"notes\.txt' is neither a folder"):
        recognise(tmp_path / "notes.txt")


def test_reading_goes_by_name_or_path(album):
    request = DataRequest(size=8, channels=1)
    assert read("digits", request).fingerprint == sources["digits"].load(request).fingerprint
    data = read(album({"a/1.png": RED, "b/2.png": BLUE}), request)
    assert data.class_names == ("a", "b")
    assert read("digits").pictures.shape[1:] == (3, 32, 32)


@pytest.mark.parametrize("size", [0, -8])
def test_a_size_below_one_pixel_is_refused(size):
    with pytest.raises(InputError, match=f"got {size}"):
        DataRequest(size=size)
