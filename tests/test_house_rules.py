"""The house rules, as tests."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from ganzoo.architectures import architectures
from ganzoo.attacks import attacks
from ganzoo.augment import augmentations
from ganzoo.metrics import metrics
from ganzoo.objectives import objectives
from ganzoo.penalties import penalties

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "ganzoo").rglob("*.py"))
FOLDERS = {
    "architectures": architectures,
    "attacks": attacks,
    "augment": augmentations,
    "metrics": metrics,
    "objectives": objectives,
    "penalties": penalties,
}
IDEAS = [(folder, name) for folder, entries in FOLDERS.items() for name in entries]
RECIPES = sorted((ROOT / "ganzoo" / "recipes").glob("*.yaml"))
# The glossary's third column, where a word has no other honest use.
BANNED = {
    "cfg", "ckpt", "criterion", "dlatent", "dlatents", "gen_imgs", "netD", "netG", "noise_dim",
    "num_steps_per_epoch", "nz", "real_imgs", "validity", "ws",
}  # fmt: skip

each_source = pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
each_idea = pytest.mark.parametrize(("folder", "name"), IDEAS)


def docstring(folder, name):
    path = ROOT / "ganzoo" / folder / f"{name}.py"
    return ast.get_docstring(ast.parse(path.read_text())) or ""


@each_source
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(ast.parse(path.read_text()))


@each_source
def test_names_come_from_the_glossary(path):
    named = set()
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name):
                named.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                named.add(name)
            case ast.Attribute(attr=name, ctx=ast.Store()):
                named.add(name)
    assert not named & BANNED


@each_source
def test_what_is_private_to_a_package_stays_there(path):
    """A module of ours with an underscore is read by its own package alone."""
    home = ".".join(path.relative_to(ROOT).with_suffix("").parts[:-1])
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("ganzoo"):
            for name in (f"{node.module}.{alias.name}" for alias in node.names):
                owner, private, _ = name.partition("._")
                assert not private or f"{home}.".startswith(f"{owner}."), name


@each_idea
def test_every_idea_names_its_paper_and_where_it_differs(folder, name):
    text, paper = docstring(folder, name), FOLDERS[folder][name].paper
    assert not paper.arxiv or f"arXiv:{paper.arxiv}" in text
    assert re.search(r"\nDeviations from the papers?: ", text)


@each_idea
def test_every_label_is_filled_in(folder, name):
    paper = FOLDERS[folder][name].paper
    for field in ("nickname", "title", "authors", "venue", "idea", "equation"):
        assert getattr(paper, field).strip(), field
    assert (1990 if folder == "metrics" else 2012) <= paper.year <= 2100
    assert paper.idea.endswith(".")
    assert len(paper.idea) < 240
    assert paper.equation.count("{") == paper.equation.count("}")


def test_every_parent_is_in_the_family():
    papers = [FOLDERS[folder][name].paper for folder, name in IDEAS]
    born = {paper.nickname: paper.year for paper in papers}
    assert len(born) == len(papers), "two ideas share a nickname"
    for paper in papers:
        for parent in paper.parents:
            assert parent in born, f"{paper.nickname} grew from {parent!r}, whom nobody knows"
            assert born[parent] <= paper.year


@pytest.mark.parametrize("path", RECIPES, ids=lambda p: p.stem)
def test_every_recipe_introduces_itself(path):
    assert path.read_text().startswith("# ")


def test_spaces_is_not_a_package():
    """Gradio imports a module of that name: Python in our folder would stand in its place."""
    assert not list((ROOT / "spaces").rglob("*.py"))


def test_imports_flow_one_way():
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_installing_needs_is_pinned():
    for line in (ROOT / "requirements.txt").read_text().splitlines():
        if line and not line.startswith(("#", "-")):
            assert "==" in line, f"{line!r} is not pinned"


def test_tests_work_on_as_many_threads_as_they_were_told():
    """Whatever imports torch before ``conftest.py`` has spoken would have all processors."""
    assert torch.get_num_threads() == int(os.environ["OMP_NUM_THREADS"])
