"""What the machine can do follows from what its processor says of itself."""

import pytest
import torch

from ganzoo import processor

CPUINFO = """processor\t: 0
vendor_id\t: {maker}
model name\t: One of a Kind
flags\t\t: fpu vme

processor\t: 1
vendor_id\t: {maker}
model name\t: One of a Kind
flags\t\t: fpu vme
"""


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """Makes a machine with a processor of some maker and some units, and without a GPU."""

    def make(maker: str, vectors: bool, tiles: bool, integers: bool = False) -> None:
        told = tmp_path / "cpuinfo"
        told.write_text(CPUINFO.format(maker=maker))
        monkeypatch.setattr(processor, "CPUINFO", told)
        monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
        monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: vectors)
        monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: tiles)
        monkeypatch.setattr(torch.cpu, "_is_vnni_supported", lambda: integers)

    return make


@pytest.mark.parametrize(
    ("maker", "vectors", "tiles", "fast"),
    [
        ("AuthenticAMD", True, False, True),
        ("AuthenticAMD", False, False, False),
        ("GenuineIntel", True, True, True),
        ("GenuineIntel", True, False, False),
        ("GenuineIntel", False, False, False),
    ],
)
def test_bfloat16_is_taken_where_it_is_faster(machine, maker, vectors, tiles, fast):
    machine(maker, vectors, tiles)
    assert processor.has_bfloat16() is fast


@pytest.mark.parametrize(
    ("maker", "vectors", "tiles", "integers", "fast"),
    [
        ("AuthenticAMD", True, False, True, False),  # bfloat16 keeps more
        ("AuthenticAMD", False, False, True, True),
        ("GenuineIntel", True, True, True, False),
        ("GenuineIntel", True, False, True, True),
        ("GenuineIntel", False, False, False, False),
    ],
)
def test_integers_are_taken_where_only_they_are_faster(
    machine, maker, vectors, tiles, integers, fast
):
    machine(maker, vectors, tiles, integers)
    assert processor.has_int8() is fast


def test_a_processor_has_a_name(machine):
    machine("AuthenticAMD", True, False)
    assert processor.name() == "One of a Kind"


def test_a_system_without_cpuinfo_is_asked_otherwise(machine, monkeypatch, tmp_path):
    machine("AuthenticAMD", True, False)
    monkeypatch.setattr(processor, "CPUINFO", tmp_path / "none")
    monkeypatch.setattr(processor.platform, "processor", lambda: "m1")
    assert processor.name() == "m1"
    assert processor.has_bfloat16()
