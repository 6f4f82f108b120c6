"""All data of a study as files that anybody can read, with what every column means."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from ganzoo import __version__
from ganzoo.study.design import Design
from ganzoo.study.protocols import protocols
from ganzoo.study.records import Person, design_of, judgements, people, since_question
from ganzoo.study.store import Registered, Store

PARTICIPANTS = {
    "participant": "random id, made for this study alone",
    "seat": "number in the order of arrival; with the design's seed it determines every order",
    "deck": "for visitors: the number of the pictures they played; it takes the seat's place",
    "came": "when they came, UTC",
    "source": "prolific, mturk, link or simulated; visitors come by link",
    "person": "the panel's id, HMAC-SHA256 under a secret of the study; empty without a panel",
    "link": "the link's other parameters, hashed alike, as JSON",
    "consent_version": "version of the consent text that they agreed to",
    "consented": "when they agreed, UTC; empty if they did not",
    "finished": "when the last answer was stored, UTC; empty if they did not finish",
    "main_answers": "answers of the main part",
    "right": "right decisions of the main part",
    "judged": "decisions of the main part",
    "checks_failed": "attention checks answered otherwise than asked",
    "unqualified": "share of the reals, or of the fakes, that they told for what they are in the "
    "qualification, if it was too low to go on; else empty",
    "excluded": "rules that leave them out, with the value that did, as JSON",
    "hz": "screen refresh rate, measured over 60 frames before the trials",
    "width": "width of the window in CSS pixels",
    "height": "height of the window in CSS pixels",
    "dpr": "device pixels per CSS pixel",
    "touch": "whether the main pointer is a finger",
}
ANSWERS = {
    "participant": "as in participants.csv",
    "trial": "from 0, over all phases",
    "phase": "practice, training, qualification, main or check (attention check)",
    "block": "within the phase, from 0",
    "answered": "when it was stored, UTC",
    "slot": "which of the pictures of the trial this row is about",
    "picture": "sha256 of the picture file: its name in manifest.json and stimuli.zip",
    "model": "who painted it; empty if it is real",
    "real": "1 if the picture is real",
    "said_real": "1 if it was called real (in a pair: chosen); empty if the time was up",
    "answer": "the whole answer to the trial, as JSON",
    "right": "right decisions in the trial",
    "judged": "decisions in the trial",
    "rt_ms": "from the first frame that showed the picture to the answer, in the browser, ms",
    "question_rt_ms": "the same from the first frame that showed the question: another time only "
    "where the picture is gone before it may be answered (timed)",
    "asked": "how the page was to show it, as JSON",
    "measured": "how it did, as JSON: window, refresh rate, times the page was left, exposure; and "
    "looks: how often the trial was handed out, 1 unless the page was loaded anew (counted by the "
    "server since it was started)",
}
EVENTS = {
    "participant": "as in participants.csv; empty if it concerns the study",
    "kind": "consent, refusal, check, instructions, completion, note, refused, exclusion, "
    "deletion, pause, resume, close",
    "at": "when, UTC",
    "detail": "as JSON; of a refused answer: why, and what it said",
}


def write(store: Store, study: str, folder: Path) -> list[Path]:
    """Writes every file into a folder, and returns their paths.

    Raises:
        StudyError: if no such study is on record.
    """
    design = design_of(store, study)
    registered = store.study(study)
    assert registered is not None
    everyone = people(store, design)
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "participants": (PARTICIPANTS, [_participant(one) for one in everyone]),
        "answers": (ANSWERS, list(_answers(design, everyone))),
        "events": (EVENTS, list(_events(store, study))),
    }
    written = [_csv(folder / f"{k}.csv", columns, rows) for k, (columns, rows) in tables.items()]
    whole = {name: rows for name, (_, rows) in tables.items()}
    written.append(_text(folder / "data.json", json.dumps(whole, indent=1, ensure_ascii=False)))
    manifest = json.dumps(json.loads(registered.manifest), indent=1)
    written.append(_text(folder / "manifest.json", manifest))
    plain = yaml.safe_dump(json.loads(registered.design), sort_keys=False, allow_unicode=True)
    written.append(_text(folder / "study.yaml", plain))
    written.append(_text(folder / "CODEBOOK.md", codebook(design, registered)))
    return written


def codebook(design: Design, registered: Registered) -> str:
    """What every column means, and how to repeat the study."""
    protocol = protocols[design.protocol]
    parts = [
        f"# Codebook of {design.name}",
        f"{protocol.title} ({protocol.paper.authors}, {protocol.paper.year}, "
        f"arXiv:{protocol.paper.arxiv}), protocol version {protocol.version}. On record since "
        f"{registered.at} with ganzoo {registered.version}; exported with ganzoo {__version__}. "
        f"sha256 of the design: `{design.digest}`.",
        f"Options of the protocol: `{design.options.model_dump_json()}`. Feedback in the main "
        f"part: {'yes' if design.feedback else 'no'}. Planned participants: {design.planned}. "
        f"Exclusion rules, set before the first trial: `{design.exclude.model_dump_json()}`.",
        f"Consent, version {design.consent.version}:\n\n> "
        + design.consent.text.strip().replace("\n", "\n> "),
    ]
    for name, columns in (
        ("participants.csv", PARTICIPANTS), ("answers.csv", ANSWERS), ("events.csv", EVENTS),
    ):  # fmt: skip
        parts.append(f"## {name}\n\n{_rows(columns)}")
    if protocol.records:
        parts.append(f"In `measured`, of this protocol:\n\n{_rows(protocol.records)}")
    parts.append(
        "## To repeat it\n\n`study.yaml` is the design, `manifest.json` says what every picture "
        "is. Pictures are painted in float32: a processor of the same kind, with the same versions "
        "of ganzoo and PyTorch, gives the same hashes; on another some pixels may differ by "
        "a level of 255.\n\n```bash\nganzoo study prepare study.yaml\n"
        "ganzoo study run .\nganzoo study analyze .\n```\n\nA participant's trials follow from the "
        "design's seed and their seat (or deck): `ganzoo.study.trials.plan`."
    )
    return "\n\n".join(parts) + "\n"


def _rows(columns: Mapping[str, str]) -> str:
    rows = "\n".join(f"| `{name}` | {meaning} |" for name, meaning in columns.items())
    return f"| column | meaning |\n|---|---|\n{rows}"


def _participant(person: Person) -> dict[str, Any]:
    one, screen = person.participant, person.event("check")
    consent, end = person.event("consent"), person.event("completion")
    seen = screen.detail if screen else {}
    return {
        "participant": one.id,
        "seat": one.seat,
        "deck": one.deck,
        "came": one.at,
        "source": one.source,
        "person": one.person,
        "link": _json(one.link),
        "consent_version": consent.detail.get("version") if consent else None,
        "consented": consent.at if consent else None,
        "finished": end.at if end else None,
        "main_answers": len(person.main),
        "right": sum(answer.right for answer in person.main),
        "judged": sum(answer.judged for answer in person.main),
        "checks_failed": person.checks_failed,
        "unqualified": person.unqualified,
        "excluded": _json(person.excluded),
        **{key: seen.get(key) for key in ("hz", "width", "height", "dpr", "touch")},
    }


def _answers(design: Design, everyone: Sequence[Person]) -> Iterator[dict[str, Any]]:
    for person in everyone:
        for row in judgements(design, person.answers):
            answer = row.answer
            yield {
                "participant": answer.participant,
                "trial": answer.trial,
                "phase": answer.phase,
                "block": answer.block,
                "answered": answer.at,
                "slot": row.slot,
                "picture": row.picture,
                "model": row.model,
                "real": int(row.real),
                "said_real": None if row.said_real is None else int(row.said_real),
                "answer": _json(answer.answer),
                "right": answer.right,
                "judged": answer.judged,
                "rt_ms": answer.rt_ms,
                "question_rt_ms": since_question(answer),
                "asked": _json(answer.asked),
                "measured": _json(answer.measured),
            }


def _events(store: Store, study: str) -> Iterator[dict[str, Any]]:
    for event in store.events(study):
        yield {
            "participant": event.participant,
            "kind": event.kind,
            "at": event.at,
            "detail": _json(event.detail),
        }


def _csv(path: Path, columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(columns))
        writer.writeheader()
        writer.writerows(rows)
    return path


def _text(path: Path, text: str) -> Path:
    path.write_text(text.rstrip("\n") + "\n", "utf-8")
    return path


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
