"""A file with a name too few, a name too many or a number that is none is refused, and named: no
network is made of the rest of one. Options that the weights contradict are refused, too.
"""

import pytest
import torch
from foreign import VECTORS, Foreign

from ganzoo.architectures import architectures
from ganzoo.errors import GanzooError, ImportedError

FILES = sorted(VECTORS.rglob("*.safetensors"))
each = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
IDLE = (  # pictures do not depend on them, or they follow from the others
    "num_batches_tracked", "accumulation_counter", "sv0", "sn_sigma", "weight_v",
    "resample_filter",
)  # fmt: skip


def foreign(name: str) -> Foreign:
    return next(Foreign(path) for path in FILES if path.stem == name)


@each
def test_a_name_too_few_is_refused(path, tmp_path):
    known = Foreign(path)
    passed = []
    for name in known.state:
        if name.endswith(IDLE):
            continue
        rest = {one: value for one, value in known.state.items() if one != name}
        try:
            known.convert(tmp_path / "mine", rest)
        except GanzooError:
            assert not (tmp_path / "mine").exists()
        else:
            passed.append(name)
    assert not passed


@each
def test_a_name_too_many_is_refused(path, tmp_path):
    known = Foreign(path)
    with pytest.raises(ImportedError, match=r"foo\.bar\.weight"):
        known.convert(tmp_path, known.state | {"foo.bar.weight": torch.ones(2, 2)})


@each
@pytest.mark.parametrize("wrong", [torch.nan, torch.inf])
def test_a_number_that_is_none_is_named_as_the_file_names_it(path, wrong, tmp_path):
    known = Foreign(path)
    name = next(name for name in reversed(known.state) if known.state[name].is_floating_point())
    spoilt = known.state[name].clone()
    spoilt.view(-1)[-1] = wrong
    with pytest.raises(ImportedError, match=f"{name!r} holds NaN or infinity"):
        known.convert(tmp_path, known.state | {name: spoilt})


@pytest.mark.parametrize("odd", [
    torch.eye(3).to_sparse(), torch.ones(2, dtype=torch.complex64),
    torch.ones(2).to(torch.float8_e4m3fn),
])  # fmt: skip
def test_only_plain_tensors_are_weights(odd, tmp_path):
    known = foreign("sngan-32-g")
    with pytest.raises(ImportedError, match=r"'l1\.bias' is no plain tensor"):
        known.convert(tmp_path, known.state | {"l1.bias": odd})


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("stylegan2-g-skip-told", {"z_dim": 7}, "the options say z_dim 7, the weights"),
        ("stylegan2-g-skip-told", {"img_resolution": 4096}, "img_resolution 4096, the weights"),
        ("stylegan2-d-told-narrow", {"c_dim": 77}, "the options say c_dim 77, the weights"),
        ("stylegan3-t-32", {"mapping_kwargs": 3}, "mapping_kwargs 3; expected keys and values"),
        ("stylegan3-t-32", {"filter_size": 8}, r"filter' is not the filter .* filter_size"),
        ("stylegan3-r", {"lrelu_upsampling": 4}, "filter' is not the filter"),
        ("progan-g-32", {"alpha": "x"}, "the options say alpha 'x'; expected a number"),
        ("progan-g-32", {"leakyReluLeak": "x"}, "leakyReluLeak 'x'; expected a number"),
        ("progan-g-32", {"equalizedlR": 1}, "equalizedlR 1; expected true or false"),
        ("stylegan2-g-skip-told", {"channel_base": 999}, "channel_base 999 and channel_max 12, of"),
        ("stylegan2-d-told-narrow", {"channel_max": 999}, "channel_max 999, of which the channels"),
        ("stylegan2-g-skip-told", {"architecture": "resnet"}, "architecture 'resnet', the weights"),
        ("stylegan2-d-skip", {"architecture": "orig"}, "architecture 'orig', the weights 'skip'"),
        ("stylegan2-d-resnet-told", {"mapping_kwargs": {"num_layers": 7}}, "num_layers 7, the"),
        ("progan-g-32", {"dimLatent": 99}, "the options say dimLatent 99, the weights"),
        ("progan-g-32", {"scales": [1, 2]}, r"the options say scales \[1, 2\], the weights \["),
        ("progan-d-32", {"depthScale0": 3}, "the options say depthScale0 3, the weights 12"),
        ("biggan-g-shared", {"resolution": 64}, "resolution 64, the weights 32"),
        ("biggan-g-shared", {"dim_z": 99}, "the options say dim_z 99, the weights"),
        ("biggan-d-wide", {"n_classes": 99}, "the options say n_classes 99, the weights"),
        ("biggan-deep-g", {"resolution": 64}, "resolution 64, the weights 32"),
        ("biggan-g-shared", {"cross_replica": True}, "cross_replica true: in one process"),
        ("biggan-hf-0.43", {"output_dim": 512}, "output_dim 512, the weights"),
        ("biggan-hf-0.43", {"n_stats": 7}, "the options say n_stats 7, the weights"),
        ("pix2pix-unet128-g", {"num_downs": 8}, "the options say num_downs 8, the weights 7"),
        ("pix2pix-unet128-g", {"norm": "instance"}, "norm 'instance', the weights 'batch'"),
        ("pix2pix-unet128-g", {"output_nc": 2}, "the options say output_nc 2, the weights 3"),
        ("pix2pix-patchgan-d", {"n_layers": 5}, "the options say n_layers 5, the weights 3"),
        ("pix2pix-patchgan-d", {"input_nc": 4}, r"channels \[4\], the weights judge 6"),
        ("biggan-g-shared", {"BN_eps": None}, "the options say BN_eps None; expected a number"),
        ("biggan-d-wide", {"bottom_width": 4.5}, "bottom_width 4.5; expected a whole number"),
        ("biggan-hf-0.43", {"layers": 3}, "the options say layers 3; expected a list of lists"),
        ("pix2pix-unet128-g", {"use_dropout": "yes"}, "use_dropout 'yes'; expected true or false"),
    ],
)
def test_options_that_cannot_be_are_quoted(name, options, said, tmp_path):
    with pytest.raises(ImportedError, match=said):
        foreign(name).convert(tmp_path, **options)


