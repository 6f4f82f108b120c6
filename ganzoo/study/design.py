"""What a researcher writes down before the first participant: a study, as one YAML file."""

import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, Field, SerializeAsAny, field_validator, model_validator

from ganzoo.errors import GanzooError, RecipeError, StudyError
from ganzoo.options import Options
from ganzoo.study.protocols import protocols

NAME = r"[a-z0-9][a-z0-9-]{0,62}"  # also a folder, and part of an address


def named(name: str) -> str:
    """The name itself, if a study may bear it.

    Raises:
        StudyError: if it may not.
    """
    if not re.fullmatch(NAME, name):
        raise StudyError(
            "a study's name has small letters, digits and hyphens, at most 63, and begins with a "
            f"letter or digit; got {name!r}"
        )
    return name


class Reals(Options):
    """Which real pictures: a data set by name, or ``folder`` with a path."""

    name: str
    path: str | None = None
    size: int = Field(32, ge=4, le=1024)
    channels: Literal[1, 3] = 3
    split: str = "test"


class Stimuli(Options):
    """Which pictures are shown, and the one way both kinds come to the screen.

    Attributes:
        models: bundles: names in checkpoints/, folders, or hub:user/name@revision.
        per_model: K, pictures sampled from each.
        reals: a data set or a folder.
        real_count: how many of its pictures are drawn by lot; as many as of all models if 0.
        psi: how far styles may stray from their mean, for models with styles; 1 is all the way.
        truncation: the threshold at which latents are cut (BigGAN's); None: nowhere.
        crop: side of the square kept from the middle before resizing, 0 for all of it. Networks
            of 32 pixels learn 28-pixel pictures with a border, and a border gives a fake away.
        size: side of the files in pixels, 0 to keep it.
        seed: of the samples and of the lot.
    """

    models: tuple[str, ...] = Field(min_length=1)
    per_model: int = Field(50, ge=1, le=10_000)
    reals: Reals
    real_count: int = Field(0, ge=0, le=100_000)
    psi: float = Field(1.0, ge=0, le=1)
    truncation: float | None = Field(None, gt=0, le=10)
    crop: int = Field(0, ge=0, le=1024)
    size: int = Field(0, ge=0, le=1024)
    seed: int = Field(0, ge=0, lt=2**32)


class Consent(Options):
    """What a participant agrees to; text and version go into the record with the time."""

    version: str
    text: str


class Completion(Options):
    """What a participant is handed when everything is stored.

    Attributes:
        code: to type in at the panel.
        redirect: where the panel waits; ``{code}`` stands for the code.
    """

    code: str = ""
    redirect: str = ""

    @field_validator("redirect")
    @classmethod
    def _to_the_web(cls, redirect: str) -> str:
        if redirect and not redirect.startswith("https://"):
            raise ValueError("a redirect starts with https://")
        return redirect


class Qualification(Options):
    """HYPE's entrance examination: both rates must reach ``passes``."""

    trials: int = Field(100, ge=2)
    passes: float = Field(0.65, ge=0, le=1)


class Exclusions(Options):
    """Whom the analysis leaves out, said before the first trial; None asks nothing.

    Attributes:
        incomplete: leave out who did not finish.
        failed_checks: leave out who failed more attention checks than this.
        fastest_ms: leave out whose median reaction time, from when the question is there, is
            below this.
        one_answer: leave out who gave the same answer in more than this share of trials.
        focus_lost: leave out who left the page in more than this share of trials.
        looked_again: leave out who loaded the page anew in more than this share of trials.
    """

    incomplete: bool = True
    failed_checks: int | None = Field(None, ge=0)
    fastest_ms: float | None = Field(None, ge=0)
    one_answer: float | None = Field(None, ge=0.5, le=1)
    focus_lost: float | None = Field(None, ge=0, le=1)
    looked_again: float | None = Field(None, ge=0, le=1)


