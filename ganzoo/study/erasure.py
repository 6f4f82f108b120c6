"""Deletes what a participant left, by the code that they were given."""

from ganzoo.errors import RefusedError
from ganzoo.study.identity import Identity
from ganzoo.study.store import Event, Store


def erase(store: Store, study: str, identity: Identity, code: str, at: str) -> tuple[str, int]:
    """Deletes answers and events of whoever has that code, and records that it was asked for.

    Args:
        code: as it was given, or without its hyphens.
        at: now, as it stands in the record.

    Returns:
        The participant, and how many answers there were.

    Raises:
        RefusedError: if the code is nobody's.
        StoreError: if the store cannot be written; then nothing is deleted.
    """
    found = store.participant(study=study, eraser=identity.hashed("eraser", _written(code)))
    if found is None:
        raise RefusedError(f"no data belong to the code {code[:40]!r}")
    request = Event(study, "deletion", at, found.id, f"deletion {found.id}")
    return found.id, store.erase(request)


def _written(code: str) -> str:
    """Four by four, as it is handed out."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))
