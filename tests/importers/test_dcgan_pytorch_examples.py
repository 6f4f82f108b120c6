"""The public layout, written down here once more, must give what ours gives."""

import pytest
import torch
from safetensors.torch import save_file
from torch import nn
from typer.testing import CliRunner

import ganzoo
from ganzoo.cli import build
from ganzoo.importers import importers


def public_generator(nz: int, ngf: int, nc: int) -> nn.Sequential:
    return nn.Sequential(
        nn.ConvTranspose2d(nz, ngf * 4, 4, 1, 0, bias=False),
        nn.BatchNorm2d(ngf * 4), nn.ReLU(True),
        nn.ConvTranspose2d(ngf * 4, ngf * 2, 4, 2, 1, bias=False),
        nn.BatchNorm2d(ngf * 2), nn.ReLU(True),
        nn.ConvTranspose2d(ngf * 2, ngf, 4, 2, 1, bias=False),
        nn.BatchNorm2d(ngf), nn.ReLU(True),
        nn.ConvTranspose2d(ngf, nc, 4, 2, 1, bias=False),
        nn.Tanh(),
    )  # fmt: skip


def public_discriminator(nc: int, ndf: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(nc, ndf, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(ndf, ndf * 2, 4, 2, 1, bias=False),
        nn.BatchNorm2d(ndf * 2), nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(ndf * 2, ndf * 4, 4, 2, 1, bias=False),
        nn.BatchNorm2d(ndf * 4), nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(ndf * 4, 1, 4, 1, 0, bias=False), nn.Sigmoid(),
    )  # fmt: skip


def uneven(network: nn.Module) -> nn.Module:
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, 0, 0.1)
            nn.init.uniform_(module.running_var, 0.5, 2)
    return network.eval()


def save(network: nn.Module, path) -> str:
    named = {f"main.{key}": value for key, value in network.state_dict().items()}
    torch.save(named, path)
    return str(path)


def run(*arguments: str):
    return CliRunner().invoke(build("import", "list"), ["import", *arguments])


@torch.no_grad()
def test_both_players_become_one_bundle_that_gives_the_same(tmp_path):
    theirs, judge = uneven(public_generator(10, 8, 3)), uneven(public_discriminator(3, 8))
    out = str(tmp_path / "mine")
    for part, network in {"discriminator": judge, "generator": theirs}.items():
        path = save(network, tmp_path / f"{part}.pth")
        done = run("dcgan-pytorch-examples", path, "--out", out, "--part", part)
        assert done.exit_code == 0, done.output
    model = ganzoo.load(out)
    assert model.bundle.players == ("generator", "discriminator")
    z = torch.randn(3, 10)
    image = theirs(z[:, :, None, None])
    torch.testing.assert_close(model.network("generator")(z), image, atol=1e-5, rtol=1e-4)
    assert model.image_size == 32
    assert model.bundle.config.provenance.format == "dcgan-pytorch-examples"


def test_a_judge_joins_a_generator_of_any_latents_unless_it_is_told_others(tmp_path):
    out = str(tmp_path / "mine")
    painter = save(public_generator(20, 8, 3), tmp_path / "netG.pth")
    judge = save(public_discriminator(3, 8), tmp_path / "netD.pth")
    assert run("dcgan-pytorch-examples", painter, "--out", out).exit_code == 0
    join = ["dcgan-pytorch-examples", judge, "--out", out, "--part", "discriminator"]
    (tmp_path / "other.json").write_text('{"nz": 30}')
    other = run(*join, "--options", str(tmp_path / "other.json"))
    assert (other.exit_code, "the weights do not fit" in other.output) == (2, True)
    done = run(*join)
    assert done.exit_code == 0, done.output
    made = ganzoo.load(out).bundle
    assert made.players == ("generator", "discriminator")
    assert made.recipe.options.z_dim == 20


@torch.no_grad()
def test_the_order_of_names_in_a_file_does_not_matter(tmp_path):
    """A safetensors file has main.12 before main.3; one of torch before 0.4.1 no counters."""
    theirs = uneven(public_generator(10, 8, 3))
    named = {f"main.{key}": value for key, value in theirs.state_dict().items()}
    kept = {key: value.clone() for key, value in named.items() if "num_batches" not in key}
    save_file(kept, tmp_path / "netG.safetensors")
    out = str(tmp_path / "mine")
    done = run("dcgan-pytorch-examples", str(tmp_path / "netG.safetensors"), "--out", out)
    assert done.exit_code == 0, done.output
    z = torch.randn(3, 10)
    ours = ganzoo.load(out).network("generator")(z)
    torch.testing.assert_close(ours, theirs(z[:, :, None, None]), atol=1e-5, rtol=1e-4)


