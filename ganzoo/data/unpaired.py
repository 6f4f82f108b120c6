"""Two folders of one's own, unpaired: the worlds between which CycleGAN translates.

    mine/A, mine/B                        one picture in ten is held out
    mine/trainA, trainB, testA, testB     as the public data sets of CycleGAN are laid out

``backwards`` turns the direction. ``mine`` may be an archive as well.
"""

from dataclasses import replace

from ganzoo.data import _pairs
from ganzoo.data._base import DataRequest, Dataset, Given, Source
from ganzoo.data._root import Root
from ganzoo.errors import DataError

NAME = "unpaired"


def load(request: DataRequest) -> Dataset:
    """Reads ``request.path``.

    Raises:
        DataError: if there is no such folder or split.
    """
    root = _pairs.own(request, NAME)
    if all(root.has(f"train{side}") for side in _pairs.SIDES):
        halves = _split(root, request, request.split)
        held = _split(root, request, "test") if root.has("testA") else None
    elif all(root.has(side) for side in _pairs.SIDES):
        whole = [_read(root / side, request, first) for side, first in _ends(request)]
        halves = [_pairs.half(one, request.split) for one in whole]
        held = [_pairs.half(one, "test") for one in whole]
    else:
        raise DataError(f"'{root}' holds neither A and B, nor trainA and trainB")
    test = (held[0], held[1]) if held and request.split == "train" else None
    return _pairs.unpaired(NAME, halves[0], halves[1], test)


def _split(root: Root, request: DataRequest, split: str) -> list[Dataset]:
    return [_read(root / f"{split}{side}", request, first) for side, first in _ends(request)]


def _ends(request: DataRequest) -> list[tuple[str, bool]]:
    """Both sides, and whether the way begins there; that one comes first."""
    start, end = _pairs.SIDES[::-1] if request.backwards else _pairs.SIDES
    return [(start, True), (end, False)]


def _read(place: Root, request: DataRequest, first: bool) -> Dataset:
    channels = request.input_channels if first else request.channels
    asked = replace(request, channels=channels, split="train", backwards=False)
    return replace(place.read(asked, NAME), labels=None, class_names=())


ENTRY = Source(
    title="Two folders of pictures",
    licence="not stated",
    load=load,
    given=Given(noun="pictures of A"),
    made="pictures of B",
)
