"""Spaces: what is assembled starts as it would there, and is sent whole."""

import pytest
from huggingface_hub import metadata_load
from shelf import hang
from typer.testing import CliRunner, Result

from ganzoo.cli import build
from ganzoo.errors import BundleError, HubError, UnknownNameError
from ganzoo.hub import deploy

pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    monkeypatch.setenv("GANZOO_CHECKPOINTS", str(tmp_path / "shelf"))
    hang(tmp_path / "shelf", "dcgan-mnist")
    return tmp_path / "shelf"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(build("deploy", "push"), ["deploy", *arguments])


@pytest.mark.parametrize("name", ["gallery", "turing-test"])
def test_a_manifest_says_what_the_hub_asks(name):
    space = deploy.space(name)
    told = metadata_load(space.folder / "README.md")
    assert told["sdk"] in ("gradio", "docker")
    assert {"title", "license", "suggested_hardware", "short_description"} <= set(told)
    assert len(told["short_description"]) <= 60
    assert not list(space.folder.rglob("*.py"))


def test_the_gradio_of_the_manifest_is_the_one_that_is_required():
    told = metadata_load(deploy.space("gallery").folder / "README.md")
    pinned = (deploy.ROOT / "requirements.txt").read_text()
    assert f"gradio=={told['sdk_version']}\n" in pinned


def test_the_tree_holds_what_runs_and_nothing_else(tmp_path, shelf):
    out = tmp_path / "out"
    models = ["hub:me/animal@" + "a" * 40, "hub:you/plant"]
    variables = deploy.assemble(deploy.space("gallery"), out, [shelf / "dcgan-mnist"], models)
    assert variables["GANZOO_MODELS"] == " ".join(models)
    names = {path.name for path in out.iterdir()}
    assert names == {
        "app.py", "LICENSE", "CHANGELOG.md", "README.md", "requirements.txt", "ganzoo", "checkpoints",
    }  # fmt: skip
    assert not [*out.rglob("__pycache__"), *out.rglob("spaces")]
    assert (out / "ganzoo/recipes/dcgan-mnist.yaml").is_file()
    assert (out / "ganzoo/gallery/static/gallery.js").is_file()
    assert {p.name for p in (out / "checkpoints").iterdir()} == {"dcgan-mnist"}
    needed = (out / "requirements.txt").read_text()
    assert "torch==" in needed
    assert "\nspaces==" in needed
    told = metadata_load(out / "README.md")
    pin = f"me/animal config.json,model.safetensors,README.md {'a' * 40}"
    assert told["preload_from_hub"] == [pin, "you/plant"]
    assert deploy.sdk(out) == "gradio"
    with pytest.raises(HubError, match="not empty"):
        deploy.assemble(deploy.space("gallery"), out, [])


def test_a_damaged_bundle_is_not_deployed(tmp_path, shelf):
    (shelf / "dcgan-mnist" / "model.safetensors").write_bytes(b"x")
    with pytest.raises(BundleError, match="vouches for"):
        deploy.assemble(deploy.space("gallery"), tmp_path / "out", [shelf / "dcgan-mnist"])


def test_a_folder_called_spaces_is_never_sent(tmp_path):
    (tmp_path / "a" / "spaces").mkdir(parents=True)
    (tmp_path / "a" / "spaces" / "x.md").write_text("x")
    with pytest.raises(BundleError, match="called spaces"):
        deploy.parcels(tmp_path)


def test_what_does_not_start_is_not_sent(tmp_path):
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "app.py").write_text("raise SystemExit('no paint left')")
    with pytest.raises(HubError, match="no paint left"):
        deploy.try_out(tree, deploy.space("gallery"), "a/b", {})


def test_it_starts_as_a_space_would_and_goes_online(hub, shelf, tmp_path):
    """In a process of its own, with SYSTEM=spaces and SPACE_ID=me/show."""
    done = run("gallery", "me/show", "--out", str(tmp_path / "kept"))
    assert done.exit_code == 0, done.output
    assert "it starts" in done.output
    repo = hub.repos["spaces/me/show"]
    assert repo.sdk == "gradio"
    assert repo.variables == deploy.space("gallery").variables
    assert repo.files["app.py"] == (deploy.ROOT / "app.py").read_bytes()
    assert "checkpoints/dcgan-mnist/model.safetensors" in repo.files
    assert not [path for path in repo.files if path.startswith("spaces/")]


def test_the_turing_test_starts_as_a_space_would_and_goes_online(hub, shelf, tmp_path):
    """Without a password, a database or a journal: the participants' page answers."""
    done = run("turing-test", "me/quiz", "--out", str(tmp_path / "kept"))
    assert done.exit_code == 0, done.output
    assert "it starts" in done.output
    repo = hub.repos["spaces/me/quiz"]
    assert repo.sdk == "docker"
    assert b"study" in repo.files["Dockerfile"]
    for name in ("study.yaml", "manifest.json", "stimuli.zip", "NOTICE.md"):
        assert f"ganzoo/study/studies/real-or-fake/{name}" in repo.files


# Stands in for the package that hands out GPUs on a Space: writes down what it is given to wrap.
HANDS_OUT = """
def gradio_auto_wrap(handler):
    if handler is not None:
        with open("wrapped", "a") as file:
            file.write(f"{handler.__name__}\\n")
    return handler
"""


def test_on_zero_gpu_every_handler_is_given_to_the_package_that_hands_it_out(shelf, tmp_path):
    tree = tmp_path / "tree"
    space = deploy.space("gallery")
    variables = deploy.assemble(space, tree, [shelf / "dcgan-mnist"])
    assert variables["SPACES_GRADIO_AUTO_WRAP"] == "1"
    (tree / "spaces.py").write_text(HANDS_OUT)
    deploy.try_out(tree, space, "me/show", variables)
    names = (tree / "wrapped").read_text().split()
    assert len(names) > 20
    assert "sample" in names


def test_mistakes_are_told_before_anything_is_assembled(hub, shelf):
    with pytest.raises(UnknownNameError, match="Did you mean 'gallery'"):
        deploy.space("galery")
    for arguments, said in ((("galery", "me/x"), "gallery"), (("gallery", "x"), "user/name")):
        done = run(*arguments)
        assert done.exit_code == 2
        assert said in done.stderr
    assert not hub.repos