@torch.no_grad()
def test_the_judge_keeps_its_logit(tmp_path):
    judge = uneven(public_discriminator(1, 6))
    out = str(tmp_path / "judge")
    path = save(judge, tmp_path / "netD.pth")
    done = run("dcgan-pytorch-examples", path, "--out", out, "--part", "discriminator")
    assert done.exit_code == 0, done.output
    model = ganzoo.load(out)
    image = torch.rand(3, 1, 32, 32) * 2 - 1
    ours = model.network("discriminator")(image)
    torch.testing.assert_close(ours, judge[:-1](image).flatten(), atol=1e-5, rtol=1e-4)
    assert model.bundle.players == ("discriminator",)
    assert not model.bundle.abilities, "without its generator it paints nothing"


def test_weights_of_another_network_are_refused_by_name(tmp_path):
    torch.save({"fc.weight": torch.ones(2, 2)}, tmp_path / "other.pth")
    done = run("dcgan-pytorch-examples", str(tmp_path / "other.pth"), "--out", str(tmp_path / "x"))
    assert done.exit_code == 2
    assert "fc.weight" in done.output
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("odd", [
    {"layer1.conv.weight": torch.ones(())}, {"output_layer.0.conv.weight": torch.ones(3)},
])  # fmt: skip
@pytest.mark.parametrize("kind", sorted(importers))
def test_odd_shapes_and_options_are_refused_in_a_sentence(tmp_path, kind, odd):
    torch.save({"state_dict": odd, **odd}, tmp_path / "odd.pth")
    (tmp_path / "odd.json").write_text('{"alpha": "half", "crop_size": "big", "z_dim": []}')
    done = run(
        kind.replace("_", "-"), str(tmp_path / "odd.pth"), "--out", str(tmp_path / "x"),
        "--options", str(tmp_path / "odd.json"),
    )  # fmt: skip
    assert done.exit_code == 2, done.exception
    assert done.output.startswith("ganzoo: ")
    assert not (tmp_path / "x").exists()


class Bomb:
    def __reduce__(self):
        return print, ("never",)


@pytest.mark.parametrize("legacy", [False, True])
def test_code_in_a_file_is_not_run(tmp_path, legacy, capsys):
    path = tmp_path / "bad.pth"
    torch.save({"main.0.weight": Bomb()}, path, _use_new_zipfile_serialization=not legacy)
    done = run("dcgan-pytorch-examples", str(path), "--out", str(tmp_path / "x"))
    assert done.exit_code == 2
    assert "not read further" in done.output
    assert "never" not in capsys.readouterr().out


def test_damaged_and_missing_files_are_named(tmp_path):
    (tmp_path / "cut.pth").write_bytes(b"PK\x03\x04 nothing")
    for name in ("cut.pth", "nowhere.pth"):
        done = run("dcgan-pytorch-examples", str(tmp_path / name), "--out", str(tmp_path / "x"))
        assert done.exit_code == 2
        assert name in done.output.replace("\n", "")


def test_unknown_formats_and_parts_get_suggestions(tmp_path):
    path = save(public_generator(4, 2, 1), tmp_path / "g.pth")
    done = run("dcgan-pytorch-exmples", path, "--out", str(tmp_path / "x"))
    assert (done.exit_code, "dcgan-pytorch-examples" in done.output) == (2, True)
    done = run("dcgan-pytorch-examples", path, "--out", str(tmp_path / "x"), "--part", "generatr")
    assert (done.exit_code, "Did you mean 'generator'?" in done.output) == (2, True)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("stylegan2_nvlab", "Did you mean 'stylegan2-nvlabs'?"),
        ("x", "Known: biggan-huggingface, biggan-pytorch, "),
    ],
)
def test_an_unknown_format_is_quoted_with_the_words_of_the_command(kind, said, tmp_path):
    command = ["import", kind, "netG.pth", "--out", str(tmp_path / "mine")]
    done = CliRunner().invoke(build("import", "list"), command)
    assert done.exit_code == 2
    assert done.stderr.startswith(f"ganzoo: there is no format '{kind}'. {said}")
