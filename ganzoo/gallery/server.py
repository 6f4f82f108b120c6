"""What the gallery's server does beside Gradio: bundles' pictures, and a fence around the page."""

from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ganzoo import __version__
from ganzoo.bundle import FILM, PREVIEW
from ganzoo.errors import GanzooError
from ganzoo.gallery import logs
from ganzoo.zoo import Zoo

BUSY = "Everybody is here at once, and the gallery is full. Please try again in a few seconds."
FENCE = "; ".join(  # the browser itself refuses to ask any other host for anything
    (
        "default-src 'self' data: blob:",
        "script-src 'self' blob: 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)


def routes(zoo: Zoo) -> list[Route]:
    """Addresses of the gallery's own: a sign of life, and the pictures in the bundles."""

    def health(_: Request) -> Response:
        return JSONResponse({"ganzoo": __version__, "bundles": len(zoo.names())})

    def picture(request: Request) -> Response:
        name, file = request.path_params["name"], request.path_params["file"]
        try:
            path = zoo.bundle(name).folder / file
        except GanzooError as error:
            return JSONResponse({"detail": str(error)}, status_code=404)
        if file not in (PREVIEW, FILM) or not path.is_file():
            return JSONResponse({"detail": f"{name} has no {file!r}"}, status_code=404)
        return FileResponse(path, headers={"Cache-Control": "no-cache"})

    return [Route("/health", health), Route("/bundle/{name}/{file}", picture)]


class Fence:
    """Tells the browser to ask no other host for anything."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def fenced(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = FENCE
                headers["Referrer-Policy"] = "no-referrer"
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        await self.app(scope, receive, fenced if scope["type"] == "http" else send)


async def refuse(_: Request, error: Exception) -> Response:
    """An HTTP error as JSON; a full queue says so in plain words."""
    assert isinstance(error, HTTPException)
    full = error.status_code == 503 and str(error.detail).startswith("Queue is full")
    detail = BUSY if full else error.detail
    return JSONResponse({"detail": detail}, error.status_code, headers=error.headers)


def settings(zoo: Zoo) -> MutableMapping[str, Any]:
    """For Gradio's server, to be built with."""
    return {
        "routes": routes(zoo),
        "middleware": [Middleware(Fence), *([Middleware(logs.Log)] if logs.wanted() else [])],
        "exception_handlers": {HTTPException: refuse},
    }
