"""Everything ganzoo raises on purpose: one small tree, so that one ``except`` catches it all.

Each message quotes what was received and says what was expected. The command line prints it and
exits with its class's code, 2 unless it says; the gallery shows it where the mistake was made.
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path

FEW = 20  # names that a message lists


class GanzooError(Exception):
    """The root of the tree.

    Attributes:
        code: what the command line exits with.
    """

    code = 2


class InputError(GanzooError, ValueError):
    """A value a person gave (a seed, a count, a picture) that cannot be used."""


class UnknownNameError(GanzooError, LookupError):
    """A name that nothing bears."""


class RecipeError(GanzooError, ValueError):
    """A recipe that does not say what it must, or says what nobody reads."""


class DataError(GanzooError):
    """A data set that is missing, empty or unreadable."""


class TrainingError(GanzooError):
    """A run that cannot start, resume or go on."""


class DivergedError(TrainingError):
    """A run whose numbers are none any more.

    Attributes:
        kept: the bundle of its best moment; None if nothing was kept.
    """

    def __init__(self, said: str, kept: Path | None = None) -> None:
        super().__init__(said)
        self.kept = kept


class StoppedError(TrainingError):
    """A run that was asked to stop; its state is on disk."""

    code = 130  # as of a program that Ctrl-C ended


class BundleError(GanzooError):
    """A folder that is not a bundle this version can read, or one that was tampered with."""


class ImportedError(GanzooError):
    """Foreign weights that are damaged, unsafe, or not of the format they are said to be."""


class HubError(GanzooError):
    """A Hub repository that cannot be reached, read or written."""


class StudyError(GanzooError, ValueError):
    """A study that is not designed, prepared or registered as it must be."""


class StoreError(GanzooError):
    """Answers that cannot be written or read: nothing of what was being written is kept."""


class RefusedError(GanzooError):
    """Something a participant sent that is not taken: forged, repeated, late or out of order."""


class MetricError(GanzooError, ValueError):
    """Samples that a metric cannot judge: too few, constant, not finite, of mixed sizes."""


def suggestion(name: str, known: Iterable[str]) -> str:
    """The tail of an unknown-name message: the nearest known name, or all of them if few."""
    names = sorted(known)
    if near := get_close_matches(name, names, n=1):
        return f"Did you mean {near[0]!r}?"
    return f"Known: {listed(names)}." if names else "There are none."


def listed(names: Sequence[str]) -> str:
    """Names with commas; of very many the first few."""
    rest = f" and {len(names) - FEW} more" if len(names) > FEW + 1 else ""
    return ", ".join(names[:FEW] if rest else names) + rest


def first_line(error: BaseException) -> str:
    """What somebody else's error says, without its further explanations."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
