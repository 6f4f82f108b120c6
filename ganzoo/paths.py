"""Where things live. Read at call time, so that the environment can move them.

| variable | what lives there | without it |
|---|---|---|
| ``GANZOO_CHECKPOINTS`` | bundles | ``checkpoints/`` beside the package, else here |
| ``GANZOO_RUNS`` | trainings under way | ``runs/`` here |
| ``GANZOO_DATA`` | local copies of data sets | ``$XDG_DATA_HOME/ganzoo`` |
| ``GANZOO_DATABASE_URL`` | answers of studies | ``$XDG_DATA_HOME/ganzoo/studies.sqlite`` |
| ``GANZOO_CACHE`` | decoded pictures, features | ``$XDG_CACHE_HOME/ganzoo`` |
"""

import os
from pathlib import Path


def checkpoints() -> Path:
    """The folder of bundles: one sub-folder each."""
    beside = Path(__file__).parents[1] / "checkpoints"
    return _at("GANZOO_CHECKPOINTS", beside if beside.is_dir() else Path("checkpoints"))


def runs() -> Path:
    """Where trainings keep their state, logs and sheets."""
    return _at("GANZOO_RUNS", Path("runs"))


def data() -> Path:
    """Where data sets are looked for and downloaded to."""
    return _at("GANZOO_DATA", _at("XDG_DATA_HOME", Path.home() / ".local/share") / "ganzoo")


def database() -> str:
    """Where the answers of studies are kept, as SQLAlchemy writes an address."""
    given = os.environ.get("GANZOO_DATABASE_URL")
    home = _at("XDG_DATA_HOME", Path.home() / ".local/share") / "ganzoo"
    return given or f"sqlite:///{home / 'studies.sqlite'}"


def cache() -> Path:
    """What can be computed again: decoded pictures, features of real images."""
    return _at("GANZOO_CACHE", _at("XDG_CACHE_HOME", Path.home() / ".cache") / "ganzoo")


def _at(variable: str, default: Path) -> Path:
    return Path(os.environ.get(variable) or default).expanduser()
