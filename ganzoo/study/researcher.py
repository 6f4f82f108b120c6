"""The researcher's page: progress, pause, close, download; behind a password.

The password never stands in a page, nor does anything made from it. It is compared in constant
time; a wrong one costs a second, one at a time. Who passed gets a cookie that scripts cannot read,
that other sites cannot send, and that ends with the server.
"""

import asyncio
import hashlib
import hmac
import secrets
import tempfile
import time
import zipfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from ganzoo.errors import StudyError
from ganzoo.study.desk import Desk
from ganzoo.study.halls import Halls
from ganzoo.study.requests import body

COOKIE = "ganzoo-researcher"
LASTS_S = 12 * 3600
WRONG_S = 1.0  # what a wrong password costs
QUEUE = 8  # guesses that may wait
STATIC = Path(__file__).parent / "static"
Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


class Door:
    """Knows who may come in."""

    def __init__(self, password: str) -> None:
        self._password = password
        self._key = secrets.token_bytes(32)
        self._turn, self._waiting = asyncio.Lock(), 0

    @property
    def exists(self) -> bool:
        return bool(self._password)

    async def try_password(self, given: str) -> bool | None:
        """Whether it is the password; None if too many are being tried."""
        if self._waiting >= QUEUE:
            return None
        self._waiting += 1
        try:
            async with self._turn:
                digests = (hashlib.sha256(p.encode()).digest() for p in (given, self._password))
                if hmac.compare_digest(*digests) and self.exists:
                    return True
                await asyncio.sleep(WRONG_S)
                return False
        finally:
            self._waiting -= 1

    def cookie(self) -> str:
        """A pass, until it runs out or the server ends."""
        until = str(int(time.time()) + LASTS_S)
        return f"{until}.{self._sign(until)}"

    def passes(self, cookie: str) -> bool:
        """Whether that is a pass of ours, and still good."""
        until, _, sign = cookie.partition(".")
        good = hmac.compare_digest(sign.encode(), self._sign(until).encode())
        return good and self.exists and until.isdecimal() and int(until) > time.time()

    def _sign(self, until: str) -> str:
        return hmac.digest(self._key, until.encode(), "sha256").hex()


class Researcher:
    """The addresses of the researcher's page, below a study's own."""

    def __init__(self, halls: Halls, limiter: CapacityLimiter) -> None:
        self._halls, self._limiter = halls, limiter
        self._door = Door(halls.password)

    def routes(self) -> list[Route]:
        """All of them; none but the page itself and the login lets anybody in."""
        base = "/{study}/researcher"
        return [
            Route(base, self._page),
            Route(f"{base}/login", self._login, methods=["POST"]),
            Route(f"{base}/logout", self._logout, methods=["POST"]),
            Route(f"{base}/progress", self._inside(self._progress)),
            Route(f"{base}/decide/{{kind}}", self._inside(self._decide), methods=["POST"]),
            Route(f"{base}/data.zip", self._inside(self._data)),
        ]

    def _inside(self, work: Callable[[Desk, Request], Response]) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            if not self._door.passes(request.cookies.get(COOKIE, "")) or _foreign(request):
                return JSONResponse({"detail": "the password, please"}, 401)

            def answer() -> Response:
                return work(self._halls.desk(request.path_params["study"]), request)

            reply = await to_thread.run_sync(answer, limiter=self._limiter)
            reply.headers["Cache-Control"] = "no-store"
            return reply

        return endpoint

    async def _page(self, _: Request) -> Response:
        return FileResponse(STATIC / "researcher.html", headers={"Cache-Control": "no-cache"})

    async def _login(self, request: Request) -> Response:
        if not self._door.exists:
            raise StudyError("there is no researcher's page here: GANZOO_STUDY_PASSWORD is unset")
        given = str((await body(request)).get("password", ""))[:500]
        passed = await self._door.try_password(given)
        if passed is None:
            return JSONResponse({"detail": "too many are trying: wait a moment"}, 429)
        if not passed:
            return JSONResponse({"detail": "that is not the password"}, 401)
        reply = JSONResponse({"inside": True})
        reply.set_cookie(
            COOKIE, self._door.cookie(), max_age=LASTS_S, httponly=True, samesite="strict",
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return reply

    async def _logout(self, _: Request) -> Response:
        reply = JSONResponse({"inside": False})
        reply.delete_cookie(COOKIE)
        return reply

    def _progress(self, desk: Desk, _: Request) -> Response:
        from ganzoo.study.progress import progress  # scipy: only for who looks

        return JSONResponse(progress(desk.store, desk.design.name))

    def _decide(self, desk: Desk, request: Request) -> Response:
        desk.decide(request.path_params["kind"])
        return JSONResponse({"state": desk.state()})

    def _data(self, desk: Desk, _: Request) -> Response:
        name = f"{desk.design.name}-{datetime.now(UTC):%Y%m%d-%H%M%S}.zip"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(packed(desk), media_type="application/zip", headers=headers)


def packed(desk: Desk) -> bytes:
    """Everything that ``ganzoo study export`` writes, as one file."""
    from ganzoo.study import export

    memory = BytesIO()
    with (
        tempfile.TemporaryDirectory() as folder,
        zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for path in export.write(desk.store, desk.design.name, Path(folder)):
            archive.write(path, path.name)
    return memory.getvalue()


def _foreign(request: Request) -> bool:
    """Whether another site sent the browser here."""
    return request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
