"""One file of foreign weights from the Hub, and the small file of options beside it.

It is fetched at one commit, which is told, so that the same name brings the same bytes again. What
it holds is for :mod:`ganzoo.importers` to judge.
"""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ganzoo.errors import HubError, suggestion
from ganzoo.hub.ref import HUB, Ref, file
from ganzoo.hub.snapshot import Sizes, snapshot

LIMIT = 2 * 2**30  # bytes
BESIDE = ("config.json", "meta.json")
BESIDE_LIMIT = 2**20


@dataclass(frozen=True)
class Fetched:
    """A file in the cache.

    Attributes:
        pinned: the name that brings the very same bytes again.
    """

    path: Path
    pinned: str


def fetch(name: str, limit: int = LIMIT) -> Fetched:
    """Fetches ``hub:owner/repo/path/to/file@revision``.

    Args:
        limit: bytes that it may have.

    Raises:
        HubError: if the name is malformed, there is no such file, it is too large or is not the
            one that the Hub lists, or the Hub cannot be reached and it was not fetched before.
    """
    ref = file(name)
    got = snapshot(ref, lambda sizes: _chosen(ref, sizes, limit), ref.path)
    return Fetched(got.folder / ref.path, f"{HUB}{Ref(ref.repo, got.commit, ref.path)}")


def _chosen(ref: Ref, sizes: Sizes, limit: int) -> list[str]:
    if ref.path not in sizes:
        raise HubError(f"{ref.repo} has no file {ref.path!r}. {suggestion(ref.path, sizes)}")
    if (size := sizes[ref.path]) > limit:
        raise HubError(f"{ref} has {size / 2**20:,.0f} MiB; at most {limit / 2**20:,.0f} are read")
    folder = PurePosixPath(ref.path).parent
    beside = [str(folder / name) for name in BESIDE]
    return [ref.path, *(path for path in beside if 0 < sizes.get(path, 0) <= BESIDE_LIMIT)]
