"""The studies that a server holds: found by name, opened when somebody first comes."""

from collections.abc import Sequence
from os.path import abspath
from pathlib import Path
from threading import Lock

from ganzoo import paths
from ganzoo.errors import StudyError, suggestion
from ganzoo.study.design import Design
from ganzoo.study.desk import Desk
from ganzoo.study.journal import Journal
from ganzoo.study.manifest import DESIGN, Prepared
from ganzoo.study.store import Store

SHIPPED = Path(__file__).parent / "studies"


class Halls:
    """Desks of the prepared studies in some folders, over one store.

    Args:
        folders: each a prepared study, or a folder of them.
        url: of the store; ``GANZOO_DATABASE_URL`` or the user's data folder if None.
        password: of the researcher's page; without one there is no such page.
        journal: follows the store to the Hub, and fills it at the start.
    """

    def __init__(
        self,
        folders: Sequence[Path] = (SHIPPED,),
        url: str | None = None,
        password: str = "",
        journal: Journal | None = None,
    ) -> None:
        self.password, self._journal = password, journal
        self._folders = {path.name: path for path in _studies(folders)}
        self._url, self._store = url, None
        self._desks: dict[str, Desk] = {}
        self._lock = Lock()

    @property
    def names(self) -> list[str]:
        return sorted(self._folders)

    def title(self, name: str) -> str:
        """What a study calls itself; no store is opened for it."""
        return Design.load(self._folders[name] / DESIGN).title

    @property
    def store(self) -> Store:
        """The one store, opened when it is first needed.

        Raises:
            StoreError: if it cannot be opened.
            HubError: if its journal cannot be read.
        """
        with self._lock:
            return self._open()

    def desk(self, name: str) -> Desk:
        """The desk of a study.

        Raises:
            StudyError: if there is no such study, or it was registered otherwise.
            StoreError: if the store cannot be opened or written.
            HubError: if its journal cannot be read.
        """
        with self._lock:
            if name not in self._desks:
                if name not in self._folders:
                    raise StudyError(f"there is no study {name[:60]!r} here")
                self._desks[name] = Desk(Prepared(self._folders[name]), self._open())
            return self._desks[name]

    def close(self) -> None:
        """Writes what waits and lets go of the store."""
        with self._lock:
            if self._store is not None:
                self._store.close()
                if self._journal is not None:
                    self._journal.close()
            self._store, self._desks = None, {}

    def _open(self) -> Store:
        if self._store is None:
            store = Store(self._url or paths.database())
            if self._journal is not None:
                self._fill(store, self._journal)
            self._store = store
        return self._store

    @staticmethod
    def _fill(store: Store, journal: Journal) -> None:
        try:
            journal.restore(store)
        except BaseException:
            store.close()
            raise
        journal.start()


def _studies(folders: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for folder in folders:
        here = [folder] if (folder / DESIGN).is_file() else []
        found += here or sorted(path.parent for path in folder.glob(f"*/{DESIGN}"))
    return found


def find(name: str, folders: Sequence[Path] = (SHIPPED,)) -> Path:
    """The folder of a study: a folder, its YAML file, or a name among ``folders``.

    Raises:
        StudyError: if there is none.
    """
    here = Path(abspath(name))  # a study is called after its folder, and "." is no name
    if (here / DESIGN).is_file():
        return here
    if here.is_file() and here.name == DESIGN:
        return here.parent
    known = {path.name: path for path in _studies(folders)}
    if name not in known:
        raise StudyError(
            f"there is no study {name!r}, nor such a folder. {suggestion(name, known)}"
        )
    return known[name]
