"""Sends less over the line: what is text compressed, and what never changes only once."""

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
ASK_AGAIN = {"Cache-Control": "no-cache"}
ASSETS = "/assets/"  # of Gradio's page; their names tell their contents
LEVEL = 6  # of compression: 9 takes three times as long for one per cent less


class Lasting:
    """Lets a browser keep the page's scripts and styles without asking again."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def kept(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                MutableHeaders(scope=message).update(FOR_EVER)
            await send(message)

        lasts = scope["type"] == "http" and scope["path"].startswith(ASSETS)
        await self.app(scope, receive, kept if lasts else send)


def middleware() -> list[Middleware]:
    """The outer one first. Pictures and streams of events pass as they are."""
    return [Middleware(GZipMiddleware, compresslevel=LEVEL), Middleware(Lasting)]
