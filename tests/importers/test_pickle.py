"""Pickles of NVlabs give their weights; pickles of anybody else give an error, and run nothing."""

import io
import os
import pickle
import struct
import time
import zipfile

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from nvlabs import Discriminator, Generator, Layer, snapshot, theirs

from ganzoo.errors import ImportedError
from ganzoo.importers import _machine, _pickle, _read


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_weights_class_and_arguments_remain(protocol, monkeypatch):
    monkeypatch.delenv("GANZOO_WAS_HACKED", raising=False)
    content, network = snapshot(protocol)
    read = _pickle.read(content)
    assert set(read) == {"D", "G_ema"}
    kept = read["G_ema"]
    assert kept["class_name"] == "Generator"
    assert kept["init_kwargs"] == {
        "z_dim": 6, "layers": [1, 2], "activation": "lrelu", "dtype": "torch.float16", "gain": 0.5,
    }  # fmt: skip
    own = network.state_dict()
    assert set(kept["state"]) == set(own)
    for name, value in own.items():
        assert kept["state"][name].dtype == value.dtype, name
        assert torch.equal(kept["state"][name], value), name
    assert "b4.passing" not in own
    assert "GANZOO_WAS_HACKED" not in os.environ


@pytest.mark.parametrize(("protocol", "home"), [(2, "numpy.core"), (4, "numpy._core")])
def test_numbers_of_either_numpy_are_read_and_not_made(protocol, home):
    content = snapshot(protocol)[0].replace(b"numpy._core", home.encode())
    if protocol == 4:  # a short text says how long it is
        content = content.replace(b"\x8c\x15numpy.core", b"\x8c\x14numpy.core")
    assert home.encode() in content
    assert _pickle.read(content)["G_ema"]["init_kwargs"]["gain"] == 0.5


@pytest.mark.parametrize(
    ("kind", "name"), [(Generator, "G_ema"), (Layer, "G_ema"), (Discriminator, "D")]
)
def test_a_network_may_lie_in_a_file_alone(kind, name):
    network, file = kind(3), io.BytesIO()
    with theirs():
        pickle.dump(network, file)
    (read,) = _pickle.read(file.getvalue()).items()
    assert read[0] == name
    assert set(read[1]["state"]) == set(network.state_dict())


@pytest.mark.parametrize(
    ("number", "kept"),
    [(np.float32(2), 2.0), (np.int64(-3), -3), (np.bool_(True), True), (np.dtype(">f8").type(4), 4.0),
     (np.complex64(1), None), (np.float16(1), None)],
)  # fmt: skip
def test_rare_numbers_are_let_go(number, kept):
    assert (
        _pickle.read(snapshot(G=Generator(2, gain=number))[0])["G"]["init_kwargs"]["gain"] == kept
    )


def test_a_number_shorter_than_its_kind_is_damage():
    dtype = b"cnumpy\ndtype\n(U\x02f8tR(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    dtype = dtype.replace(b"U\x02", b"X\x02\x00\x00\x00").replace(b"U\x01", b"X\x01\x00\x00\x00")
    short = b"cnumpy.core.multiarray\nscalar\n(" + dtype + b"C\x02abtR"
    with pytest.raises(ImportedError, match="damaged: a number of numpy's"):
        _pickle.read(b"\x80\x04}X\x01\x00\x00\x00G" + short + b"s.")


def test_the_reader_of_files_takes_them(tmp_path):
    content, _ = snapshot()
    path = tmp_path / "ffhq.pkl"
    path.write_bytes(content)
    assert _read.weights(path)["G_ema"]["class_name"] == "Generator"
    torch.save({"a": torch.ones(2)}, path)  # a name says nothing
    assert torch.equal(_read.weights(path)["a"], torch.ones(2))
    torch.save({"a": torch.ones(2)}, path, _use_new_zipfile_serialization=False)
    assert torch.equal(_read.weights(path)["a"], torch.ones(2))


class Call:
    """A pickle that calls something."""

    def __init__(self, called, *arguments) -> None:
        self.called, self.arguments = called, arguments

    def __reduce__(self):
        return self.called, self.arguments


