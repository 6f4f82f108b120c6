"""One simulated participant at a real server: enters, answers, and believes only what is stored."""

import http.client
import json
import random
import secrets
import time
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from ganzoo.errors import StudyError
from ganzoo.study.manifest import Manifest, Stimulus
from ganzoo.study.simulate.observers import Observer

PATIENCE_S = 120.0  # for a server that is being restarted


@dataclass
class Guest:
    """Who comes, and what they were told.

    Attributes:
        pace: the share of a reaction time that is really waited.
        acknowledged: trial -> (attempt, answer), of every answer that the server called stored.
        seconds: how long each answer's acknowledgement took.
    """

    home: str
    manifest: Manifest
    observer: Observer
    name: str
    seed: int
    pace: float = 0.0
    acknowledged: dict[int, tuple[str, Any]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    token: str = ""
    _line: http.client.HTTPConnection | None = None

    def take_part(self) -> None:
        """From the link to the debriefing.

        Raises:
            StudyError: if the server refuses, or is gone for good.
        """
        dice = random.Random(self.seed)
        told = self._post("enter", {"link": {"SIMULATED": self.name}, "keep": True})
        self.token, step = told.get("token", ""), told["step"]
        while True:
            if step["step"] in ("consent", "check", "instructions"):
                told = self._post("tell", {"kind": step["step"], "detail": {"hz": 60.0}})
                step = told["step"]
            elif step["step"] == "trial":
                step = self._trial(step, dice)
            else:
                break
        if self._line is not None:
            self._line.close()

    def _trial(self, step: dict[str, Any], dice: random.Random) -> dict[str, Any]:
        seen = [self._look(path) for path in step["pictures"]]
        rt = self.observer.reaction(dice)
        answer = self.observer.answer(step, seen, dice)
        time.sleep(self.pace * rt / 1000)
        attempt = secrets.token_hex(8)
        content = {
            "trial": step["trial"], "ticket": step["ticket"], "attempt": attempt,
            "answer": answer, "rt_ms": round(rt, 1), "measured": {"focus_lost": 0},
        }  # fmt: skip
        start = time.perf_counter()
        told = self._post("answer", content)
        self.seconds.append(time.perf_counter() - start)
        self.acknowledged[step["trial"]] = (attempt, answer)
        return told["step"]

    def _look(self, path: str) -> Stimulus:
        status, content = self._ask("GET", path)
        name = sha256(content).hexdigest()
        if status != 200 or name not in self.manifest.by_name:
            raise StudyError(f"the picture at {path} is none of the study's ({status})")
        return self.manifest.by_name[name]

    def _post(self, path: str, content: dict[str, Any]) -> dict[str, Any]:
        status, reply = self._ask("POST", path, json.dumps({**content, "token": self.token}))
        told = json.loads(reply)
        if status != 200:
            raise StudyError(f"{path}: {status}: {told.get('detail')}")
        return told

    def _ask(self, method: str, path: str, content: str | None = None) -> tuple[int, bytes]:
        """Asks until there is an answer; whatever breaks on the way is asked again."""
        where = urlsplit(self.home)
        until = time.monotonic() + PATIENCE_S
        headers = {"Content-Type": "application/json"} if content else {}
        while True:
            try:
                if self._line is None:
                    self._line = http.client.HTTPConnection(where.netloc, timeout=30)
                self._line.request(method, f"{where.path}{path}", content, headers)
                reply = self._line.getresponse()
                body = reply.read()
                if reply.status < 500:
                    return reply.status, body
            except (OSError, http.client.HTTPException):
                if self._line is not None:
                    self._line.close()
                self._line = None
            if time.monotonic() > until:
                raise StudyError(f"no answer from {self.home} in {PATIENCE_S:.0f} s")
            time.sleep(0.05)
