"""Along a way, inside a network, and through a file."""

import threading

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from shelf import hang

from ganzoo.attacks import Victim
from ganzoo.errors import InputError
from ganzoo.explore import fooled


@pytest.fixture
def bundle(tmp_path):
    return hang(tmp_path, "cnn-mnist")


@pytest.fixture
def victim(bundle) -> Victim:
    return fooled.victim(bundle)


def test_a_bundles_victim_is_its_network_with_pictures_in_0_to_1(bundle, victim):
    image = torch.rand(3, 1, 8, 8)
    torch.testing.assert_close(victim(image), bundle.network()(2 * image - 1), atol=1e-5, rtol=1e-4)
    assert victim.shape == (1, 8, 8)
    assert victim.num_classes == 10


def test_a_painter_is_no_victim(tmp_path):
    with pytest.raises(InputError, match="dcgan-mnist is no classifier"):
        fooled.victim(hang(tmp_path, "dcgan-mnist"))


def test_the_way_starts_at_the_picture_and_stays_in_the_range(victim):
    image, way = torch.rand(1, 1, 8, 8), torch.ones(1, 1, 8, 8)
    shares = fooled.along(victim, image, way, torch.tensor([0.0, 5.0, 9.0]))
    near = {"atol": 1e-2, "rtol": 0}  # bfloat16, perhaps
    torch.testing.assert_close(shares[0], victim(image).softmax(1)[0], **near)
    torch.testing.assert_close(shares[1], victim(torch.ones(1, 1, 8, 8)).softmax(1)[0], **near)
    assert torch.equal(shares[1], shares[2])


def test_eight_bits_are_256_levels():
    image = torch.rand(1, 1, 8, 8)
    rounded = fooled.eight_bits(image)
    assert (rounded - image).abs().max() <= 0.5 / 255 + 1e-6
    torch.testing.assert_close(rounded * 255, (rounded * 255).round())
    assert torch.equal(fooled.eight_bits(rounded), rounded)


@given(st.integers(0, 255), st.floats(-1, 1), st.sampled_from([8 / 255, 0.1, 0.3, 0.01]))
def test_eight_bits_stay_within_the_radius(level, share, epsilon):
    clean = torch.full((1, 1, 1, 1), level / 255)
    image = (clean + share * epsilon).clamp(0, 1)
    written = fooled.eight_bits_within(image, clean, epsilon)
    assert (written - clean).abs().max() <= epsilon + 1e-6
    assert torch.equal(written, fooled.eight_bits(written))
    assert (written - image).abs().max() <= 1 / 255 + 1e-6


@pytest.mark.parametrize("channels", [1, 3])
def test_jpeg_comes_back_almost_and_worse_at_a_lower_quality(channels):
    across = torch.linspace(0, 1, 16).expand(2, channels, 16, 16)
    noisy = (across + 0.1 * torch.randn(across.shape)).clamp(0, 1)
    errors = [
        (fooled.jpeg(noisy, quality) - noisy).abs().mean().item() for quality in (100, 75, 10)
    ]
    assert 0 < errors[0] < errors[1] < errors[2] < 0.2
    assert fooled.jpeg(noisy, 75).shape == noisy.shape
    with pytest.raises(InputError, match="quality is 1 to 100; got 0"):
        fooled.jpeg(noisy, 0)


def test_feature_maps_are_the_last_at_each_resolution(victim):
    image = torch.rand(2, 1, 8, 8)
    inside = fooled.feature_maps(victim, image)
    assert list(inside) == [8, 4, 2]
    wanted = victim.network.layers(2 * image - 1)
    torch.testing.assert_close(inside[2], wanted, atol=1e-5, rtol=1e-4)
    assert not any(module._forward_hooks for module in victim.network.modules())


def test_feature_maps_of_another_visitor_do_not_mix_in(victim):
    """One network is shared: while one looks inside, another passes through."""
    image, done = torch.rand(2, 1, 8, 8), []

    class Busy(torch.nn.Module):
        def forward(self, seen):
            if not done:
                done.append(True)
                other = threading.Thread(target=lambda: victim.network(torch.zeros(7, 1, 8, 8)))
                other.start()
                other.join()
            return seen

    alone = fooled.feature_maps(victim, image)
    victim.network.layers.append(Busy())
    beside = fooled.feature_maps(victim, image)
    assert done
    assert all(torch.equal(alone[side], beside[side]) for side in alone)


def test_disturbance_is_relative_and_loud_maps_come_first():
    clean = torch.stack([torch.full((4, 4), v) for v in (0.1, 3.0, 1.0)])
    assert fooled.loudest(clean, clean, 2) == [1, 2]
    assert fooled.disturbance(clean, clean) == 0
    assert fooled.disturbance(clean, 1.5 * clean) == pytest.approx(0.5)


def test_a_map_is_as_loud_as_the_clean_picture_makes_it_whatever_its_sign():
    clean = torch.stack([torch.full((4, 4), v) for v in (0.1, -3.0, 1.0)])
    assert fooled.loudest(clean, clean.flip(0), 9) == [1, 2, 0]


def test_classes_are_called_by_name_or_by_number():
    assert list(fooled.named(("cat", "dog"), 2)) == ["cat", "dog"]
    assert list(fooled.named(("cat", "dog"), 3)) == ["0", "1", "2"]


def test_of_many_pictures_every_one_is_judged(victim, monkeypatch):
    monkeypatch.setattr(fooled, "AT_ONCE", 2)
    image = torch.rand(5, 1, 8, 8)
    told = fooled.probabilities(victim, image)
    torch.testing.assert_close(told, victim(image).softmax(1), atol=1e-5, rtol=1e-4)
