"""Fetches a bundle from the Hugging Face Hub into a cache: only what a bundle consists of.

Every file is checked twice: against what the Hub's listing of that commit says it is, and the
weights against what the bundle's own config vouches for.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from ganzoo import bundle, weights
from ganzoo.errors import BundleError, HubError
from ganzoo.hub.ref import repository
from ganzoo.hub.snapshot import Sizes, snapshot

PLAIN = frozenset({bundle.CONFIG, bundle.CARD, bundle.PREVIEW, bundle.FILM})
WEIGHTS = re.compile(r"[A-Za-z0-9_]+\.safetensors")
LIMIT = 2**30  # bytes of one bundle
PLAIN_LIMIT = 32 * 2**20  # of its pictures and texts, each
SIDE_LIMIT = 8192  # pixels


@dataclass(frozen=True)
class Pulled:
    """A bundle's folder in the cache, and the commit that it was fetched at."""

    folder: Path
    repo: str
    commit: str

    @property
    def pinned(self) -> str:
        """The name that brings the very same files again."""
        return f"{self.repo}@{self.commit}"


def pull(
    ref: str, *, cache: Path | None = None, limit: int = LIMIT, anonymous: bool = False
) -> Pulled:
    """Fetches ``user/name`` or ``user/name@revision``.

    What was fetched before is not fetched again, and serves when the Hub is out of reach.

    Args:
        ref: the revision is a branch, a tag or a commit; ``main`` if there is none.
        cache: where to; the client's own cache if not given.
        limit: bytes that the bundle may take.
        anonymous: ask as nobody in particular, whoever is logged in here.

    Raises:
        HubError: if the name is malformed, the Hub cannot be reached or refuses, or the
            repository holds no bundle, only pickles, files too large, or tampered ones.
        BundleError: if its config is not one that this version can read.
    """
    wanted = repository(ref)
    got = snapshot(
        wanted, lambda sizes: _wanted(wanted.repo, sizes, limit), bundle.CONFIG, cache, anonymous
    )
    pulled = Pulled(got.folder, wanted.repo, got.commit)
    found = bundle.load(pulled.folder)
    if bundle.MODEL not in found.config.sha256:
        raise HubError(f"{ref}: its config does not vouch for {bundle.MODEL}")
    try:
        found.check()
    except BundleError as error:
        raise HubError(f"{ref}: {error}") from None
    _check_pictures(found, ref)
    return pulled


def _wanted(repo: str, sizes: Sizes, limit: int) -> list[str]:
    wanted = [name for name in sizes if name in PLAIN or WEIGHTS.fullmatch(name)]
    if bundle.MODEL not in wanted:
        pickles = [name for name in sizes if Path(name).suffix in weights.PICKLES]
        hint = f": {', '.join(pickles)} may hold code and is never read" if pickles else ""
        raise HubError(f"{repo} has no {bundle.MODEL}{hint}")
    if bundle.CONFIG not in wanted:
        raise HubError(f"{repo} is not a ganzoo bundle: it has no {bundle.CONFIG}")
    if (total := sum(sizes[name] for name in wanted)) > limit:
        raise HubError(
            f"{repo} takes {total / 2**20:,.0f} MiB; at most {limit // 2**20:,} are read"
        )
    for name in PLAIN & set(wanted):
        if sizes[name] > PLAIN_LIMIT:
            raise HubError(f"{repo}: {name} is larger than {PLAIN_LIMIT // 2**20} MiB")
    return wanted


def _check_pictures(found: bundle.Bundle, ref: str) -> None:
    """Pictures are what their names say, and small enough to open."""
    from PIL import Image

    for name, kind in ((bundle.PREVIEW, "PNG"), (bundle.FILM, "WEBP")):
        path = found.folder / name
        if not path.is_file():
            continue
        try:
            with Image.open(path, formats=[kind]) as picture:
                size = picture.size
        except (OSError, ValueError, Warning, Image.DecompressionBombError):
            raise HubError(f"{ref}: {name} is no {kind} picture") from None
        if max(size) > SIDE_LIMIT:
            raise HubError(f"{ref}: {name} has {size[0]} × {size[1]} pixels")
