"""A process that keeps its memory is not handed the same pages again and again."""

import subprocess
import sys

import pytest

from ganzoo import allocator

PROGRAM = """
import resource, sys
import numpy as np
from ganzoo.allocator import keep_freed_memory

def fill():
    for _ in range(20):
        np.ones(8 * 2**20)  # 64 MiB

if sys.argv[1] == "kept" and not keep_freed_memory():
    sys.exit(77)
fill()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
fill()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(way: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, way], capture_output=True, text=True, check=False
    )
    if done.returncode == 77:
        pytest.skip("this system's C library is another one")
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.mark.skipif(sys.platform == "win32", reason="counts page faults as Unix does")
def test_kept_memory_is_not_fetched_again():
    assert faults("kept") * 10 < faults("given back")


def test_another_c_library_is_left_alone(monkeypatch):
    monkeypatch.setattr(allocator.ctypes, "CDLL", lambda _: object())
    assert not allocator.keep_freed_memory()
