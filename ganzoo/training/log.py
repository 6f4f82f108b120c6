"""What a run writes down as it goes: JSON lines for programs, TensorBoard for people."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import numpy as np
import torch
from PIL import Image as Pillow
from torch import Tensor
from torch.utils.tensorboard.writer import SummaryWriter


class Log:
    """Appends to ``log.jsonl`` and to ``tensorboard/`` in a run's folder.

    Lines from beyond ``kimg`` (written after the state that a run resumes from) are dropped.
    """

    def __init__(self, folder: Path, kimg: float) -> None:
        self.path = folder / "log.jsonl"
        kept = [line for line in self._lines() if json.loads(line)["kimg"] <= kimg]
        self.path.write_text("".join(kept))
        purge = int(kimg * 1000) + 1 if kept else None
        self.board = SummaryWriter(str(folder / "tensorboard"), purge_step=purge)

    def __enter__(self) -> "Log":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.board.close()

    def write(self, kimg: float, values: Mapping[str, float]) -> None:
        """One line; on the board, the horizontal axis counts images."""
        with self.path.open("a") as file:
            file.write(json.dumps({"kimg": round(kimg, 3), **values}) + "\n")
        for name, value in values.items():
            self.board.add_scalar(name, value, round(kimg * 1000))

    def picture(self, kimg: float, path: Path) -> None:
        """A sheet for the board; nothing where none was painted."""
        if path.is_file():
            sheet = np.atleast_3d(np.asarray(Pillow.open(path)))
            self.board.add_image("sheet", sheet, round(kimg * 1000), dataformats="HWC")

    def _lines(self) -> list[str]:
        if not self.path.is_file():
            return []
        return [f"{line}\n" for line in self.path.read_text().splitlines() if line.endswith("}")]


class Means:
    """Averages terms between two lines of the log, without waiting for the device each step."""

    def __init__(self) -> None:
        self.sums: dict[str, Tensor] = {}
        self.counts: dict[str, int] = {}

    def add(self, terms: Mapping[str, Tensor]) -> None:
        for name, term in terms.items():
            self.sums[name] = self.sums.get(name, torch.zeros_like(term)) + term
            self.counts[name] = self.counts.get(name, 0) + 1

    def take(self) -> dict[str, float]:
        """The means so far; starts anew."""
        means = {name: float(total) / self.counts[name] for name, total in self.sums.items()}
        self.sums, self.counts = {}, {}
        return means
