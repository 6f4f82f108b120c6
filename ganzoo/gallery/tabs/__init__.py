"""One file per tab; the file's name is its address (``?view=sample``)."""

from ganzoo.gallery.tabs._base import ROOMS, Explainer, Room, Slider, Tab
from ganzoo.registry import Folder

tabs: Folder[Tab] = Folder(__name__, Tab)

__all__ = ["ROOMS", "Explainer", "Room", "Slider", "Tab", "tabs"]
