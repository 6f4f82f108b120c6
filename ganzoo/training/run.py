"""A whole run in a folder: log, sheets, snapshots, the best moment."""

import math
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

import torch
from PIL import Image as Pillow
from torch import nn

from ganzoo import images
from ganzoo.allocator import keep_freed_memory
from ganzoo.bundle import Bundle
from ganzoo.config import Recipe
from ganzoo.data import Dataset
from ganzoo.errors import DivergedError, StoppedError, TrainingError
from ganzoo.record import Score
from ganzoo.training import state
from ganzoo.training.diary import Diary
from ganzoo.training.export import export
from ganzoo.training.log import Log, Means
from ganzoo.training.start import Start
from ganzoo.training.trainer import Trainer

CHECK_EVERY = 50  # steps between two looks at the terms, for which the device must be waited for


@runtime_checkable
class Watch(Protocol):
    """Judges the shown network at a snapshot; the first score decides which moment is best."""

    def __call__(self, shown: nn.Module) -> tuple[Score, ...]: ...


@dataclass(frozen=True)
class Progress:
    """What a run tells whoever started it; ``scoring``: that it will look at itself now."""

    kimg: float
    images_per_second: float
    terms: dict[str, float]
    scores: tuple[Score, ...] = ()
    scoring: bool = False


def fit(
    recipe: Recipe,
    dataset: Dataset,
    folder: Path,
    *,
    resume: bool = False,
    start: Start | None = None,
    watch: Watch | None = None,
    keep: Literal["best", "last"] = "best",
    snapshot_kimg: float | None = None,
    tell: Callable[[Progress], None] = lambda _: None,
    out: Path | None = None,
    cpu: bool = False,
    stop: Callable[[], bool] = lambda: False,
) -> Bundle | None:
    """Trains a recipe to the end of its budget and writes the bundle.

    Args:
        folder: the run's own: state, log, sheets.
        resume: go on from the folder's state.
        start: weights to begin with, instead of random ones.
        watch: scores each snapshot; without it the last snapshot is kept.
        keep: which of the scored snapshots becomes the bundle.
        snapshot_kimg: thousands of images between two snapshots; a 24th of the budget if None.
        tell: called at the start, at each look at the terms, before each snapshot and behind it.
        out: the bundle's folder; ``folder / recipe.name`` if None.
        stop: asked after each step; where it says so, in whichever process, the state is saved and
            the run ends.

    Returns:
        The bundle; None in every process but the first.

    Raises:
        TrainingError: if the folder holds a run and ``resume`` is off, or one of another recipe,
            on other images or under way; if there is nothing to resume, or if it should also begin
            anew.
        DivergedError: if a term is no longer finite; the last good state stays in the folder, and
            the best moment becomes the bundle.
        StoppedError: if it was asked to.
    """
    if resume and start:
        raise TrainingError(
            "a run is resumed from its own state, or begins with a bundle: not both"
        )
    keep_freed_memory()
    trainer = Trainer(recipe, dataset, cpu=cpu)
    first, out = trainer.accelerator.is_main_process, out or folder / recipe.name
    with state.alone(folder) if first else nullcontext():
        diary = _begin(trainer, dataset, folder, resume, start)
        run = _Run(trainer, dataset, diary, folder, first, watch, keep, tell, stop)
        if start:
            run.look_back(start)
        elif trainer.done and diary.best is None:  # stopped early, beyond what is now its budget
            run.look()
        tell(Progress(trainer.kimg, 0.0, {}))
        with Log(folder, trainer.kimg) if first else nullcontext() as lines:
            try:
                run.play(snapshot_kimg or recipe.kimg / 24, lines)
            except DivergedError as lost:
                if not first or diary.best is None:
                    raise
                export(trainer, diary, dataset, folder, out)
                best = f"What was best, after {diary.best_kimg:g} thousand images, is kept in {out}"
                raise DivergedError(f"{lost}. {best}", out) from None
        return export(trainer, diary, dataset, folder, out) if first else None


def _begin(
    trainer: Trainer, dataset: Dataset, folder: Path, resume: bool, start: Start | None
) -> Diary:
    """Sets the trainer to where the run begins or goes on; what the run remembers until there."""
    if resume:
        content = state.load(folder, trainer.recipe, dataset)
        diary = Diary(**content.pop("diary"))
        trainer.restore(content)
        return diary
    if (folder / state.STATE).exists():
        raise TrainingError(
            f"{folder} holds a run already: go on with --resume, or choose another folder (--run)"
        )
    if start is None:
        return Diary()
    start.apply(trainer)
    return Diary.after(start)


