"""What a messenger shows of a link to a view: its name, its sentence, a picture of its model.

Gradio's page speaks of Gradio there. Its tags are taken out, and the view's are put in.
"""

import re
from collections.abc import Mapping
from html import escape
from typing import cast
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ganzoo.errors import GanzooError
from ganzoo.gallery import hung
from ganzoo.gallery.address import Model
from ganzoo.gallery.tabs import Tab
from ganzoo.zoo import Zoo

FOREIGN = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*')
HEAD = "<head>"
FRONT = "zoo"
ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
    "%3Crect width='32' height='32' rx='6' fill='%239a3412'/%3E%3Cg fill='%23fbf9f5'%3E"
    "%3Crect x='7' y='7' width='8' height='8'/%3E%3Crect x='17' y='7' width='8' height='8' "
    "opacity='.55'/%3E%3Crect x='7' y='17' width='8' height='8' opacity='.55'/%3E"
    "%3Crect x='17' y='17' width='8' height='8' opacity='.25'/%3E%3C/g%3E%3C/svg%3E"
)


class Unfurled:
    """Rewrites the head of the page, and of nothing else."""

    def __init__(self, app: ASGIApp, zoo: Zoo, views: Mapping[str, Tab]) -> None:
        self.app, self.zoo, self.views = app, zoo, views

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != f"{scope.get('root_path', '')}/":
            await self.app(scope, receive, send)
            return
        page, start = bytearray(), cast(Message, {})

        async def held(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            page.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            await self._sent(Request(scope), start, bytes(page), send)

        await self.app(scope, receive, held)

    async def _sent(self, asked: Request, start: Message, page: bytes, send: Send) -> None:
        if Headers(raw=start["headers"]).get("content-type", "").startswith("text/html"):
            page = self.rewritten(page.decode(), asked).encode()
            MutableHeaders(scope=start)["content-length"] = str(len(page))
        await send(start)
        await send({"type": "http.response.body", "body": page})

    def rewritten(self, page: str, asked: Request) -> str:
        """The page with the tags of the view that was asked for."""
        return FOREIGN.sub("", page).replace(HEAD, HEAD + self._tags(asked), 1)

    def _tags(self, asked: Request) -> str:
        query = {key: values[-1] for key, values in parse_qs(asked.url.query).items()}
        view = query.get("view", FRONT)
        tab = self.views.get(view) or self.views[FRONT]
        told = {
            "og:type": "website",
            "og:site_name": "ganzoo",
            "og:title": f"{tab.heading or tab.title} · ganzoo",
            "og:description": tab.explainer.sentence,
        }
        if picture := self._picture(tab, query.get("model", "")):
            told["og:image"] = _outside(asked) + picture
        tags = "".join(
            f'<meta property="{name}" content="{escape(content)}">'
            for name, content in told.items()
        )
        return f'{tags}<meta name="twitter:card" content="summary"><link rel="icon" href="{ICON}">'

    def _picture(self, tab: Tab, model: str) -> str | None:
        """The sheet of the model that the link names, or else of one that the view can show."""
        usual = next((one for one in tab.address if isinstance(one, Model)), Model())
        known = self.zoo.names(*tab.needs)
        try:
            return hung.preview(
                self.zoo.bundle(model if model in known else usual.among(known).default)
            )
        except GanzooError:
            return None


def _outside(asked: Request) -> str:
    """Where the gallery lies for those who ask, behind a proxy too."""
    scheme = asked.headers.get("x-forwarded-proto", asked.url.scheme).split(",")[0]
    host = asked.headers.get("x-forwarded-host", asked.url.netloc).split(",")[0]
    return f"{scheme}://{host}{asked.scope.get('root_path', '')}/"


def middleware(zoo: Zoo, views: Mapping[str, Tab]) -> Middleware:
    """For Gradio's server."""
    return Middleware(Unfurled, zoo=zoo, views=views)
