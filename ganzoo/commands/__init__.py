"""One file per command: a function whose signature and docstring typer reads.

A folder is a command with commands of its own (``ganzoo study run``); its docstring explains it.

They import what they need when they run, so that ``ganzoo --help`` answers at once.
"""

from types import FunctionType
from typing import TypeAlias

from ganzoo.registry import Folder

Commands: TypeAlias = Folder[FunctionType]
commands: Folder[FunctionType | Commands] = Folder(__name__, FunctionType, Folder)
