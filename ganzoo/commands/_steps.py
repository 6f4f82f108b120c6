"""A training step, raced: the trainer's own, and the same as plain torch would take it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from ganzoo import config
from ganzoo.allocator import keep_freed_memory
from ganzoo.data import Dataset
from ganzoo.training import Trainer

Acts = dict[str, Callable[..., object]]
PRECISIONS = {"no": "float32", "bf16": "bfloat16"}  # as Accelerate names them


def plain_steps(recipe: dict[str, Any]) -> Acts:
    """A training step as plain torch would take it, in a contestant's process."""
    trainer = trainer_of(recipe | {"precision": "float32"})
    trainer.players.to(memory_format=torch.contiguous_format)
    return steps(trainer)


def trainer_steps(recipe: dict[str, Any]) -> Acts:
    """The trainer's own step, in a contestant's process."""
    keep_freed_memory()
    return steps(trainer_of(recipe))


def steps(trainer: Any) -> Acts:
    """What it can do; it has taken a step already."""

    def step() -> None:
        trainer.step()
        if torch.cuda.is_available():
            torch.cuda.synchronize()

    step()
    images = round(1000 * trainer.kimg)
    return {
        "step": step,
        "images": lambda: images,
        "how": lambda: {"precision": PRECISIONS[trainer.accelerator.mixed_precision]},
    }


def trainer_of(recipe: dict[str, Any]) -> Trainer:
    """A recipe's trainer, on noise."""
    parsed = config.parse(recipe)
    dice, count = np.random.default_rng(0), 4 * parsed.batch_size
    shape = (count, parsed.data.channels, parsed.data.size, parsed.data.size)
    classes = getattr(parsed.options, "num_classes", 1) or 1
    given = (count, parsed.data.input_channels, *shape[2:])
    noise = Dataset(
        name="noise",
        pictures=dice.integers(0, 256, shape, np.uint8),
        labels=dice.integers(0, classes, count),
        inputs=dice.integers(0, 256, given, np.uint8),
    )
    return Trainer(parsed, noise)
