"""Two folders of one's own for a classifier that adapts: one with classes, one without.

    mine/A/cat/1.png, mine/A/dog/2.png      where it is taught: a folder for each class
    mine/B/3.png                            where it is to work: pictures alone

Folders ``train`` and ``test`` of ``A`` and ``B`` are splits; where there is no ``test``, one in ten
is held out. If ``B`` has folders for the same classes, its pictures are judged by them, and
still nobody learns from those names. ``backwards`` exchanges the two; ``mine`` may be an archive.
"""

from dataclasses import replace
from functools import partial

from ganzoo.data import _pairs
from ganzoo.data._base import DataRequest, Dataset, Given, Source
from ganzoo.errors import DataError

NAME = "domains"


def load(request: DataRequest) -> Dataset:
    """Both, of one split.

    Raises:
        DataError: if there is no such folder or split, or if that which teaches has no classes.
    """
    target, source = _both(request)
    held_out = _both(replace(request, split="test")) if request.split == "train" else None
    both = _pairs.unpaired(NAME, target, source, held_out)
    return replace(both, labels=source.labels, class_names=source.class_names)


def side(name: str, request: DataRequest) -> Dataset:
    """One of them alone, with classes if they are those that the other teaches.

    Raises:
        DataError: as :func:`load`.
    """
    root = _pairs.own(request, NAME)
    if not all(map(root.has, _pairs.SIDES)):
        raise DataError(f"'{root}' holds no folders A, with classes, and B, to adapt to")
    asked = replace(request, backwards=False, held_out=True)
    return (root / name).read(asked, NAME)


def judged(name: str, request: DataRequest) -> Dataset:
    """What a classifier is judged on in one of them: without labels if others are taught.

    Raises:
        DataError: as :func:`load`.
    """
    mine, taught = side(name, request), side(_pairs.SIDES[request.backwards], request)
    if mine.class_names == taught.class_names:
        return mine
    return replace(mine, labels=None, class_names=())


def _other(name: str) -> str:
    return next(one for one in _pairs.SIDES if one != name)


def _both(request: DataRequest) -> tuple[Dataset, Dataset]:
    """What is adapted to, and what has the labels."""
    taught = _pairs.SIDES[request.backwards]
    source = side(taught, request)
    if source.labels is None:
        raise DataError(f"{NAME}: '{taught}' holds no folders of classes, and it is to teach them")
    target = side(_other(taught), replace(request, channels=request.input_channels))
    return target, source


ENTRY = Source(
    title="Two folders of pictures, one with classes",
    licence="not stated",
    load=load,
    given=Given(noun="pictures of B"),
    made="pictures of A",
    domains={"B": partial(judged, "B"), "A": partial(judged, "A")},
)
