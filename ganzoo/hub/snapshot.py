"""Some files of a repository at one commit, in the cache: each is what the Hub lists there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ganzoo import files
from ganzoo.errors import HubError
from ganzoo.hub.client import UnreachableError, client, offline, patiently, plain_errors
from ganzoo.hub.ref import Ref

if TYPE_CHECKING:
    from huggingface_hub.hf_api import RepoSibling

Sizes = Mapping[str, int]  # of each file there, in bytes


@dataclass(frozen=True)
class Snapshot:
    """A folder in the cache that holds what was chosen."""

    folder: Path
    commit: str


def snapshot(
    ref: Ref,
    choose: Callable[[Sizes], list[str]],
    key: str,
    cache: Path | None = None,
    anonymous: bool = False,
) -> Snapshot:
    """Fetches what ``choose`` picks, except what was fetched before and is still what it was.

    Without a network, the snapshot of an earlier time serves, if it has the file ``key``.

    Args:
        cache: where to; the client's own if not given.
        anonymous: ask as nobody in particular.

    Raises:
        HubError: if the Hub refuses, lists something else than it hands over, or is out of
            reach and nothing was fetched before.
    """
    if offline():
        return _cached(ref, key, cache, "HF_HUB_OFFLINE is set")
    try:
        return _fetch(ref, choose, cache, anonymous)
    except UnreachableError as error:
        return _cached(ref, key, cache, str(error))


def pinned(ref: Ref) -> Ref:
    """The commit that a reference stands for now, asked as nobody in particular.

    Raises:
        HubError: if the Hub refuses or is out of reach.
    """
    if ref.pinned:
        return ref
    if offline():
        raise UnreachableError(f"{ref} names no commit, and HF_HUB_OFFLINE is set")
    with plain_errors(ref.repo, ref.revision):
        info = patiently(lambda: client(anonymous=True).model_info(ref.repo, revision=ref.revision))
    return Ref(ref.repo, info.sha)


def _fetch(
    ref: Ref, choose: Callable[[Sizes], list[str]], cache: Path | None, anonymous: bool
) -> Snapshot:
    api = client(anonymous)
    with plain_errors(ref.repo, ref.revision):
        info = patiently(
            lambda: api.model_info(ref.repo, revision=ref.revision, files_metadata=True)
        )
        listed = {one.rfilename: one for one in info.siblings or []}
        chosen = choose({name: one.size or 0 for name, one in listed.items()})
        if not (commit := info.sha):
            raise HubError(f"the Hub names no commit of {ref.repo}")

        def download(names: list[str], anew: bool = False) -> Path:
            return Path(
                patiently(
                    lambda: api.snapshot_download(
                        ref.repo,
                        revision=commit,
                        allow_patterns=names,
                        cache_dir=cache,
                        force_download=anew,
                    )
                )
            )

        folder = download(chosen)
        if wrong := [name for name in chosen if _amiss(folder / name, listed[name])]:
            for name in wrong:  # the client leaves alone what lies there
                (folder / name).unlink()
            download(wrong, anew=True)
    for name in wrong:
        if amiss := _amiss(folder / name, listed[name]):
            raise HubError(f"{ref}: {name} is not the file that the Hub lists: {amiss}")
    _remember(ref, cache, commit)
    return Snapshot(folder, commit)


def _amiss(path: Path, listed: "RepoSibling") -> str | None:
    """What speaks against a file, by the Hub's listing: a SHA-256 of what is stored apart, git's
    own hash of the rest."""
    from huggingface_hub.utils import sha

    if listed.lfs:
        said, got = listed.lfs.sha256, files.sha256(path)
    else:
        said, got = listed.blob_id, sha.git_hash(path.read_bytes())
    return f"{got} ≠ {said}" if said and said != got else None


def _cached(ref: Ref, key: str, cache: Path | None, why: str) -> Snapshot:
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(ref.repo, key, revision=ref.revision, cache_dir=cache)
    if not isinstance(found, str):
        raise HubError(f"{ref} was not fetched before, and {why}")
    folder = Path(found.removesuffix(key))
    return Snapshot(folder, folder.name)


def _remember(ref: Ref, cache: Path | None, commit: str) -> None:
    """Notes in the cache which commit a branch or tag stood for, as the client itself does."""
    from huggingface_hub import constants
    from huggingface_hub.file_download import repo_folder_name

    if ref.pinned:
        return
    folder = repo_folder_name(repo_id=ref.repo, repo_type="model")
    note = Path(cache or constants.HF_HUB_CACHE) / folder / "refs" / (ref.revision or "main")
    note.parent.mkdir(parents=True, exist_ok=True)
    files.replace(note, commit.encode())


def home(folder: Path) -> Ref | None:
    """The repository and commit that a folder of the cache holds; None of any other folder."""
    *_, repo, kind, commit = ("", "", "", *folder.parts)
    parts = repo.split("--")
    if kind != "snapshots" or len(parts) != 3 or parts[0] != "models":
        return None
    return Ref("/".join(parts[1:]), commit)
