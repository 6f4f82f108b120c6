"""The Hub's client: how it is asked, how often again, and what its refusals mean.

``HF_ENDPOINT``, ``HF_TOKEN``, ``HF_HOME`` and ``HF_HUB_OFFLINE`` mean what they mean to
huggingface_hub.
"""

import errno
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from ganzoo import __version__
from ganzoo.errors import GanzooError, HubError, first_line

if TYPE_CHECKING:
    from huggingface_hub import HfApi

PATIENCE = (0.5, 2.0)  # seconds waited before a request that failed is made again
PASSING = frozenset({408, 500, 502, 503, 504})  # what a server says when it is not itself

Answer = TypeVar("Answer")


class UnreachableError(HubError):
    """No answer from the Hub: no route, a time-out, a line that broke, or no Hub at all."""


def client(anonymous: bool = False) -> "HfApi":
    """A client of the Hub that ``HF_ENDPOINT`` names now.

    Args:
        anonymous: as nobody in particular, whoever is logged in here.
    """
    from huggingface_hub import HfApi

    endpoint = os.environ.get("HF_ENDPOINT") or None
    return HfApi(
        endpoint=endpoint,
        token=False if anonymous else None,
        library_name="ganzoo",
        library_version=__version__,
    )


def offline() -> bool:
    """Whether ``HF_HUB_OFFLINE`` forbids to ask."""
    from huggingface_hub import is_offline_mode

    return is_offline_mode()


def patiently(ask: Callable[[], Answer]) -> Answer:
    """Asks again, twice, when the line broke or the server was not itself."""
    from huggingface_hub.errors import HfHubHTTPError

    for pause in PATIENCE:
        try:
            return ask()
        except HfHubHTTPError as error:
            if error.response.status_code not in PASSING:
                raise
        except OSError as error:
            if error.errno == errno.ENOSPC or error.filename is not None:  # of the disk
                raise
        except Exception as error:
            if not _of_the_line(_cause(error)):
                raise
        time.sleep(pause)
    return ask()


@contextmanager
def plain_errors(repo: str, revision: str | None = None, *, doing: str = "read") -> Iterator[None]:
    """Turns what the client raises into sentences.

    Args:
        doing: ``read`` or ``write``, for what a refusal refuses.

    Raises:
        UnreachableError: if nobody answered.
        HubError: if the Hub refused.
    """
    try:
        yield
    except GanzooError:
        raise
    except Exception as error:
        said = _sentence(_cause(error), repo, revision, doing)
        if said is None:
            raise
        raise said from (error if isinstance(said, UnreachableError) else None)


def _sentence(error: BaseException, repo: str, revision: str | None, doing: str) -> HubError | None:
    """What a person is told of an error of the client; None of one that is none of its own."""
    from huggingface_hub import errors

    if isinstance(error, errors.GatedRepoError):
        return HubError(
            f"{repo} is gated: accept its terms on its page, then log in (hf auth login)"
        )
    if isinstance(error, errors.RevisionNotFoundError):
        return HubError(f"{repo} has no revision {revision!r}")
    if isinstance(error, errors.RepositoryNotFoundError):
        return HubError(f"the Hub has no {repo!r}, or it is private: then log in (hf auth login)")
    if isinstance(error, errors.HfHubHTTPError):
        return HubError(_refusal(repo, error.response.status_code, doing))
    return _of_this_side(error, repo)


def _of_this_side(error: BaseException, repo: str) -> HubError | None:
    """An error without an answer: of the disk, of the line, or of something that is no Hub."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return HubError(f"there is no room left on the disk for {repo}")
    if isinstance(error, OSError) and error.filename is not None:
        return HubError(f"{error.filename}: {error.strerror}: {repo} cannot be kept or read here")
    if isinstance(error, OSError | json.JSONDecodeError) or _of_the_line(error):
        said = re.sub(r"^\[Errno -?\d+\] ", "", first_line(error))
        return UnreachableError(f"the Hub is out of reach: {said}")
    if isinstance(error, ValueError):  # the Hub's own words, about a card say
        return HubError(f"the Hub does not take {repo}: {error}")
    return None


def _refusal(repo: str, status: int, doing: str) -> str:
    match status:
        case 401:
            return f"the Hub wants to know who asks for {repo} (401): log in (hf auth login)"
        case 403:
            need = "; a token that may write is needed" if doing == "write" else ""
            return f"the Hub does not let you {doing} {repo} (403){need}"
        case 409 | 412:
            return f"somebody else changed {repo} at the same moment ({status}): push again"
        case 413:
            return f"the Hub finds a file for {repo} too large (413)"
        case 429:
            return "the Hub has had too many requests from here (429): try again in a few minutes"
        case _:
            return f"the Hub answered {status} when asked for {repo}"


def _cause(error: BaseException) -> BaseException:
    """What went wrong in the thread of an upload, or the error itself."""
    inner = error.__cause__
    return inner if type(error) is RuntimeError and isinstance(inner, Exception) else error


def _of_the_line(error: BaseException) -> bool:
    """Whether the transport raised it: httpx, by whichever name the client carries it."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return not names.isdisjoint({"TransportError", "InvalidURL"})
