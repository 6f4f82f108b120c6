"""What hangs in a bundle, as a browser asks for it: its sheet of samples, a corner of it, its film.

An address says which version of the file is meant, so that a browser asks for each only once.
"""

import re
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image as Pillow
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from ganzoo.bundle import FILM, PREVIEW, Bundle
from ganzoo.errors import GanzooError
from ganzoo.gallery.sending import ASK_AGAIN, FOR_EVER
from ganzoo.zoo import Zoo

CORNERS = 256  # cut and kept in memory


def preview(bundle: Bundle) -> str | None:
    """The address of the bundle's sheet of samples, if it has one."""
    return _address(bundle, PREVIEW)


def corner(preview: str, width: int, height: int) -> str:
    """The address of the upper left of a sheet, so many pixels of it."""
    return f"{preview}&corner={width}x{height}"


def film(bundle: Bundle) -> str | None:
    """The address of its training in pictures, if it has one."""
    return _address(bundle, FILM)


def preview_size(bundle: Bundle) -> tuple[int, int]:
    """Width and height of the sheet of samples in pixels."""
    with Pillow.open(bundle.folder / PREVIEW) as sheet:
        return sheet.size


def route(zoo: Zoo) -> Route:
    """Serves the pictures in the bundles, and nothing else of them."""

    def picture(request: Request) -> Response:
        name, file = request.path_params["name"], request.path_params["file"]
        try:
            path = zoo.bundle(name).folder / file
        except GanzooError as error:
            return JSONResponse({"detail": str(error)}, status_code=404)
        if file not in (PREVIEW, FILM) or not path.is_file():
            return JSONResponse({"detail": f"{name} has no {file!r}"}, status_code=404)
        headers = FOR_EVER if request.query_params.get("v") == _stamp(path) else ASK_AGAIN
        if (asked := request.query_params.get("corner")) is None or file != PREVIEW:
            return FileResponse(path, headers=headers)
        if (sides := re.fullmatch(r"([1-9]\d{0,3})x([1-9]\d{0,3})", asked)) is None:
            detail = f"a corner is width x height, such as 64x64; got {asked[:32]!r}"
            return JSONResponse({"detail": detail}, status_code=400)
        content = _cut(path, _stamp(path), int(sides[1]), int(sides[2]))
        return Response(content, media_type="image/png", headers=headers)

    return Route("/bundle/{name}/{file}", picture)


def _address(bundle: Bundle, file: str) -> str | None:
    path = bundle.folder / file
    return f"bundle/{bundle.name}/{file}?v={_stamp(path)}" if path.is_file() else None


def _stamp(path: Path) -> str:
    """Of a file's version."""
    return f"{path.stat().st_mtime_ns:x}"


@lru_cache(maxsize=CORNERS)
def _cut(path: Path, stamp: str, width: int, height: int) -> bytes:
    with Pillow.open(path) as sheet:
        corner = sheet.crop((0, 0, min(width, sheet.width), min(height, sheet.height)))
    written = BytesIO()
    corner.save(written, "PNG", optimize=True)
    return written.getvalue()
