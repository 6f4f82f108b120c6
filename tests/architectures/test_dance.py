"""A painter that is told its last picture: what it starts from, and what a film is."""

import pytest
import torch

from ganzoo.architectures import architectures
from ganzoo.architectures.dance import Generator, Options
from ganzoo.errors import RecipeError

TINY = architectures["dance"].tiny
POSES = torch.rand(3, 3, 16, 16, generator=torch.Generator().manual_seed(0)) * 2 - 1


def generator() -> Generator:
    torch.manual_seed(0)
    return Generator(TINY).eval().requires_grad_(False)


def test_without_a_last_picture_it_is_told_zeros():
    network = generator()
    torch.testing.assert_close(network(POSES), network(POSES, torch.zeros(3, 3, 16, 16)))
    assert network(POSES).shape == (3, 3, 16, 16)
    assert network(POSES).abs().max() <= 1


def test_the_last_picture_matters():
    network = generator()
    assert not torch.allclose(network(POSES), network(POSES, POSES.flip(0)))


def test_a_film_is_painted_picture_by_picture():
    network = generator()
    film = network.film(POSES)
    torch.testing.assert_close(film[:1], network(POSES[:1]))
    torch.testing.assert_close(film[1:2], network(POSES[1:2], film[:1]))
    torch.testing.assert_close(film[2:], network(POSES[2:], film[1:2]))


def test_judges_see_two_poses_and_two_pictures():
    options = Options(input_channels=1, output_channels=3, g_kind="global")
    assert (options.given_channels, options.judged_channels) == (4, 8)
    judge = architectures["dance"].networks["discriminator"](TINY)
    logits = judge(torch.cat([POSES, POSES, POSES, POSES], 1))
    assert len(logits) == TINY.d_scales


def test_enhancers_are_told_the_last_picture_too():
    options = TINY.model_copy(update={"g_kind": "local", "g_enhancer_blocks": 1})
    torch.manual_seed(0)
    network = Generator(options)
    network(POSES, POSES.flip(0)).square().sum().backward()
    assert all(p.grad is not None and p.grad.any() for p in network.parameters())


@pytest.mark.parametrize("change", [{"g_edges": True}, {"z_dim": 2}])
def test_a_pose_has_no_areas_and_one_picture(change):
    with pytest.raises(RecipeError, match=next(iter(change))):
        Options.read(change, "options")
