"""Small StyleGAN2, StyleGAN3 and ProGAN networks with random weights, and what the public code that
defines their formats made of them (float32, eval mode): converted networks must give the same.
"""

import json
from pathlib import Path

import pytest
import torch
from foreign import VECTORS, Foreign

from ganzoo.errors import ImportedError

FILES = sorted((VECTORS / "styles").glob("*.safetensors"))
GENERATORS = [path for path in FILES if "-d-" not in path.stem]


class Vector(Foreign):
    """With inputs, calls and what came out."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.calls = json.loads(self.told["calls"])
        self.outs = [self.rest[f"out/{i}"] for i in range(len(self.calls))]
        given = self.rest.get("in/z", self.rest.get("in/image"))
        self.inputs = [given, *([self.rest["in/y"]] if "in/y" in self.rest else [])]


def vector(name: str) -> Vector:
    return Vector(VECTORS / "styles" / f"{name}.safetensors")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@torch.no_grad()
def test_a_converted_network_gives_what_the_public_code_gave(path, tmp_path):
    known = Vector(path)
    for i, (call, wanted) in enumerate(zip(known.calls, known.outs, strict=True)):
        alpha = {"alpha": call.pop("alpha")} if "alpha" in call else {}  # is a part of the weights
        network = known.convert(tmp_path / str(i), **alpha).network(known.part)
        ours = network(*known.inputs, **call)
        assert wanted.std() > 1e-3
        torch.testing.assert_close(ours, wanted.view_as(ours), atol=1e-4, rtol=1e-3)


@pytest.mark.parametrize("first", [0, 1])
@torch.no_grad()
def test_both_players_share_a_bundle_whichever_came_first(first, tmp_path):
    pair = [vector("stylegan3-t-told"), vector("stylegan3-d-told")]
    for one in (pair[first], pair[1 - first]):
        made = one.convert(tmp_path / "mine")
    for one in pair:
        ours = made.network(one.part)(*one.inputs)
        torch.testing.assert_close(ours, one.outs[0], atol=1e-4, rtol=1e-3)


@pytest.mark.parametrize("path", GENERATORS, ids=lambda path: path.stem)
def test_arguments_that_leave_their_trace_in_the_weights_need_not_be_told(path, tmp_path):
    known = Vector(path)
    told = known.convert(tmp_path / "told").recipe.options.model_dump()
    kept = ("activation", "conv_clamp", "filter_size", "lrelu_upsampling", "first_cutoff",
            "output_scale", "margin_size", "num_critical", "mapping_kwargs", "leakyReluLeak")  # fmt: skip
    known.options = {key: value for key, value in known.options.items() if key in kept}
    assert known.convert(tmp_path / "mine").recipe.options.model_dump() == told


ADA = {"source": "NVlabs/stylegan2-ada-pytorch training/networks.py"}


@pytest.mark.parametrize(
    ("told", "bound"),
    [({}, 256), (ADA, None), ({"synthesis_kwargs": {}}, None), (ADA | {"conv_clamp": 0.5}, 0.5)],
)
@pytest.mark.parametrize("name", ["stylegan2-g-skip-told", "stylegan2-d-resnet-told"])
def test_the_older_code_bounds_only_when_it_is_told_to(name, told, bound, tmp_path):
    options = vector(name).convert(tmp_path, **told).recipe.options.model_dump()
    assert options["d_clamp" if "-d-" in name else "g_clamp"] == bound


def test_a_pickle_tells_of_its_age_in_its_generator(tmp_path):
    known = vector("stylegan2-d-resnet-told")
    judge = {"init_kwargs": known.options, "state": known.state}
    for made, bound in (({"synthesis_kwargs": {}}, None), ({}, 256)):
        filed = {"G_ema": {"init_kwargs": made, "state": {}}, "D": judge}
        assert known.convert(tmp_path / str(bound), filed).recipe.options.d_clamp == bound


def test_a_layer_of_the_mapping_is_a_matrix(tmp_path):
    known = vector("stylegan2-g-skip-told")
    known.state["mapping.fc0.weight"] = known.state["mapping.fc0.weight"].flatten()
    with pytest.raises(ImportedError, match=r"'mapping\.fc0\.weight' is no matrix: \(252,\)"):
        known.convert(tmp_path)


def test_weights_that_are_lacking_are_named(tmp_path):
    known = vector("stylegan2-g-skip-told")
    del known.state["synthesis.b8.conv1.weight"]
    with pytest.raises(ImportedError, match=r"b8.conv1.weight"):
        known.convert(tmp_path / "mine")
