"""A study on record: written down before its first participant, paused, resumed, closed."""

from ganzoo import __version__
from ganzoo.errors import StudyError
from ganzoo.study import identity
from ganzoo.study.design import Design
from ganzoo.study.manifest import Manifest, Prepared
from ganzoo.study.store import Event, Registered, Store

DECISIONS = ("pause", "resume", "close")


def register(study: Prepared, store: Store, at: str) -> Registered:
    """Writes a study down before its first participant; it cannot be changed after that.

    Raises:
        StudyError: if another design or other pictures bear that name here.
    """
    design, manifest = study.design.model_dump_json(), study.manifest.model_dump_json()
    new = Registered(
        study.design.name, at, design, manifest, __version__,
        salt=identity.random_id(), secret=identity.random_id() + identity.random_id(),
    )  # fmt: skip
    store.add(new)
    found = store.study(study.design.name)
    assert found is not None
    _check_same(found, study.design, study.manifest)
    return found


def check(store: Store, design: Design, manifest: Manifest | None = None) -> None:
    """Sees that a study may be prepared: under its name nobody was asked anything else.

    Raises:
        StudyError: if another design, or other pictures, bear that name here.
    """
    if (found := store.study(design.name)) is not None:
        _check_same(found, design, manifest)


def _check_same(found: Registered, design: Design, manifest: Manifest | None) -> None:
    same = Design.recorded(found.design) == design
    if same and manifest is not None:
        pictures = Manifest.model_validate_json(found.manifest)
        # An earlier version may have reckoned a design's digest otherwise: the design counts.
        same = pictures.model_copy(update={"design": manifest.design}) == manifest
    if not same:
        raise StudyError(
            f"{found.name!r} was registered on {found.at[:10]} with another design or other "
            "pictures, and a registered study is never changed: give this one a new name"
        )


def state_of(store: Store, study: str) -> str:
    """``open``, ``paused`` or ``closed``, by the last decision on record."""
    made = [event.kind for event in store.events(study, *DECISIONS)]
    if "close" in made:
        return "closed"
    return "paused" if made and made[-1] == "pause" else "open"


def decide(store: Store, study: str, kind: str, at: str) -> None:
    """Records a decision about a study.

    Raises:
        StudyError: if the study is closed, or that is no decision.
    """
    if kind not in DECISIONS:
        raise StudyError(f"a study is paused, resumed or closed; got {kind!r}")
    if state_of(store, study) == "closed":
        raise StudyError(f"{study!r} is closed, and a closed study stays closed")
    store.add(Event(study, kind, at))
