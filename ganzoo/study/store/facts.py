"""The facts that a store keeps, and the tables that they lie in.

    studies ──< participants ──< answers
       └───────────< events >──────┘          consent, check, completion, exclusion, deletion, …

Facts are added and never changed. One statement deletes: it takes away what a participant asked to
have deleted, after that request was itself recorded; triggers in the database refuse any other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

FACTS = sa.MetaData()

studies = sa.Table(
    "studies",
    FACTS,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("design", sa.Text, nullable=False),
    sa.Column("manifest", sa.Text, nullable=False),
    sa.Column("version", sa.String(64), nullable=False),
    sa.Column("salt", sa.String(64), nullable=False),
    sa.Column("secret", sa.String(64), nullable=False),
)

participants = sa.Table(
    "participants",
    FACTS,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("study", sa.String(64), sa.ForeignKey("studies.name"), nullable=False),
    sa.Column("seat", sa.Integer, nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("source", sa.String(16), nullable=False),
    sa.Column("person", sa.String(64)),  # salted hash of the panel's id
    sa.Column("link", sa.Text, nullable=False),  # salted hashes of the link's other parameters
    sa.Column("deck", sa.BigInteger),
    sa.Column("eraser", sa.String(64), nullable=False),  # salted hash of the deletion code
    sa.UniqueConstraint("study", "seat"),
    sa.UniqueConstraint("study", "person"),
)

answers = sa.Table(
    "answers",
    FACTS,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("participant", sa.String(32), sa.ForeignKey("participants.id"), nullable=False),
    sa.Column("trial", sa.Integer, nullable=False),
    sa.Column("attempt", sa.String(64), nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("phase", sa.String(16), nullable=False),
    sa.Column("block", sa.Integer, nullable=False),
    sa.Column("slots", sa.Text, nullable=False),  # JSON: [[picture, model or null], …]
    sa.Column("answer", sa.Text, nullable=False),  # JSON, as the protocol reads it
    sa.Column("right", sa.Integer, nullable=False),
    sa.Column("judged", sa.Integer, nullable=False),
    sa.Column("rt_ms", sa.Float),
    sa.Column("asked", sa.Text, nullable=False),  # JSON: how the page was to show it
    sa.Column("measured", sa.Text, nullable=False),  # JSON: how it did
    sa.UniqueConstraint("participant", "trial"),
)

events = sa.Table(
    "events",
    FACTS,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("study", sa.String(64), sa.ForeignKey("studies.name"), nullable=False),
    sa.Column("participant", sa.String(32), index=True),
    sa.Column("kind", sa.String(24), nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("once", sa.String(128), unique=True),  # two events of one key are one event
    sa.Column("detail", sa.Text, nullable=False),
)


@dataclass(frozen=True)
class Registered:
    """A study as it was when its first participant could come."""

    name: str
    at: str
    design: str
    manifest: str
    version: str
    salt: str
    secret: str


@dataclass(frozen=True)
class Participant:
    """Who came. Nobody's name, address or browser: a seat, and hashes.

    Attributes:
        source: ``prolific``, ``mturk``, ``link`` or ``simulated``; visitors come by link.
    """

    id: str
    study: str
    seat: int
    at: str
    source: str
    eraser: str
    person: str | None = None
    link: Mapping[str, str] = field(default_factory=dict)
    deck: int | None = None


@dataclass(frozen=True)
class Answered:
    """One answer to one trial, with what was shown and how.

    Attributes:
        attempt: chosen by the page; the same answer sent twice has the same.
        slots: pictures and their painters (None: real), in the order in which they were shown.
        right: how many of the ``judged`` decisions were right.
    """

    participant: str
    trial: int
    attempt: str
    at: str
    phase: str
    block: int
    slots: tuple[tuple[str, str | None], ...]
    answer: Any
    right: int
    judged: int
    rt_ms: float | None
    asked: Mapping[str, Any] = field(default_factory=dict)
    measured: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """Anything else that happened, to a participant or to the study."""

    study: str
    kind: str
    at: str
    participant: str | None = None
    once: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
