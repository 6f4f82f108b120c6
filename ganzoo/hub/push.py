"""Publishes a bundle: its folder becomes a repository on the Hugging Face Hub.

What the Hub holds already is not sent again, so a push that broke off goes on where it stopped.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ganzoo import bundle, files
from ganzoo.bundle import Bundle
from ganzoo.errors import BundleError
from ganzoo.hub import card, page
from ganzoo.hub.client import UnreachableError, client, offline, patiently, plain_errors
from ganzoo.hub.pull import PLAIN, WEIGHTS
from ganzoo.hub.ref import Ref

if TYPE_CHECKING:
    from huggingface_hub import HfApi

Kind = Literal["model", "space", "dataset"]


@dataclass(frozen=True)
class Parcel:
    """One file to send.

    Attributes:
        content: where it lies, or what is in it.
    """

    path: str
    content: Path | bytes

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size

    def is_at(self, listed: Mapping[str, str]) -> bool:
        """Whether a repository, path by path with each file's hash, holds it as it is."""
        from huggingface_hub.utils import sha

        if (there := listed.get(self.path)) is None:
            return False
        content = self.content if isinstance(self.content, bytes) else self.content.read_bytes()
        return there in (hashlib.sha256(content).hexdigest(), sha.git_hash(content))


@dataclass(frozen=True)
class Shipment:
    """What a push sends, and what it finds there.

    Attributes:
        commit: the one that is there now; None where there is no such repository yet.
        unchanged: paths that are there as they are.
        stale: paths there that the bundle no longer has.
        unseen: why nobody knows what is there; empty where it was looked at.
        overruled: whether the page there says other words of its maker's than those sent.
    """

    repo: str
    kind: Kind
    parcels: tuple[Parcel, ...]
    commit: str | None = None
    unchanged: frozenset[str] = frozenset()
    stale: tuple[str, ...] = ()
    unseen: str = ""
    overruled: bool = False

    @property
    def sent(self) -> tuple[Parcel, ...]:
        """What has to be sent."""
        return tuple(one for one in self.parcels if one.path not in self.unchanged)


def pack(found: Bundle, repo: str) -> tuple[Parcel, ...]:
    """The files of a bundle's repository; the card is written anew, for that name, with its maker's
    own words.

    Raises:
        BundleError: if a file is missing or is not the one that the config vouches for, or if the
            card that lies there cannot be read.
    """
    for name, said in found.config.sha256.items():
        path = found.folder / name
        if not path.is_file():
            raise BundleError(f"{path} is missing")
        if (got := files.sha256(path)) != said:
            raise BundleError(f"{path} is not the file its config vouches for: {got} ≠ {said}")
    names = [bundle.CONFIG, *found.config.sha256]
    names += [name for name in (bundle.PREVIEW, bundle.FILM) if (found.folder / name).is_file()]
    text = card.whole(found, home=repo).encode()
    return (*(Parcel(name, found.folder / name) for name in names), Parcel(bundle.CARD, text))


def inspect(
    ref: Ref,
    parcels: tuple[Parcel, ...],
    kind: Kind = "model",
    *,
    owned: Callable[[str], bool] | None = None,
) -> Shipment:
    """Looks at what the Hub holds; changes nothing.

    Args:
        owned: of which files there the parcels are the whole, so that others of them are stale;
            those that make up a bundle if not given.

    Raises:
        UnreachableError: if the Hub cannot be reached.
        HubError: if it refuses.
    """
    if offline():
        raise UnreachableError(
            f"HF_HUB_OFFLINE is set: {ref.repo} can be neither looked at nor written"
        )
    commit, listed = _listed(client(), ref, kind)
    overruled = False
    if commit and kind == "model" and bundle.CARD in listed:
        parcels, overruled = _with_words(parcels, listed, ref, commit)
    mine = owned or (lambda path: path in PLAIN or bool(WEIGHTS.fullmatch(path)))
    paths = {one.path for one in parcels}
    return Shipment(
        ref.repo,
        kind,
        parcels,
        commit,
        unchanged=frozenset(one.path for one in parcels if one.is_at(listed)),
        stale=tuple(path for path in listed if path not in paths and mine(path)),
        overruled=overruled,
    )


