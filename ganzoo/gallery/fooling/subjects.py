"""Who is attacked, by the name in the address."""

from ganzoo.explore.imagenet import PREFIX
from ganzoo.gallery.fooling._base import LEVELS, MOST, Subject
from ganzoo.gallery.fooling.bundled import Bundled
from ganzoo.gallery.fooling.photographic import OFFERED, Photographic
from ganzoo.zoo import Zoo

ATTACKS = tuple(Bundled.pace.attacks)

__all__ = ["ATTACKS", "LEVELS", "MOST", "OFFERED", "Subject", "subject"]


def subject(zoo: Zoo, model: str) -> Subject:
    """A classifier's bundle, or one of torchvision's."""
    return (Photographic if model.startswith(PREFIX) else Bundled)(zoo, model)
