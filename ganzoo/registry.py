"""A folder is a registry: every public module in it is one entry, named after its file."""

import pkgutil
from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import import_module
from typing import Any, Generic, TypeVar

from ganzoo.errors import UnknownNameError, suggestion

Entry = TypeVar("Entry")


class Folder(Mapping[str, Entry], Generic[Entry]):
    """Read-only mapping from file name to that module's ``ENTRY``.

    Only listed modules can be imported, so a name read from a downloaded config never reaches
    arbitrary code. Hyphens and underscores are the same letter: ``fashion-mnist`` is
    ``fashion_mnist.py``.

    Args:
        kinds: what an ``ENTRY`` may be.
    """

    def __init__(self, package: str, *kinds: type[Any]) -> None:
        self.package, self.kinds = package, kinds

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every entry's name, sorted."""
        modules = pkgutil.iter_modules(import_module(self.package).__path__)
        return tuple(sorted(m.name for m in modules if not m.name.startswith("_")))

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.replace("-", "_") in self.names

    def __getitem__(self, name: str) -> Entry:
        """The entry of that name.

        Raises:
            UnknownNameError: if no file in the folder bears it.
        """
        if name not in self:
            raise UnknownNameError(
                f"{self.package} has no {name!r}. {suggestion(str(name), self.names)}"
            )
        module = import_module(f"{self.package}.{name.replace('-', '_')}")
        entry = module.ENTRY
        if not isinstance(entry, self.kinds):
            wanted = " or ".join(kind.__name__ for kind in self.kinds)
            raise TypeError(f"{module.__name__}.ENTRY is not a {wanted}")
        return entry
