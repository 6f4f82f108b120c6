"""A checkpoint's wrapping is taken off alike in every format."""

import pytest
import torch
from foreign import VECTORS, Foreign

from ganzoo.errors import ImportedError

NAMES = [
    "stylegan2-g-orig-grey", "stylegan3-t-32", "stylegan2-d-orig", "progan-g-32", "progan-d-32",
    "biggan-g-apart", "biggan-d-thin", "biggan-hf-0.43", "sngan-32-g", "sngan-32-d",
    "pix2pix-unet128-g", "pix2pix-patchgan-d",
]  # fmt: skip
ONCE = {
    "generator": ("G_ema", "g_ema", "G", "netG"),
    "discriminator": ("D", "netD"),
}
OTHER = {"generator": "D", "discriminator": "G"}


@pytest.mark.parametrize("name", NAMES)
def test_one_part_is_found_in_a_checkpoint_or_refused(name, tmp_path):
    known = next(Foreign(path) for path in VECTORS.rglob(f"{name}.safetensors"))
    plain = known.network(tmp_path / "plain").state_dict()
    foe, count = {OTHER[known.part]: {"foo.weight": torch.ones(2)}}, {"step": torch.tensor(3)}
    whole = {f"module.{key}": value for key, value in known.state.items()}
    wrapped = [{one: whole} | foe | count for one in ONCE[known.part]]
    wrapped += [{"state_dict": whole} | count, {ONCE[known.part][0]: {"model_state_dict": whole}}]
    for place, content in enumerate(wrapped):
        read = known.network(tmp_path / str(place), content).state_dict()
        assert all(torch.equal(read[key], plain[key]) for key in plain)
    with pytest.raises(ImportedError, match=f"it holds .*'{OTHER[known.part]}'"):
        known.convert(tmp_path / "none", foe)


def test_of_a_generator_the_moving_average_is_taken(tmp_path):
    known = Foreign(VECTORS / "styles" / "stylegan2-g-orig-grey.safetensors")
    other = {name: value * 0 for name, value in known.state.items()}
    read = known.network(tmp_path, {"G": other, "G_ema": known.state})
    assert read.get_parameter("synthesis.constant").any()
