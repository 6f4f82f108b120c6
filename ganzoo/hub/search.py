"""Looks for bundles on the Hub: whatever is tagged ``ganzoo``."""

from collections.abc import Iterator
from dataclasses import dataclass

from ganzoo.errors import HubError, InputError
from ganzoo.hub.client import client, offline, plain_errors
from ganzoo.hub.ref import REPO

TAG = "ganzoo"
LONGEST = 96  # characters to look for


@dataclass(frozen=True)
class Found:
    """What the Hub says of a repository; whether it is a bundle shows when it is fetched."""

    repo: str
    task: str
    downloads: int
    likes: int
    updated: str


def search(text: str, limit: int = 20) -> list[Found]:
    """Repositories tagged ``ganzoo`` whose names hold this text, the most fetched first.

    Asked as nobody in particular: private ones are not among them, whoever is logged in.

    Raises:
        InputError: if the text is too long.
        HubError: if the Hub refuses or cannot be reached.
    """
    if len(text) > LONGEST:
        raise InputError(f"at most {LONGEST} letters are looked for; got {len(text)}")
    if offline():
        raise HubError("HF_HUB_OFFLINE is set: the Hub cannot be searched")
    with plain_errors("its list of models"):
        return list(_found(text, limit))


def _found(text: str, limit: int) -> Iterator[Found]:
    listed = client(anonymous=True).list_models(
        filter=TAG, search=text or None, sort="downloads", limit=limit
    )
    for one in listed:
        if REPO.fullmatch(one.id):  # any other name could not be fetched either
            yield Found(
                one.id,
                str(one.pipeline_tag or ""),
                int(one.downloads or 0),
                int(one.likes or 0),
                f"{one.last_modified:%Y-%m-%d}" if one.last_modified else "",
            )
