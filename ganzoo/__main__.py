"""``python -m ganzoo``."""

from ganzoo.cli import main

if __name__ == "__main__":  # not in the processes that bench starts
    main()
