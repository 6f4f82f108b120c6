"""A maker's own words on a model card: they stand below a mark, and no generator touches them.

A card from before there was a mark keeps the sections whose headings are not ganzoo's, and what
follows a block of code; a ``README.md`` that ganzoo did not write is kept whole.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from ganzoo.bundle import CARD
from ganzoo.errors import BundleError

MARK = "<!-- Yours: what stands below this line stays when ganzoo writes the card anew. -->"
MARKED = re.compile(r"^<!-- Yours:.*-->[^\S\n]*$", re.MULTILINE)
HEAD = "---\n"  # before and behind what the Hub reads
FENCE, HEADING = "```", "## "
OURS = frozenset({"Made from", "Scores", "Use", "Intended use and limits", "Limits", "Recipe"})


def signed(card: str, folder: Path) -> str:
    """A card with the mark beneath it, and what the maker wrote onto the one in the folder.

    Raises:
        BundleError: if that one cannot be read, so that its words would be lost.
    """
    words = _found(folder / CARD)
    return f"{card}\n{MARK}\n" + (f"\n{words}\n" if words else "")


def own(text: str) -> str:
    """What of a card's text is the maker's."""
    text = text.replace("\r\n", "\n")
    if mark := MARKED.search(text):
        return text[mark.end() :].strip("\n")
    head, _, body = text.removeprefix(HEAD).partition(f"\n{HEAD}")
    ganzoos = text.startswith(HEAD) and "library_name: ganzoo" in head.splitlines()
    return ("".join(_foreign(body)) if ganzoos else text).strip("\n")


def own_of_page(text: str) -> str:
    """The same of a page on the Hub, which may begin with nothing but what the Hub reads."""
    words = own(text)
    if not words.startswith(HEAD):
        return words
    return words.removeprefix(HEAD).partition(f"\n{HEAD}")[2].strip("\n")


def _found(path: Path) -> str:
    if not path.is_file():
        return ""
    try:
        return own(path.read_bytes().decode("utf-8-sig"))
    except (UnicodeDecodeError, OSError) as error:
        raise BundleError(
            f"'{path}' stays as it is, because its own words cannot be read: {error}"
        ) from None


def _foreign(body: str) -> Iterator[str]:
    """The lines beneath headings that are not ours, and beneath our blocks of code."""
    ours, fenced, ended = True, False, False
    for line in body.splitlines(keepends=True):
        if not fenced and line.startswith(HEADING):
            ours, ended = line.removeprefix(HEADING).strip() in OURS, False
        ours = ours and not (ended and line.strip())
        if not ours:
            yield line
        if line.startswith(FENCE):
            fenced = not fenced
            ended = not fenced
