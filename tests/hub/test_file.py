"""Foreign weights from the Hub: one command fetches, converts and says where they come from."""

import io

import pytest
import torch
from huggingface_hub import ModelCard, constants
from loopback import Hub, Repo
from torch import nn
from typer.testing import CliRunner, Result

import ganzoo
from ganzoo.cli import build
from ganzoo.errors import HubError
from ganzoo.hub import fetch

WHERE = "hub:them/zoo/nets/netG.pth"


def netG() -> nn.Module:  # noqa: N802 - the public file's name
    return nn.Sequential(
        nn.ConvTranspose2d(5, 8, 4, 1, 0, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
        nn.ConvTranspose2d(8, 4, 4, 2, 1, bias=False), nn.BatchNorm2d(4), nn.ReLU(),
        nn.ConvTranspose2d(4, 3, 4, 2, 1, bias=False), nn.Tanh(),
    ).eval()  # fmt: skip


@pytest.fixture
def theirs(hub: Hub) -> nn.Module:
    network, file = netG(), io.BytesIO()
    torch.save({f"main.{key}": value for key, value in network.state_dict().items()}, file)
    hub.repos["them/zoo"] = Repo(
        {"nets/netG.pth": file.getvalue(), "nets/config.json": b'{"nz": 5}', "big.pkl": b"x" * 99}
    )
    return network


def run(*arguments: str) -> Result:
    return CliRunner().invoke(build("import", "list"), ["import", *arguments])


@torch.no_grad()
def test_one_command_brings_it_into_the_zoo(hub, theirs, tmp_path):
    out = tmp_path / "dcgan-them"
    done = run("dcgan-pytorch-examples", WHERE, "--out", str(out))
    assert done.exit_code == 0, done.output
    model, z = ganzoo.load(out), torch.randn(2, 5)
    torch.testing.assert_close(
        model.network()(z), theirs(z[:, :, None, None]), atol=1e-5, rtol=1e-4
    )
    source = model.bundle.config.provenance
    assert source.source == f"{WHERE}@{hub.repos['them/zoo'].commit}"
    text = (out / "README.md").read_text()
    data = ModelCard(text).data
    assert (data.license, data.license_link) == ("other", "https://github.com/pytorch/examples")
    for said in (source.source, source.sha256, source.licence, "weights of others"):
        assert said in text
    assert "trained by ganzoo" not in text


def test_the_pinned_name_brings_the_same_bytes_when_the_branch_has_moved(hub, theirs):
    first = fetch(WHERE)
    content = first.path.read_bytes()
    repo = hub.repos["them/zoo"]
    repo.move_on(repo.files | {"nets/netG.pth": b"another"}, "edit")
    assert fetch(WHERE).path.read_bytes() == b"another"
    assert fetch(first.pinned).path.read_bytes() == content


def test_options_beside_the_weights_come_along(theirs):
    assert fetch(WHERE).path.with_name("config.json").read_bytes() == b'{"nz": 5}'


def test_nothing_else_of_the_repository_is_fetched(hub, theirs):
    fetch(WHERE)
    assert not [path for path in hub.asked if "big.pkl" in path]


@pytest.mark.parametrize(("name", "said"), [
    ("hub:them/zoo/nets/netF.pth", r"no file 'nets/netF.pth'. Did you mean 'nets/netG.pth'"),
    ("hub:them/zoo", "named hub:owner/repo/file@revision"),
    ("hub:them/zoo/../../etc/passwd", "named hub:owner/repo/file"),
    ("hub:them/zoo//etc/passwd", "named hub:owner/repo/file"),
    ("hub:them/zoo/nets/*.pth", "named hub:owner/repo/file"),
    ("hub:them/none/a.pth", "has no 'them/none'"),
    ("hub:them/zoo/nets/netG.pth@v9", "no revision 'v9'"),
])  # fmt: skip
def test_wrong_names_are_quoted(theirs, name, said):
    with pytest.raises(HubError, match=said):
        fetch(name)


def test_a_file_too_large_is_not_begun(hub, theirs):
    with pytest.raises(HubError, match="at most 0 are read"):
        fetch("hub:them/zoo/big.pkl", limit=98)
    assert not [path for path in hub.asked if "/resolve/" in path]


def test_offline_what_was_fetched_serves(hub, theirs, monkeypatch):
    path = fetch(WHERE).path
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert fetch(WHERE).path == path
    with pytest.raises(HubError, match="HF_HUB_OFFLINE"):
        fetch("hub:them/zoo/big.pkl")


def test_every_format_says_where_its_files_are_and_under_which_licence():
    from ganzoo.importers import importers

    done = run("--list")
    assert done.exit_code == 0
    for name, one in importers.items():
        for said in (name.replace("_", "-"), one.title, one.repository, one.files, one.licence):
            assert said in done.output
