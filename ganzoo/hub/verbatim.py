"""Words of a bundle's in Markdown: shown as they are, never read as links, tables or HTML."""

import re

SPECIAL = re.compile(r"([\\`*<>|]|\](?=[(\[:]))")  # of brackets only those that make a link


def verbatim(text: str) -> str:
    """With a backslash before whatever Markdown would read."""
    return SPECIAL.sub(r"\\\1", text)
