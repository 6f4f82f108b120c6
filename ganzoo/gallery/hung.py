"""What hangs in a bundle, as a browser asks for it: its sheet of samples, a part of it, its film.

An address says which version of the file is meant, so that a browser asks for each only once.
"""

import re
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from threading import Lock

from PIL import Image as Pillow
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from ganzoo.bundle import FILM, PREVIEW, Bundle
from ganzoo.data import UNREADABLE
from ganzoo.errors import GanzooError
from ganzoo.gallery.sending import ASK_AGAIN, FOR_EVER
from ganzoo.zoo import Zoo

PARTS, SIDE = 128, 512  # cut and kept in memory; pixels of the largest
PART = re.compile(r"([1-9]\d{0,3})x([1-9]\d{0,3})(?:-(\d{1,4})-(\d{1,4}))?", re.ASCII)
_scissors = Lock()  # whoever asks for many parts waits for them, and nobody else


def preview(bundle: Bundle) -> str | None:
    """The address of the bundle's sheet of samples, if it has one."""
    return _address(bundle, PREVIEW)


def part(preview: str, width: int, height: int, left: int = 0, top: int = 0) -> str:
    """The address of a part of a sheet: so many pixels, from there on to the right and down."""
    return f"{preview}&part={width}x{height}" + (f"-{left}-{top}" if left or top else "")


def film(bundle: Bundle) -> str | None:
    """The address of its training in pictures, if it has one."""
    return _address(bundle, FILM)


def preview_size(bundle: Bundle) -> tuple[int, int] | None:
    """Width and height of the sheet of samples in pixels; None if it is no picture."""
    try:
        return _size(bundle.folder / PREVIEW)
    except UNREADABLE:
        return None


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
        if not _is_picture(path):
            return JSONResponse({"detail": f"{name}: {file} is no picture"}, status_code=404)
        headers = FOR_EVER if request.query_params.get("v") == _stamp(path) else ASK_AGAIN
        if (asked := request.query_params.get("part")) is None or file != PREVIEW:
            return FileResponse(path, headers=headers)
        if (found := PART.fullmatch(asked)) is None:
            detail = f"a part is 64x64 or, with its left and top, 64x64-66-0; got {asked[:32]!r}"
            return JSONResponse({"detail": detail}, status_code=400)
        try:
            content = _part(path, *(int(number or 0) for number in found.groups()))
        except UNREADABLE:  # it begins like a picture, and then is none
            return JSONResponse({"detail": f"{name}: {file} is damaged"}, status_code=404)
        return Response(content, media_type="image/png", headers=headers)

    return Route("/bundle/{name}/{file}", picture)


def _address(bundle: Bundle, file: str) -> str | None:
    path = bundle.folder / file
    return f"bundle/{bundle.name}/{file}?v={_stamp(path)}" if path.is_file() else None


def _is_picture(path: Path) -> bool:
    """A link in a bundle from elsewhere may lead to any file of this machine."""
    try:
        with Pillow.open(path, formats=("PNG", "WEBP")):
            return True
    except UNREADABLE:
        return False


def _stamp(path: Path) -> str:
    """Of a file's version."""
    return f"{path.stat().st_mtime_ns:x}"


def _size(path: Path) -> tuple[int, int]:
    with Pillow.open(path) as sheet:
        return sheet.size


def _part(path: Path, width: int, height: int, left: int, top: int) -> bytes:
    """No larger than the sheet, nor than a card has use for; what lies beyond is moved in."""
    wide, high = _size(path)
    width, height = min(SIDE, width, wide), min(SIDE, height, high)
    with _scissors:
        return _cut(
            path, _stamp(path), width, height, min(left, wide - width), min(top, high - height)
        )


@lru_cache(maxsize=PARTS)
def _cut(path: Path, stamp: str, width: int, height: int, left: int, top: int) -> bytes:
    with Pillow.open(path) as sheet:
        cut = sheet.crop((left, top, left + width, top + height))
    written = BytesIO()
    cut.save(written, "PNG")
    return written.getvalue()
