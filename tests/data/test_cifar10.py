"""CIFAR-10 as pictures or as published, pickles and all."""

import hashlib
import pickle
from pathlib import Path

import numpy as np
import pytest
from colours import BLUE, RED
from torchvision import datasets

from ganzoo.data import DataRequest, Dataset, sources
from ganzoo.errors import DataError

CLASSES = ["airplane", "automobile"]
PIXELS = np.random.default_rng(0).integers(0, 256, (3, 3, 32, 32), np.uint8)
CONTENTS = {"train/airplane/0.png": RED, "train/bird/1.png": BLUE, "test/bird/2.png": BLUE}


def load(**wanted: object) -> Dataset:
    return sources["cifar10"].load(DataRequest(**wanted))


@pytest.fixture
def published(monkeypatch):
    """Writes two tiny batches where they are asked for, and vouches for them to torchvision."""

    def write(folder: Path) -> Path:
        contents = {
            "data_batch_1": {"data": PIXELS.reshape(3, -1), "labels": [1, 0, 1]},
            "test_batch": {"data": PIXELS[:1].reshape(1, -1), "labels": [1]},
            "batches.meta": {"label_names": CLASSES},
        }
        folder.mkdir(parents=True)
        sums = {}
        for name, content in contents.items():
            (folder / name).write_bytes(pickle.dumps(content))
            sums[name] = hashlib.md5(pickle.dumps(content)).hexdigest()
        of = [[name, sums[name]] for name in ("data_batch_1", "test_batch")]
        monkeypatch.setattr(datasets.CIFAR10, "train_list", of[:1])
        monkeypatch.setattr(datasets.CIFAR10, "test_list", of[1:])
        meta = {"filename": "batches.meta", "key": "label_names", "md5": sums["batches.meta"]}
        monkeypatch.setattr(datasets.CIFAR10, "meta", meta)
        return folder

    return write


@pytest.mark.parametrize("given", [None, "folder", "around"])
def test_published_batches_are_read(published, home, given):
    folder = published(home / "cifar-10-batches-py")
    path = {None: None, "folder": folder, "around": home}[given]
    train, test = load(path=path), load(path=path, split="test")
    np.testing.assert_array_equal(train.pictures, PIXELS)
    np.testing.assert_array_equal(test.pictures, PIXELS[:1])
    assert (train.labels.tolist(), train.class_names) == ([1, 0, 1], tuple(CLASSES))


class Trap:
    def __reduce__(self):
        return Path.touch, (Path("sprung"),)


@pytest.mark.parametrize("where", ["data_batch_1", "batches.meta"])
def test_pickles_that_were_not_published_are_not_opened(
    published, tmp_path, home, monkeypatch, where
):
    monkeypatch.chdir(tmp_path)
    folder = published(home / "cifar-10-batches-py")
    (folder / where).write_bytes(pickle.dumps(Trap()))
    with pytest.raises(DataError, match="is not the published CIFAR-10"):
        load()
    assert not (tmp_path / "sprung").exists()


def test_a_folder_or_archive_of_pictures_is_read(album, pack, home):
    folder = load(path=album(CONTENTS))
    archive = load(path=pack({f"cifar10/{name}": colour for name, colour in CONTENTS.items()}))
    for data in (folder, archive):
        assert data.name == "cifar10"
        assert data.class_names == ("airplane", "bird")
        assert data.labels.tolist() == [0, 1]
    assert folder.fingerprint == archive.fingerprint


@pytest.mark.parametrize("name", ["cifar10.tar.gz", "cifar10-jpeg.tar.gz"])
def test_local_data_are_found(pack, home, name):
    pack(CONTENTS, f"home/{name}")
    assert load(split="test", download=False).pictures.shape == (1, 3, 32, 32)


def test_an_unknown_split_is_quoted():
    with pytest.raises(DataError, match=r"no split 'val'\. Known: test, train"):
        load(split="val")


def test_what_is_not_here_says_what_was_looked_for(home, nowhere, monkeypatch):
    wanted = rf"cifar10 not found: looked at '{home}/cifar-10-batches-py'.*cifar10-jpeg\.tar\.gz"
    with pytest.raises(DataError, match=wanted):
        load(download=False)
    monkeypatch.setattr(datasets.CIFAR10, "url", nowhere)
    with pytest.raises(DataError, match=rf"{wanted}.*downloading it failed"):
        load()
