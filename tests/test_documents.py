"""What README, docs and CONTRIBUTING say: links lead somewhere, commands are known as written."""

import re
import shlex
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import typer

from ganzoo import config
from ganzoo.cli import build
from ganzoo.commands import commands

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
RUNS = re.compile(r"^(?:python -m )?ganzoo (.+?)(?:\s+#.*)?$", re.MULTILINE)
INLINE = re.compile(r"`ganzoo ([^`]+)`")


def names(page: Path) -> str:
    return str(page.relative_to(ROOT))


def said(page: Path) -> Iterator[list[str]]:
    """The words of every command on a page, those cut short (``…``) left out."""
    text = page.read_text("utf-8")
    for match in [*RUNS.finditer(text), *INLINE.finditer(text)]:
        if "…" not in match[1] and "[" not in match[1]:
            yield shlex.split(match[1])


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_links_lead_somewhere(page):
    text = page.read_text("utf-8")
    near = [*re.findall(r"\]\(([^)#]+)", text), *re.findall(r'src="([^"]+)"', text)]
    lost = [to for to in near if "://" not in to and not (page.parent / to).exists()]
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_commands_and_their_options_exist(page):
    root = typer.main.get_command(build(*commands))
    for words in said(page):
        command, rest = root, list(words)
        while rest and hasattr(command, "commands"):
            assert rest[0] in command.commands, f"ganzoo {' '.join(words)}"
            command = command.commands[rest.pop(0)]
        known = {option for each in command.params for option in each.opts + each.secondary_opts}
        asked = {word.partition("=")[0] for word in rest if word.startswith("--")}
        assert asked <= known | {"--help"}, f"ganzoo {' '.join(words)}"


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_recipes_take_the_changes_that_are_shown(page):
    for words in said(page):
        if words[0] != "train" or words[1] not in config.names():
            continue
        changes = [to for flag, to in pairwise(words) if flag == "--set"]
        config.load(words[1], changes)
