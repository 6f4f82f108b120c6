"""Small studies of pictures made by lot, and the databases that their answers lie in."""

import json
import os
import pwd
import shutil
import socket
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from ganzoo.study.design import Design, Stimuli
from ganzoo.study.manifest import DESIGN, MANIFEST, PICTURES, Manifest, Prepared, Stimulus
from ganzoo.study.stimuli import encode
from ganzoo.study.store import Store

POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
Make = Callable[..., Prepared]


def raw(**changes: Any) -> dict[str, Any]:
    """A study as a researcher writes it; ``changes`` replace its keys."""
    return {
        "name": "tiny",
        "title": "Tiny",
        "protocol": "single",
        "trials": 6,
        "stimuli": {"models": ["anna", "bert"], "reals": {"name": "digits"}},
        "consent": {"version": "7", "text": "May we?"},
        "exclude": {},
        **changes,
    }


def made(folder: Path, each: int = 40, **changes: Any) -> Prepared:
    """A prepared study: ``each`` fakes per model, twice as many reals."""
    design = Design.parse(raw(**changes))
    dice = np.random.default_rng(0)
    found: dict[str, tuple[Stimulus, bytes]] = {}
    for model in (*["anna", "bert"] * each, *[None] * 2 * each):
        picture = dice.integers(0, 256, (8, 8, 1), dtype=np.uint8)
        content = encode(picture, Stimuli.model_validate(raw()["stimuli"]))
        name = sha256(content).hexdigest()
        found[name] = (Stimulus(sha256=name, model=model), content)
    folder = folder / design.name
    folder.mkdir(parents=True, exist_ok=True)
    manifest = Manifest(
        design=design.digest, encoder="test", side=8, licences={},
        stimuli=tuple(one for one, _ in found.values()),
    )  # fmt: skip
    (folder / DESIGN).write_text(yaml.safe_dump(raw(**changes)))
    (folder / MANIFEST).write_text(json.dumps(manifest.model_dump(mode="json")))
    with zipfile.ZipFile(folder / PICTURES, "w") as archive:
        for name, (_, content) in found.items():
            archive.writestr(f"{name}.png", content)
    return Prepared(folder)


@pytest.fixture
def make(tmp_path) -> Make:
    return lambda **changes: made(tmp_path, **changes)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path) -> str:
    """The address of an empty database, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'answers.sqlite'}"
    cluster = request.getfixturevalue("cluster")
    name = f"t{sha256(str(tmp_path).encode()).hexdigest()[:16]}"
    subprocess.run(
        [POSTGRES[-1] / "createdb", "-h", "127.0.0.1", "-p", cluster, "-U", "tester", name],
        check=True,
    )
    return f"postgresql://tester@127.0.0.1:{cluster}/{name}"


@pytest.fixture
def store(url) -> Iterator[Store]:
    kept = Store(url)
    yield kept
    kept.close()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory) -> Iterator[str]:
    """A PostgreSQL of our own on the loopback interface, run by nobody in particular; its port."""
    if not POSTGRES:
        pytest.skip("PostgreSQL is missing: apt-get install postgresql")
    folder = Path(f"/tmp/ganzoo-postgresql-{os.getpid()}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    user: dict[str, Any] = {}
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        user = {"user": "nobody", "group": nobody.pw_gid, "extra_groups": []}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])

    def tool(*command: str) -> None:
        subprocess.run(
            [str(POSTGRES[-1] / command[0]), *command[1:]],
            check=True, cwd=folder, stdout=subprocess.DEVNULL, **user,
        )  # fmt: skip

    data = str(folder / "data")
    tool("initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    tool("pg_ctl", "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield port
    finally:
        tool("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)
