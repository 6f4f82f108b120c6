"""What the contestants of a test can do. Imported in their processes, so it stays light."""

import time
from collections.abc import Callable


def sleeper(seconds: float) -> dict[str, Callable[..., object]]:
    return {"nap": lambda: time.sleep(seconds), "said": lambda word: f"{word} {seconds}"}


def hog(mebibytes: int) -> dict[str, Callable[..., object]]:
    held = bytearray(mebibytes * 2**20)
    return {"held": lambda: len(held)}
