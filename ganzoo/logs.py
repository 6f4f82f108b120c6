"""One line of JSON for each request, for those who run a server: what was asked, not by whom.

Switched on by ``GANZOO_LOG=json``. Neither the query of an address nor anything of the visitor is
written down; of a study's pictures, not even to which participant they were shown.
"""

import json
import os
import sys
import time
from datetime import UTC, datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send


def wanted() -> bool:
    """Whether the environment asks for it."""
    return os.environ.get("GANZOO_LOG", "") == "json"


class Log:
    """Writes down each request on stderr when its answer has begun."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = time.perf_counter()

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                line = {
                    "time": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
                    "method": scope["method"],
                    "path": _public(scope["path"]),
                    "status": message["status"],
                    "ms": round(1000 * (time.perf_counter() - start), 1),
                }
                sys.stderr.write(json.dumps(line) + "\n")
            await send(message)

        await self.app(scope, receive, noted if scope["type"] == "http" else send)


def _public(path: str) -> str:
    before, picture, _ = path.partition("/picture/")
    return before + picture.rstrip("/")
