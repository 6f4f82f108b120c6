"""Files that are deleted an hour after they were made, while visitors have others made."""

from collections.abc import Iterator


class Swept:
    """A set of files as Gradio's sweep looks through it: at a copy.

    The sweep goes on for as long as the server runs, in a thread of its own; a set that grew while
    it was looked through would end it for good.
    """

    def __init__(self, files: set[str]) -> None:
        self._files = files

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._files))

    def __isub__(self, gone: set[str]) -> "Swept":
        self._files -= gone
        return self
