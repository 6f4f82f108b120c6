"""Which views play with a bundle."""

from ganzoo.bundle import Bundle
from ganzoo.gallery.address import Model, href
from ganzoo.gallery.tabs import Tab, tabs
from ganzoo.zoo import Zoo


def plays(bundle: Bundle) -> list[tuple[str, Tab]]:
    """The views that can show a bundle, in order."""
    fitting = [
        (view, tab)
        for view, tab in tabs.items()
        if tab.needs
        and bundle.abilities.issuperset(tab.needs)
        and any(isinstance(control, Model) for control in tab.address)
    ]
    return sorted(fitting, key=lambda item: item[1].order)


def play(bundle: Bundle) -> str:
    """The address of the first view that shows a bundle."""
    fitting = plays(bundle)
    return href(fitting[0][0], model=bundle.name) if fitting else "?"


def painters(zoo: Zoo) -> list[Bundle]:
    """The bundles that some tab plays with, but those that only look."""
    return [bundle for bundle in map(zoo.bundle, zoo.names()) if paints(bundle)]


def paints(bundle: Bundle) -> bool:
    """Whether some tab shows its pictures; a classifier looks at those of others."""
    return bool(plays(bundle)) and "classify" not in bundle.abilities
