"""What the folders around pictures say: their split and their class."""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from ganzoo.data._arrays import choose
from ganzoo.data._decode import FOREIGN, SUFFIXES
from ganzoo.data._held_out import HOW, held_out
from ganzoo.errors import DataError, listed

_log = logging.getLogger(__name__)
HIDDEN = re.compile(r"\.[^.]|__MACOSX$")
SPLITS = ("test", "train", "val")


@dataclass(frozen=True)
class Arrangement:
    """The pictures of one split.

    Attributes:
        chosen: the place of each in the list of names, and its label, if labels there are.
        class_names: sorted; the same for every split.
        drawn: how the split was chosen, where folders do not name it.
    """

    chosen: list[tuple[int, int | None]]
    class_names: tuple[str, ...]
    drawn: str = ""


def is_picture(path: PurePosixPath) -> bool:
    """Whether the name promises a picture, of whatever kind, and nothing hidden is on the way."""
    shown = not any(HIDDEN.match(part) for part in path.parts)
    return shown and path.suffix.lower() in SUFFIXES | FOREIGN


def arrange(
    names: Sequence[PurePosixPath], split: str, title: str, hold_out: bool = False
) -> Arrangement:
    """Reads split and class off the folders that the pictures lie in.

    A lone folder around everything says nothing. If ``train``, ``val`` or ``test`` come next,
    they are the splits, and what lies beside them belongs to none; if not, all is ``train``. The
    folders below are the classes, sorted, provided that there are two at least and that every
    picture of the split lies in one.

    Args:
        hold_out: where no folder is called ``test``, part of ``train`` becomes that split.

    Raises:
        DataError: quoting the split, if there is none of that name or nothing is in it.
    """
    parts, splits = unwrapped([name.parts for name in names]), splits_of(names)
    known = splits or ["train"]
    drawn = hold_out and "train" in known and "test" not in known
    choose(split, [*known, "test"] if drawn else known, title)
    inside = {
        place: part[1:] if splits else part
        for place, part in enumerate(parts)
        if not splits or (len(part) > 1 and part[0] in splits)
    }
    folder = "train" if drawn and split == "test" else split
    whole = [place for place in inside if not splits or parts[place][0] == folder]
    class_names, labels = _labelled(names, whole, inside, title)
    chosen = list(zip(whole, labels, strict=True))
    if not (drawn and folder == "train"):
        return Arrangement(chosen, class_names)
    kept = [one for one in chosen if held_out(_key(inside[one[0]])) == (split == "test")]
    if not kept:
        raise DataError(f"{title}: none of {len(chosen)} pictures falls into the split {split!r}")
    return Arrangement(kept, class_names, HOW)


def _key(parts: tuple[str, ...]) -> str:
    return "/".join([*parts[:-1], PurePosixPath(parts[-1]).stem])


def _labelled(
    names: Sequence[PurePosixPath],
    chosen: Sequence[int],
    inside: Mapping[int, tuple[str, ...]],
    title: str,
) -> tuple[tuple[str, ...], list[int | None]]:
    """The classes, and the number of each chosen picture's; or neither."""
    class_names = sorted({part[0] for part in inside.values() if len(part) > 1})
    beside = [names[place] for place in chosen if len(inside[place]) == 1]
    if len(class_names) < 2 or beside:
        if len(class_names) > 1 and len(beside) < len(chosen):
            _log.warning(
                "%s: no picture has a class, because %s lies beside the folders %s",
                title,
                beside[0] if len(beside) == 1 else f"{beside[0]}, with {len(beside) - 1} more,",
                listed(class_names),
            )
        return (), [None] * len(chosen)
    label = {name: number for number, name in enumerate(class_names)}
    return tuple(class_names), [label[inside[place][0]] for place in chosen]


def splits_of(names: Sequence[PurePosixPath]) -> list[str]:
    """The splits that the folders of pictures name."""
    parts = unwrapped([name.parts for name in names])
    return sorted({part[0] for part in parts if len(part) > 1} & set(SPLITS))


def unwrapped(parts: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Without the lone folders around everything, but for one that names a split."""
    while all(len(part) > 1 for part in parts) and len({part[0] for part in parts}) == 1:
        if parts[0][0] in SPLITS:
            break
        parts = [part[1:] for part in parts]
    return parts
