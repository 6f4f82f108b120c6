"""Three puppets that dance, drawn by a program: frames of one, with stick figures as inputs.

    train   one long dance of Lola, frame after frame
    test    another of her dances, of another seed, that nobody learns from

It stands where a video of a person and a pose detector would stand. Whoever has these brings frames
and stick figures as a folder of pairs (:mod:`ganzoo.data.pairs`), in the order of their names.
"""

from functools import cache
from types import MappingProxyType

import numpy as np

from ganzoo.data import _pairs
from ganzoo.data._arrays import choose, come_along
from ganzoo.data._base import DataRequest, Dataset, Given, Source
from ganzoo.data._choreography import Body, choreography
from ganzoo.data._puppet import Look, Puppet, painted
from ganzoo.errors import DataError, UnknownNameError, suggestion
from ganzoo.shapes import Joints, Picture, Pictures, Poses
from ganzoo.skeleton import stick_figure

NAME = "puppets"
TARGET = "lola"
LENGTHS = {"train": 1600, "test": 240}  # frames
SEEDS = {"train": 1_000_000, "test": 2_000_000}  # far from those that one asks for
FRAMES_LIMIT = 2000
PUPPETS = MappingProxyType(
    {
        "lola": Puppet(
            body=Body(
                head=0.13, torso=0.185, shoulder=0.06, hip=0.04, arm=(0.115, 0.105),
                leg=(0.15, 0.15), foot=0.05, far=0.8, floor=(0.93, 0.84),
            ),
            look=Look(
                skin=(250, 214, 186), hair=(66, 38, 50), top=(214, 58, 82), bottom=(214, 58, 82),
                trim=(255, 238, 214), shoes=(122, 34, 62), wall=((116, 190, 196), (196, 230, 222)),
                floor=(214, 168, 122), style="dress", scene="bunting",
                face=0.44, arm=0.1, leg=0.13, waist=0.24, chest=0.33,
            ),
        ),
        "otto": Puppet(
            body=Body(
                head=0.135, torso=0.19, shoulder=0.105, hip=0.075, arm=(0.095, 0.09),
                leg=(0.1, 0.09), foot=0.055, far=0.72, floor=(0.95, 0.8),
            ),
            look=Look(
                skin=(232, 178, 140), hair=(40, 44, 66), top=(242, 240, 230), bottom=(44, 58, 108),
                trim=(52, 116, 168), shoes=(30, 30, 40), wall=((30, 36, 84), (92, 84, 150)),
                floor=(112, 88, 122), style="stripes", scene="stars",
                face=0.45, arm=0.14, leg=0.2, waist=0.58, chest=0.5,
            ),
        ),
        "pip": Puppet(
            body=Body(
                head=0.14, torso=0.12, shoulder=0.05, hip=0.04, arm=(0.075, 0.07),
                leg=(0.07, 0.065), foot=0.04, far=0.85, floor=(0.86, 0.76),
            ),
            look=Look(
                skin=(190, 128, 92), hair=(196, 82, 32), top=(250, 206, 74), bottom=(56, 104, 190),
                trim=(255, 240, 150), shoes=(214, 66, 54), wall=((250, 176, 138), (255, 214, 170)),
                floor=(150, 178, 108), style="dungarees", scene="sun",
                face=0.78, arm=0.17, leg=0.21, waist=0.38, chest=0.42,
            ),
        ),
    }
)  # fmt: skip


def puppet(name: str) -> Puppet:
    """A dancer by name.

    Raises:
        UnknownNameError: if there is none of that name.
    """
    if name not in PUPPETS:
        raise UnknownNameError(f"no puppet is called {name!r}. {suggestion(name, PUPPETS)}")
    return PUPPETS[name]


def dance(name: str, seed: int, count: int) -> Poses:
    """The poses of a dancer's dance to a seed: (count, 17, 2), the same ones every time.

    Raises:
        UnknownNameError: if there is no such dancer.
        DataError: if ``count`` is out of range.
    """
    if not 1 <= count <= FRAMES_LIMIT:
        raise DataError(f"a dance has 1 to {FRAMES_LIMIT} frames; got {count}")
    return choreography(puppet(name).body, seed, count)


def frame(name: str, joints: Joints, size: int) -> Picture:
    """What the dancer looks like in a pose, be it its own or another's."""
    return painted(puppet(name), joints, size)


def film(name: str, poses: Poses, size: int) -> Pictures:
    """As :func:`frame`, of each pose."""
    return np.stack([frame(name, joints, size) for joints in poses])


def figures(poses: Poses, size: int) -> Pictures:
    """The stick figure of each pose."""
    return np.stack([stick_figure(joints, size) for joints in poses])


def known(split: str = "train") -> Poses:
    """The target's poses in a split."""
    return dance(TARGET, SEEDS[split], LENGTHS[split])


def load(request: DataRequest) -> Dataset:
    """Draws the frames of a split.

    Raises:
        DataError: if it has no such split, if pictures are not asked for in colour, or if the
            direction is turned.
    """
    come_along(request, NAME)
    choose(request.split, tuple(LENGTHS), NAME)
    if (request.channels, request.input_channels) != (3, 3):
        raise DataError(
            f"{NAME} are drawn in colour: channels and input_channels are 3; got "
            f"{request.channels} and {request.input_channels}"
        )
    if request.backwards:
        raise DataError(f"{NAME} go from stick figures to frames; backwards has no meaning here")
    made = _drawn(request.split, request.size)
    if request.split != "train":
        return made
    return Dataset(
        name=NAME,
        pictures=made.pictures,
        inputs=made.inputs,
        names=made.names,
        held_out=_pairs.few(_drawn("test", request.size)),
    )


@cache
def _drawn(split: str, size: int) -> Dataset:
    poses = known(split)
    inputs, pictures = figures(poses, size), film(TARGET, poses, size)
    for drawn in (inputs, pictures):
        drawn.flags.writeable = False
    return Dataset(
        name=NAME,
        inputs=_first_channels(inputs),
        pictures=_first_channels(pictures),
        names=tuple(f"{i:04}" for i in range(len(poses))),
    )


def _first_channels(pictures: Pictures) -> np.ndarray:
    return np.ascontiguousarray(pictures.transpose(0, 3, 1, 2))


ENTRY = Source(
    title="Puppets, drawn by a program",
    licence="MIT",
    load=load,
    given=Given(noun="stick figures"),
    made="frames of a dancer",
)
