"""A fence around every page: the browser itself refuses to ask any other host for anything."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FENCE = "; ".join(
    (
        "default-src 'self' data: blob:",
        "script-src 'self' blob: 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)


class Fence:
    """Tells the browser to ask no other host for anything.

    Args:
        policy: the Content-Security-Policy; the default is what Gradio needs.
    """

    def __init__(self, app: ASGIApp, policy: str = FENCE) -> None:
        self.app, self.policy = app, policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def fenced(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = self.policy
                headers["Referrer-Policy"] = "no-referrer"
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        await self.app(scope, receive, fenced if scope["type"] == "http" else send)
