"""SAGAN as mimicry saves it: ``netG_100000_steps.pth``, ``netD_100000_steps.pth``."""

from collections.abc import Mapping
from typing import Any

from ganzoo.importers import Converted, Foreign, Importer, _mimicry


def convert(content: Foreign, options: Mapping[str, Any], part: str) -> Converted:
    return _mimicry.convert(content, part, "sagan")


ENTRY = Importer(
    title="SAGAN of mimicry",
    repository="kwotsin/mimicry",
    files="linked from its README, and written by its trainer: netG_N_steps.pth, netD_N_steps.pth",
    licence="MIT",
    parts=("generator", "discriminator"),
    convert=convert,
)
