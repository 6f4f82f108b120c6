"""Bundles on the Hugging Face Hub, and bundles wherever they lie."""

from ganzoo.hub.file import Fetched, fetch
from ganzoo.hub.find import find
from ganzoo.hub.keep import keep
from ganzoo.hub.pull import Pulled, pull
from ganzoo.hub.push import Parcel, Shipment, inspect, pack, send
from ganzoo.hub.ref import HUB, Ref, repository

__all__ = [
    "HUB",
    "Fetched",
    "Parcel",
    "Pulled",
    "Ref",
    "Shipment",
    "fetch",
    "find",
    "inspect",
    "keep",
    "pack",
    "pull",
    "repository",
    "send",
]
