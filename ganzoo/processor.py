"""What this machine can do, read from the machine and never guessed by timing."""

import platform
from pathlib import Path

import torch


def has_bfloat16(cpu: bool = False) -> bool:
    """Whether bfloat16 arithmetic runs on units of its own: on the GPU, or on the CPU.

    Without them it is emulated, some twenty times slower than float32.
    """
    if not cpu and torch.cuda.is_available():
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()


def name() -> str:
    """The processor's name as it calls itself, for the protocol of a measurement."""
    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.is_file() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or platform.machine()
