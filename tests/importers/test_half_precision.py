"""A file in half precision is read as the numbers that it holds, and reckoned with in float32."""

import pytest
import torch
from foreign import VECTORS, Foreign

from ganzoo.errors import ImportedError

HALVES = [torch.float16, torch.bfloat16]


def halved(known: Foreign, kind: torch.dtype, *exact: str) -> dict[str, torch.Tensor]:
    return {
        name: value.to(kind) if value.is_floating_point() and not name.endswith(exact) else value
        for name, value in known.state.items()
    }


@pytest.mark.parametrize("kind", HALVES, ids=str)
@pytest.mark.parametrize(
    "name", ["progan-g-32", "progan-d-plain", "stylegan2-g-skip-told", "biggan-g-shared",
             "sngan-32-g", "pix2pix-unet128-g"],
)  # fmt: skip
def test_halves_become_what_they_are_in_float32(name, kind, tmp_path):
    known = next(Foreign(path) for path in VECTORS.rglob(f"{name}.safetensors"))
    half = halved(known, kind)
    single = {key: v.float() if v.is_floating_point() else v for key, v in half.items()}
    of_half = known.network(tmp_path / "half", half).state_dict()
    of_single = known.network(tmp_path / "single", single).state_dict()
    assert all(torch.equal(of_half[key], of_single[key]) for key in of_single)


@pytest.mark.parametrize("kind", HALVES, ids=str)
@pytest.mark.parametrize("name", ["stylegan3-t-told", "stylegan3-r"])
def test_filters_that_were_rounded_are_refused_for_that(name, kind, tmp_path):
    known = Foreign(VECTORS / "styles" / f"{name}.safetensors")
    known.convert(tmp_path / "exact", halved(known, kind, "_filter"))
    with pytest.raises(ImportedError, match="_filter' is rounded to a share of 0"):
        known.convert(tmp_path / "rounded", halved(known, kind))
