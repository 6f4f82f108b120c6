"""One file per command: a function whose signature and docstring typer reads.

They import what they need when they run, so that ``ganzoo --help`` answers at once.
"""

from types import FunctionType

from ganzoo.registry import Folder

commands: Folder[FunctionType] = Folder(__name__, FunctionType)
