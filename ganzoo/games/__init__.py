"""A GAN is a game: players take turns, and each turn lowers its player's loss."""

from ganzoo.games._base import Game, Match, Turn
from ganzoo.registry import Folder

games: Folder[type[Game]] = Folder(__name__, type)

__all__ = ["Game", "Match", "Turn", "games"]
