"""What of a ProGAN leaves no trace in its weights: told by the options, or by its checkpoint."""

import pytest
import torch
from foreign import VECTORS, Foreign

from ganzoo.errors import ImportedError


@pytest.fixture
def known() -> Foreign:
    return Foreign(VECTORS / "styles" / "progan-g-32.safetensors")


def checkpoint(known: Foreign, **config: object) -> dict[str, object]:
    return {"config": config, "netG": {}, "netD": {}, "avgG": known.state}


@pytest.mark.parametrize(
    "config",
    [{"alpha": 0.3}, {"equalizedlR": False}, {"lossCriterion": "DCGAN"}, {"lossCriterion": "MSE"}],
    ids=str,
)
@torch.no_grad()
def test_a_checkpoint_tells_what_the_options_would_and_less_than_they_do(config, known, tmp_path):
    known.options.pop("alpha", None)
    z = known.rest["in/z"]
    plain = known.network(tmp_path / "plain")(z)
    theirs = known.network(tmp_path / "theirs", checkpoint(known, **config))(z)
    same = known.network(tmp_path / "same", **config)(z)
    assert torch.equal(theirs, same)
    assert not torch.allclose(theirs, plain, atol=1e-3)
    over = {"alpha": 0, "equalizedlR": True, "lossMode": "WGANGP"}
    told = known.network(tmp_path / "told", checkpoint(known, **config), **over)(z)
    assert torch.equal(told, plain)


@pytest.mark.parametrize(
    "said",
    ["tanh", "Tanh()", ["tanh"], {"name": "tanh"}, "torch.nn.functional.tanh",
     "<built-in method tanh of type object at 0x7f00ab34>"],
    ids=str,
)  # fmt: skip
@torch.no_grad()
def test_a_generator_may_end_in_tanh(said, known, tmp_path):
    z = known.rest["in/z"]
    plain = known.network(tmp_path / "plain")(z)
    for nothing in (None, "Identity()"):
        other = known.network(tmp_path / str(nothing), generationActivation=nothing)(z)
        assert torch.equal(other, plain)
    bent = known.network(tmp_path / "bent", generationActivation=said)(z)
    torch.testing.assert_close(bent, plain.tanh())


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"generationActivation": "Hardtanh()"}, r"generationActivation 'Hardtanh\(\)'"),
        ({"generationActivation": ["tanh", "sigmoid"]}, r"\['tanh', 'sigmoid'\]; generators here"),
        ({"lossMode": "hinge"}, "lossMode 'hinge'; losses are"),
        ({"leakyReluLeak": 0.1}, r"leakyReluLeak 0\.1; leaky ReLUs here have 0\.2"),
        ({"perChannelNormalization": False}, "perChannelNormalization false; generators here"),
        ({"alpha": 2}, "the share that is faded out, 0 to 1; got 2"),
    ],
)
def test_what_ours_has_not_is_refused_wherever_it_is_told(told, said, known, tmp_path):
    with pytest.raises(ImportedError, match=said):
        known.convert(tmp_path, **told)
    known.options.pop("alpha", None)
    with pytest.raises(ImportedError, match=said):
        known.convert(tmp_path, checkpoint(known, **told))
