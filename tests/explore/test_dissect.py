"""GAN Dissection, on a generator whose units paint known squares."""

import math
from threading import Thread

import pytest
import torch
from torch import nn

from ganzoo.architectures import architectures
from ganzoo.errors import InputError, UnknownNameError
from ganzoo.explore import dissect
from ganzoo.explore.dissect import Change

SIDE, CELLS, UNITS = 32, 8, 3  # of the picture, of the map; units, each painting a concept
CORNERS = ((0, 0), (0, 16), (16, 0))  # of each unit's square of 8 x 8 pixels
NOTHING = 3  # the concept of all other pixels
CONCEPTS = 4


class Hand(nn.Module):
    """Unit k is 1 in its own square of the map where the latent says so; each paints a grey."""

    def __init__(self) -> None:
        super().__init__()
        self.map, self.open = nn.Identity(), True

    def forward(self, z):
        units = torch.zeros(len(z), UNITS, CELLS, CELLS)
        for k, (top, left) in enumerate(CORNERS):
            cells = (slice(top // 4, top // 4 + 2), slice(left // 4, left // 4 + 2))
            units[:, k, *cells] = (z[:, k] > 0).float()[:, None, None]
        units = self.map(units)
        big = units.repeat_interleave(4, 2).repeat_interleave(4, 3)
        greys = torch.tensor([-0.5, 0.0, 0.5])[:, None, None]
        return (big * (greys + 1)).sum(1, keepdim=True) - 1

    def unit_layers(self):
        return {"8x8": self.map}


class Judge(nn.Module):
    """Names a pixel by its grey; black is nothing."""

    def forward(self, image):
        greys = torch.tensor([-0.5, 0.0, 0.5, -1.0])[None, :, None, None]
        return -(image - greys).abs()


@pytest.fixture
def hand():
    return Hand()


def latents(count=16):
    """Each unit is on in half of the pictures, all combinations alike."""
    bits = (torch.arange(count)[:, None] >> torch.arange(UNITS)) & 1
    return bits.float() * 2 - 1


def looked(hand, changes=()):
    painted = dissect.paint(hand, "8x8", latents(), changes)
    return painted.units, dissect.segmented(Judge(), painted.image)


def sharp(monkeypatch):
    """Maps whose cells become squares: bilinear ones have soft borders."""
    monkeypatch.setattr(
        dissect, "enlarged", lambda units, side: nn.functional.interpolate(units, (side, side))
    )


def measured(hand):
    units, classes = looked(hand)
    counts = dissect.counted(units, classes, dissect.levels(units), CONCEPTS)
    return dissect.agreement(counts, counts)


def test_a_unit_agrees_with_what_it_paints_and_with_nothing_else(hand, monkeypatch):
    sharp(monkeypatch)
    iou, _ = measured(hand)
    torch.testing.assert_close(iou[:, :UNITS], torch.eye(UNITS))
    assert [dissect.best(iou.tolist(), c, 1) for c in range(UNITS)] == [(0,), (1,), (2,)]


def test_softened_borders_cost_agreement_but_no_rank(hand):
    iou, _ = measured(hand)
    assert 0.5 < iou.diagonal().min() < 1
    assert (iou.argmax(0)[:UNITS] == torch.arange(UNITS)).all()


def test_agreement_is_that_of_the_pictures_it_is_measured_on(hand, monkeypatch):
    """In the other half of the pictures the concepts of two units have changed places."""
    sharp(monkeypatch)
    units, classes = looked(hand)
    other = torch.tensor([1, 0, 2, 3])[classes]
    levels = dissect.levels(units)
    chosen, turned = (dissect.counted(units, c, levels, CONCEPTS) for c in (classes, other))
    iou, _ = dissect.agreement(chosen, turned)
    torch.testing.assert_close(iou[2, :UNITS], torch.tensor([0.0, 0.0, 1.0]))
    assert iou[0, 0] == iou[1, 1] == 0


def test_counts_are_those_of_every_pixel(hand):
    units, classes = looked(hand)
    counts = dissect.counted(units, classes, dissect.levels(units), CONCEPTS)
    every = classes.flatten().bincount(minlength=CONCEPTS)
    assert (counts.sum(1) == every).all()


def test_the_threshold_has_the_best_information_quality_ratio():
    """Against the definition, written out for one unit, one concept and each level."""
    torch.manual_seed(0)
    units, classes = torch.randn(3, 1, 8, 8), torch.randint(2, (3, 8, 8))
    units += classes[:, None] * 1.5
    levels = dissect.levels(units)
    counts = dissect.counted(units, classes, levels, 2)
    iou, at = dissect.agreement(counts, counts)

    def quality(t):
        loud, of = (units[:, 0] > t).flatten(), (classes == 1).flatten()
        total = entropy = 0.0
        for a in (loud, ~loud):
            for b in (of, ~of):
                p = (a & b).double().mean().item()
                if p:
                    total += p * math.log(p / (a.double().mean() * b.double().mean()).item())
                    entropy -= p * math.log(p)
        return total / entropy

    ratios = [quality(t) for t in levels[0]]
    assert ratios[at[0, 1]] == pytest.approx(max(ratios))
    loud, of = units[:, 0] > levels[0, at[0, 1]], classes == 1
    assert iou[0, 1] == pytest.approx(((loud & of).sum() / (loud | of).sum()).item())


def test_a_threshold_that_tells_more_but_is_itself_less_sure_is_not_chosen():
    """Above the first level are 12 of 12 and 6 of 7 pixels: 0.055 of 0.81 nats, more than a
    fifteenth. Above the second are 8 and 2: 0.069 of 1.28, less."""
    counts = torch.tensor([[[1, 0], [4, 4], [2, 8]]])
    iou, at = dissect.agreement(counts, counts)
    assert at.tolist() == [[0, 0]]
    assert iou.tolist() == [[pytest.approx(6 / 19), pytest.approx(12 / 18)]]


def test_levels_are_quantiles():
    units = torch.arange(1000.0).view(10, 1, 10, 10)
    levels = dissect.levels(units, 3)[0]
    above = [(units > level).float().mean().item() for level in levels]
    assert above == pytest.approx([0.5, 0.022, 0.001], abs=2e-3)


@pytest.mark.parametrize("unit", range(UNITS))
def test_ablation_removes_exactly_what_the_unit_paints(hand, unit):
    _, before = looked(hand)
    units, after = looked(hand, [Change((unit,))])
    assert not units[:, unit].any()
    expected = torch.where(before == unit, NOTHING, before)
    assert torch.equal(after, expected)
    shares = dissect.shares(before, CONCEPTS), dissect.shares(after, CONCEPTS)
    assert dissect.removed(*(float(one[unit]) for one in shares)) == 1


def test_insertion_paints_there_and_only_there(hand):
    places = dissect.square(CELLS, 6, 6, 2)  # where no unit paints
    _, before = looked(hand)
    _, after = looked(hand, [Change((1,), torch.ones(1), places)])
    pixels = places.repeat_interleave(4, 0).repeat_interleave(4, 1)
    assert (after[:, pixels] == 1).all()
    assert torch.equal(after[:, ~pixels], before[:, ~pixels])


def test_ablation_can_be_kept_to_places(hand):
    places = dissect.square(CELLS, 0, 0, 1)  # a quarter of the first unit's square
    _, before = looked(hand)
    _, after = looked(hand, [Change((0,), None, places)])
    share = [float(dissect.shares(one, CONCEPTS)[0]) for one in (before, after)]
    assert dissect.removed(*share) == pytest.approx(1 / 4)


def test_the_effect_of_a_unit_on_a_place_is_known(hand):
    """Inserted, all of an empty place is of the concept; ablated, none of it."""
    places = dissect.square(CELLS, 6, 6, 2)
    high, low = (
        dissect.shares(looked(hand, [Change((2,), values, places)])[1], CONCEPTS, places)
        for values in (torch.ones(1), None)
    )
    assert (high - low).tolist() == [0, 0, 1, -1]


def test_the_last_change_wins(hand):
    everywhere, there = Change((0, 1)), dissect.square(CELLS, 0, 0, 2)
    units, _ = looked(hand, [everywhere, Change((0,), torch.tensor([7.0]), there)])
    assert (units[:, 0][:, there] == 7).all()
    assert not units[:, 0][:, ~there].any()
    assert not units[:, 1].any()


def test_means_are_over_where_the_concept_is(hand):
    units, classes = looked(hand)
    means = dissect.means(units, classes, CONCEPTS + 1)
    torch.testing.assert_close(means[:UNITS], torch.eye(UNITS))
    assert not means[CONCEPTS].any()  # a concept that nobody saw


def test_a_cell_counts_by_the_share_of_its_pixels():
    units = torch.tensor([[[[1.0, 3.0]]]]).expand(1, 1, 1, 2)
    classes = torch.tensor([[[0, 0, 0, 1], [0, 0, 1, 1]]])
    classes = classes[:, :, [0, 1, 2, 3]]
    means = dissect.means(units, classes, 2)  # the left cell is all 0, the right a quarter of it
    assert means[:, 0].tolist() == pytest.approx([(4 * 1 + 1 * 3) / 5, 3.0])


def test_nothing_is_left_behind(hand):
    _, before = looked(hand)
    looked(hand, [Change((0,))])
    assert torch.equal(looked(hand)[1], before)
    with pytest.raises(InputError):
        looked(hand, [Change((9,))])
    assert torch.equal(looked(hand)[1], before)


def test_other_threads_see_nothing_of_a_change(hand):
    seen, started = [], []
    plain = hand(latents())

    class Nosy(Change):
        def __call__(self, features):
            if not started:
                started.append(True)
                other = Thread(target=lambda: seen.append(hand(latents())))
                other.start()
                other.join()
            return super().__call__(features)

    dissect.paint(hand, "8x8", latents(), [Nosy((0, 1, 2))])
    assert torch.equal(seen[0], plain)


def test_what_cannot_be_opened_says_so(hand):
    with pytest.raises(InputError, match="Identity does not say"):
        dissect.layers(nn.Identity())
    with pytest.raises(UnknownNameError, match=r"no layer '16x16'\. Known: 8x8"):
        dissect.paint(hand, "16x16", latents())
    with pytest.raises(InputError, match="units 0 to 2; got 3"):
        looked(hand, [Change((3,))])
    with pytest.raises(InputError, match=r"map of 8x8 .* got 4x4"):
        looked(hand, [Change((0,), None, dissect.square(4, 0, 0, 1))])


def test_of_nothing_nothing_is_removed():
    assert dissect.removed(0.0, 0.0) == 0
    assert dissect.removed(0.2, 0.3) == pytest.approx(-0.5)


OPEN = [name for name, entry in architectures.items() if "dissect" in entry.abilities]


@pytest.mark.parametrize("name", OPEN)
def test_every_layer_of_every_architecture_that_opens_draws_the_picture(name):
    """Its units are maps, larger from layer to layer; with all at 0 another picture is painted."""
    entry = architectures[name]
    torch.manual_seed(1)
    network = entry.networks["generator"](entry.tiny).eval()
    z = torch.randn(2, entry.tiny.z_dim)
    y = torch.zeros(2, dtype=torch.int64) if "classes" in entry.abilities else None
    with torch.no_grad():
        plain = (network(z) if y is None else network(z, y)).clamp(-1, 1)
    sides = []
    for layer in dissect.layers(network):
        image, units = dissect.paint(network, layer, z, y=y)
        torch.testing.assert_close(image, plain)
        assert units.ndim == 4
        assert layer.partition(".")[0] == f"{units.shape[2]}x{units.shape[3]}"
        sides.append(units.shape[2])
        every = Change(tuple(range(units.shape[1])))
        changed = dissect.paint(network, layer, z, [every], y)
        assert not changed.units.any()
        assert not torch.allclose(changed.image, plain)
    assert sides == sorted(sides)
    assert len(sides) >= 2
