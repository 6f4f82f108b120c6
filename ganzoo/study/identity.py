"""Who is who, without knowing who: tokens that only the study can make, ids that nobody can read.

Everything here is an HMAC-SHA256 under the study's own secret, made at random when the study is
registered, so that every server of a study makes the same and nobody else can.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

PANELS = {"prolific": "PROLIFIC_PID", "mturk": "workerId", "simulated": "SIMULATED"}
PARAMETERS = ("STUDY_ID", "SESSION_ID", "hitId", "assignmentId")
PREVIEW = "ASSIGNMENT_ID_NOT_AVAILABLE"  # what MTurk writes while a worker only looks
LONGEST = 200  # characters of a link's parameter


@dataclass(frozen=True)
class Identity:
    """The secrets of one study."""

    secret: str
    salt: str

    def token(self, participant: str) -> str:
        """What a browser keeps to come back with."""
        return f"{participant}.{self._mac('token', participant)[:32]}"

    def owner(self, token: str) -> str | None:
        """Whose token it is; None if this study never made it."""
        participant = token.partition(".")[0]
        made = self.token(participant)
        return participant if hmac.compare_digest(made.encode(), token.encode()) else None

    def ticket(self, participant: str, trial: int) -> str:
        """What must come with the answer to a trial, and opens its pictures."""
        return self._mac("ticket", participant, str(trial))[:24]

    def fits(self, ticket: str, participant: str, trial: int) -> bool:
        """Whether that ticket is for that trial, in constant time."""
        return hmac.compare_digest(self.ticket(participant, trial).encode(), ticket.encode())

    def eraser(self, participant: str) -> str:
        """The code with which a participant has their data deleted: XXXX-XXXX-XXXX-XXXX."""
        code = self._mac("eraser", participant)[:16].upper()
        return "-".join(code[i : i + 4] for i in range(0, 16, 4))

    def hashed(self, what: str, value: str) -> str:
        """A value that is kept without being readable: salted, and keyed with the secret."""
        return self._mac("hashed", self.salt, what, value)

    def person(self, source: str, link: Mapping[str, str]) -> str | None:
        """The panel's id, hashed; None if the link has none."""
        key = PANELS.get(source)
        return None if key is None else self.hashed(key, link[key])

    def link(self, link: Mapping[str, str]) -> dict[str, str]:
        """The panel's other parameters, hashed."""
        return {key: self.hashed(key, link[key]) for key in PARAMETERS if link.get(key)}

    def _mac(self, *parts: str) -> str:
        return hmac.digest(self.secret.encode(), "\0".join(parts).encode(), "sha256").hex()


def source(link: Mapping[str, str]) -> str:
    """Where a participant comes from."""
    named = (name for name, key in PANELS.items() if link.get(key))
    return next(named, "link")


def random_id() -> str:
    """128 bits of luck, as hex."""
    return secrets.token_hex(16)
