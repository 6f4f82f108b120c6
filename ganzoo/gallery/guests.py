"""Models that visitors bring from the Hub: safetensors only, bounded, for whoever knows the name.

A guest is named after the commit it came at (``user--name--<sha>``), so that a link to a view of it
shows the same pictures again. It is offered to nobody else, and leaves when the server ends or
others need the room; the operator keeps one with ``ganzoo pull user/name@<sha> --keep``.
"""

import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from urllib.parse import parse_qsl, urlencode

from ganzoo import paths
from ganzoo.architectures import Ability
from ganzoo.bundle import Bundle
from ganzoo.errors import GanzooError, InputError
from ganzoo.hub import Ref, pinned, pull, repository
from ganzoo.zoo import GUESTS, Zoo

LONGEST = 8192
_door = Lock()  # one comes in at a time


def bring(zoo: Zoo, ref: str) -> Bundle:
    """Fetches a bundle from the Hub and takes it in as a guest.

    Raises:
        InputError: if the operator lets nobody in.
        HubError: if it cannot be fetched; see :func:`ganzoo.hub.pull.pull`.
        BundleError: if it is no bundle that this version can read.
    """
    if not zoo.guest_bytes:
        raise InputError("the operator of this gallery has switched adding models off")
    from huggingface_hub.utils import disable_progress_bars

    disable_progress_bars()
    wanted = repository(ref)
    with _door:
        wanted = pinned(wanted)
        if already := here(zoo, wanted):
            return already
        try:
            pulled = pull(str(wanted), cache=_cache(wanted), limit=zoo.guest_bytes, anonymous=True)
            guest = zoo.welcome(pulled.folder, _name(wanted))
            _cache(wanted).touch()
        except GanzooError:
            shutil.rmtree(_cache(wanted), ignore_errors=True)
            raise
        _sweep(zoo)
    return guest


def recall(zoo: Zoo, query: str, needs: Sequence[Ability]) -> str:
    """Lets guests in again whom an address names, if their files are still here.

    Returns:
        The address, without a guest who is here but cannot do what a view needs: who follows a
        link to another view is shown another model there, and no complaint.
    """
    pairs = parse_qsl(query[:LONGEST].lstrip("?"), keep_blank_values=True)
    kept = [(key, value) for key, value in pairs if not _misplaced(zoo, value, needs)]
    return query if kept == pairs else f"?{urlencode(kept)}"


def _misplaced(zoo: Zoo, name: str, needs: Sequence[Ability]) -> bool:
    ref = origin(name) if zoo.guest_bytes else None
    if ref is None:
        return False
    if name not in zoo.guests() and (folder := _snapshot(ref)).is_dir():
        with suppress(GanzooError):  # what is wrong with it, the view says
            zoo.welcome(folder, name)
    return name in zoo.guests() and name not in zoo.guests(*needs)


def label(name: str) -> str:
    """A guest's name for people: the repository, and the first letters of the commit."""
    ref = origin(name)
    return f"{ref.repo} at {(ref.revision or '')[:7]}" if ref else name


def here(zoo: Zoo, ref: Ref) -> Bundle | None:
    """The guest of that name; of a name without a commit, the latest to come."""
    start = f"{ref.repo.replace('/', '--')}--{ref.revision if ref.pinned else ''}"
    found = [name for name in zoo.guests() if name.startswith(start)]
    return zoo.bundle(found[-1]) if found else None


def origin(name: str) -> Ref | None:
    """Where a guest of that name comes from; None if no guest is called so."""
    parts = name[:LONGEST].split("--")
    if len(parts) != 3:
        return None
    try:
        ref = repository("{}/{}@{}".format(*parts))
    except GanzooError:
        return None
    return ref if ref.pinned else None


def _name(ref: Ref) -> str:
    return f"{ref.repo.replace('/', '--')}--{ref.revision}"


def _cache(ref: Ref) -> Path:
    """A commit's own, so that it can be thrown out alone."""
    return paths.cache() / "guests" / _name(ref)


def _snapshot(ref: Ref) -> Path:
    """Where the Hub's client keeps the files of a commit."""
    folder = f"models--{ref.repo.replace('/', '--')}"
    return _cache(ref) / folder / "snapshots" / (ref.revision or "")


def _sweep(zoo: Zoo) -> None:
    """Removes the files of those who came first, when there are too many."""
    here = set(zoo.guests())
    folders = sorted((paths.cache() / "guests").iterdir(), key=lambda one: -one.stat().st_mtime)
    for folder in folders[GUESTS:]:
        if folder.name not in here:
            shutil.rmtree(folder, ignore_errors=True)
