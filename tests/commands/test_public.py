"""Racing public code: what can be said without it."""

import pytest
from typer.testing import CliRunner

from ganzoo import config
from ganzoo.cli import build
from ganzoo.commands import _public
from ganzoo.importers import importers


def mistake(*arguments: str) -> str:
    done = CliRunner().invoke(build("bench"), arguments)
    assert done.exit_code == 2, done.output
    return done.stderr


def test_mistakes_are_quoted():
    assert "Did you mean 'torch-mimicry'" in mistake("public:torch-mimicri")
    assert "nothing is kept" in mistake("public:torch-mimicry", "--write")


@pytest.mark.parametrize("name", _public.PUBLIC)
def test_what_is_not_installed_is_named_with_its_remedy(name, monkeypatch):
    for package in ("pytorch_pretrained_biggan", "torch_mimicry"):
        monkeypatch.setitem(__import__("sys").modules, package, None)
    told = " ".join(mistake(f"public:{name}").split())
    assert f"pip install {_public.PUBLIC[name].needs[0]}" in told


@pytest.mark.parametrize("found", _public.PUBLIC.values())
def test_each_has_an_importer_and_a_recipe_that_parses(found):
    assert importers[found.kind].parts[0] == "generator"
    if found.recipe:
        assert config.parse(found.recipe).batch_size == 64
