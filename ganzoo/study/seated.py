"""One participant at the desk: what they have done, and so what comes next."""

from collections.abc import Mapping, Sequence
from threading import RLock
from typing import Any

from pydantic import Field

from ganzoo.options import Options
from ganzoo.study.design import Design
from ganzoo.study.entrance import failed_at
from ganzoo.study.identity import Identity
from ganzoo.study.protocols import Past, Protocol, Slot, protocols
from ganzoo.study.standing import Standing
from ganzoo.study.store import Answered, Event, Participant
from ganzoo.study.trials import Trial

EXAMPLES = -1  # the "trial" whose pictures the instructions show
LEAST_S = 0.1  # the page gets to answer, be it that the time is up
STEPS = ("consent", "check", "instructions")  # of a panel, before the trials
REASONS = ("shape", "texture", "edges", "too blurred", "makes no sense", "just a feeling")


class Submission(Options):
    """An answer as the page sends it.

    Attributes:
        attempt: chosen by the page; sent again with the same, it is the same answer.
        measured: what the page measured while it showed the trial.
    """

    trial: int = Field(ge=0, lt=10_000)
    ticket: str = Field(max_length=64)
    attempt: str = Field(pattern="^[A-Za-z0-9-]{8,64}$")
    answer: Any = None
    rt_ms: float | None = Field(None, ge=0, le=86_400_000)
    measured: dict[str, float | int | bool | str | None] = Field(
        default_factory=dict, max_length=24
    )


class Screen(Options):
    """What the browser check finds."""

    hz: float | None = None
    width: float | None = None
    height: float | None = None
    dpr: float | None = None
    touch: bool | None = None
    canvas: bool | None = None


