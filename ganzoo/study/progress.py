"""How a study stands: who came, where they stopped, what is known so far."""

from collections import Counter
from typing import Any

from ganzoo.study import register
from ganzoo.study.analysis import analyse
from ganzoo.study.records import Person, design_of, people
from ganzoo.study.store import Store

LIVE = 2000  # resamples: enough to watch


def progress(store: Store, study: str, resamples: int = LIVE) -> dict[str, Any]:
    """Everything a researcher watches, as plain data.

    Raises:
        StudyError: if no such study is on record.
    """
    design = design_of(store, study)
    found = analyse(store, design, resamples)
    everyone = people(store, design)
    refused = store.events(study, "refused")
    last = [answer.at for person in everyone for answer in person.answers]
    registered = store.study(study)
    return {
        "study": study,
        "title": design.title,
        "protocol": design.protocol,
        "state": register.state_of(store, study),
        "registered": registered.at if registered else None,
        "planned": design.planned,
        **found["people"],
        "answers": len(last),
        "last_answer": max(last, default=None),
        "left_at": dict(Counter(_left(person) for person in everyone if not person.finished)),
        "deleted": len(store.events(study, "deletion")),
        "refused": dict(Counter(event.detail.get("why", "") for event in refused)),
        "exclusions": found["exclusions"],
        "models": found["models"],
        "journal": store.journal and store.journal.status(),
    }


def _left(person: Person) -> str:
    """Where somebody is who has not finished: the last thing they did."""
    if person.answers:
        return f"{person.answers[-1].phase} {len(person.answers)}"
    for kind in ("refusal", "instructions", "check", "consent"):
        if person.event(kind):
            return kind
    return "arrival"


def lines(found: dict[str, Any]) -> list[str]:
    """The same, for a terminal."""
    said = [
        f"{found['study']} ({found['protocol']}) is {found['state']}, on record since "
        f"{found['registered']}",
        f"{found['came']} came, {found['consented']} consented, {found['finished']} of "
        f"{found['planned']} planned finished, {found['analysed']} are analysed",
        f"{found['answers']} answers, the last at {found['last_answer'] or 'no time yet'}",
    ]
    for key, name in (
        ("left_at", "not finished, last seen at"),
        ("exclusions", "left out by the rules"),
        ("refused", "refused"),
    ):
        if found[key]:
            said.append(f"{name}: " + ", ".join(f"{k} ({v})" for k, v in found[key].items()))
    return said + [model_line(row) for row in found["models"]]


def model_line(row: dict[str, Any]) -> str:
    """One model's most important figures."""
    parts = [
        f"{name} {row[key]['value']:.{digits}f} [{row[key]['low']:.{digits}f}, "
        f"{row[key]['high']:.{digits}f}]{unit}"
        for key, name, digits, unit in (
            ("hype", "HYPE∞", 1, " %"),
            ("hype_time_ms", "HYPE-time", 0, " ms"),
            ("error", "judged wrong", 1, " %"),
            ("fooled", "fooled", 1, " %"),
            ("strength", "strength", 2, ""),
            ("error_fakes", "error on fakes", 1, " %"),
            ("error_reals", "on reals", 1, " %"),
            ("d_prime", "d′", 2, ""),
        )
        if key in row
    ]
    return f"{row['model']} (n = {row['participants']}): {', '.join(parts)}"