def bombs():
    import builtins
    import subprocess

    yield "os.system", Call(os.system, "touch /tmp/never")
    yield "eval", Call(builtins.eval, "1/0")
    yield "exec", Call(builtins.exec, "raise SystemExit")
    yield (
        "getattr",
        Call(builtins.getattr, os, "system") if False else Call(builtins.getattr, "x", "y"),
    )
    yield "import", Call(builtins.__import__, "antigravity")
    yield "popen", Call(subprocess.Popen, ("true",))
    yield "torch.load", Call(torch.load, "x.pt")
    yield (
        "a pickle in a pickle",
        Call(pickle.loads, pickle.dumps(Call(os.system, "touch /tmp/never"))),
    )
    yield "a list that is a bomb", [[[Call(os.system, "touch /tmp/never")]]]


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize(("what", "bomb"), [*bombs()])
@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_nothing_is_called(what, bomb, inside, protocol, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "system", os.system)
    content = snapshot(max(protocol, 2), bomb=bomb)[0] if inside else pickle.dumps(bomb, protocol)
    with pytest.raises(ImportedError, match=r"it names|instruction|damaged"):
        _pickle.read(content)
    assert not os.path.exists("/tmp/never")


WEIGHTS = b"ctorch.storage\n_load_from_bytes\n"
TENSOR = b"ctorch._utils\n_rebuild_tensor_v2\n"
PERSISTENT = b"ctorch_utils.persistence\n_reconstruct_persistent_obj\n"


def legacy(count: int = 4) -> bytes:
    """Numbers as torch's older format stores them."""
    file = io.BytesIO()
    storage = torch.arange(count, dtype=torch.float32)._typed_storage()
    torch.save(storage, file, _use_new_zipfile_serialization=False)
    return file.getvalue()


def tensor(size: tuple, stride: tuple, offset: int = 0, numbers: bytes = b"") -> bytes:
    """Instructions that make a tensor."""
    numbers = numbers or legacy()
    stored = WEIGHTS + b"(B" + struct.pack("<I", len(numbers)) + numbers + b"tR"
    flat = b"".join(pickle.dumps(one, 2)[2:-1] for one in (offset, size, stride, False, {}))
    return TENSOR + b"(" + stored + flat + b"tR"


def network(made: bytes) -> bytes:
    """A file with one network that holds this."""
    return (
        b"\x80\x04}X\x01\x00\x00\x00G" + PERSISTENT + b"(}(X\x0a\x00\x00\x00class_nameX\x01\x00\x00\x00N"
        b"X\x05\x00\x00\x00state}(X\x0b\x00\x00\x00_parameters}X\x01\x00\x00\x00w" + made + b"suutRs."
    )  # fmt: skip


def test_the_crafted_network_is_otherwise_right():
    read = _pickle.read(network(tensor((2, 2), (1, 2))))
    assert torch.equal(read["G"]["state"]["w"], torch.tensor([[0.0, 2.0], [1.0, 3.0]]))


@pytest.mark.parametrize(("size", "stride", "offset"), [
    ((1 << 40,), (0,), 0), ((5,), (1,), 0), ((2,), (1 << 62,), 0), ((4,), (1,), 1), ((-1,), (1,), 0),
    ((2, 2), (-1, 1), 0), ((2,), (1,), -1), ((2, 2), (1,), 0), ((1 << 40, 0), (1, 1), 0), ((True,), (1,), 0),
    ((1.5,), (1,), 0), (("2",), (1,), 0), ((2,), (1,), 1 << 70),
])  # fmt: skip
def test_a_tensor_is_never_larger_than_its_numbers(size, stride, offset):
    try:
        read = _pickle.read(network(tensor(size, stride, offset)))
    except ImportedError:
        return
    made = read["G"]["state"]["w"]
    assert made.numel() <= 4
    assert made.untyped_storage().nbytes() == 16


def claims(count: int) -> bytes:
    """Numbers that say they are many more."""
    numbers = legacy(4)
    old, new = b"K\x04Ntq", b"\x8a\x08" + struct.pack("<q", count) + b"Ntq"
    assert old in numbers
    return numbers.replace(old, new)


@pytest.mark.parametrize("numbers", [
    claims(1 << 40), claims(1 << 60), legacy()[:-3], legacy()[:60], b"PK\x03\x04" + bytes(80), b"", b"\x80\x02.",
    _pickle.LEGACY + pickle.dumps(Call(os.system, "touch /tmp/never"), 2),
])  # fmt: skip
def test_numbers_that_lie_are_refused(numbers):
    with pytest.raises(ImportedError):
        _pickle.read(network(tensor((2,), (1,), 0, numbers or b"x")))
    assert not os.path.exists("/tmp/never")


