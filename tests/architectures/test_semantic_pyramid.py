"""A mirror: what it is told at each level, behind which mask, and where that comes in."""

import pytest
import torch

from ganzoo.architectures import airbench
from ganzoo.architectures.semantic_pyramid import ENTRY, Generator, Options, masks
from ganzoo.errors import RecipeError

SMALL = Options(
    image_size=16, image_channels=3, z_dim=4, num_classes=5, widths=(6, 8), hidden=6,
    g_widths=(4, 6, 4),
)  # fmt: skip


def classifier(options=SMALL):
    torch.manual_seed(0)
    mirrored = airbench.Options(
        image_size=options.image_size,
        image_channels=options.image_channels,
        num_classes=options.num_classes,
        widths=options.widths,
    )
    return airbench.Classifier(mirrored).eval()


def generator(options=SMALL):
    torch.manual_seed(1)
    return Generator(options).eval().requires_grad_(False)


@pytest.mark.parametrize("size", [8, 16, 32])
def test_it_expects_the_levels_that_the_classifier_has(size):
    options = SMALL.model_copy(update={"image_size": size})
    levels = classifier(options).levels(torch.randn(2, 3, size, size))
    assert [tuple(one.shape[1:]) for one in levels] == options.shapes


def test_the_papers_sides_for_cifar10():
    assert Options().shapes == [(64, 15, 15), (256, 7, 7), (256, 3, 3), (256,), (10,)]


def test_the_classifiers_levels_end_in_what_it_always_said():
    network, image = classifier(), torch.randn(2, 3, 16, 16)
    *_, features, logits = network.levels(image)
    torch.testing.assert_close(features, network.features(image))
    torch.testing.assert_close(logits, network(image))


def test_behind_a_mask_of_zeros_a_level_says_nothing():
    network, known = generator(), classifier().levels(torch.randn(2, 3, 16, 16))
    other = [10 * torch.randn_like(one) for one in known]
    z = torch.randn(2, 4)
    for level in range(len(known)):
        told = masks(SMALL, [one == level for one in range(len(known))], 2)
        mixed = [known[k] if k == level else other[k] for k in range(len(known))]
        painted = network(z, *network.told(known, told))
        assert torch.equal(painted, network(z, *network.told(mixed, told)))
        assert not torch.allclose(painted, network(z, *network.told(other, told)))
        assert painted.shape == (2, 3, 16, 16)


def test_features_are_centred_and_brought_to_one_scale():
    network, known = generator(), classifier().levels(3 * torch.randn(64, 3, 16, 16) + 1)
    network.measure(known)
    whole = masks(SMALL, [True] * len(known), 64)
    for one in network.told(known, whole):
        features, mask = one[:, :-1], one[:, -1:]
        assert bool((mask == 1).all())
        torch.testing.assert_close(
            features.transpose(0, 1).flatten(1).mean(1), torch.zeros(features.shape[1]),
            atol=1e-4, rtol=0,
        )  # fmt: skip
        apart = (features - features.roll(1, 0)).abs().mean()
        torch.testing.assert_close(apart, torch.tensor(1.0))


def test_maps_are_told_at_the_places_whose_centres_lie_in_a_region():
    region = torch.zeros(1, 4, 4, dtype=torch.bool)
    region[0, 0, 2:] = True  # the right half of the top quarter
    first, second, *none = masks(SMALL, [region, region, False, False])
    assert first.shape == (1, 1, 7, 7)
    assert first[0, 0].sum() == 6  # rows at 1 and 3 of 16 pixels, columns at 9, 11 and 13
    assert bool((first[0, 0, :2, 4:] == 1).all())
    assert second[0, 0].nonzero().tolist() == [[0, 2]]  # at 2 of 16, and at 10
    assert not any(one.any() for one in none)
    pixel = torch.zeros(1, 16, 16, dtype=torch.bool)
    pixel[0, 1, 3] = True
    assert masks(SMALL, [pixel, False, False, False])[0][0, 0].nonzero().tolist() == [[0, 1]]


def test_what_is_told_of_a_place_stays_near_it():
    network, known = generator(), classifier().levels(torch.randn(1, 3, 16, 16))
    told = network.told(known, masks(SMALL, [True, False, False, False]))
    moved = [one.clone() for one in told]
    moved[0][0, :-1, 1, 5] += 5
    z = torch.randn(1, 4)
    changed = (network(z, *moved) - network(z, *told)).abs().amax((0, 1))
    rows, columns = changed.gt(1e-6).nonzero().unbind(1)
    assert rows.float().mean() < 8 < columns.float().mean()
    assert changed[12:].max() == 0
    assert changed[:, :4].max() == 0


def test_a_level_without_places_has_no_regions():
    region = torch.ones(1, 4, 4, dtype=torch.bool)
    with pytest.raises(ValueError, match="level 2 has no places"):
        masks(SMALL, [False, False, region, False])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"g_widths": [4, 4]}, r"2 stages; got 2"),
        ({"image_size": 12, "widths": [4, 4, 4], "g_widths": [4] * 4}, "12 pixels cannot be"),
    ],
)
def test_what_is_no_mirror_is_refused(changes, said):
    with pytest.raises(RecipeError, match=said):
        ENTRY.options.read(SMALL.model_dump() | changes, "options")
