"""What programs ask of the Fool tab, and what they get."""

from typing import TypedDict

from gradio.data_classes import FileData

from ganzoo.errors import InputError
from ganzoo.gallery.fooling import attempts
from ganzoo.gallery.fooling.marks import file, top, visible
from ganzoo.gallery.fooling.panels import QUALITY
from ganzoo.gallery.fooling.subjects import Subject, subject
from ganzoo.zoo import Zoo


class Fooled(TypedDict):
    """What a program gets: PNGs at true size, what the network says, and what endures."""

    picture: FileData
    perturbation: FileData
    adversarial: FileData
    before: str
    before_confidence: float
    after: str
    after_confidence: float
    fooled: bool
    survives_8_bits: bool
    survives_jpeg: bool
    silent: bool


class Smallest(TypedDict):
    """The smallest FGSM step that fools, in [0, 1]; null if none up to 128/255 does."""

    epsilon: float | None
    before: str
    after: str | None


def fool(
    zoo: Zoo,
    model: str,
    picture: str = "4",
    attack: str = "fgsm",
    epsilon: int = 24,
    target: int | None = None,
) -> Fooled:
    """Attacks one picture, as picture + epsilon x perturbation = adversarial picture.

    `picture` is the seed of one that a generator of the same data paints, or a PNG in base64 of
    the network's own size. `epsilon` counts 255ths of the pixel range; `target` is a class number
    to be taken for (None: any other class). Returns the three panels as PNGs at true size, what
    the network says of the picture before and after, whether it is still fooled once the result
    was rounded to 8 bits or saved as JPEG, and whether the gradient is zero everywhere.
    """
    mine = subject(zoo, model)
    if not mine.pace.quick:
        raise InputError(f"{model} takes its time: ask /fool_photograph, with the same arguments")
    return _fooled(mine, picture, attack, epsilon, target)


def fool_photograph(
    zoo: Zoo,
    model: str,
    picture: str = "0",
    attack: str = "fgsm",
    epsilon: int = 4,
    target: int | None = None,
) -> Fooled:
    """Attacks one photograph, on a classifier of ImageNet such as `torchvision:resnet18`.

    `picture` is a PNG in base64, of any size: it is prepared as the network's weights ask for; or
    the number of an example. Everything else is as in /fool. The weights must have been fetched.
    """
    return _fooled(subject(zoo, model), picture, attack, epsilon, target)


def _fooled(one: Subject, picture: str, attack: str, epsilon: int, target: int | None) -> Fooled:
    one.check_target(target)
    done = attempts.perform(one, picture, attack, epsilon, target)
    name, names, image = one.name, one.classes, one.shown(picture)
    (before, sure), (after, still) = top(done.before), top(done.after)
    return Fooled(
        picture=file(image, f"{name}-picture.png"),
        perturbation=file(visible(done.change), f"{name}-perturbation.png"),
        adversarial=file(done.image, f"{name}-{attack}-{epsilon}.png"),
        before=names[before],
        before_confidence=sure,
        after=names[after],
        after_confidence=still,
        fooled=bool(done.reached),
        survives_8_bits=attempts.persists(one, done, None)[0],
        survives_jpeg=attempts.persists(one, done, QUALITY)[0],
        silent=bool(done.silent),
    )


def smallest_step(zoo: Zoo, model: str, picture: str = "4", target: int | None = None) -> Smallest:
    """The smallest epsilon at which one FGSM step fools the network, found to one millionth.

    `picture` and `target` as in /fool. Returns epsilon in [0, 1] (null if no step up to 128/255
    succeeds), and what the network says before and after.
    """
    mine = subject(zoo, model)
    if not mine.pace.quick:
        raise InputError(f"{model} takes its time; this is answered for small networks only")
    mine.check_target(target)
    names = mine.classes
    found = attempts.way(mine, picture, "fgsm", 1, target)
    return Smallest(
        epsilon=found.failure,
        before=names[found.own],
        after=None if found.failure is None else names[found.rival],
    )