class Seated:
    """A participant's trials and answers. Whoever changes it holds its lock.

    Args:
        kept: whether the store knows of it.
    """

    def __init__(
        self,
        participant: Participant,
        trials: list[Trial],
        examples: Sequence[Slot],
        design: Design,
        identity: Identity,
        kept: bool = True,
    ) -> None:
        self.participant, self.trials, self.kept = participant, trials, kept
        self.examples, self.design, self.identity = tuple(examples), design, identity
        self.id = participant.id
        self.answers: list[Answered] = []
        self.done: dict[str, Mapping[str, Any]] = {}
        self.notes: dict[int, str] = {}  # trial -> what gave it away, while nothing is kept
        self.shown: dict[int, float] = {}  # trial -> when it was first handed out
        self.looks: dict[int, int] = {}  # trial -> how often a page showed it
        self.lock = RLock()

    def take(self, events: Sequence[Event], answers: Sequence[Answered]) -> None:
        """What the store says."""
        self.done = {event.kind: event.detail for event in events}
        self.answers = list(answers)

    @property
    def protocol(self) -> Protocol:
        return protocols[self.design.protocol]

    @property
    def over(self) -> bool:
        return "completion" in self.done or "refusal" in self.done or self.failed

    @property
    def reached_end(self) -> bool:
        return len(self.answers) == len(self.trials) and not self.failed

    @property
    def failed(self) -> bool:
        """Whether the qualification was taken and not passed."""
        return failed_at(self.design, self.answers) is not None

    @property
    def asked(self) -> int | None:
        """The trial that is to be answered now."""
        ready = self.design.audience == "visitors" or all(name in self.done for name in STEPS)
        if not ready or "refusal" in self.done or self.failed:
            return None
        return len(self.answers) if len(self.answers) < len(self.trials) else None

    def step(self, standing: Standing, ticks: float | None) -> dict[str, Any]:
        """What to show: the name of the step, and what its page needs.

        Args:
            ticks: when a trial's time begins; None: not yet.
        """
        if "refusal" in self.done:
            return {"step": "declined", "panel": self.participant.person is not None}
        if self.design.audience == "panel":
            for name in STEPS:
                if name not in self.done:
                    return {"step": name, **getattr(self, f"_{name}")()}
        if self.failed:
            return {"step": "unqualified", **self._farewell()}
        if self.asked is not None:
            return {"step": "trial", **self._trial(self.trials[self.asked], ticks)}
        return {"step": "debriefing", **self._debriefing(standing), **self._farewell()}

    def _consent(self) -> dict[str, Any]:
        return {"text": self.design.consent.text, "version": self.design.consent.version}

    def _check(self) -> dict[str, Any]:
        return {"timed": "exposure_ms" in self.asks(self.trials[0])}

    def _instructions(self) -> dict[str, Any]:
        design, each = self.design, len(self.examples) // 2
        told = design.tell_share and self.protocol.mixes
        urls = [self._url(EXAMPLES, i) for i in range(2 * each)]
        return {
            "task": self.protocol.says(design.options),
            "text": design.instructions,
            "share_real": design.share_real if told else None,
            "trials": len(self.trials),
            "practice": design.practice + design.training,
            "real": urls[:each],
            "fake": urls[each:],
            **self.code(),
        }

    def _trial(self, trial: Trial, ticks: float | None) -> dict[str, Any]:
        if ticks is not None:
            self.shown.setdefault(trial.index, ticks)
        # A check counts as one of the main part's, so that its number does not give it away.
        part = [t for t in self.trials if _part(t) == _part(trial)]
        following = self.trials[trial.index + 1 : trial.index + 2]
        sentence = None if trial.expected is None else self.protocol.ask(trial.expected)
        return {
            "trial": trial.index,
            "ticket": self.identity.ticket(self.id, trial.index),
            "kind": self.design.protocol,
            "part": _part(trial)[0],
            "block": trial.block,
            "number": part.index(trial) + 1,
            "of": len(part),
            "pictures": self._urls(trial),
            "following": [url for other in following for url in self._urls(other)],
            "asks": {key: v for key, v in self.asks(trial).items() if key != "expected"},
            "feedback": trial.feedback,
            "check": sentence,
            "limit_s": self._left(trial.index, ticks),
        }

    def look(self, trial: int, anew: bool) -> None:
        """Counts a page that shows a trial; what is only told again was not seen before."""
        before = self.looks.get(trial, 0)
        self.looks[trial] = before + 1 if anew else max(before, 1)

    def _left(self, trial: int, ticks: float | None) -> float:
        """Seconds to answer in; who loads the page anew gets what is left. 0: no limit."""
        limit = self.design.time_limit_s
        if not limit or ticks is None:
            return limit
        return round(max(LEAST_S, limit - (ticks - self.shown[trial])), 3)

    def _urls(self, trial: Trial) -> list[str]:
        return [self._url(trial.index, i) for i in range(len(trial.slots))]

    def _url(self, trial: int, slot: int) -> str:
        """Of a picture, relative to the study; it says who and which trial, and nothing else."""
        return f"picture/{self.id}/{trial}/{slot}/{self.identity.ticket(self.id, trial)}"

    def reachable(self, trial: int, slot: int) -> str | None:
        """The picture there, if this participant has come as far as the trial before it."""
        if trial == EXAMPLES:
            slots = self.examples
        elif 0 <= trial <= min(len(self.answers) + 1, len(self.trials) - 1):
            slots = self.trials[trial].slots
        else:
            return None
        return slots[slot].name if 0 <= slot < len(slots) else None

    def asks(self, trial: Trial) -> dict[str, Any]:
        """How that trial is to be shown, after those of its block."""
        past = [
            Past(right=bool(a.judged) and a.right == a.judged, asked=a.asked)
            for a in self.answers[: trial.index]
            if (a.phase, a.block)
            == ("main" if trial.phase == "check" else trial.phase, trial.block)
        ]
        asked = self.protocol.asks(past, self.design.options)
        return asked if trial.expected is None else {**asked, "expected": trial.expected}

    def feedback(self, answer: Answered) -> dict[str, Any] | None:
        """What was right, where the design tells it."""
        if not self.trials[answer.trial].feedback:
            return None
        told: dict[str, Any] = {
            "right": answer.right,
            "judged": answer.judged,
            "late": answer.answer is None,
            "real": [model is None for _, model in answer.slots],
        }
        if self.design.audience == "visitors":
            told["models"] = [model for _, model in answer.slots]
            told["reasons"] = REASONS
        return told

    def _debriefing(self, standing: Standing) -> dict[str, Any]:
        main = [answer for answer in self.answers if answer.phase == "main"]
        right, judged = sum(a.right for a in main), sum(a.judged for a in main)
        told: dict[str, Any] = {"right": right, "judged": judged, "text": self.design.debriefing}
        if judged:
            told |= standing.compare(right / judged, self.id)
        if self.design.audience == "visitors":
            told["models"] = standing.models()
            told["reasons"] = standing.reasons()
            told["deck"] = self.participant.deck
        return told

    def code(self) -> dict[str, Any]:
        """With which they have their answers deleted; nobody needs one who agreed to nothing."""
        asked = self.kept and "consent" in self.done
        return {"eraser": self.identity.eraser(self.id)} if asked else {}

    def _farewell(self) -> dict[str, Any]:
        """Handed out only when everything before it is stored."""
        if not self.kept:
            return {}
        told = self.code()
        completion = self.design.completion
        if completion.code and not self.failed:
            told["code"] = completion.code
        if completion.redirect and not self.failed:
            told["redirect"] = completion.redirect.replace("{code}", completion.code)
        return told


def _part(trial: Trial) -> tuple[str, int]:
    return ("main" if trial.phase == "check" else trial.phase), trial.block