class Design(Options):
    """A study.

    Attributes:
        name: its address, and its folder.
        protocol: a file of ``ganzoo/study/protocols``; ``options`` are its own.
        audience: ``panel`` asks for consent and keeps every answer; ``visitors`` play, and their
            answers are kept only if they say so.
        trials: of the main part, in each block.
        blocks: parts with a rest between them.
        share_real: of the pictures; a pair always has its one.
        tell_share: say the share in the instructions, as HYPE does.
        feedback: tell after each answer of the main part whether it was right.
        practice: trials before the main part that no figure counts; with feedback, unless there
            is no right or wrong.
        training: further ones, with feedback, counted apart (Nightingale and Farid 2022).
        checks: attention checks spread over the main part.
        examples: real and fake ones shown in the instructions, of each so many.
        time_limit_s: for one answer; 0 for none.
        assign: ``between``: one model per participant, in turn; ``within``: all of them.
        order: of the models within: ``mixed``, or ``blocked`` in counterbalanced order.
        planned: how many participants; the study closes to newcomers at that number if
            ``stop_when_full``.
        seed: of every order that is drawn.
    """

    name: Annotated[str, AfterValidator(named)]
    title: str
    protocol: str
    options: SerializeAsAny[Options]
    audience: Literal["panel", "visitors"] = "panel"
    stimuli: Stimuli
    trials: int = Field(50, ge=1, le=2000)
    blocks: int = Field(1, ge=1, le=20)
    share_real: float = Field(0.5, ge=0, le=1)
    tell_share: bool = True
    feedback: bool = False
    practice: int = Field(0, ge=0, le=100)
    training: int = Field(0, ge=0, le=500)
    checks: int = Field(0, ge=0, le=20)
    examples: int = Field(0, ge=0, le=20)
    time_limit_s: float = Field(0.0, ge=0, le=3600)
    assign: Literal["between", "within"] = "between"
    order: Literal["mixed", "blocked"] = "mixed"
    qualification: Qualification | None = None
    instructions: str = ""
    debriefing: str = ""
    consent: Consent
    completion: Completion = Completion()
    exclude: Exclusions = Field(default_factory=lambda: Exclusions.read({}, "exclude"))
    planned: int = Field(30, ge=1)
    stop_when_full: bool = False
    seed: int = Field(0, ge=0, lt=2**32)

    @model_validator(mode="before")
    @classmethod
    def _resolve_options(cls, raw: Any) -> Any:
        """Reads ``options`` as the named protocol's own."""
        if not isinstance(raw, dict) or not isinstance(raw.get("protocol"), str):
            return raw
        if isinstance(raw.get("options"), Options):
            return raw
        try:
            kind = protocols[raw["protocol"]].options
            return {**raw, "options": kind.read(raw.get("options") or {}, "options")}
        except GanzooError as error:
            raise ValueError(str(error)) from None

    @model_validator(mode="after")
    def _fits_together(self) -> "Design":
        if self.order == "blocked" and self.assign == "between":
            raise ValueError("order: blocked is for assign: within; between, each sees one model")
        if self.order == "blocked" and self.blocks != len(self.stimuli.models):
            raise ValueError(
                f"order: blocked wants one block per model: {len(self.stimuli.models)}, "
                f"not {self.blocks}"
            )
        if self.checks > self.trials * self.blocks:
            raise ValueError(f"{self.checks} checks in {self.trials * self.blocks} trials")
        return self

    def _check_truth(self, what: str) -> None:
        """Not of what is on record: it was allowed when it was written, and its data are there."""
        for name in () if self.judges else ("feedback", "training", "qualification"):
            if getattr(self, name):
                raise StudyError(
                    f"{what}: {name}: between two fakes (against: model) no answer is right or "
                    f"wrong, so there is nothing to tell or to pass; leave {name} out"
                )

    @classmethod
    def parse(cls, raw: Mapping[str, Any], what: str = "study") -> "Design":
        """Checks plain data.

        Raises:
            StudyError: quoting every key nobody reads and every value out of range.
        """
        try:
            design = cls.read(raw, what)
        except RecipeError as error:
            raise StudyError(str(error)) from None
        design._check_truth(what)
        return design

    @classmethod
    def recorded(cls, text: str) -> "Design":
        """Reads a design as a store has it on record, JSON; it may be refused today."""
        return cls.model_validate_json(text)

    @classmethod
    def load(cls, path: Path) -> "Design":
        """Reads a YAML file.

        Raises:
            StudyError: if there is none, or it is not a study.
        """
        try:
            raw = yaml.safe_load(path.read_text("utf-8"))
        except OSError:
            raise StudyError(f"there is no study file {str(path)!r}") from None
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise StudyError(f"{path} is not YAML: {error}") from None
        if not isinstance(raw, dict):
            raise StudyError(f"{path}: expected keys and values, got {raw!r}")
        return cls.parse(raw, str(path))

    @property
    def judges(self) -> bool:
        """Whether an answer can be right or wrong."""
        return protocols[self.protocol].judges(self.options)

    @property
    def digest(self) -> str:
        """sha256 (hex) of what was chosen: the same for versions with more choices than this."""
        return sha256(self.model_dump_json(exclude_defaults=True).encode()).hexdigest()
