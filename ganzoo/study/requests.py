"""What comes in over HTTP, read with care."""

import json
from typing import Any

from starlette.requests import Request

from ganzoo.errors import InputError

LARGEST = 2**16  # bytes of a request


async def body(request: Request) -> dict[str, Any]:
    """A request's JSON object.

    Raises:
        InputError: if it is none, too large, or holds what no file can: NaN, half a character.
    """
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > LARGEST:
            raise InputError(f"a request has at most {LARGEST} bytes")
    try:
        given = json.loads(content)
        json.dumps(given, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise InputError("a request is a JSON object") from None
    if not isinstance(given, dict):
        raise InputError(f"a request is a JSON object; got {type(given).__name__}")
    return given
