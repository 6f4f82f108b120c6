"""Small studies of pictures made by lot, and the databases that their answers lie in."""

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from studies import made

from ganzoo.study.manifest import Prepared
from ganzoo.study.store import Store

POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@pytest.fixture
def make(tmp_path) -> Callable[..., Prepared]:
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
