"""A gallery served on this machine."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]


@contextmanager
def serving(shelf: Path, *options: str, **environment: str) -> Iterator[str]:
    """The address of a real gallery on this machine, opened as the README says."""
    port = free_port()
    command = [sys.executable, "app.py", "--bundles", str(shelf), "--port", str(port), *options]
    kept = {**os.environ, "GANZOO_DATABASE_URL": answers(shelf), **environment}
    with subprocess.Popen(
        command, cwd=ROOT, env=kept, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            assert said == f"The gallery is open at http://127.0.0.1:{port}/\n"
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()


def answers(shelf: Path) -> str:
    """The address of what visitors of that gallery answer."""
    return f"sqlite:///{shelf.parent / 'answers.sqlite'}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
