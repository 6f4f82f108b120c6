"""What of a ProGAN leaves no trace in its weights: told by the options, or by its checkpoint."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import pytest
import torch
from foreign import VECTORS, Foreign

from ganzoo.errors import ImportedError
from ganzoo.importers import weights


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


@pytest.mark.parametrize("part", ["g", "d"])
@torch.no_grad()
def test_a_checkpoint_tells_its_leak(part, tmp_path):
    """As the whole model's argument, or as the networks'."""
    leaky = Foreign(VECTORS / "styles" / f"progan-{part}-leaky.safetensors")
    leak = leaky.options.pop("leakyReluLeak")
    given = leaky.rest["in/z" if part == "g" else "in/image"]
    for name in ("leakyness", "leakyReluLeak"):
        content = checkpoint(leaky, **{name: leak}) | {"netD": leaky.state}
        ours = leaky.network(tmp_path / name, content)(given)
        torch.testing.assert_close(ours, leaky.rest["out/0"].view_as(ours), atol=1e-4, rtol=1e-3)


@pytest.mark.parametrize("stages", [1, 2, 3])
@torch.no_grad()
def test_small_judges_do_not_read_what_is_faded_out(stages, tmp_path):
    known = Foreign(VECTORS / "styles" / "progan-d-32.safetensors")
    layers = ("fromRGBLayers", "scaleLayers")
    numbers = {n: int(n.split(".")[1]) for n in known.state if n.startswith(layers)}
    state = {
        name: value
        for name, value in known.state.items()
        if numbers.get(name, 0) < stages - name.startswith("scaleLayers")
    }
    image = torch.randn(2, known.rest["in/image"].shape[1], 2 << stages, 2 << stages)
    faded, grown = (
        known.network(tmp_path / str(alpha), state, alpha=alpha)(image) for alpha in (1, 0)
    )
    assert torch.equal(faded, grown) == (stages < 3)


def test_a_judge_that_names_classes_is_refused(tmp_path):
    known = Foreign(VECTORS / "styles" / "progan-d-32.safetensors")
    for end in ("weight", "bias"):
        name = f"decisionLayer.module.{end}"
        known.state[name] = known.state[name].repeat_interleave(6, 0)
    with pytest.raises(ImportedError, match="decisionLayer gives 6 numbers"):
        known.convert(tmp_path)


class BaseConfig:
    """Theirs is an empty class; what is set on it is pickled as its state."""

    __module__, __qualname__ = "models.utils.config", "BaseConfig"

    def __init__(self, state: object) -> None:
        self.state = state

    def __getstate__(self) -> object:
        return self.state


class Other(BaseConfig):
    __module__, __qualname__ = "models.utils.config", "Other"


class Calls:
    def __reduce__(self):
        return print, ("never",)


@contextmanager
def theirs() -> Iterator[None]:
    """Their module, only while a file is written."""
    names = ("models", "models.utils", "models.utils.config")
    sys.modules.update({name: ModuleType(name) for name in names})
    vars(sys.modules[names[-1]]).update(BaseConfig=BaseConfig, Other=Other)
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]


@pytest.mark.parametrize("zipped", [True, False])
@torch.no_grad()
def test_a_checkpoint_as_their_code_saves_it_is_read(zipped, known, tmp_path):
    path = tmp_path / "model.pt"
    config = BaseConfig({"alpha": 0.3, "lossCriterion": "DCGAN", "depthOtherScales": [12, 8, 6]})
    with theirs():
        torch.save(
            checkpoint(known) | {"config": config}, path, _use_new_zipfile_serialization=zipped
        )
    content = weights(path)
    assert content["config"] == config.state
    z = known.rest["in/z"]
    same = known.network(tmp_path / "same", alpha=0.3, lossMode="DCGAN")(z)
    assert torch.equal(known.network(tmp_path / "read", content)(z), same)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (Other({}), r"GLOBAL models\.utils\.config\.Other was not an allowed global"),
        (BaseConfig({"alpha": Calls()}), r"GLOBAL print was not an allowed global"),
        (BaseConfig(({}, {"__class__": 3})), "settings are keys and values; got a tuple"),
        (BaseConfig([1]), "settings are keys and values; got a list"),
    ],
    ids=["other", "calls", "slots", "list"],
)
def test_settings_hold_plain_data_and_run_nothing(config, said, tmp_path, capsys):
    path = tmp_path / "model.pt"
    with theirs():
        torch.save({"config": config}, path)
    with pytest.raises(ImportedError, match=said):
        weights(path)
    assert "never" not in capsys.readouterr().out
