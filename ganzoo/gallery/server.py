"""What the gallery's server does beside Gradio: bundles' pictures, studies, a fence around it."""

import os
from collections.abc import Mapping, MutableMapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from ganzoo import __version__, logs
from ganzoo.fence import Fence
from ganzoo.gallery import hung, sending, unfurled
from ganzoo.gallery.tabs import Tab
from ganzoo.study import journal
from ganzoo.study import server as studies
from ganzoo.study.halls import Halls
from ganzoo.zoo import Zoo

BUSY = "Everybody is here at once, and the gallery is full. Please try again in a few seconds."


def routes(zoo: Zoo) -> list[BaseRoute]:
    """Addresses of the gallery's own: a sign of life, the pictures in the bundles, the studies."""

    def health(_: Request) -> Response:
        return JSONResponse({"ganzoo": __version__, "bundles": len(zoo.names())})

    password = os.environ.get("GANZOO_STUDY_PASSWORD", "")
    return [
        Route("/health", health),
        hung.route(zoo),
        Mount("/study", studies.build(Halls(password=password, journal=journal.configured()))),
    ]


async def refuse(_: Request, error: Exception) -> Response:
    """An HTTP error as JSON; a full queue says so in plain words."""
    assert isinstance(error, HTTPException)
    full = error.status_code == 503 and str(error.detail).startswith("Queue is full")
    detail = BUSY if full else error.detail
    return JSONResponse({"detail": detail}, error.status_code, headers=error.headers)


def settings(zoo: Zoo, views: Mapping[str, Tab]) -> MutableMapping[str, Any]:
    """For Gradio's server of these views, to be built with."""
    return {
        "routes": routes(zoo),
        "middleware": [
            *sending.middleware(),
            unfurled.middleware(zoo, views),
            Middleware(Fence),
            *([Middleware(logs.Log)] if logs.wanted() else []),
        ],
        "exception_handlers": {HTTPException: refuse},
    }
