"""Runs the server of a study until it is told to stop."""

import signal

import uvicorn

from ganzoo.errors import GanzooError
from ganzoo.study.halls import Halls
from ganzoo.study.server import alone


def serve(halls: Halls, host: str, port: int) -> None:
    """Serves until interrupted or told to end (SIGTERM); then what waits is written.

    Raises:
        GanzooError: if the port is taken.
    """
    # Who asks is not written down: no access log, and no header is believed or kept.
    settings = uvicorn.Config(
        alone(halls), host, port, access_log=False, log_level="warning", proxy_headers=False
    )
    # uvicorn raises the signal once more when it has ended; nothing would be closed after that.
    signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        uvicorn.Server(settings).run()
    except (OSError, SystemExit) as error:
        raise GanzooError(f"cannot serve at {host}:{port}: {error}") from None
    finally:
        halls.close()
