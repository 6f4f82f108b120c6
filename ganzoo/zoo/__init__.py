"""Every bundle at hand, built once for all visitors and prepared to paint fast."""

from ganzoo.zoo.model import Model
from ganzoo.zoo.prepare import Prepared, prepare, psnr
from ganzoo.zoo.zoo import Zoo

__all__ = ["Model", "Prepared", "Zoo", "prepare", "psnr"]
