"""Fetches a bundle from the Hugging Face Hub into a cache: only what a bundle consists of.

Every file is checked twice: against what the Hub's listing of that commit says it is, and the
weights against what the bundle's own config vouches for.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ganzoo import bundle
from ganzoo.errors import BundleError, HubError
from ganzoo.hub.client import UnreachableError, client, offline, patiently, plain_errors
from ganzoo.hub.ref import Ref, repository

if TYPE_CHECKING:
    from huggingface_hub import ModelInfo
    from huggingface_hub.hf_api import RepoSibling

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


def pull(ref: str, *, cache: Path | None = None, limit: int = LIMIT) -> Pulled:
    """Fetches ``user/name`` or ``user/name@revision``.

    What was fetched before is not fetched again, and serves when the Hub is out of reach.

    Args:
        ref: the revision is a branch, a tag or a commit; ``main`` if there is none.
        cache: where to; the client's own cache if not given.
        limit: bytes that the bundle may take.

    Raises:
        HubError: if the name is malformed, the Hub cannot be reached or refuses, or the
            repository holds no bundle, only pickles, files too large, or tampered ones.
        BundleError: if its config is not one that this version can read.
    """
    wanted = repository(ref)
    pulled = _fetch(wanted, cache, limit)
    found = bundle.load(pulled.folder)
    if bundle.MODEL not in found.config.sha256:
        raise HubError(f"{ref}: its config does not vouch for {bundle.MODEL}")
    try:
        found.check()
    except BundleError as error:
        raise HubError(f"{ref}: {error}") from None
    _check_pictures(found, ref)
    return pulled


def _fetch(ref: Ref, cache: Path | None, limit: int) -> Pulled:
    if offline():
        return _cached(ref, cache, "HF_HUB_OFFLINE is set")
    api = client()
    try:
        with plain_errors(ref.repo, ref.revision):
            info = patiently(
                lambda: api.model_info(ref.repo, revision=ref.revision, files_metadata=True)
            )
            listed = {one.rfilename: one for one in info.siblings or []}
            wanted = _wanted(ref.repo, {name: one.size for name, one in listed.items()}, limit)
            folder = patiently(
                lambda: api.snapshot_download(
                    ref.repo, revision=info.sha, allow_patterns=wanted, cache_dir=cache
                )
            )
    except UnreachableError as error:
        return _cached(ref, cache, str(error))
    pulled = Pulled(Path(folder), ref.repo, _commit(info))
    for name in wanted:
        _check_listed(pulled.folder / name, listed[name], str(ref))
    _remember(ref, cache, pulled.commit)
    return pulled


def _commit(info: "ModelInfo") -> str:
    if not info.sha:
        raise HubError(f"the Hub names no commit of {info.id}")
    return info.sha


def _wanted(repo: str, sizes: Mapping[str, int | None], limit: int) -> list[str]:
    wanted = [name for name in sizes if name in PLAIN or WEIGHTS.fullmatch(name)]
    if bundle.MODEL not in wanted:
        pickles = [name for name in sizes if Path(name).suffix in bundle.PICKLES]
        hint = f": {', '.join(pickles)} may hold code and is never read" if pickles else ""
        raise HubError(f"{repo} has no {bundle.MODEL}{hint}")
    if bundle.CONFIG not in wanted:
        raise HubError(f"{repo} is not a ganzoo bundle: it has no {bundle.CONFIG}")
    if (total := sum(sizes[name] or 0 for name in wanted)) > limit:
        raise HubError(
            f"{repo} takes {total / 2**20:,.0f} MiB; at most {limit // 2**20:,} are read"
        )
    for name in PLAIN & set(wanted):
        if (sizes[name] or 0) > PLAIN_LIMIT:
            raise HubError(f"{repo}: {name} is larger than {PLAIN_LIMIT // 2**20} MiB")
    return wanted


def _check_listed(path: Path, listed: "RepoSibling", ref: str) -> None:
    """Against the Hub's listing: a SHA-256 of what is stored apart, git's own hash of the rest."""
    from huggingface_hub.utils import sha

    if listed.lfs:
        said, got = listed.lfs.sha256, bundle.sha256(path)
    else:
        said, got = listed.blob_id, sha.git_hash(path.read_bytes())
    if said and said != got:
        raise HubError(f"{ref}: {path.name} is not the file that the Hub lists: {got} ≠ {said}")


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


def _cached(ref: Ref, cache: Path | None, why: str) -> Pulled:
    from huggingface_hub import try_to_load_from_cache

    config = try_to_load_from_cache(ref.repo, bundle.CONFIG, revision=ref.revision, cache_dir=cache)
    if not isinstance(config, str):
        raise HubError(f"{ref} was not fetched before, and {why}")
    return Pulled(Path(config).parent, ref.repo, Path(config).parent.name)


def _remember(ref: Ref, cache: Path | None, commit: str) -> None:
    """Notes in the cache which commit a branch or tag stood for, as the client itself does."""
    from huggingface_hub import constants
    from huggingface_hub.file_download import repo_folder_name

    if ref.pinned:
        return
    folder = repo_folder_name(repo_id=ref.repo, repo_type="model")
    note = Path(cache or constants.HF_HUB_CACHE) / folder / "refs" / (ref.revision or "main")
    note.parent.mkdir(parents=True, exist_ok=True)
    bundle.write_atomically(note, commit.encode())
