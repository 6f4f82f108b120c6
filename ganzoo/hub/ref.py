"""Names on the Hub: of a repository, and of one file in one."""

import re
from dataclasses import dataclass

from ganzoo.errors import HubError

HUB = "hub:"
PART = r"[A-Za-z0-9](?:[A-Za-z0-9_]|[.-](?![.-]))*"  # neither ".." nor "--", as the Hub has it
REVISION = rf"{PART}(?:/{PART})*"
REPO = re.compile(rf"(?P<repo>{PART}/{PART})(?:@(?P<revision>{REVISION}))?")
FILE = re.compile(
    rf"(?P<repo>{PART}/{PART})/(?P<path>{PART}(?:/{PART})*)(?:@(?P<revision>{REVISION}))?"
)
COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class Ref:
    """A repository at a revision; at its ``main`` branch if there is none.

    Attributes:
        path: of a file inside; empty for the whole.
    """

    repo: str
    revision: str | None = None
    path: str = ""

    def __str__(self) -> str:
        path = f"/{self.path}" if self.path else ""
        return f"{self.repo}{path}" + (f"@{self.revision}" if self.revision else "")

    @property
    def pinned(self) -> bool:
        """Whether it names one commit, which nobody can move."""
        return bool(self.revision and COMMIT.fullmatch(self.revision))


def repository(text: str) -> Ref:
    """Reads ``user/name`` or ``user/name@revision``, with or without ``hub:`` before it.

    Raises:
        HubError: quoting what is not of that form.
    """
    match = REPO.fullmatch(text.strip().removeprefix(HUB)) if isinstance(text, str) else None
    if not match:
        got = repr(text)[:120]
        raise HubError(f"a Hub model is named user/name or user/name@revision; got {got}")
    return Ref(match["repo"], match["revision"])


def file(text: str) -> Ref:
    """Reads ``hub:owner/repo/path/to/file@revision``.

    Raises:
        HubError: quoting what is not of that form.
    """
    match = FILE.fullmatch(text.strip().removeprefix(HUB))
    if not match:
        raise HubError(
            f"a file on the Hub is named hub:owner/repo/file@revision; got {text[:120]!r}"
        )
    return Ref(match["repo"], match["revision"], match["path"])
