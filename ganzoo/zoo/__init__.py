"""Every bundle at hand, built once for all visitors and prepared to paint fast."""

from ganzoo.zoo.dancer import Dancer
from ganzoo.zoo.dreamer import Dreamer
from ganzoo.zoo.inverter import Inverter
from ganzoo.zoo.model import Model
from ganzoo.zoo.prepare import Prepared, prepare, psnr
from ganzoo.zoo.retargeter import Retargeter
from ganzoo.zoo.stylist import Stylist
from ganzoo.zoo.zoo import GUESTS, Zoo

__all__ = [
    "GUESTS", "Dancer", "Dreamer", "Inverter", "Model", "Prepared", "Retargeter", "Stylist", "Zoo",
    "prepare", "psnr",
]  # fmt: skip
