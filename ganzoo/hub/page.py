"""What a maker wrote on a repository's own page at the Hub: a push does not lose it."""

from dataclasses import dataclass

from ganzoo.bundle import CARD
from ganzoo.errors import HubError
from ganzoo.hub.ref import Ref
from ganzoo.hub.snapshot import Sizes, snapshot
from ganzoo.hub.words import own, own_of_page

LIMIT = 2**20  # bytes of a page


@dataclass(frozen=True)
class Page:
    """The card to send.

    Attributes:
        overruled: whether the page says other words of its maker's than the card.
    """

    card: str
    overruled: bool


def reconciled(card: str, ref: Ref, commit: str) -> Page:
    """The card, with the words of the page that is there now where it has none of its own.

    Raises:
        HubError: if the page cannot be read, so that its words would be lost.
    """
    ours, theirs = own(card), own_of_page(_text(Ref(ref.repo, commit)))
    if ours or not theirs:
        return Page(card, overruled=bool(theirs) and theirs != ours)
    return Page(f"{card}\n{theirs}\n", overruled=False)


def _text(ref: Ref) -> str:
    def choose(sizes: Sizes) -> list[str]:
        if sizes.get(CARD, 0) > LIMIT:
            raise HubError(f"{ref.repo}: {CARD} is larger than {LIMIT // 2**20} MiB")
        return [CARD]

    path = snapshot(ref, choose, CARD).folder / CARD
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise HubError(f"{ref.repo}: {CARD} is no text: {error}") from None
