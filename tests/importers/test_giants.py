"""Small networks with random weights, and what the public code that defines each format made of
them (float32, eval mode): a converted network must give the same.
"""

import re
from pathlib import Path

import pytest
import torch
from foreign import VECTORS, Foreign

from ganzoo import bundle
from ganzoo.architectures import architectures
from ganzoo.errors import ImportedError, InputError
from ganzoo.zoo import Model

each = pytest.mark.parametrize(
    "path", sorted(VECTORS.glob("*.safetensors")), ids=lambda path: path.stem
)


class Vector(Foreign):
    def __init__(self, path: Path) -> None:
        super().__init__(path)
        inputs = [self.rest[name] for name in sorted(self.rest) if name.startswith("in/")]
        self.inputs = [t.item() if t.ndim == 0 else t for t in inputs]
        self.out = self.rest["out"]


def vector(name: str) -> Vector:
    return Vector(VECTORS / f"{name}.safetensors")


@each
@torch.no_grad()
def test_a_converted_network_gives_what_the_public_code_gave(path, tmp_path):
    known = Vector(path)
    network = known.convert(tmp_path / "mine").network(known.part)
    ours = network(*known.inputs)
    assert known.out.std() > 1e-3
    torch.testing.assert_close(ours, known.out.view_as(ours), atol=1e-4, rtol=1e-3)


@pytest.mark.parametrize(
    ("painter", "judge"),
    [
        ("biggan-g-shared", "biggan-d-wide"),
        ("biggan-deep-g", "biggan-deep-d"),
        ("sngan-48-g", "sngan-48-d"),
        ("cgan_pd-32-g", "cgan_pd-32-d"),
        ("sagan-32-g", "sagan-32-d"),
    ],
)
@pytest.mark.parametrize("first", [0, 1])
@torch.no_grad()
def test_both_players_share_a_bundle_whichever_came_first(painter, judge, first, tmp_path):
    pair = [vector(painter), vector(judge)]
    for one in (pair[first], pair[1 - first]):
        made = one.convert(tmp_path / "mine")
    for one in pair:
        ours = made.network(one.part)(*one.inputs)
        torch.testing.assert_close(ours, one.out.view_as(ours), atol=1e-4, rtol=1e-3)


@torch.no_grad()
def test_a_checkpoints_wrapping_is_taken_off(tmp_path):
    known = vector("sngan-32-g")
    wrapped = {"model_state_dict": {f"module.{n}": t for n, t in known.state.items()}, "step": 3}
    ours = known.convert(tmp_path / "mine", wrapped).network()(*known.inputs)
    torch.testing.assert_close(ours, known.out, atol=1e-4, rtol=1e-3)


NAMES = {
    "head.judge": "linear", "head.embed": "embed", ".conv": ".0.conv", ".shortcut": ".0.conv_sc",
    "parametrizations.weight.original": "weight", "parametrizations.weight.0.u": "u0",
}  # fmt: skip


@pytest.mark.parametrize("thin", [True, False])
@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("size", [32, 64])
def test_how_wide_a_judge_is_in_its_middle_is_seen_behind_its_first_block(
    size, channels, thin, tmp_path
):
    entry = architectures["biggan"]
    options = entry.options.read(
        {"image_size": size, "num_classes": 5, "d_channels": channels, "d_thin": thin,
         "d_attention": (), "g_attention": ()}, "options",
    )  # fmt: skip
    theirs = {}
    for name, value in entry.networks["discriminator"](options).state_dict().items():
        for ours, other in NAMES.items():
            name = name.replace(ours, other)
        if not name.endswith("0.v"):
            theirs[name] = value
    known = vector("biggan-d-wide")
    known.options = {}
    told = known.convert(tmp_path / "mine", theirs).recipe.options
    assert (told.d_thin, told.d_channels, told.image_size) == (thin, channels, size)


def test_a_prepared_network_chooses_the_same_statistics(tmp_path):
    known = vector("biggan-hf-0.43")
    model = Model(known.convert(tmp_path / "mine"))
    z, y, truncation = known.inputs
    image = model.generate(z, y, 2 * truncation)
    assert (image - known.out).abs().max() < 0.1
    assert (model.generate(z, y) - known.out).abs().max() > 0.1


@torch.no_grad()
def test_a_file_of_torch_before_1_has_the_used_weight_and_no_v(tmp_path):
    known = vector("biggan-hf-0.43")
    theirs = {name: value for name, value in known.state.items() if not name.endswith("weight_v")}
    for name in known.state.keys() - theirs:
        layer = name.removesuffix("_v")
        whole, u = known.state[f"{layer}_orig"], known.state[f"{layer}_u"]
        theirs[layer] = whole / (u @ whole.flatten(1) @ known.state[name])
    for half in theirs:
        if half.endswith(
            "weight_u"
        ):  # not converged: the sigma is not the one that follows from it
            theirs[half] = theirs[half].roll(1)
    ours = known.convert(tmp_path / "mine", theirs).network()(*known.inputs)
    torch.testing.assert_close(ours, known.out, atol=1e-4, rtol=1e-3)


def test_statistics_of_no_truncation_are_refused(tmp_path):
    known = vector("biggan-hf-0.43")
    network = known.convert(tmp_path / "mine").network()
    for wrong in (0.0, 1.5, float("nan")):
        with pytest.raises(InputError, match="truncations from 0 to 1"):
            network(*known.inputs[:2], wrong)


@pytest.mark.parametrize("name", ["biggan-g-shared", "biggan-hf-0.43", "sngan-32-g", "sagan-32-d"])
def test_weights_of_something_else_are_refused_by_name(name, tmp_path):
    known = vector(name)
    with pytest.raises(ImportedError, match=r"fc\.weight"):
        known.convert(tmp_path / "mine", {"fc.weight": torch.ones(2, 2)})
    assert not (tmp_path / "mine" / bundle.CONFIG).exists()


def test_attention_before_every_block_is_refused(tmp_path):
    known = vector("biggan-hf-0.43")
    place = next(n for n in known.state if n.endswith(".gamma")).split(".")[2]
    layer = re.compile(r"generator\.layers\.(\d+)\.")
    turned = {}
    for name, value in known.state.items():
        if match := layer.match(name):
            at, to = int(match[1]), int(place)
            number = 0 if at == to else at + (at < to)
            name = f"generator.layers.{number}.{name[match.end() :]}"
        turned[name] = value
    with pytest.raises(ImportedError, match="attention stands before the first block"):
        known.convert(tmp_path, turned)


def test_the_other_part_is_recognised(tmp_path):
    known = vector("biggan-d-wide")
    known.part = "generator"
    with pytest.raises(ImportedError, match="no generator of BigGAN-PyTorch"):
        known.convert(tmp_path / "mine")
