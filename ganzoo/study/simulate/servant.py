"""A server in a process of its own, that can be struck down and started again."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from urllib.error import URLError
from urllib.request import urlopen

from ganzoo.errors import StudyError

START_S = 120.0


class Servant:
    """``ganzoo study run`` on this machine, over a store of its own.

    Args:
        study: the prepared folder.
        url: of the store.
    """

    def __init__(self, study: Path, url: str) -> None:
        self.study, self.url = study, url
        self.port = _free_port()
        self.kills = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def home(self) -> str:
        return f"http://127.0.0.1:{self.port}/study/{self.study.name}/"

    def start(self) -> None:
        """Starts it, and returns when it answers.

        Raises:
            StudyError: if it does not.
        """
        environment = {**os.environ, "GANZOO_DATABASE_URL": self.url}
        code = "from ganzoo.cli import main; main()"
        command = [sys.executable, "-c", code, "study", "run", str(self.study)]
        self._process = subprocess.Popen(
            [*command, "--port", str(self.port), "--password", "simulated"],
            env=environment, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            try:
                with urlopen(self.home, timeout=5):
                    return
            except (URLError, OSError):
                time.sleep(0.05)
        raise StudyError(f"the server of {self.study} did not start")

    def kill(self) -> None:
        """SIGKILL: no chance to write anything."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self.kills += 1

    def stop(self) -> int | None:
        """SIGTERM: it finishes what it does and leaves; its exit code."""
        if self._process is None:
            return None
        if self._process.poll() is None:
            self._process.terminate()
        return self._process.wait()

    def __enter__(self) -> "Servant":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
