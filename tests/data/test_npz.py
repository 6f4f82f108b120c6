"""NumPy archives: what they may hold, and what is refused."""

import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest

from ganzoo.data import DataRequest, Dataset, sources
from ganzoo.errors import DataError

IMAGES = np.arange(4 * 6 * 6, dtype=np.uint8).reshape(4, 6, 6)


@pytest.fixture
def save(tmp_path: Path):
    def write(**arrays: object) -> Path:
        np.savez(tmp_path / "set.npz", **arrays)
        return tmp_path / "set.npz"

    return write


def load(path: Path, **wanted: object) -> Dataset:
    return sources["npz"].load(DataRequest(path=path, **{"size": 6, "channels": 1, **wanted}))


def test_images_alone_are_enough(save):
    data = load(save(images=IMAGES))
    np.testing.assert_array_equal(data.pictures[:, 0], IMAGES)
    assert (data.name, data.labels, data.class_names) == ("set.npz", None, ())


def test_arrays_that_numpy_numbered_are_images_and_labels(save):
    data = load(save(arr_0=IMAGES, arr_1=np.array([1, 0, 2, 1])))
    np.testing.assert_array_equal(data.pictures[:, 0], IMAGES)
    assert data.labels is not None
    assert data.labels.tolist() == [1, 0, 2, 1]


@pytest.mark.parametrize("channels", [1, 3])
def test_images_may_have_channels(save, channels):
    images = IMAGES[..., None].repeat(channels, axis=3)
    data = load(save(images=images), channels=channels)
    np.testing.assert_array_equal(data.pictures, images.transpose(0, 3, 1, 2))


@pytest.mark.parametrize("split", [[0, 1, 0, 2], ["train", "test", "train", "val"]])
def test_split_picks_images_and_labels(save, split):
    path = save(images=IMAGES, labels=np.arange(4), split=np.array(split), class_names=list("abcd"))
    for name, rows in {"train": [0, 2], "test": [1], "val": [3]}.items():
        data = load(path, split=name)
        np.testing.assert_array_equal(data.pictures[:, 0], IMAGES[rows])
        assert data.labels.tolist() == rows
        assert data.class_names == ("a", "b", "c", "d")


def test_an_unknown_split_is_quoted(save):
    with pytest.raises(DataError, match=r"no split 'val'\. Known: test, train"):
        load(save(images=IMAGES, split=np.array([0, 1, 0, 1])), split="val")
    with pytest.raises(DataError, match=r"no split 'test'\. Known: train"):
        load(save(images=IMAGES), split="test")


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"pictures": IMAGES}, "no 'images' in it, only pictures"),
        (
            {"images": IMAGES.astype(np.float32)},
            r"images should be uint8 .* float32 \(4, 6, 6, 1\)",
        ),
        ({"images": IMAGES[0]}, r"images should be uint8 .* they are uint8 \(6, 6\)"),
        ({"images": IMAGES[..., None].repeat(2, 3)}, r"\(4, 6, 6, 2\)"),
        ({"images": IMAGES[:0]}, "no images"),
        ({"images": IMAGES, "labels": np.arange(3)}, r"labels should be 4 .* int64 \(3,\)"),
        ({"images": IMAGES, "labels": np.ones(4)}, "labels should be 4 whole .* float64"),
        ({"images": IMAGES, "labels": np.arange(4) - 1}, "from 0 on"),
        ({"images": IMAGES, "labels": np.arange(4), "class_names": ["a"]}, "label 3, but only 1"),
        ({"images": IMAGES, "class_names": "cat"}, r"class_names should be a list .* <U3 \(\)"),
        ({"images": IMAGES, "class_names": [["a"], ["b"]]}, r"class_names .* <U1 \(2, 1\)"),
        ({"images": IMAGES, "split": np.array([0, 1, 2, 3])}, "split should be 4 words"),
        ({"images": IMAGES, "split": np.array([0, 0, -1, 0])}, "split should be 4 words"),
        ({"images": IMAGES, "split": np.zeros(3, int)}, "split should be 4 words"),
    ],
)
def test_what_it_should_hold_is_said(save, arrays, message):
    with pytest.raises(DataError, match=message):
        load(save(**arrays))


def test_it_is_read_where_a_folder_is_asked_for(save):
    path = save(images=IMAGES, labels=np.arange(4), split=np.array([0, 1, 0, 2]))
    asked = DataRequest(path=path, size=6, channels=1, split="test", held_out=True)
    data = sources["folder"].load(asked)
    np.testing.assert_array_equal(data.pictures[:, 0], IMAGES[[1]])
    assert data.labels is not None
    assert data.labels.tolist() == [1]


def test_no_picture_without_a_name_is_held_out(save):
    asked = DataRequest(path=save(images=IMAGES), size=6, channels=1, held_out=True)
    with pytest.raises(DataError, match=r"set\.npz' has no 'split'.*data\.held_out=false"):
        sources["folder"].load(asked)


class Trap:
    def __reduce__(self):
        return Path.touch, (Path("sprung"),)


def test_python_objects_are_refused_unopened(save, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = save(images=np.array([Trap()], dtype=object))
    with pytest.raises(DataError, match="allow_pickle=False"):
        load(path)
    path.write_bytes(pickle.dumps(Trap()))
    with pytest.raises(DataError, match=r"cannot read '.*set\.npz'"):
        load(path)
    assert not (tmp_path / "sprung").exists()


def test_damaged_files_are_named(save, tmp_path):
    path = save(images=IMAGES)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(DataError, match=r"cannot read '.*set\.npz'"):
        load(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("images.npy", b"not an array")
    with pytest.raises(DataError, match=r"cannot read '.*set\.npz'"):
        load(path)
    with path.open("wb") as file:
        np.save(file, IMAGES)
    with pytest.raises(DataError, match=r"not an \.npz"):
        load(path)
    with pytest.raises(DataError, match=r"cannot read '.*nowhere\.npz'"):
        load(tmp_path / "nowhere.npz")
    with pytest.raises(DataError, match="needs a path"):
        sources["npz"].load(DataRequest())