def rehearse(ref: Ref, parcels: tuple[Parcel, ...]) -> Shipment:
    """As :func:`inspect`; where the Hub cannot be reached, what it holds stays unseen.

    Raises:
        HubError: if the Hub refuses.
    """
    try:
        return inspect(ref, parcels)
    except UnreachableError as error:
        return Shipment(ref.repo, "model", parcels, unseen=str(error))


def send(
    ref: Ref,
    shipment: Shipment,
    *,
    private: bool | None = None,
    message: str,
    sdk: str | None = None,
) -> str:
    """Creates the repository where there is none, sends the files in one commit.

    Args:
        private: of a new repository; None leaves it to the account's settings.
        sdk: what runs a new Space.

    Returns:
        The commit that holds it all now.

    Raises:
        HubError: if the Hub refuses or cannot be reached; nothing is half published.
    """
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete

    if shipment.commit and not (shipment.sent or shipment.stale):
        return shipment.commit

    api, kind = client(), shipment.kind

    def commit() -> str:
        parts: list[CommitOperationAdd | CommitOperationDelete] = [
            CommitOperationAdd(one.path, one.content) for one in shipment.sent
        ]
        parts += [CommitOperationDelete(path) for path in shipment.stale]
        return api.create_commit(
            ref.repo,
            parts,
            commit_message=message,
            repo_type=kind,
            revision=ref.revision,
            parent_commit=shipment.commit,
        ).oid

    with plain_errors(ref.repo, ref.revision, doing="write"):
        _create(api, ref, shipment, private, sdk)
        with _known_transfer(api, ref.repo, kind):
            return patiently(commit)


def _with_words(
    parcels: tuple[Parcel, ...], listed: Mapping[str, str], ref: Ref, commit: str
) -> tuple[tuple[Parcel, ...], bool]:
    """The parcels, their card with the words of the page there, and whether those are overruled."""
    for place, one in enumerate(parcels):
        if one.path == bundle.CARD and isinstance(one.content, bytes) and not one.is_at(listed):
            found = page.reconciled(one.content.decode(), ref, commit)
            card = Parcel(bundle.CARD, found.card.encode())
            return (*parcels[:place], card, *parcels[place + 1 :]), found.overruled
    return parcels, False


def _listed(api: "HfApi", ref: Ref, kind: Kind) -> tuple[str | None, dict[str, str]]:
    """The commit that is there, and each file's hash: SHA-256 of a large one, git's of others."""
    from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError

    with plain_errors(ref.repo, ref.revision):
        try:
            info = patiently(
                lambda: api.repo_info(
                    ref.repo, repo_type=kind, revision=ref.revision, files_metadata=True
                )
            )
        except (RepositoryNotFoundError, RevisionNotFoundError):
            return None, {}
    files = getattr(info, "siblings", None) or []
    hashes = {one.rfilename: one.lfs.sha256 if one.lfs else one.blob_id for one in files}
    return info.sha, {path: found for path, found in hashes.items() if found}


def _create(
    api: "HfApi", ref: Ref, shipment: Shipment, private: bool | None, sdk: str | None
) -> None:
    kind = shipment.kind
    if shipment.commit is None:
        patiently(
            lambda: api.create_repo(
                ref.repo, repo_type=kind, private=private, exist_ok=True, space_sdk=sdk
            )
        )
        if (branch := ref.revision) and branch != "main":
            patiently(
                lambda: api.create_branch(ref.repo, branch=branch, repo_type=kind, exist_ok=True)
            )


@contextmanager
def _known_transfer(api: "HfApi", repo: str, kind: Kind) -> Iterator[None]:
    """Large files go the way that this Hub knows: the client itself would only try its newest."""
    from huggingface_hub import constants
    from huggingface_hub.utils import build_hf_headers, get_session

    before = constants.HF_HUB_DISABLE_XET
    if not before:
        url = f"{api.endpoint}/api/{kind}s/{repo}/xet-write-token/main"
        answer = patiently(lambda: get_session().get(url, headers=build_hf_headers()))
        constants.HF_HUB_DISABLE_XET = answer.status_code == 404
    try:
        yield
    finally:
        constants.HF_HUB_DISABLE_XET = before