@pytest.mark.parametrize("call", [
    b"c_codecs\nencode\n(h\x00U\x06latin1tR", b"cbuiltins\nset\n(h\x01tR",
    b"ccollections\nOrderedDict\n(h\x02tR",
])  # fmt: skip
def test_one_value_is_not_made_into_ever_more(call):
    text = b"X" + struct.pack("<I", 1 << 20) + b"x" * (1 << 20) + b"q\x00"
    numbers = b"](" + b"".join(b"J" + struct.pack("<i", n) for n in range(50_000)) + b"eq\x01"
    pairs = b"](" + b"".join(b"(K\x01K\x02t" for _ in range(50_000)) + b"eq\x02"
    call = call.replace(b"U\x06latin1", b"X\x06\x00\x00\x00latin1")
    with pytest.raises(ImportedError, match="it makes more of its values than it holds"):
        _pickle.read(b"\x80\x04" + text + numbers + pairs + call * 1000 + b".")


def nested(depth: int) -> bytes:
    return b"\x80\x04" + b"(" * depth + b"l" * depth + b"."


def doubling(wrap: bytes) -> bytes:
    """A value that refers to itself twice, sixty times over: cheap to write, endless to walk."""
    return b"".join((b"2", wrap) * 60)


@pytest.mark.parametrize(("what", "content"), [
    ("lists in lists", nested(20_000)),
    ("a tuple doubled as a key", b"\x80\x04}(K\x01\x85" + doubling(b"\x86") + b"K\x01u."),
    ("a tuple doubled in a set", b"\x80\x04\x8f(K\x01\x85" + doubling(b"\x86") + b"\x90."),
    ("a key of the memo beyond memory", b"\x80\x04Nr\xff\xff\xff\xff."),
    ("bytes that are not there", b"\x80\x04\x8e" + b"\xff" * 7 + b"\x7f."),
    ("text that is not there", b"\x80\x04\x8d" + b"\xff" * 7 + b"\x7f."),
    ("a number without end", b"\x80\x04\x8b\xff\xff\xff\x7f."),
    ("digits without end", b"I" + b"9" * 100_000 + b"\n."),
    ("nothing to pop", b"\x80\x04000."), ("no mark", b"\x80\x04t."), ("no end", b"\x80\x04N"), ("nothing", b""),
    ("below a mark", b"\x80\x04N(\x85."),
    ("an extension", b"\x80\x04\x82\x01."), ("a persistent id", b"\x80\x04Pevil\n."), ("a buffer", b"\x80\x05\x97."),
    ("an instance", b"(ios\nsystem\n."), ("an object", b"(cos\nsystem\no."), ("with arguments", b"\x80\x04cos\nsystem\n)}\x92."),
    ("no pickle", b"hello"), ("html", b"<!doctype html>"), ("other letters", "ü".encode() * 9),
    ("a module in itself", b"\x80\x04}(X\x01\x00\x00\x00G" + PERSISTENT + b"(}q\x01(X\x0a\x00\x00\x00class_nameX\x01\x00\x00\x00N"
        b"X\x05\x00\x00\x00state}(X\x08\x00\x00\x00_modules}q\x02uutRq\x03h\x02X\x01\x00\x00\x00ah\x03s0u."),
    ("a class with a state", network(b"ccollections\nOrderedDict\n}X\x01\x00\x00\x00aK\x01sb")),
    ("a call of what is no name", network(b"})R")),
    ("a call of a class of layers", network(b"ctorch.nn.modules.linear\nLinear\n)R")),
    ("a layer that is none", network(b"ctorch.nn.modules.linear\nLinear\n)\x81}b")),
    ("a dotted name", b"\x80\x04\x8c\x05torch\x8c\x0eUntypedStorage\x93."),
    ("a name of two numbers", b"\x80\x04K\x01K\x02\x93."),
])  # fmt: skip
def test_tricks_end_in_an_error_and_soon(what, content):
    start = time.monotonic()
    with pytest.raises(ImportedError):
        _pickle.read(content)
    assert time.monotonic() - start < 5


def test_arguments_without_end_are_refused():
    endless = b"]" + doubling(b"\x86")
    made = (
        b"\x80\x04}X\x01\x00\x00\x00G" + PERSISTENT + b"(}(X\x0a\x00\x00\x00class_nameX\x01\x00\x00\x00N"
        b"X\x05\x00\x00\x00state}(X\x0c\x00\x00\x00_init_kwargs}X\x01\x00\x00\x00a" + endless + b"suutRs."
    )  # fmt: skip
    with pytest.raises(ImportedError, match="without end"):
        _pickle.read(made)


