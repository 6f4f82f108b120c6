"""All bundles of some folders, found by name or by what they can do."""

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from threading import RLock

from ganzoo import bundle
from ganzoo.architectures import Ability
from ganzoo.bundle import Bundle
from ganzoo.errors import BundleError, GanzooError, UnknownNameError, suggestion
from ganzoo.zoo.model import Model

LIMIT_BYTES = 512 * 2**20  # of weights awake: leaves a process well under 2 GB
GUESTS = 16  # bundles that visitors brought

Stamp = tuple[int, int]  # of a config file: when it was written, and its size


class Zoo:
    """Bundles at hand, listed anew whenever asked, and the few models that are awake.

    A model is built once and shared by everyone; when the weights awake exceed the limit, those
    that nobody asked for the longest go back to sleep. Safe to use from several threads.

    Args:
        roots: folders whose sub-folders are bundles; the first to hold a name keeps it.
        limit_bytes: float32 weights kept in memory; the model in use always is.
        guest_bytes: that a bundle brought by a visitor may take; 0 if none may be brought.
    """

    def __init__(
        self, roots: Sequence[Path], limit_bytes: int = LIMIT_BYTES, guest_bytes: int = 0
    ) -> None:
        self.roots, self.limit_bytes, self.guest_bytes = tuple(roots), limit_bytes, guest_bytes
        self._guests: OrderedDict[str, Bundle] = OrderedDict()
        self._added: list[Path] = []
        self._read: dict[Path, tuple[Stamp, Bundle | GanzooError | OSError]] = {}
        self._awake: OrderedDict[str, Model] = OrderedDict()
        self._lock = RLock()

    def names(self, *abilities: Ability) -> list[str]:
        """Bundles that can do all that is asked, sorted."""
        bundles = self._bundles()[0]
        return sorted(name for name, one in bundles.items() if one.abilities.issuperset(abilities))

    @property
    def problems(self) -> dict[str, str]:
        """Folders that should be bundles but cannot be read, and why."""
        return self._bundles()[1]

    def bundle(self, name: str) -> Bundle:
        """The bundle of that name.

        Raises:
            UnknownNameError: if there is none.
            BundleError: if there is one, but it cannot be read.
        """
        bundles, problems = self._bundles()
        if name in bundles:
            return bundles[name]
        if name in self._guests:
            return self._guests[name]
        if name in problems:
            raise BundleError(problems[name])
        raise UnknownNameError(f"there is no bundle {name!r}. {suggestion(name, bundles)}")

    def model(self, name: str) -> Model:
        """The model of that name, shared by everyone who asks.

        Raises:
            As :meth:`bundle`.
        """
        with self._lock:
            found = self.bundle(name)
            model = self._awake.pop(name, None)
            if model is None or model.bundle is not found:  # new here, or written anew
                model = Model(found)
            self._awake[name] = model
            self._send_to_sleep()
            return model

    def add(self, folder: Path) -> Bundle:
        """Takes in one bundle from anywhere, until the process ends.

        Raises:
            BundleError: if it is none, or another bundle bears its name already.
        """
        with self._lock:
            newcomer = bundle.load(folder)
            here = self._bundles()[0].get(newcomer.name)
            if here and here.folder.resolve() != folder.resolve():
                raise BundleError(
                    f"{str(folder)!r} is called {newcomer.name!r}, and so is {str(here.folder)!r}"
                )
            if here is None:
                self._added.append(folder)
            return self.bundle(newcomer.name)

    def welcome(self, folder: Path, name: str) -> Bundle:
        """Takes in a guest: found by whoever knows its name, listed for nobody.

        When there are too many, whoever came first leaves.

        Raises:
            BundleError: if it is no bundle, or its name is that of a resident.
        """
        with self._lock:
            if name in self._bundles()[0]:
                raise BundleError(f"{name!r} lives here already")
            newcomer = bundle.load(folder)
            if name not in self._guests:  # whoever is here already stays as it is
                named = newcomer.config.model_copy(update={"name": name})
                self._guests[name] = Bundle(folder, named)
            self._guests.move_to_end(name)
            while len(self._guests) > GUESTS:
                gone, _ = self._guests.popitem(last=False)
                self._awake.pop(gone, None)
            return self._guests[name]

    def guests(self, *abilities: Ability) -> list[str]:
        """Guests that can do all that is asked, the latest last."""
        with self._lock:
            here = list(self._guests.items())
        return [name for name, one in here if one.abilities.issuperset(abilities)]

    def awake(self) -> dict[str, int]:
        """The models awake, and the bytes that each takes, the one just used last."""
        with self._lock:
            return {name: _weight(model) for name, model in self._awake.items()}

    def _bundles(self) -> tuple[dict[str, Bundle], dict[str, str]]:
        with self._lock:
            bundles: dict[str, Bundle] = {}
            problems: dict[str, str] = {}
            for folder in self._folders():
                found = self._look(folder)
                if not isinstance(found, Bundle):
                    problems[folder.name] = str(found)
                elif found.name in bundles:
                    other = bundles[found.name].folder
                    problems[folder.name] = f"{folder} and {other} are both called {found.name!r}"
                else:
                    bundles[found.name] = found
            return bundles, problems

    def _folders(self) -> list[Path]:
        configs = (sorted(root.glob(f"*/{bundle.CONFIG}")) for root in self.roots)
        return [config.parent for found in configs for config in found] + self._added

    def _look(self, folder: Path) -> Bundle | GanzooError | OSError:
        """Reads a config once, and again only when its file has changed."""
        try:
            status = (folder / bundle.CONFIG).stat()
        except OSError as error:
            return error
        stamp = (status.st_mtime_ns, status.st_size)
        if folder not in self._read or self._read[folder][0] != stamp:
            self._read[folder] = (stamp, _load(folder))
        return self._read[folder][1]

    def _send_to_sleep(self) -> None:
        while len(self._awake) > 1 and sum(map(_weight, self._awake.values())) > self.limit_bytes:
            self._awake.popitem(last=False)


def _load(folder: Path) -> Bundle | GanzooError | OSError:
    try:
        return bundle.load(folder)
    except (GanzooError, OSError) as error:
        return error


def _weight(model: Model) -> int:
    """Bytes of a model's networks when all are awake: float32, twice what lies on disk."""
    files = (model.bundle.folder / name for name in model.bundle.config.sha256)
    return 2 * sum(path.stat().st_size for path in files if path.is_file())