@pytest.mark.parametrize(
    ("told", "drops"),
    [({"use_dropout": None}, False), ({"use_dropout": 0}, False), ({"use_dropout": 1}, True),
     ({"no_dropout": None}, True), ({"no_dropout": 1}, False)],
    ids=str,
)  # fmt: skip
def test_dropout_is_told_as_python_takes_it(told, drops, tmp_path):
    made = foreign("pix2pix-unet128-g").convert(tmp_path, **told)
    assert made.recipe.options.g_dropout == drops


def test_a_mean_style_may_lack_only_where_it_was_not_followed(tmp_path):
    known = foreign("stylegan2-g-skip-told")
    rest = {name: value for name, value in known.state.items() if name != "mapping.w_avg"}
    kept = known.network(tmp_path, rest, mapping_kwargs={"w_avg_beta": None})
    assert kept.get_buffer("mapping.mean").abs().max() == 0


def test_a_filter_of_another_layer_must_be_the_same(tmp_path):
    known = foreign("stylegan2-g-skip-told")
    name = next(n for n in known.state if n.endswith("conv0.resample_filter"))
    other = known.state | {name: known.state[name] * 2}
    with pytest.raises(ImportedError, match=f"{name!r} is another filter"):
        known.convert(tmp_path, other)


@pytest.mark.parametrize(
    "kernel",
    [
        torch.tensor([[0.0, 0.2, 0.0], [0.2, 0.2, 0.2], [0.0, 0.2, 0.0]]),
        torch.outer(torch.tensor([0.25, 0.5, 0.25]), torch.tensor([0.2, 0.4, 0.4])),
        torch.full((2, 4), 1 / 8),
        torch.full((4, 4), 1 / 8),
        torch.full((8,), 1 / 4),
        torch.zeros(4, 4),
    ],
    ids=["cross", "uneven", "oblong", "loud", "loud row", "silent"],
)
@pytest.mark.parametrize("name", ["stylegan2-g-skip-told", "stylegan2-d-resnet-told"])
def test_a_filter_that_one_row_of_taps_does_not_make_is_quoted(name, kernel, tmp_path):
    known = foreign(name)
    other = {n: kernel if n.endswith("resample_filter") else w for n, w in known.state.items()}
    with pytest.raises(ImportedError, match=r"is no product of one row of taps with itself"):
        known.convert(tmp_path, other)


@torch.no_grad()
def test_progan_without_equalised_rates_is_its_convolutions(tmp_path):
    """Then no layer is multiplied by He's constant, sqrt(2 / fan_in)."""
    known = foreign("progan-g-32")
    plain = known.network(tmp_path / "plain", equalizedlR=False)
    unscaled = {}
    for name, value in known.state.items():
        layer = name.rpartition(".")[0]
        weight = known.state[f"{layer}.weight"]
        unscaled[name] = value * (weight[0].numel() / 2) ** 0.5
    z = torch.randn(2, plain.get_submodule("project").weight.shape[1])
    ours = known.network(tmp_path / "ours", unscaled)
    torch.testing.assert_close(plain(z), ours(z), rtol=1e-4, atol=1e-4)


@torch.no_grad()
def test_the_judges_end_may_bend_otherwise_than_its_blocks(tmp_path):
    known = foreign("stylegan2-d-orig")
    image = torch.randn(known.rest["in/image"].shape)
    verdicts = [
        known.network(tmp_path / str(i), **told)(image)
        for i, told in enumerate((
            {}, {"epilogue_kwargs": {"activation": "relu"}}, {"block_kwargs": {"activation": "relu"}},
        ))
    ]  # fmt: skip
    assert all(not torch.allclose(one, verdicts[0], atol=1e-3) for one in verdicts[1:])
    assert not torch.allclose(verdicts[1], verdicts[2], atol=1e-3)


@pytest.mark.parametrize(
    ("architecture", "player"), [("biggan", "discriminator"), ("sngan", "discriminator")]
)
def test_a_judge_says_one_number_for_each_image(architecture, player):
    entry = architectures[architecture]
    options = entry.tiny
    image = torch.randn(3, options.image_channels, options.image_size, options.image_size)
    told = [torch.zeros(3, dtype=torch.long)] if options.num_classes else []
    assert entry.networks[player](options)(image, *told).shape == (3, 1)
