"""Bundles on the Hugging Face Hub, and bundles wherever they lie."""

from ganzoo.hub.file import Fetched, fetch
from ganzoo.hub.find import find
from ganzoo.hub.keep import keep
from ganzoo.hub.metadata import licence
from ganzoo.hub.pull import Pulled, pull
from ganzoo.hub.push import Parcel, Shipment, inspect, pack, rehearse, send
from ganzoo.hub.ref import HUB, Ref, repository
from ganzoo.hub.search import Found, search
from ganzoo.hub.snapshot import home, pinned

__all__ = [
    "HUB",
    "Fetched",
    "Found",
    "Parcel",
    "Pulled",
    "Ref",
    "Shipment",
    "fetch",
    "find",
    "home",
    "inspect",
    "keep",
    "licence",
    "pack",
    "pinned",
    "pull",
    "rehearse",
    "repository",
    "search",
    "send",
]
