"""One file per foreign format: weights that others trained become ordinary bundles.

Nothing here executes what a file says: see :mod:`ganzoo.importers._read`.
"""

from ganzoo.importers._base import Converted, Foreign, Importer, convert
from ganzoo.importers._read import options, weights
from ganzoo.registry import Folder

importers: Folder[Importer] = Folder(__name__, Importer)

__all__ = ["Converted", "Foreign", "Importer", "convert", "importers", "options", "weights"]
