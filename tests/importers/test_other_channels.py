"""Images of other than one or three channels are numbers, not pictures."""

import json

import pytest
import torch
from foreign import VECTORS, Foreign
from safetensors.torch import save_file
from typer.testing import CliRunner

import ganzoo
from ganzoo import config
from ganzoo.cli import build
from ganzoo.errors import InputError, RecipeError
from ganzoo.images import to_pictures
from ganzoo.zoo import Zoo

LAYERS = {  # that have a row, or a column, for each channel
    "stylegan2-g-skip-told": "torgb", "stylegan2-g-resnet-32": "torgb", "stylegan3-t-32": "L4_32",
    "progan-g-32": "toRGB", "stylegan2-d-resnet-told": "fromrgb", "stylegan2-d-skip": "fromrgb",
    "progan-d-32": "fromRGB",
}  # fmt: skip


def vector(name: str) -> Foreign:
    return Foreign(VECTORS / "styles" / f"{name}.safetensors")


def doubled(known: Foreign, layer: str) -> dict[str, torch.Tensor]:
    """Weights of a network that has every channel twice, and makes of it what it made of one."""
    state = {}
    for name, value in known.state.items():
        end = name.rpartition(".")[2]
        if layer in name and end in ("weight", "bias") and "affine" not in name:
            if known.part == "generator":
                value = torch.cat([value, value])
            elif end == "weight":  # their scale is one over the root of what comes in
                value = torch.cat([value, value], 1) / 2**0.5
            elif layer == "fromRGB":  # of ProGAN's biases, too
                value = value * 2**0.5
        state[name.replace("L4_32_1.", "L4_32_2.")] = value
    return state


@pytest.mark.parametrize("name", LAYERS)
@torch.no_grad()
def test_a_network_of_other_channels_is_imported(name, tmp_path):
    known = vector(name)
    known.options.pop("img_channels", None)
    given = [known.rest[key] for key in ("in/z", "in/image", "in/y") if key in known.rest]
    out = known.network(tmp_path / "one")(*given)
    if known.part == "generator":
        out = torch.cat([out, out], 1)
    else:
        given[0] = torch.cat([given[0], given[0]], 1)
    made = known.convert(tmp_path / "two", doubled(known, LAYERS[name]))
    torch.testing.assert_close(made.network(known.part)(*given), out, atol=1e-5, rtol=1e-4)
    assert ganzoo.load(tmp_path / "two").image_channels == (2 if "stylegan3" in name else 6)


def test_no_picture_is_made_of_six_channels(tmp_path):
    known = vector("stylegan2-g-skip-told")
    save_file(doubled(known, "torgb"), tmp_path / "six.safetensors")
    (tmp_path / "meta.json").write_text(json.dumps(known.options | {"img_channels": 6}))
    app, out = build("import", "sample", "list"), str(tmp_path / "six")
    done = CliRunner().invoke(
        app, ["import", "stylegan2-nvlabs", str(tmp_path / "six.safetensors"), "--out", out]
    )
    assert done.exit_code == 0, done.output
    assert ganzoo.load(out).sample(0, 2, 1).shape == (2, 6, 16, 16)
    done = CliRunner().invoke(app, ["sample", out, "--out", str(tmp_path / "x.png")])
    assert done.exit_code == 2
    assert "pictures have 1 or 3 channels; these images have 6" in done.stderr
    assert not (tmp_path / "x.png").exists()
    assert not Zoo([tmp_path]).problems


@pytest.mark.parametrize("channels", [2, 4, 16])
def test_only_pictures_become_pictures(channels):
    with pytest.raises(InputError, match=f"1 or 3 channels; these images have {channels}"):
        to_pictures(torch.zeros(1, channels, 4, 4))
    assert all(to_pictures(torch.zeros(1, n, 4, 4)).shape == (1, 4, 4, n) for n in (1, 3))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"image_channels": 4}, "options.image_channels is 4, but the data's is 3"),
        ({"image_channels": 17}, "image_channels = 17: expected at most 16"),
    ],
)
def test_a_recipe_learns_from_pictures(options, said):
    recipe = {"name": "a", "architecture": "progan", "options": options, "kimg": 1}
    data = {"name": "folder", "size": 64, "path": "x"}
    with pytest.raises(RecipeError, match=said):
        config.parse(recipe | {"data": data}, "a recipe")