@dataclass
class _Run:
    trainer: Trainer
    dataset: Dataset
    diary: Diary
    folder: Path
    first: bool  # of several processes: the one that writes and speaks
    watch: Watch | None
    keep: Literal["best", "last"]
    tell: Callable[[Progress], None]
    stop: Callable[[], bool]

    def play(self, snapshot_kimg: float, log: Log | None) -> None:
        trainer, means = self.trainer, Means()
        if trainer.steps == 0:
            self._sheet()
        next_snapshot = _next(trainer.kimg, snapshot_kimg)
        began, seen = time.perf_counter(), trainer.kimg
        while not trainer.done:
            means.add(trainer.step())
            due = trainer.kimg >= next_snapshot or trainer.done
            stopped = self._asked() and not due
            if not (due or stopped) and trainer.steps % CHECK_EVERY:
                continue
            terms = self._checked(means.take())
            spent = time.perf_counter() - began
            self.diary.seconds += spent
            speed = 1000 * (trainer.kimg - seen) / spent
            scores: tuple[Score, ...] = ()
            if due:
                next_snapshot = _next(trainer.kimg, snapshot_kimg)
                trainer.settle()
                scores = self._shown(Progress(trainer.kimg, speed, terms)) if self.first else ()
            if log:
                values = {**terms, **{score.name: score.value for score in scores}}
                values |= {**trainer.gauges(), "images_per_second": round(speed, 1)}
                log.write(trainer.kimg, values)
                if due:
                    log.picture(trainer.kimg, self._path(trainer.kimg))
                self.tell(Progress(trainer.kimg, speed, terms, scores))
            if stopped:
                self._leave()
            began, seen = time.perf_counter(), trainer.kimg

    def look(self) -> None:
        """Takes a snapshot where the training stands; to be called in every process."""
        self.trainer.settle()
        if self.first:
            self._snapshot()

    def look_back(self, start: Start) -> None:
        """Measures where a continued training stands, and takes over its film."""
        if not start.continued:
            return
        self.look()
        if not self.first:
            return
        sheet = self._path(self.trainer.kimg)
        if sheet.is_file():
            with Pillow.open(sheet) as like:
                for kimg, frame in start.film(like):
                    frame.save(self._path(kimg))

    def _shown(self, now: Progress) -> tuple[Score, ...]:
        """Says that it will look at itself, and does."""
        self.tell(replace(now, scoring=self.watch is not None))
        return self._snapshot()

    def _checked(self, terms: dict[str, float]) -> dict[str, float]:
        lost = [f"{name} = {value}" for name, value in terms.items() if not math.isfinite(value)]
        if lost:
            there = (self.folder / state.STATE).is_file()
            kept = f"The last good state is in {self.folder}" if there else "Nothing was kept yet"
            raise DivergedError(
                f"step {self.trainer.steps}: {', '.join(lost)}. {kept}; a lower learning rate or "
                "a penalty may help"
            )
        return terms

    def _snapshot(self) -> tuple[Score, ...]:
        trainer, diary = self.trainer, self.diary
        self._refuse_lost()
        self._sheet()
        scores = self.watch(trainer.shown) if self.watch else ()
        if scores:
            values = {one.name: one.value for one in scores if math.isfinite(one.value)}
            diary.curve.append({"kimg": round(trainer.kimg, 3), "values": values})
        rank = _rank(scores)
        last = self.keep == "last" or not scores or diary.best is None
        if last or rank <= diary.best_score:
            diary.best_score, diary.best_kimg = rank, trainer.kimg
            diary.best = {
                name: {key: value.detach().clone() for key, value in network.state_dict().items()}
                for name, network in self.trainer.exhibits.items()
            }
        self._save()
        return scores

    def _refuse_lost(self) -> None:
        """A state that is no number must not take the last good one's place."""
        if not self.trainer.finite():
            raise DivergedError(f"step {self.trainer.steps}: weights are no longer finite")

    def _asked(self) -> bool:
        """Whether any process was asked to stop: a signal need not reach all within one step."""
        asked, accelerator = self.stop(), self.trainer.accelerator
        if accelerator.num_processes == 1:
            return asked
        votes = torch.tensor(float(asked), device=accelerator.device)
        return bool(torch.as_tensor(accelerator.reduce(votes, reduction="sum")) > 0)

    def _leave(self) -> None:
        self._refuse_lost()
        if self.first:
            self._save()
        self.trainer.accelerator.wait_for_everyone()  # torchrun ends all as soon as one has left
        raise StoppedError(
            f"stopped at {self.trainer.kimg:g} of {self.trainer.recipe.kimg:g} kimg; its state is "
            f"in {self.folder}: go on with --resume"
        )

    def _save(self) -> None:
        content = {**self.trainer.state(), "diary": self.diary.content()}
        state.save(self.folder, self.trainer.recipe, self.dataset, content)

    @torch.inference_mode()
    def _sheet(self) -> None:
        image = self.trainer.game.sheet(self.trainer.shown) if self.first else None
        if image is None:
            return
        path = self._path(self.trainer.kimg)
        path.parent.mkdir(exist_ok=True)
        images.to_pillow(images.grid(images.to_pictures(image))).save(path)

    def _path(self, kimg: float) -> Path:
        """Of the sheet that was taken after so many thousand images."""
        return self.folder / "sheets" / f"{round(kimg * 1000):09d}.png"


def _rank(scores: tuple[Score, ...]) -> float:
    """Lower is better, whatever the score."""
    if not scores or not math.isfinite(scores[0].value):
        return math.inf
    return scores[0].value if scores[0].better == "lower" else -scores[0].value


def _next(kimg: float, every: float) -> float:
    return every * (math.floor(kimg / every + 1e-9) + 1)
