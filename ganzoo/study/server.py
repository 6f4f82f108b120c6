"""A study over HTTP: the participant's page and what it asks. Mounted in the gallery, or alone.

    GET  /NAME/                          the page
    GET  /NAME/standing                    of visitors' rounds that count, together
    POST /NAME/enter | tell | answer | note | keep | erase
    GET  /NAME/picture/PARTICIPANT/TRIAL/SLOT/TICKET

Nothing about who asks is looked at or kept: no address, no cookie, no browser's name.
"""

from collections.abc import Callable, Mapping
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from ganzoo.errors import GanzooError, InputError, RefusedError, StoreError, StudyError
from ganzoo.fence import Fence
from ganzoo.logs import Log, wanted
from ganzoo.study import identity
from ganzoo.study.desk import Desk
from ganzoo.study.halls import Halls
from ganzoo.study.requests import body
from ganzoo.study.researcher import Researcher

STATIC = Path(__file__).parent / "static"
WORKERS = 64  # requests at work at once, apart from the gallery's own
DECKS = 2**31
STATUS = {RefusedError: 409, InputError: 422, StoreError: 503, StudyError: 404}
POLICY = "; ".join(
    (
        "default-src 'self' data: blob:",
        "style-src 'self'",
        "script-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)


def build(halls: Halls) -> Starlette:
    """The application; it needs nothing of the gallery."""
    limiter = CapacityLimiter(WORKERS)
    posts = {
        "enter": _enter, "tell": _tell, "answer": _answer, "note": _note, "keep": _keep,
        "erase": _erase,
    }  # fmt: skip
    routes = [
        Mount("/static", StaticFiles(directory=STATIC)),
        *Researcher(halls, limiter).routes(),
        Route("/{study}", partial(_with_slash, halls)),
        Route("/{study}/", partial(_page, halls)),
        Route("/{study}/standing", partial(_standing, halls, limiter)),
        *(
            Route(f"/{{study}}/{name}", partial(_post, halls, limiter, act), methods=["POST"])
            for name, act in posts.items()
        ),
        Route(
            "/{study}/picture/{participant}/{trial:int}/{slot:int}/{ticket}",
            partial(_picture, halls, limiter),
        ),
        Route("/{study}/picture/{participant}/-1/{slot:int}/{ticket}",
              partial(_picture, halls, limiter)),
    ]  # fmt: skip
    return Starlette(routes=routes, exception_handlers={GanzooError: _sorry})


def alone(halls: Halls) -> Starlette:
    """The same with a fence of its own, for a server that serves nothing else."""
    fence = Middleware(Fence, policy=POLICY)
    return Starlette(
        routes=[Mount("/study", build(halls))],
        middleware=[fence, *([Middleware(Log)] if wanted() else [])],
    )


async def _sorry(_: Request, error: Exception) -> Response:
    """What was refused, in a sentence; nothing of it is stored."""
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    return JSONResponse({"detail": str(error), "stored": False}, status)


async def _with_slash(halls: Halls, request: Request) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{_known(halls, request)}/{query}", 307)


def _known(halls: Halls, request: Request) -> str:
    """The study that an address names.

    Raises:
        StudyError: if there is none: a redirection must not lead to wherever it says.
    """
    name: str = request.path_params["study"]
    if name not in halls.names:
        raise StudyError(f"there is no study {name[:60]!r} here")
    return name


async def _page(halls: Halls, request: Request) -> Response:
    name = _known(halls, request)
    page = (STATIC / "study.html").read_text("utf-8").replace("{study}", name)
    page = page.replace("{title}", escape(halls.title(name)))
    return HTMLResponse(page, headers={"Cache-Control": "no-cache"})


async def _standing(halls: Halls, limiter: CapacityLimiter, request: Request) -> Response:
    def read() -> dict[str, Any]:
        return halls.desk(request.path_params["study"]).told()

    return JSONResponse(await to_thread.run_sync(read, limiter=limiter))


async def _post(
    halls: Halls,
    limiter: CapacityLimiter,
    act: Callable[[Desk, Mapping[str, Any]], dict[str, Any]],
    request: Request,
) -> Response:
    given = await body(request)

    def work() -> dict[str, Any]:
        return act(halls.desk(request.path_params["study"]), given)

    done = await to_thread.run_sync(work, limiter=limiter)
    return JSONResponse(done, headers={"Cache-Control": "no-store"})


async def _picture(halls: Halls, limiter: CapacityLimiter, request: Request) -> Response:
    about = request.path_params

    def read() -> bytes:
        return halls.desk(about["study"]).picture(
            about["participant"], about.get("trial", -1), about["slot"], about["ticket"]
        )

    content = await to_thread.run_sync(read, limiter=limiter)
    # Compressed on the way, a fake would be larger than a real one.
    headers = {"Cache-Control": "private, no-store", "Content-Encoding": "identity"}
    return Response(content, media_type="image/png", headers=headers)


def _enter(desk: Desk, given: Mapping[str, Any]) -> dict[str, Any]:
    link = given.get("link") or {}
    known = (*identity.PANELS.values(), *identity.PARAMETERS)
    if not isinstance(link, Mapping):
        raise InputError(f"a link's parameters are an object; got {type(link).__name__}")
    read = {key: str(link[key])[: identity.LONGEST] for key in known if link.get(key)}
    deck = given.get("deck")
    if deck is not None and not (type(deck) is int and 0 <= deck < DECKS):
        raise InputError(f"a deck is a whole number from 0 to {DECKS - 1}; got {str(deck)[:40]!r}")
    token = given.get("token")
    return desk.enter(read, token and str(token), given.get("keep") is True, deck)


def _tell(desk: Desk, given: Mapping[str, Any]) -> dict[str, Any]:
    kind = given.get("kind")
    if kind not in ("consent", "refusal", "check", "instructions"):
        raise InputError(f"a participant does not tell {str(kind)[:40]!r}")
    detail = given.get("detail")
    return {"step": desk.tell(_token(given), kind, detail if isinstance(detail, dict) else {})}


def _answer(desk: Desk, given: Mapping[str, Any]) -> dict[str, Any]:
    return desk.answer(_token(given), {k: v for k, v in given.items() if k != "token"})


def _note(desk: Desk, given: Mapping[str, Any]) -> dict[str, Any]:
    trial, words = given.get("trial"), given.get("words")
    if type(trial) is not int or not isinstance(words, str):
        raise InputError("a note is about a trial, in words")
    desk.note(_token(given), trial, words)
    return {"stored": True}


def _keep(desk: Desk, given: Mapping[str, Any]) -> dict[str, Any]:
    return {"step": desk.keep(_token(given))}


def _erase(desk: Desk, given: Mapping[str, Any]) -> dict[str, Any]:
    return {"erased": desk.erase(str(given.get("code", "")))}


def _token(given: Mapping[str, Any]) -> str:
    return str(given.get("token", ""))[:200]
