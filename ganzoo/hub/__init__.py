"""Bundles on the Hugging Face Hub, and bundles wherever they lie."""

from ganzoo.hub.find import find
from ganzoo.hub.pull import pull

__all__ = ["find", "pull"]
