"""How the C library hands out memory, set for a program that asks for the same sizes again.

By default glibc gives a large block back to the system as soon as it is freed, and gets it anew,
page by page and filled with zeros, for the next tensor of that size: a network paints into memory
that is taken away after each layer. Kept, the memory is there already. What a process holds stays
at its peak instead.
"""

import ctypes

TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8  # glibc's malloc.h
LARGEST = 2**31 - 1  # bytes; what an int holds


def keep_freed_memory() -> bool:
    """Freed memory stays with the process, and all threads share it, from here on.

    Returns:
        Whether the C library knows these settings: glibc does, others change nothing.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    wanted = ((TRIM_THRESHOLD, LARGEST), (MMAP_THRESHOLD, LARGEST), (ARENA_MAX, 1))
    return all([mallopt(key, value) == 1 for key, value in wanted])
