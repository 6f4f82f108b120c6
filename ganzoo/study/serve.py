"""Runs the server of a study until it is told to stop."""

import signal
import socket

import uvicorn

from ganzoo.errors import GanzooError
from ganzoo.study.halls import Halls
from ganzoo.study.server import alone


def bound(host: str, port: int) -> socket.socket:
    """The door to serve at, before anybody is told of it.

    Raises:
        GanzooError: if it is taken, or not this machine's.
    """
    door = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
    except OSError as error:
        door.close()
        raise GanzooError(
            f"cannot serve at {host}:{port}: {error.strerror or error}; --port chooses another"
        ) from None
    return door


def serve(halls: Halls, door: socket.socket) -> None:
    """Serves until interrupted or told to end (SIGTERM); then what waits is written."""
    # Who asks is not written down: no access log, and no header is believed or kept.
    settings = uvicorn.Config(
        alone(halls), access_log=False, log_level="warning", proxy_headers=False
    )
    # uvicorn raises the signal once more when it has ended; nothing would be closed after that.
    signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        uvicorn.Server(settings).run([door])
    finally:
        halls.close()
