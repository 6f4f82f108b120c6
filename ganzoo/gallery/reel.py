"""A moving picture on the wall: it can stand still, and be taken home."""

import base64
import tempfile
from collections.abc import Callable
from html import escape
from pathlib import Path

from ganzoo import films
from ganzoo.gallery import widgets
from ganzoo.gallery.paint import style
from ganzoo.shapes import Pictures

MILLISECONDS = 60  # that each frame is seen
FRAMES = 24  # from one stop to the next, if the pictures are small
FRAME_PIXELS = 2**18  # of all those frames together
WIDE = 256  # pixels that a film is wide, about
STOP = """
let still = matchMedia("(prefers-reduced-motion: reduce)").matches;
element.addEventListener("change", (event) => {
  if (event.target.matches(".stop")) still = event.target.checked;
});
element.addEventListener("load", () => {
  const box = element.querySelector(".stop");
  if (box) box.checked = still;
}, true);
"""


def leg(side: int) -> int:
    """Frames from one stop to the next, for pictures of that side."""
    return max(4, min(FRAMES, FRAME_PIXELS // side**2))


def both(pictures: Pictures, wide: int = WIDE) -> dict[str, bytes]:
    """The same film in both formats, by media type."""
    times = max(1, wide // pictures.shape[2])
    writers: dict[str, Callable[..., None]] = {
        "image/webp": films.write_webp,
        "video/mp4": films.write_mp4,
    }
    made = {}
    with tempfile.TemporaryDirectory() as folder:
        for kind, write in writers.items():
            path = Path(folder) / "film"
            write(pictures, path, MILLISECONDS, times)
            made[kind] = path.read_bytes()
    return made


def figure(pictures: Pictures, name: str, says: str, first: str, alt: str, wide: int = WIDE) -> str:
    """The film as HTML.

    Args:
        name: what its files are called.
        says: the caption, HTML.
        first: what the first frame is, in words.
        alt: what the film is, in words.
        wide: pixels that it is wide, about.
    """
    side = pictures.shape[2]
    webp, mp4 = (_uri(kind, content) for kind, content in both(pictures, wide).items())
    return (
        f'<figure class="film" style="{style(side, wide=wide)}">'
        f'<img class="moving" src="{webp}" alt="{escape(alt)}">'
        f'<img class="still" src="{widgets.png(pictures[0])}" alt="{escape(first)}">'
        f"<figcaption>{says}<br>"
        f'<span class="fine">{len(pictures)} pictures, '
        f"{len(pictures) * MILLISECONDS / 1000:.1f} seconds</span><br>"
        '<label><input type="checkbox" class="stop"> Stand still</label> '
        f'<a class="link" download="{escape(name)}.webp" href="{webp}">WebP</a> '
        f'<a class="link" download="{escape(name)}.mp4" href="{mp4}">MP4</a></figcaption></figure>'
    )


def _uri(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