def test_tensorflows_files_say_where_to_go():
    with pytest.raises(ImportedError, match=r"legacy\.py"):
        _pickle.read(b"\x80\x04cdnnlib.tflib.network\nNetwork\n.")


def test_more_instructions_than_any_network_has_are_not_followed(monkeypatch):
    monkeypatch.setattr(_machine, "STEPS", 100)
    with pytest.raises(ImportedError, match="instructions"):
        _pickle.read(b"\x80\x04" + b"N0" * 200 + b".")


def test_a_text_that_begins_like_a_pickle_is_told_what_it_lacks():
    with pytest.raises(ImportedError, match="damaged: it takes up 101, which it never laid down"):
        _pickle.read(b"hello")


@settings(max_examples=400)
@given(st.binary(max_size=200))
def test_noise_is_refused(content):
    with pytest.raises(ImportedError):
        _pickle.read(content)


WHOLE = snapshot()[0]


@settings(max_examples=150)
@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255), st.integers(0, len(WHOLE)))
def test_a_flipped_byte_or_a_cut_gives_weights_or_an_error(place, value, end):
    content = bytearray(WHOLE)
    content[place] = value
    for damaged in (bytes(content), WHOLE[:end]):
        try:
            read = _pickle.read(damaged)
        except ImportedError:
            continue
        assert all(isinstance(one["state"], dict) for one in read.values())


@settings(max_examples=600)
@given(st.lists(st.sampled_from([
    b"(", b"0", b"1", b"2", b"]", b"}", b")", b"\x8f", b"N", b"K\x01", b"X\x01\x00\x00\x00a", b"a", b"e", b"s",
    b"u", b"t", b"l", b"d", b"\x85", b"\x86", b"\x87", b"\x90", b"\x91", b"\x93", b"q\x01", b"h\x01", b"\x94",
    b"R", b"\x81", b"b", WEIGHTS, TENSOR, PERSISTENT, b"ccollections\nOrderedDict\n",
    b"ctorch.nn.modules.linear\nLinear\n", b"ctorch\nSize\n", b"ccopyreg\n_reconstructor\n", b"cbuiltins\nobject\n",
]), max_size=40))  # fmt: skip
def test_any_order_of_instructions_ends_in_an_error(instructions):
    with pytest.raises(ImportedError):
        _pickle.read(b"\x80\x04" + b"".join(instructions) + b".")


def test_a_zip_that_unpacks_to_more_than_it_weighs_is_refused(tmp_path):
    torch.save({"w": torch.zeros(1000)}, tmp_path / "plain.pth")
    packed = tmp_path / "packed.pth"
    with (
        zipfile.ZipFile(tmp_path / "plain.pth") as plain,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for entry in plain.infolist():
            out.writestr(entry.filename, plain.read(entry))
    with pytest.raises(ImportedError, match="larger than it seems"):
        _read.weights(packed)


def test_a_zip_reaches_no_other_file(tmp_path):
    torch.save({"w": torch.zeros(10)}, tmp_path / "plain.pth")
    trick = tmp_path / "trick.pth"
    with zipfile.ZipFile(tmp_path / "plain.pth") as plain, zipfile.ZipFile(trick, "w") as out:
        for entry in plain.infolist():
            out.writestr(entry.filename.replace("plain", "../../trick"), plain.read(entry))
    before = sorted(tmp_path.parent.rglob("*"))
    with pytest.raises(ImportedError, match="not read further"):
        _read.weights(trick)
    assert sorted(tmp_path.parent.rglob("*")) == before


class Caller:
    def __reduce__(self):
        return print, ("code ran",)


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("photograph", "Unsupported operand 255"),
        ("code", "Unsupported global: GLOBAL print was not an allowed"),
        ("none", "RuntimeError"),
    ],
)
def test_nobody_is_advised_to_trust_a_file(tmp_path, kind, why):
    """Torch does advise it."""
    path = tmp_path / "netG.pth"
    if kind == "code":
        torch.save({"layer": Caller()}, path)
    else:
        path.write_bytes({"photograph": b"\xff\xd8\xff\xe0", "none": b"\x80\x02N."}[kind])
    with pytest.raises(ImportedError, match=f"or is damaged: {why}") as error:
        _read.weights(path)
    advice = ("weights_only", "safe_globals", "Please", "Re-running")
    assert not any(word in str(error.value) for word in advice)
