"""Classifiers of ImageNet in the room Fool: photographs, and networks that take their time.

They are a few of torchvision's, by name (``torchvision:resnet18``). Their weights come over the
network once, when somebody asks for them (:mod:`ganzoo.gallery.fooling.fetching`).
"""

from importlib.resources import files
from io import BytesIO
from typing import Any

import numpy as np

from ganzoo.attacks import Victim
from ganzoo.data import picture as picture_of
from ganzoo.errors import InputError
from ganzoo.explore import imagenet
from ganzoo.explore.imagenet import PREFIX
from ganzoo.explore.translate import squared
from ganzoo.gallery import widgets
from ganzoo.gallery.chooser import offered
from ganzoo.gallery.fooling._base import MOST, Pace, Search, Subject
from ganzoo.gallery.fooling.controls import decoded
from ganzoo.gallery.translating import opened
from ganzoo.shapes import Picture, Pixels

NAMES = (
    "squeezenet1_1", "mobilenet_v3_small", "efficientnet_b0", "resnet18", "googlenet", "resnet50",
    "convnext_tiny",
)  # fmt: skip
OFFERED = tuple(PREFIX + name for name in NAMES)
EXAMPLES = ("cat.jpg", "fluent-tiger.png", "fluent-crab.png", "fluent-mushroom.png")
TILE = 96  # pixels of an example
BROUGHT = "file:"  # begins what stands for a picture that a visitor brought; no address can say it
FEW = {"candidates": 4, "steps": 8}  # of DeepFool
_FOLDER = files("ganzoo.gallery").joinpath("static", "examples")


class Photographic(Subject):
    """One of torchvision's networks; a visitor brings the photograph."""

    company = "Two networks"
    pace = Pace(
        quick=False,
        attacks={
            "fgsm": {},
            "ifgsm": {"steps": 4},
            "pgd": {"steps": 5},
            "eot": {"steps": 4, "views": 3},
        },
        radii=(0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, MOST),
        searches=(
            Search("DeepFool, largest pixel", "deepfool", False, {"norm": "linf", **FEW}),
            Search("DeepFool, Euclidean", "deepfool", False, {"norm": "l2", **FEW}),
            Search(
                "Carlini and Wagner",
                "carlini_wagner",
                options={"rounds": 1, "steps": 25, "lr": 0.01, "c": 1},
            ),
        ),
    )

    @property
    def name(self) -> str:
        return self.model.removeprefix(PREFIX)

    @property
    def ready(self) -> bool:
        return imagenet.path(self.name).is_file()

    @property
    def version(self) -> str:
        return "as torchvision has it"

    @property
    def victim(self) -> Victim:
        if not self.ready:  # weights never come unasked while somebody waits for a picture
            raise InputError(
                f"the weights of {self.name} are not at hand: fetch them in the view Fool, or put "
                f"{imagenet.source(self.name)} into torch's cache"
            )
        return imagenet.imagenet(self.name)

    @property
    def classes(self) -> list[str]:
        return list(imagenet.classes(self.name))

    @property
    def kin(self) -> list[str]:
        return [name for name in OFFERED if Photographic(self.zoo, name).ready]

    def partner(self, others: list[str]) -> None:
        """Nobody: a second large network runs only when it was asked for."""
        return None

    def chosen(self, picture: str, brought: str | None) -> str:
        return f"{BROUGHT}{brought}" if brought else picture

    def shown(self, picture: str) -> Pixels:
        if picture.startswith(BROUGHT):
            levels = opened(picture.removeprefix(BROUGHT))
        elif picture.isdecimal():
            known = examples()
            levels = known[int(picture) % len(known)]
        else:
            levels = np.asarray(decoded(picture).convert("RGB"))
        return imagenet.prepared(self.name, levels)

    def offered(self, picture: str) -> dict[str, Any]:
        known = examples()
        first = int(picture) // len(known) * len(known) if picture.isdecimal() else 0
        return offered(
            picture,
            pictures=[widgets.png(squared(one, TILE)) for one in known],
            seeds=[str(first + i) for i in range(len(known))],
            heading="Begin with one of these",
            painter="",
            grey=False,
            small=False,
            wide=TILE,
        )


def examples() -> list[Picture]:
    """Pictures to begin with."""
    return [
        picture_of(BytesIO(_FOLDER.joinpath(name).read_bytes()), name=name) for name in EXAMPLES
    ]
