"""Playing a game to the end of its budget."""

from ganzoo.training.run import Watch, fit
from ganzoo.training.start import Start
from ganzoo.training.trainer import Trainer

__all__ = ["Start", "Trainer", "Watch", "fit"]
