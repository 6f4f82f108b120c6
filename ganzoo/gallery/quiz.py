"""The study that visitors play, and how a view loads what the study's own pages are made of."""

STUDY = "real-or-fake"


def script(name: str) -> str:
    """JavaScript that loads a module of the studies, at whatever sub-path the gallery is shown."""
    return f'import(new URL("study/static/{name}", location.href.split("?")[0]));'
