"""Whatever a downloaded config or weight file says, the answer is a bundle or an error, and soon."""

import hashlib
import json
import struct
import time
from contextlib import suppress
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save
from shelf import hang

from ganzoo import bundle
from ganzoo.architectures import architectures
from ganzoo.errors import BundleError, GanzooError
from ganzoo.zoo import Model

SOON = 10  # seconds
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.integers(-(2**70), 2**70) | st.floats() | st.text()
    | st.sampled_from(["../../etc/passwd", "<script>alert(1)</script>", "__class__", "os.system", "dcgan"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> bundle.Bundle:
    torch.manual_seed(0)
    return hang(tmp_path_factory.mktemp("shelf"), "dcgan-mnist")


@pytest.fixture(scope="module")
def written(made) -> dict:
    return json.loads((made.folder / bundle.CONFIG).read_text())


def read(made: bundle.Bundle, config: object, **weights: bytes) -> None:
    """As a visitor's gallery would: reads, lists and paints, or says in a sentence why not."""
    folder = made.folder.with_name("fuzzed")
    folder.mkdir(exist_ok=True)
    for name in ("model.safetensors", "discriminator.safetensors"):
        (folder / name).write_bytes(weights.get(name[:5]) or (made.folder / name).read_bytes())
    (folder / bundle.CONFIG).write_text(json.dumps(config))
    start = time.monotonic()
    with suppress(GanzooError):
        found = bundle.load(folder)
        found.check()
        if "sample" in found.abilities:
            Model(found).network()
    assert time.monotonic() - start < SOON


def paths_into(tree: object, path: tuple = ()) -> list[tuple]:
    """The place of every value in nested plain data."""
    inner = (
        tree.items()
        if isinstance(tree, dict)
        else enumerate(tree)
        if isinstance(tree, list)
        else ()
    )
    return [path, *(place for key, one in inner for place in paths_into(one, (*path, key)))]


def replaced(tree: object, path: tuple, value: object) -> object:
    if not path:
        return value
    copy = dict(tree) if isinstance(tree, dict) else list(tree)
    copy[path[0]] = replaced(copy[path[0]], path[1:], value)
    return copy


@settings(max_examples=1200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_value_anywhere_in_a_config(made, written, data):
    path = data.draw(st.sampled_from(paths_into(written)))
    read(made, replaced(written, path, data.draw(plain)))


@settings(max_examples=300)
@given(plain)
def test_anything_at_all_as_a_config(made, value):
    read(made, value)


@pytest.mark.parametrize("name", [*architectures])
@settings(max_examples=60)
@given(data=st.data())
def test_options_within_bounds_but_beyond_any_machine(made, written, name, data):
    """The largest network that a config may ask for takes no memory unless its weights are there."""
    card = architectures[name]
    options = card.tiny.model_dump(mode="json")
    whole = [key for key, value in options.items() if type(value) is int]
    for key in data.draw(st.lists(st.sampled_from(whole), max_size=4)) if whole else ():
        options[key] = data.draw(st.sampled_from([0, 1, 2, 512, 1024, 4096, 2**31, 2**62, -1]))
    size, channels = options.get("image_size", 8), options.get("image_channels", 1)
    recipe = written["recipe"] | {
        "architecture": name, "options": options, "shows": f"architectures/{name}",
        "data": written["recipe"]["data"] | {"size": size, "channels": channels},
    }  # fmt: skip
    read(made, written | {"recipe": recipe})


def test_a_kilobyte_of_config_takes_no_gigabyte(made, written):
    import resource

    options = written["recipe"]["options"] | {
        "base_channels": 512,
        "z_dim": 4096,
        "image_size": 1024,
    }
    recipe = written["recipe"] | {"options": options}
    recipe["data"] = recipe["data"] | {"size": 1024}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    folder = made.folder.with_name("vast")
    hang_copy(made, folder, written | {"recipe": recipe})
    with pytest.raises(BundleError, match="does not fit"):
        bundle.load(folder).network()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # KiB


def hang_copy(made: bundle.Bundle, folder: Path, config: object) -> None:
    folder.mkdir(exist_ok=True)
    for path in made.folder.glob("*.safetensors"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / bundle.CONFIG).write_text(json.dumps(config))


def vouched(made: bundle.Bundle, written: dict, content: bytes) -> None:
    """The config vouches for whatever was sent, as a stranger's would."""
    hashes = written["sha256"] | {"model.safetensors": hashlib.sha256(content).hexdigest()}
    read(made, written | {"sha256": hashes}, model=content)


def header(described: object, content: bytes = b"", length: int | None = None) -> bytes:
    text = json.dumps(described).encode() if not isinstance(described, bytes) else described
    return struct.pack("<Q", len(text) if length is None else length) + text + content


@settings(max_examples=300)
@given(plain)
def test_any_header(made, written, value):
    vouched(made, written, header(value, bytes(64)))


@settings(max_examples=300)
@given(
    st.dictionaries(
        st.sampled_from(["layers.0.project.weight", "layers.1.weight", "__metadata__", "w"]),
        st.fixed_dictionaries({
            "dtype": st.sampled_from(["F16", "F32", "F64", "I64", "BOOL", "BF16", "F8_E4M3", "Q9", 3]),
            "shape": st.lists(st.sampled_from([0, 1, 2, 8, 2**31, 2**62, 2**64, -1]), max_size=4),
            "data_offsets": st.lists(st.sampled_from([0, 2, 4, 64, 2**62, -1]), min_size=1, max_size=3),
        }),
        max_size=3,
    ),
    st.binary(max_size=64),
)  # fmt: skip
def test_any_tensors_in_a_header(made, written, described, content):
    vouched(made, written, header(described, content))


@pytest.mark.parametrize("content", [
    b"", b"\0", struct.pack("<Q", 2**63), struct.pack("<Q", 2**40) + b"{}", header(b"[" * 100_000),
    header(b'{"a":' * 50_000), header({}, length=2**20), header(b"\xff" * 100),
])  # fmt: skip
def test_headers_that_lie_about_their_length(made, written, content):
    vouched(made, written, content)


@settings(max_examples=200)
@given(st.integers(0, 400), st.integers(0, 255))
def test_a_flipped_byte_in_the_header(made, written, place, value):
    content = bytearray((made.folder / "model.safetensors").read_bytes())
    content[place] = value
    vouched(made, written, bytes(content))


def test_weights_of_another_type_are_read_as_what_they_are(made, written):
    whole = {name: value.double() for name, value in made.network().state_dict().items()}
    vouched(made, written, save(whole))
    shaped = {name: value[None] for name, value in whole.items()}
    content, folder = save(shaped), made.folder.with_name("shaped")
    hashes = {"model.safetensors": hashlib.sha256(content).hexdigest()}
    hang_copy(made, folder, written | {"sha256": hashes})
    (folder / "model.safetensors").write_bytes(content)
    with pytest.raises(BundleError, match="does not fit"):
        bundle.load(folder).network()


def test_no_file_outside_its_folder_is_looked_at(made, written):
    for name in ("../secret.safetensors", "/etc/passwd", "a/b.safetensors", "..", ""):
        folder = made.folder.with_name("escape")
        hang_copy(made, folder, written | {"sha256": {**written["sha256"], name: "0" * 64}})
        with pytest.raises(BundleError):
            bundle.load(folder)
