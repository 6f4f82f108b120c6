"""ganzoo: the GANs of the lectures, trained, explained and on show."""

__version__ = "0.1.0"
