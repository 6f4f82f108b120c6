"""Fetches a bundle from the Hugging Face Hub into its cache: only what a bundle consists of.

``HF_ENDPOINT``, ``HF_TOKEN``, ``HF_HOME`` and ``HF_HUB_OFFLINE`` mean what they mean to
huggingface_hub.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ganzoo import __version__, bundle
from ganzoo.errors import HubError

PLAIN = frozenset({bundle.CONFIG, bundle.CARD, bundle.PREVIEW, bundle.FILM})
WEIGHTS = re.compile(r"[A-Za-z0-9_]+\.safetensors")
PART = r"[A-Za-z0-9](?:[A-Za-z0-9_]|[.-](?![.-]))*"  # neither ".." nor "--", as the Hub has it
REF = re.compile(rf"(?P<repo>{PART}/{PART})(?:@(?P<revision>{PART}(?:/{PART})*))?")
LIMIT = 2**30  # bytes of one bundle


def pull(ref: str) -> Path:
    """Fetches ``user/name`` or ``user/name@revision`` and returns the bundle's folder.

    What was fetched before is not fetched again, and serves when the Hub is out of reach.

    Args:
        ref: the revision is a branch, a tag or a commit; ``main`` if there is none.

    Raises:
        HubError: if the name is malformed, the Hub cannot be reached or refuses, or the
            repository holds no bundle, only pickles, files too large, or tampered ones.
        BundleError: if its config is not one that this version can read.
    """
    match = REF.fullmatch(ref)
    if not match:
        raise HubError(f"a Hub model is named user/name or user/name@revision; got {ref!r}")
    repo, revision = match["repo"], match["revision"]
    folder = _fetch(repo, revision)
    _check_hashes(bundle.load(folder), ref)
    return folder


def _fetch(repo: str, revision: str | None) -> Path:
    from huggingface_hub import HfApi, is_offline_mode

    if is_offline_mode():
        return _cached(repo, revision, "HF_HUB_OFFLINE is set")
    endpoint = os.environ.get("HF_ENDPOINT")
    api = HfApi(endpoint=endpoint, library_name="ganzoo", library_version=__version__)
    try:
        with _plain_errors(repo, revision):
            info = api.model_info(repo, revision=revision, files_metadata=True)
            sizes = {one.rfilename: one.size for one in info.siblings or []}
            wanted = _wanted(repo, sizes)
            return Path(api.snapshot_download(repo, revision=revision, allow_patterns=wanted))
    except ConnectionError as error:
        return _cached(repo, revision, str(error))


def _wanted(repo: str, sizes: Mapping[str, int | None]) -> list[str]:
    wanted = [name for name in sizes if name in PLAIN or WEIGHTS.fullmatch(name)]
    if bundle.MODEL not in wanted:
        pickles = [name for name in sizes if Path(name).suffix in bundle.PICKLES]
        hint = f": {', '.join(pickles)} may hold code and is never read" if pickles else ""
        raise HubError(f"{repo} has no {bundle.MODEL}{hint}")
    if bundle.CONFIG not in wanted:
        raise HubError(f"{repo} is not a ganzoo bundle: it has no {bundle.CONFIG}")
    if (total := sum(sizes[name] or 0 for name in wanted)) > LIMIT:
        raise HubError(f"{repo} takes {total / 2**20:,.0f} MiB; at most {LIMIT // 2**20} are read")
    return wanted


def _cached(repo: str, revision: str | None, why: str) -> Path:
    from huggingface_hub import try_to_load_from_cache

    config = try_to_load_from_cache(repo, bundle.CONFIG, revision=revision)
    if not isinstance(config, str):
        raise HubError(f"{repo} was not fetched before, and {why}")
    return Path(config).parent


def _check_hashes(found: bundle.Bundle, ref: str) -> None:
    for name, said in found.config.sha256.items():
        path = found.folder / name
        if not path.is_file():
            raise HubError(f"{ref} lacks {name}, which its config vouches for")
        if (got := bundle.sha256(path)) != said:
            raise HubError(f"{ref}: {name} is not the file its config vouches for: {got} ≠ {said}")


@contextmanager
def _plain_errors(repo: str, revision: str | None) -> Iterator[None]:
    """Turns what the Hub's client raises into sentences."""
    from huggingface_hub import errors

    try:
        yield
    except HubError:
        raise
    except errors.GatedRepoError:
        raise HubError(
            f"{repo} is gated: accept its terms on its page, then log in (hf auth login)"
        ) from None
    except errors.RevisionNotFoundError:
        raise HubError(f"{repo} has no revision {revision!r}") from None
    except errors.RepositoryNotFoundError:
        raise HubError(
            f"the Hub has no model {repo!r}, or it is private: then log in (hf auth login)"
        ) from None
    except errors.HfHubHTTPError as error:
        raise HubError(_refusal(repo, error.response.status_code)) from None
    except Exception as error:  # the transport's own: no route, time-out, not a Hub
        raise ConnectionError(f"the Hub is out of reach: {error}") from error


def _refusal(repo: str, status: int) -> str:
    match status:
        case 401:
            return f"the Hub wants to know who asks for {repo} (401): log in (hf auth login)"
        case 403:
            return f"the Hub does not let you read {repo} (403)"
        case 429:
            return "the Hub has had too many requests from here (429): try again in a few minutes"
        case _:
            return f"the Hub answered {status} when asked for {repo}"
