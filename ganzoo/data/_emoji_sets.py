"""The emoji that several hands have drawn: files called by their code points, in one archive."""

import re
from dataclasses import replace

from ganzoo.data import _known, _pairs
from ganzoo.data._base import DataRequest, Dataset

PLACES = ("emoji", "emoji.tar.gz", "emoji_128.tar.gz")
FLUENT = "https://github.com/microsoft/fluentui-emoji"
NOTO = "https://github.com/googlefonts/noto-emoji"
SKIN = re.compile(r"-1f3f[b-f]")
PERSON = re.compile(r"1f46[89]|1f9d1")  # man, woman, person
GENDER = re.compile(r"-200d-264[02]|-fe0f")


def concept(name: str) -> str:
    """What an emoji shows, whatever its skin and gender: such variants must not be torn apart."""
    plain = GENDER.sub("", SKIN.sub("", _pairs.stem(name).rpartition("/")[2]))
    return PERSON.sub("1f9d1", plain)


def code_point(name: str) -> str:
    """By this the hands' drawings of one emoji are found."""
    return _pairs.stem(name).rpartition("/")[2].replace("-fe0f", "")


def drawn(folder: str, request: DataRequest, channels: int) -> Dataset:
    """One hand's drawings, all of them.

    Raises:
        DataError: if there is no copy of the archive.
    """
    path = request.path
    if path is not None and path.is_dir():
        path = path / folder
    asked = replace(
        request, split="train", path=path, channels=1 if channels == 1 else 3, backwards=False
    )
    places = tuple(f"{one}/{folder}" if one == "emoji" else one for one in PLACES)
    return _known.load(asked, name=folder, places=places, url=FLUENT, inner=folder)


def pairs(name: str, start: str, end: str, request: DataRequest) -> Dataset:
    """One hand's drawings with another's of the same code points, or backwards.

    Raises:
        DataError: if there is no copy of the archive, or no such split.
    """
    if request.backwards:
        start, end = end, start
    inputs = drawn(start, request, request.input_channels)
    pictures = drawn(end, request, request.channels)
    return _pairs.paired(
        name, request, *_pairs.aligned(name, inputs, pictures, code_point), concept
    )


def unpaired(name: str, start: str, end: str, request: DataRequest) -> Dataset:
    """Two hands' drawings side by side, in no common order.

    Raises:
        DataError: if there is no copy of the archive, or no such split.
    """
    if request.backwards:
        start, end = end, start
    inputs = drawn(start, request, request.input_channels)
    pictures = drawn(end, request, request.channels)
    mine = [_pairs.half(one, request.split, concept) for one in (inputs, pictures)]
    if request.split == "test":
        return _pairs.unpaired(name, mine[0], mine[1])
    test = (_pairs.half(inputs, "test", concept), _pairs.half(pictures, "test", concept))
    return _pairs.unpaired(name, mine[0], mine[1], test)
