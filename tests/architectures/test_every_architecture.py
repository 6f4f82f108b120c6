"""The contract that every file in ``architectures/`` signs by existing."""

import json

import pytest
import torch

from ganzoo.architectures import ABILITIES, Architecture, architectures
from ganzoo.errors import RecipeError
from ganzoo.layers.growing import Grows, grow

each = pytest.mark.parametrize("name", list(architectures))
painting = [name for name, entry in architectures.items() if "sample" in entry.abilities]
naming = [name for name, entry in architectures.items() if "classify" in entry.abilities]
segmenting = [name for name, entry in architectures.items() if "segment" in entry.abilities]
BATCH = 4


def built(name, player, seed=1):
    entry = architectures[name]
    torch.manual_seed(seed)
    return entry.networks[player](entry.tiny)


def open_gates(network):
    """Nothing learns behind a gain that starts at zero, until that gain has learned."""
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.masked_fill_(torch.tensor(parameter.ndim == 0), 1)
    return network


def labels(name):
    """What a network is told besides its picture or latent."""
    entry = architectures[name]
    return (torch.arange(BATCH) % 2,) if "classes" in entry.abilities else ()


def image(name):
    options = architectures[name].tiny
    return torch.rand(BATCH, options.image_channels, *[options.image_size] * 2) * 2 - 1


def answer(name, player, network):
    if player == "generator":
        return network(torch.randn(BATCH, architectures[name].tiny.z_dim), *labels(name))
    if player == "domain_classifier":
        return network(torch.randn_like(built(name, "classifier").features(image(name))))
    return network(image(name), *labels(name))


def levels(network):
    """Of those that grow, every level at which two stages are at work; of others, the only one."""
    growing = [m for m in network.modules() if isinstance(m, Grows)]
    return [k + 0.5 for k in range(growing[0].stages - 1)] if growing else [0.0]


players = pytest.mark.parametrize(
    ("name", "player"),
    [(name, p) for name in [*painting, *naming, *segmenting] for p in architectures[name].networks],
)


@each
def test_the_entry_is_complete(name):
    entry = architectures[name]
    assert isinstance(entry, Architecture)
    assert isinstance(entry.tiny, entry.options)
    assert entry.shown in entry.networks
    assert entry.abilities
    assert entry.abilities <= set(ABILITIES)


@pytest.mark.parametrize("name", painting)
def test_a_generator_paints_in_range(name):
    painted, options = answer(name, "generator", built(name, "generator")), architectures[name].tiny
    assert painted.shape == (BATCH, options.image_channels, *[options.image_size] * 2)
    assert painted.abs().max() <= 1 or not architectures[name].bounded
    assert painted.std() > 0


@pytest.mark.parametrize("name", painting)
def test_a_discriminator_gives_logits_not_probabilities(name):
    """Over many seeds some are negative, which no sigmoid ever is."""
    networks = [built(name, "discriminator", seed).eval() for seed in range(20)]
    logits = torch.stack([answer(name, "discriminator", network) for network in networks])
    assert logits.shape[:2] == (20, BATCH)
    assert logits.min() < 0 < logits.max()


@pytest.mark.parametrize("name", painting)
def test_different_latents_give_different_pictures(name):
    painted = answer(name, "generator", built(name, "generator").eval())
    assert not torch.allclose(painted[0], painted[2])


@pytest.mark.parametrize("name", naming)
def test_a_classifier_has_a_logit_for_each_class(name):
    network, seen = built(name, "classifier").eval(), image(name)
    assert network(seen).shape == (BATCH, architectures[name].tiny.num_classes)
    assert network.features(seen).ndim == 2
    torch.testing.assert_close(network.head(network.features(seen)), network(seen))


@pytest.mark.parametrize("name", segmenting)
def test_a_segmenter_has_a_logit_for_each_class_of_each_pixel(name):
    network, seen = built(name, "segmenter").eval(), image(name)
    options = architectures[name].tiny
    logits = network(seen)
    assert logits.shape == (BATCH, options.num_classes, *seen.shape[2:])
    changed = seen.clone()
    changed[0, :, 3, 3] += 1
    assert not torch.equal(network(changed)[0, :, 3, 3], logits[0, :, 3, 3])
    assert torch.equal(network(changed)[1:], logits[1:])


@players
def test_every_parameter_learns(name, player):
    network = open_gates(built(name, player))
    for level in levels(network):
        grow(network, level)
        output = answer(name, player, network)
        (output * torch.randn_like(output)).sum().backward()
    idle = [n for n, p in network.named_parameters() if p.grad is None or not p.grad.any()]
    assert not idle


@players
def test_same_seed_same_weights(name, player):
    first, again, other = (built(name, player, seed).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(first[key], again[key]) for key in first)
    assert any(not torch.equal(first[key], other[key]) for key in first)


@players
def test_channels_last_paints_the_same(name, player):
    network = built(name, player).eval()
    torch.manual_seed(7)
    plain = answer(name, player, network)
    torch.manual_seed(7)
    last = answer(name, player, network.to(memory_format=torch.channels_last))
    torch.testing.assert_close(plain, last, rtol=1e-4, atol=1e-5)


@each
def test_options_survive_json(name):
    entry = architectures[name]
    for options in (entry.tiny, entry.options()):
        plain = json.loads(options.model_dump_json())
        assert entry.options.read(plain, "options") == options


@each
def test_options_refuse_what_they_do_not_know(name):
    with pytest.raises(RecipeError, match="nobody reads 'base_chanels'"):
        architectures[name].options.read({"base_chanels": 3}, "options")
    with pytest.raises(RecipeError, match="image_size = 0"):
        architectures[name].options.read({"image_size": 0}, "options")


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("sngan", {"image_size": 8, "g_widths": [4, 4], "d_widths": [4] * 5, "d_halvings": 4},
         "8 pixels cannot be halved 4 times"),
        ("stylegan3", {"g_layers": 4, "g_critical": 4}, "fewer than all g_layers, 4; got 4"),
        ("stylegan2", {"d_most": 16, "d_std_channels": 3}, "16 channels .* d_std_channels = 3"),
        ("progan", {"num_classes": 10}, "num_classes = 10"),
    ],
)  # fmt: skip
def test_options_that_do_not_go_together_are_refused(name, options, said):
    with pytest.raises(RecipeError, match=said):
        architectures[name].options.read(options, "options")


def test_blocks_of_sagans_judge_widen_where_the_options_say():
    def inner(thin: bool) -> list[int]:
        entry = architectures["sagan"]
        judge = entry.networks["discriminator"](entry.tiny.model_copy(update={"d_thin": thin}))
        return [block.conv1.out_channels for block in judge.blocks]

    widths = list(architectures["sagan"].tiny.d_widths)
    assert inner(False) == widths
    assert inner(True) == [widths[0], *widths[:-1]]
