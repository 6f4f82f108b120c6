"""Assembles a Space: one folder with all that runs there, tried out before it goes online.

The manifests lie in ``spaces/``, which never goes along itself: Gradio imports a module of that
name, and a folder would stand in its place.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from ganzoo import bundle
from ganzoo.errors import BundleError, HubError, UnknownNameError, suggestion
from ganzoo.hub.client import client, patiently, plain_errors
from ganzoo.hub.push import Parcel
from ganzoo.hub.ref import HUB, repository

ROOT = Path(__file__).parents[2]
PROGRAM = ("app.py", "LICENSE", "CHANGELOG.md")
MANIFEST = "space.json"
FILES = (bundle.CONFIG, bundle.MODEL, bundle.CARD)
PATIENCE = 600  # seconds until the first answer; a small machine may be slow
QUIET = {"HF_HUB_OFFLINE": "1"}  # a trial asks nobody


@dataclass(frozen=True)
class Space:
    """A manifest: what the Hub is told, and what starts there.

    Attributes:
        command: what Python is given to start it; ``{port}`` stands for the port.
        health: the address that answers when it runs.
        variables: environment variables that it is started with.
    """

    folder: Path
    command: tuple[str, ...]
    health: str
    variables: Mapping[str, str]


def spaces(root: Path = ROOT) -> dict[str, Space]:
    """The manifests in a copy of the repository.

    Raises:
        HubError: if this is an installed package, which has none.
    """
    found = {path.parent.name: path for path in sorted(root.glob(f"spaces/*/{MANIFEST}"))}
    if not found:
        raise HubError("there are no manifests here: deploy from a copy of the repository")
    return {name: _space(path) for name, path in found.items()}


def _space(path: Path) -> Space:
    told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return Space(path.parent, tuple(told["command"]), told["health"], told["variables"])


def space(name: str, root: Path = ROOT) -> Space:
    """The manifest of that name.

    Raises:
        UnknownNameError: if there is none.
    """
    known = spaces(root)
    if name not in known:
        raise UnknownNameError(f"there is no Space {name!r}. {suggestion(name, known)}")
    return known[name]


def assemble(
    chosen: Space, out: Path, bundles: Sequence[Path], models: Sequence[str] = (), root: Path = ROOT
) -> dict[str, str]:
    """Writes the tree of a Space into an empty folder.

    Args:
        bundles: folders of those that go along.
        models: of those on the Hub (``hub:user/name@revision``) that are fetched when it is built.

    Returns:
        The environment variables that it needs.

    Raises:
        HubError: if the folder is not empty, or a name is malformed.
        BundleError: if a bundle is damaged.
    """
    if out.exists() and any(out.iterdir()):
        raise HubError(f"{str(out)!r} is not empty")
    out.mkdir(parents=True, exist_ok=True)
    for name in PROGRAM:
        shutil.copyfile(root / name, out / name)
    shutil.copytree(root / "ganzoo", out / "ganzoo", ignore=_passing)
    for folder in bundles:
        found = bundle.load(folder)
        found.check()
        shutil.copytree(folder, out / "checkpoints" / found.name)
    (out / "checkpoints").mkdir(exist_ok=True)
    needed = (root / "requirements.txt").read_text("utf-8")
    more = chosen.folder / "requirements.txt"
    (out / "requirements.txt").write_text(
        needed + (more.read_text("utf-8") if more.exists() else ""), "utf-8"
    )
    if (docker := chosen.folder / "Dockerfile").exists():
        shutil.copyfile(docker, out / "Dockerfile")
    (out / "README.md").write_text(_readme(chosen, models), "utf-8")
    named = {"GANZOO_MODELS": " ".join(models)} if models else {}
    return {**chosen.variables, **named}


def _passing(_: str, names: list[str]) -> set[str]:
    return {name for name in names if name.startswith((".", "__pycache__"))}


def _readme(chosen: Space, models: Sequence[str]) -> str:
    """The manifest's own, with the models that the Hub is to put into the image."""
    text = (chosen.folder / "README.md").read_text("utf-8")
    if not models:
        return text
    refs = [repository(name.removeprefix(HUB)) for name in models]
    pins = [f" {','.join(FILES)} {ref.revision}" if ref.pinned else "" for ref in refs]
    lines = [f"- {ref.repo}{pin}" for ref, pin in zip(refs, pins, strict=True)]
    head, _, body = text.removeprefix("---\n").partition("---\n")
    return f"---\n{head}preload_from_hub:\n" + "\n".join(lines) + f"\n---\n{body}"


def sdk(folder: Path) -> str:
    """What runs a tree, by its own front matter."""
    from huggingface_hub import metadata_load

    return str((metadata_load(folder / "README.md") or {})["sdk"])


def parcels(folder: Path) -> tuple[Parcel, ...]:
    """Every file of a tree, to be sent.

    Raises:
        BundleError: if a folder in it is called ``spaces``.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sent = tuple(Parcel(path.relative_to(folder).as_posix(), path) for path in files)
    if any("spaces" in Path(one.path).parts for one in sent):
        raise BundleError("a folder called spaces would stand where Gradio looks for a module")
    return sent


def try_out(folder: Path, chosen: Space, name: str, variables: Mapping[str, str]) -> float:
    """Starts a tree as a Space would, in an environment of its own, and waits for an answer.

    Returns:
        Seconds until the answer.

    Raises:
        HubError: with the last words of what did not start.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [part.replace("{port}", port) for part in chosen.command]
    start = time.monotonic()
    with (
        (folder.parent / f".{folder.name}.log").open("w+") as log,
        subprocess.Popen(
            [sys.executable, *command],
            cwd=folder,
            env=_environment(folder, name, port, variables),
            stdout=log,
            stderr=log,
        ) as process,
    ):
        try:
            while not _answers(f"http://127.0.0.1:{port}{chosen.health}"):
                if process.poll() is not None or time.monotonic() - start > PATIENCE:
                    log.seek(0)
                    raise HubError(f"it does not start: {log.read()[-2000:]}")
                time.sleep(0.25)
        finally:
            process.terminate()
    Path(log.name).unlink()
    return time.monotonic() - start


def _environment(
    folder: Path, name: str, port: str, variables: Mapping[str, str]
) -> dict[str, str]:
    """Of a Space: nothing of this machine's settings but where Python and what was fetched lie."""
    kept = {key: os.environ[key] for key in ("PATH", "HF_HOME", "LANG") if key in os.environ}
    return {
        **kept,
        **QUIET,
        **variables,
        "HOME": str(folder.parent),
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "SYSTEM": "spaces",
        "SPACE_ID": name,
        "GRADIO_SERVER_NAME": "127.0.0.1",
        "GRADIO_SERVER_PORT": port,
        "GANZOO_DATABASE_URL": f"sqlite:///{folder.parent / 'trial.sqlite'}",
    }


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as reply:
            return reply.status == 200
    except (URLError, OSError):
        return False


def set_variables(repo: str, variables: Mapping[str, str]) -> None:
    """Tells a Space which environment variables it is started with.

    Raises:
        HubError: if the Hub refuses or cannot be reached.
    """
    api = client()
    with plain_errors(repo, doing="write"):
        for key, value in variables.items():
            patiently(lambda key=key, value=value: api.add_space_variable(repo, key, value))
