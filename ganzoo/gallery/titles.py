"""What bundles are called in a list, and in what order they stand there."""

from collections import Counter
from collections.abc import Iterable

from ganzoo.bundle import Bundle


def titles(bundles: Iterable[Bundle]) -> tuple[tuple[str, str], ...]:
    """Label and name of each, those that learned from the same together, the oldest paper first.

    Where two would be called the same, both bear their names.
    """
    ranked = sorted(bundles, key=lambda b: (_data(b), b.paper.year, b.paper.nickname, b.name))
    plain = {bundle.name: title(bundle) for bundle in ranked}
    often = Counter(plain.values())
    return tuple(
        (f"{label} ({name})" if often[label] > 1 else label, name) for name, label in plain.items()
    )


def title(bundle: Bundle) -> str:
    """By method and data: "StyleGAN2 · AFHQ cats"."""
    return f"{bundle.paper.nickname} · {data}" if (data := _data(bundle)) else bundle.paper.nickname


def _data(bundle: Bundle) -> str:
    return bundle.config.data.title if bundle.config.data else ""
