"""Classifiers of ImageNet in the Fool tab: photographs, larger networks, weights that must come.

They are a few of torchvision's, by name (``torchvision:resnet18``). Their weights come over the
network once, when somebody asks for them, one file at a time, and none larger than a guest may be
(``GANZOO_GUESTS``). What is computed with them waits in the line of what takes long.
"""

import time
from collections.abc import Iterator
from html import escape
from importlib.resources import files
from io import BytesIO

from ganzoo.data import picture
from ganzoo.errors import GanzooError, InputError
from ganzoo.explore import imagenet
from ganzoo.explore.imagenet import PREFIX
from ganzoo.shapes import Picture
from ganzoo.zoo import Zoo

NAMES = (
    "squeezenet1_1", "mobilenet_v3_small", "efficientnet_b0", "resnet18", "googlenet", "resnet50",
    "convnext_tiny",
)  # fmt: skip
OFFERED = tuple(PREFIX + name for name in NAMES)
EXAMPLES = ("cat.jpg", "fluent-tiger.png", "fluent-crab.png", "fluent-mushroom.png")
MEBI = 2**20
EVERY = 0.2  # seconds between two looks at how much has come
_FOLDER = files("ganzoo.gallery").joinpath("static", "examples")


def large(model: str) -> bool:
    """Whether it is one of torchvision's."""
    return model.startswith(PREFIX)


def short(model: str) -> str:
    """Its name in torchvision."""
    return model.removeprefix(PREFIX)


def at_hand(model: str) -> bool:
    """Whether its weights are here."""
    return imagenet.path(short(model)).is_file()


def needs_weights(model: str) -> bool:
    """Whether nothing can be attacked before something has been fetched."""
    return large(model) and not at_hand(model)


def check(model: str) -> None:
    """Weights never come unasked while somebody waits for a picture.

    Raises:
        InputError: if they are not here.
    """
    if not at_hand(model):
        raise InputError(
            f"the weights of {short(model)} are not at hand: fetch them in the view Fool, or put "
            f"{imagenet.source(short(model))} into torch's cache"
        )


def examples() -> list[Picture]:
    """Pictures to begin with."""
    return [picture(BytesIO(_FOLDER.joinpath(name).read_bytes()), name=name) for name in EXAMPLES]


def draw_fetch(zoo: Zoo, model: str) -> tuple[str, str]:
    """What is said of weights that are not here, and what the button is called."""
    if not needs_weights(model):
        return "", ""
    name, megabytes = short(model), imagenet.size(short(model)) / MEBI
    if refusal := _refusal(zoo, name):
        return f'<p class="sentence">{escape(refusal)}</p>', ""
    return (
        f'<p class="sentence">{escape(name)} is one of torchvision’s networks, trained on the 1.2 '
        "million photographs of ImageNet. Its weights are not on this server yet; they come once, "
        "and stay.</p>",
        f"Fetch its weights, {megabytes:.0f} MB",
    )


def fetching(zoo: Zoo, model: str) -> Iterator[str]:
    """Fetches weights, and shows how far they are; at the end the view is drawn anew."""
    name = short(model)
    if not large(model) or at_hand(model):
        yield _done(name)
        return
    if refusal := _refusal(zoo, name):
        yield _sorry(refusal)
        return
    whole, shown = imagenet.size(name), 0.0
    yield _bar(name, 0, whole)
    try:
        for come in imagenet.fetch(name):
            if time.monotonic() - shown > EVERY:
                shown = time.monotonic()
                yield _bar(name, come, whole)
    except GanzooError as error:
        yield _sorry(f"{error}. Without internet, this server's operator can put the file here.")
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


def _sorry(said: str) -> str:
    return f'<p role="alert">{escape(said[:1].upper() + said[1:])}</p>'
