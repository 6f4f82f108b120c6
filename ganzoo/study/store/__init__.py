"""Where answers are kept: append-only, in SQLite or PostgreSQL, nothing acknowledged but stored."""

from ganzoo.study.store.facts import Answered, Event, Participant, Registered
from ganzoo.study.store.store import Store

__all__ = ["Answered", "Event", "Participant", "Registered", "Store"]
