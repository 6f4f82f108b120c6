"""One file per protocol: what a trial shows, what it records, and when an answer is right."""

from ganzoo.registry import Folder
from ganzoo.study.protocols._base import Answer, Needs, Past, Protocol, Slot, Supply, turns

protocols: Folder[Protocol] = Folder(__name__, Protocol)

__all__ = ["Answer", "Needs", "Past", "Protocol", "Slot", "Supply", "protocols", "turns"]
