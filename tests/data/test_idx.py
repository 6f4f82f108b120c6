"""MNIST and its kin: IDX files here, there, or fetched over HTTP."""

import gzip
import hashlib
import struct
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from torchvision import datasets

from ganzoo.data import DataRequest, Dataset, sources
from ganzoo.data._idx import read_idx
from ganzoo.errors import DataError

PICTURES = {
    "train": np.random.default_rng(0).integers(1, 256, (6, 28, 28), np.uint8),
    "t10k": np.random.default_rng(1).integers(1, 256, (4, 28, 28), np.uint8),
}
LABELS = {part: np.arange(len(pictures), dtype=np.uint8) for part, pictures in PICTURES.items()}


def idx(values: np.ndarray) -> bytes:
    lengths = struct.pack(f">{values.ndim}I", *values.shape)
    return struct.pack(">HBB", 0, 8, values.ndim) + lengths + values.tobytes()


def lay_out(folder: Path, packed: bool = True) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for part in PICTURES:
        for kind, values in (("images-idx3", PICTURES[part]), ("labels-idx1", LABELS[part])):
            name, content = f"{part}-{kind}-ubyte", idx(values)
            (folder / (f"{name}.gz" if packed else name)).write_bytes(
                gzip.compress(content) if packed else content
            )
    return folder


def load(name: str = "mnist", **wanted: object) -> Dataset:
    return sources[name].load(DataRequest(**{"size": 28, "channels": 1, **wanted}))


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
@pytest.mark.parametrize("packed", [True, False])
def test_a_folder_of_idx_files_is_read(tmp_path, name, packed):
    path = lay_out(tmp_path / "given", packed)
    train, test = load(name, path=path), load(name, path=path, split="test")
    np.testing.assert_array_equal(train.pictures[:, 0], PICTURES["train"])
    np.testing.assert_array_equal(test.pictures[:, 0], PICTURES["t10k"])
    assert train.labels.tolist() == [0, 1, 2, 3, 4, 5]
    assert train.name == name
    assert len(train.class_names) == len(set(train.class_names)) == 10


def test_thirty_two_pixels_are_padding(tmp_path):
    data = load(path=lay_out(tmp_path / "given"), size=32, channels=3)
    np.testing.assert_array_equal(data.pictures[:, 1, 2:30, 2:30], PICTURES["train"])
    assert data.pictures.sum(dtype=int) == 3 * PICTURES["train"].sum(dtype=int)


def test_a_packed_file_that_is_damaged_anywhere_is_named(tmp_path):
    whole = gzip.compress(idx(PICTURES["train"]))
    path = tmp_path / "damaged.gz"
    for place in range(10, len(whole), len(whole) // 150):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        with pytest.raises(DataError, match=r"cannot read '.*damaged.gz'"):
            read_idx(path)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("mnist", "mnist"),
        ("mnist", "MNIST/raw"),
        ("fashion_mnist", "fashion-mnist"),
    ],
)
def test_local_data_are_found(home, name, place):
    lay_out(home / place)
    assert load(name, download=False).pictures.shape == (6, 1, 28, 28)


@pytest.mark.parametrize("given", [True, False])
def test_mnist_may_be_an_npz(home, given):
    images, labels = np.concatenate(list(PICTURES.values())), np.arange(10)
    np.savez(
        home / "mnist.npz",
        images=images[..., None],
        labels=labels,
        split=[0] * 6 + [1] * 4,
        class_names=list("0123456789"),
    )
    data = load(path=home / "mnist.npz" if given else None, size=32, split="test", download=False)
    np.testing.assert_array_equal(data.pictures[:, 0, 2:30, 2:30], PICTURES["t10k"])
    assert data.pictures.sum(dtype=int) == PICTURES["t10k"].sum(dtype=int)
    assert data.labels.tolist() == [6, 7, 8, 9]
    assert data.name == "mnist"


def test_an_unknown_split_is_quoted(tmp_path):
    with pytest.raises(DataError, match=r"mnist has no split 'val'\. Known: test, train"):
        load(path=lay_out(tmp_path / "given"), split="val")


def test_a_given_path_is_the_only_one_looked_at(home, tmp_path):
    lay_out(home / "mnist")
    with pytest.raises(DataError, match=r"train-images-idx3-ubyte.*not found: looked at '.*empty'"):
        load(path=tmp_path / "empty")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\0\x08",
        idx(PICTURES["train"])[:-1],
        idx(PICTURES["train"]) + b"\0",
        b"\0\0\x0d" + idx(PICTURES["train"])[3:],
        b"\x01" + idx(PICTURES["train"])[1:],
    ],
    ids=["empty", "stub", "short", "long", "of floats", "no magic"],
)
def test_a_damaged_file_is_named(tmp_path, content):
    (tmp_path / "some-idx3-ubyte").write_bytes(content)
    with pytest.raises(DataError, match=r"cannot read '.*some-idx3-ubyte'"):
        read_idx(tmp_path / "some-idx3-ubyte")


def test_a_damaged_gzip_is_named(tmp_path):
    for content in (b"no gzip", gzip.compress(idx(PICTURES["train"]))[:-20]):
        (tmp_path / "some.gz").write_bytes(content)
        with pytest.raises(DataError, match=r"cannot read '.*some\.gz'"):
            read_idx(tmp_path / "some.gz")


def test_labels_must_match_the_images(tmp_path):
    path = lay_out(tmp_path / "given", packed=False)
    (path / "train-labels-idx1-ubyte").write_bytes(idx(LABELS["t10k"]))
    with pytest.raises(DataError, match=r"\(6, 28, 28\).*\(4,\)"):
        load(path=path)


# Downloads


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def mirror(tmp_path, monkeypatch):
    """A mirror on this machine, and a torchvision that knows no other."""
    served = lay_out(tmp_path / "mirror")
    sums = [(f.name, hashlib.md5(f.read_bytes()).hexdigest()) for f in sorted(served.iterdir())]
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(served))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}/"
        monkeypatch.setattr(datasets.MNIST, "mirrors", [address])
        monkeypatch.setattr(datasets.MNIST, "resources", sums)
        yield served
        server.shutdown()
        thread.join()


def test_what_is_not_here_is_downloaded_once(mirror, home):
    np.testing.assert_array_equal(load().pictures[:, 0], PICTURES["train"])
    assert (home / "MNIST" / "raw").is_dir()
    for file in mirror.iterdir():
        file.unlink()
    np.testing.assert_array_equal(load(split="test").pictures[:, 0], PICTURES["t10k"])


def test_a_download_that_fails_says_what_was_looked_for(home, nowhere, monkeypatch):
    monkeypatch.setattr(datasets.MNIST, "mirrors", [nowhere])
    with pytest.raises(DataError, match=rf"mnist .*looked at '{home}.*downloading it failed"):
        load()


def test_nothing_is_downloaded_unless_allowed(mirror, home):
    with pytest.raises(DataError, match=rf"looked at '{home}/mnist'.*nothing was downloaded"):
        load(download=False)
    assert not any(home.iterdir())
