"""What this machine can do, read from the machine and never guessed by timing."""

import platform
from functools import cache
from pathlib import Path

import torch

CPUINFO = Path("/proc/cpuinfo")


def has_bfloat16(cpu: bool = False) -> bool:
    """Whether bfloat16 arithmetic runs faster than float32: on the GPU, or on the CPU.

    Without units of its own it is emulated, some twenty times slower. An Intel processor needs its
    tiles (AMX): where a virtual machine hides them, the vector instructions for bfloat16 that are
    left take about twice as long as those for float32.
    """
    if not cpu and torch.cuda.is_available():
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if torch.cpu._is_amx_tile_supported():
        return True
    return torch.cpu._is_avx512_bf16_supported() and maker() != "GenuineIntel"


def has_int8() -> bool:
    """Whether products of eight-bit integers run faster on the CPU than those of other numbers.

    They do by instructions of their own (VNNI), some three times as fast as in float32. Where
    bfloat16 is fast as well it is left in charge: it keeps more of a picture.
    """
    return torch.cpu._is_vnni_supported() and not has_bfloat16(cpu=True)


def device() -> torch.device:
    """Where networks run: the GPU if there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def maker() -> str:
    """The processor's maker, as the processor writes it; empty where the system does not tell."""
    return _told("vendor_id", CPUINFO)


def name() -> str:
    """The processor's name as it calls itself, for the protocol of a measurement."""
    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    return _told("model name", CPUINFO) or platform.processor() or platform.machine()


@cache
def _told(key: str, path: Path) -> str:
    """What the first processor says under a key; empty if nothing."""
    lines = path.read_text().splitlines() if path.is_file() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "")
