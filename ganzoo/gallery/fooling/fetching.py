"""Weights of large networks come over the network once, when a visitor of Fool asks for them.

One file at a time, and none larger than a guest may be (``GANZOO_GUESTS``).
"""

import time
from collections.abc import Iterator
from html import escape

from ganzoo.errors import GanzooError
from ganzoo.explore import imagenet
from ganzoo.gallery.fooling.subjects import subject
from ganzoo.gallery.widgets import complaint
from ganzoo.zoo import Zoo

MEBI = 2**20
EVERY = 0.2  # seconds between two looks at how much has come


def draw_fetch(zoo: Zoo, model: str) -> tuple[str, str]:
    """What is said of weights that are not here, and what the button is called."""
    wanted = subject(zoo, model)
    if wanted.ready:
        return "", ""
    name, megabytes = wanted.name, imagenet.size(wanted.name) / MEBI
    if refusal := _refusal(zoo, name):
        return f'<p class="sentence">{escape(refusal)}</p>', ""
    return (
        f'<p class="sentence">{escape(name)} is one of torchvision’s networks, trained on the 1.2 '
        "million photographs of ImageNet. Its weights are not on this server yet; they come once, "
        "and stay.</p>",
        f"Fetch its weights, {megabytes:.0f} MB",
    )


def proceed(zoo: Zoo, model: str) -> Iterator[str]:
    """Fetches weights, and shows how far they are; at the end the view is drawn anew."""
    wanted = subject(zoo, model)
    name = wanted.name
    if wanted.ready:
        yield _done(name)
        return
    if refusal := _refusal(zoo, name):
        yield complaint(refusal)
        return
    whole, shown = imagenet.size(name), 0.0
    yield _bar(name, 0, whole)
    try:
        for come in imagenet.fetch(name):
            if time.monotonic() - shown > EVERY:
                shown = time.monotonic()
                yield _bar(name, come, whole)
    except GanzooError as error:
        yield complaint(f"{error}. Without internet, this server's operator can put the file here.")
        return
    yield _done(name)


def _refusal(zoo: Zoo, name: str) -> str:
    if not zoo.guest_bytes:
        return "The operator of this gallery has switched fetching weights off."
    if (wanted := imagenet.size(name)) > zoo.guest_bytes:
        most = zoo.guest_bytes / MEBI
        return (
            f"{name} has {wanted / MEBI:.0f} MB of weights; this gallery takes {most:.0f} at most."
        )
    return ""


def _bar(name: str, come: int, whole: int) -> str:
    said = f"{come / MEBI:.0f} of {whole / MEBI:.0f} MB of {escape(name)}"
    return (
        f'<p class="fetching" role="status"><progress max="{whole}" value="{min(come, whole)}" '
        f'aria-label="{said}"></progress> {said}</p>'
    )


def _done(name: str) -> str:
    return f'<p class="fine" role="status" data-fetched>The weights of {escape(name)} are here.</p>'
