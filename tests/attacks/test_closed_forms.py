"""Attacks where the answer is known."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from victims import CLASSES

from ganzoo.attacks import Goal, Victim, attack, attacks
from ganzoo.attacks._base import length, project, steepest
from ganzoo.attacks.eot import EotOptions, scaled, survival, view
from ganzoo.attacks.pgd import PgdOptions, within
from ganzoo.attacks.smallest_fgsm import smallest
from ganzoo.attacks.universal import UniversalOptions, perturbation


def gap(victim, image):
    """Of each picture: the answer y, and for every class its distance in logits and weights."""
    logits = victim(image).detach()
    y = logits.argmax(1)
    weight = victim.network.flat.weight.detach()
    behind = logits.gather(1, y[:, None]) - logits
    return y, behind, weight[None] - weight[y][:, None]


def two_classes(linear):
    """The same with two classes: then the cross-entropy's gradient is along w_1 - w_0."""
    network = linear.network
    network.flat.weight = torch.nn.Parameter(network.flat.weight[:2].detach())
    network.flat.bias = torch.nn.Parameter(network.flat.bias[:2].detach())
    return Victim(network=network, num_classes=2, mean=(0.0,), std=(1.0,))


@pytest.mark.parametrize("norm", ["linf", "l2"])
def test_fgsm_is_the_best_change_of_a_linear_model(norm, linear, middling):
    """No change of the same size lowers the margin more; random ones get close, never past."""
    victim, epsilon = two_classes(linear), 0.05
    done = attack("fgsm", victim, middling, epsilon=epsilon, norm=norm)
    _, _, towards = gap(victim, middling)
    slope = towards.abs().sum((1, 2)) if norm == "linf" else towards.norm(dim=(1, 2))
    fell = done.goal.margin(done.before) - done.goal.margin(done.after)
    torch.testing.assert_close(fell, epsilon * slope)
    for seed in range(50):
        luck = torch.Generator().manual_seed(seed)
        other = middling + project(5 * within(middling, epsilon, norm, luck), epsilon, norm)
        assert (done.goal.margin(victim(other)) >= done.goal.margin(done.after) - 1e-6).all()


def test_fgsm_moves_every_pixel_by_epsilon_or_to_the_bound(crooked, pictures):
    pictures[0, 0, 0, 0], pictures[0, 0, 0, 1] = 0.01, 0.99
    done = attack("fgsm", crooked, pictures, epsilon=0.1)
    full = (done.change.abs() - 0.1).abs() < 1e-6
    bound = (done.image == 0) | (done.image == 1)
    assert (full | bound).all()


def test_the_smallest_step_of_a_linear_model_is_its_margin_over_the_l1_norm(linear, middling):
    victim = two_classes(linear)
    done = attack("smallest_fgsm", victim, middling)
    _, behind, towards = gap(victim, middling)
    wanted = behind.amax(1) / towards.abs().sum((1, 2))
    assert (wanted < 0.4).all(), "or the pictures' range comes first"
    torch.testing.assert_close(done.length("linf"), wanted, atol=2e-6, rtol=0)
    assert done.reached.all()


def test_the_smallest_step_is_found_although_larger_ones_lead_back():
    """A network that answers otherwise only on a short stretch of the way."""

    class Stretch(torch.nn.Module):
        def forward(self, image):
            level = image.mean((1, 2, 3))
            inside = (level - 0.61) * (0.66 - level)
            return torch.stack([torch.zeros_like(level), inside * 1000], 1)

    victim = Victim(network=Stretch(), num_classes=2, mean=(0.0,), std=(1.0,))
    image, up = torch.full((1, 1, 4, 4), 0.5), torch.ones(1, 1, 4, 4)
    found = smallest(victim, image, up, Goal(torch.tensor([0])))
    assert found.item() == pytest.approx(0.11, abs=2e-6)
    none = smallest(victim, image, -up, Goal(torch.tensor([0])))
    assert none.isinf().all()


def test_deepfool_on_a_linear_model_is_the_orthogonal_projection(linear, middling):
    done = attack("deepfool", linear, middling, overshoot=1e-5)
    y, behind, towards = gap(linear, middling)
    distance = behind / towards.norm(dim=2)
    distance[torch.arange(20), y] = torch.inf
    nearest = distance.argmin(1)
    away = towards[torch.arange(20), nearest]
    wanted = (distance.amin(1) / away.norm(dim=1))[:, None] * away
    torch.testing.assert_close(done.change.flatten(1), wanted, atol=2e-4, rtol=1e-3)
    assert torch.equal(done.after.argmax(1), nearest)


def test_deepfool_in_the_maximum_norm_on_a_linear_model(linear, middling):
    done = attack("deepfool", linear, middling, norm="linf", overshoot=1e-4)
    y, behind, towards = gap(linear, middling)
    distance = behind / towards.abs().sum(2)
    distance[torch.arange(20), y] = torch.inf
    torch.testing.assert_close(done.length("linf"), distance.amin(1), atol=2e-4, rtol=1e-3)
    assert done.reached.all()


def test_deepfool_among_two_candidates_goes_to_the_likeliest_not_the_nearest(linear, middling):
    done = attack("deepfool", linear, middling, candidates=2, overshoot=0)
    y, behind, towards = gap(linear, middling)
    every, distance = torch.arange(20), behind / towards.norm(dim=2)
    behind[every, y] = distance[every, y] = torch.inf
    likeliest = behind.argmin(1)
    assert (likeliest != distance.argmin(1)).any()
    away = towards[every, likeliest]
    wanted = (behind.amin(1) / away.square().sum(1))[:, None] * away
    torch.testing.assert_close(done.change.flatten(1), wanted, atol=2e-4, rtol=1e-3)


@pytest.mark.parametrize("norm", ["linf", "l2"])
def test_deepfool_goes_beyond_the_boundary_by_the_overshoot(norm, linear, middling):
    up_to, beyond = (
        attack("deepfool", linear, middling, norm=norm, overshoot=far) for far in (0, 0.5)
    )
    torch.testing.assert_close(beyond.change, 1.5 * up_to.change)


def test_carlini_and_wagner_find_the_nearest_boundary_of_a_linear_model(linear, middling):
    """Of two classes; among more they follow the likeliest, which need not be the nearest."""
    victim = two_classes(linear)
    done = attack("carlini_wagner", victim, middling, rounds=6, steps=100, lr=0.005)
    _, behind, towards = gap(victim, middling)
    best = behind.amax(1) / towards.norm(dim=(1, 2))
    assert done.reached.all()
    long, far = done.length("l2"), best > 0.03  # nearer ones are a step of Adam away
    assert far.sum() >= 5
    assert (long >= best - 1e-4).all()
    assert (long[far] <= 1.05 * best[far]).all()


def test_carlini_and_wagner_do_not_lose_pixels_at_the_ends_of_their_range(crooked, pictures):
    """Most pixels of a digit are black or white, and may first have to go the wrong way."""
    ends = pictures.round()
    y = crooked(ends).argmax(1)
    done = attack("carlini_wagner", crooked, ends, y, rounds=5, steps=100, lr=0.05, c=1)
    other = attack("deepfool", crooked, ends, y, norm="l2")
    assert done.reached.all()
    assert (done.length("l2") <= 1.02 * other.length("l2")).all()


@given(st.floats(0.001, 2), st.sampled_from(["linf", "l2"]), st.integers(0, 99))
def test_projection_is_the_nearest_point_of_the_ball(epsilon, norm, seed):
    luck = torch.Generator().manual_seed(seed)
    change = torch.randn(3, 2, 3, 3, generator=luck)
    inside = project(change, epsilon, norm)
    assert length(inside, norm).max() <= epsilon * (1 + 1e-6)
    torch.testing.assert_close(project(inside, epsilon, norm), inside)
    for _ in range(5):
        other = within(change, epsilon, norm, luck)
        ours, theirs = ((change - one).flatten(1).norm(dim=1) for one in (inside, other))
        assert (ours <= theirs + 1e-5).all()


@pytest.mark.parametrize("norm", ["linf", "l2"])
def test_random_starts_fill_the_ball(norm):
    drawn = within(torch.zeros(4000, 1, 2, 2), 0.3, norm, torch.Generator().manual_seed(0))
    far = length(drawn, norm) / 0.3
    assert far.max() <= 1
    # Uniform in a ball of d dimensions: the share within radius r is r^d.
    for radius in (0.7, 0.9):
        assert (far <= radius).float().mean().item() == pytest.approx(radius**4, abs=0.025)


def test_the_steepest_change_has_length_one():
    gradient = torch.randn(4, 1, 3, 3)
    for norm in ("linf", "l2"):
        torch.testing.assert_close(length(steepest(gradient, norm), norm), torch.ones(4))
    assert not steepest(torch.zeros(1, 1, 2, 2), "l2").any()


def test_gain_is_the_cross_entropy_and_margins_change_sign_at_the_boundary():
    logits, y = torch.tensor([[2.0, 1.0, 0.0], [0.0, 3.0, 1.0]]), torch.tensor([0, 0])
    away, towards = Goal(y), Goal(y, targeted=True)
    torch.testing.assert_close(away.gain(logits), -logits.log_softmax(1)[:, 0])
    torch.testing.assert_close(towards.gain(logits), -away.gain(logits))
    assert away.margin(logits).tolist() == [1, -3]
    assert towards.margin(logits).tolist() == [-1, 3]
    assert away.reached(logits).tolist() == [False, True]
    assert towards.reached(logits).tolist() == [True, False]


def test_restarts_never_do_worse(crooked, pictures):
    y = crooked(pictures).argmax(1)
    settings = {"epsilon": 0.05, "steps": 2, "seed": 1}
    once, often = (attack("pgd", crooked, pictures, y, restarts=n, **settings) for n in (1, 6))
    assert (often.reached | ~once.reached).all()
    same = once.reached == often.reached
    ours, theirs = (done.goal.gain(done.after)[same & ~once.reached] for done in (often, once))
    assert (ours >= theirs - 1e-6).all()


@pytest.mark.parametrize("fooled_first", [True, False])
def test_a_restart_that_fools_is_kept_before_one_that_raised_the_loss_more(
    fooled_first, monkeypatch
):
    victim = Victim(network=torch.nn.Flatten(), num_classes=3, mean=(0.0,), std=(1.0,))
    fooled = torch.tensor([0.4, 0.5, 0.0]).view(1, 1, 1, 3)  # these pictures are their logits
    close = torch.tensor([0.5, 0.49, 0.49]).view(1, 1, 1, 3)
    goal = Goal(torch.tensor([0]))
    assert goal.gain(victim(close)) > goal.gain(victim(fooled))
    found = iter([fooled, close] if fooled_first else [close, fooled])
    monkeypatch.setattr("ganzoo.attacks.pgd._climb", lambda *_: next(found))
    best = attacks["pgd"].run(victim, 0 * close, goal, PgdOptions(restarts=2))
    assert torch.equal(best, fooled)


def test_pgd_starts_at_random_points_of_the_ball(crooked, pictures):
    """So after a step that is hardly one, the change is where it started."""
    done = [
        attack("pgd", crooked, pictures, epsilon=0.1, steps=1, step=1e-9, seed=seed)
        for seed in (0, 1)
    ]
    assert all(one.length("linf").gt(0.09).all() for one in done)
    assert not torch.allclose(done[0].image, done[1].image, atol=0.05)


@pytest.mark.parametrize("norm", ["linf", "l2"])
@pytest.mark.parametrize("name", ["ifgsm", "pgd", "universal"])
def test_no_step_looks_outside_the_ball(name, norm, linear, middling):
    seen = []
    linear.network.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    attack(name, linear, middling, epsilon=0.05, norm=norm, steps=5, step=0.04)
    assert max(length(one - middling, norm).max() for one in seen) <= 0.05 + 1e-6


@pytest.mark.parametrize(
    ("name", "share"), [("ifgsm", 1 / 5), ("pgd", 2.5 / 5), ("eot", 2.5 / 5), ("universal", 1 / 8)]
)
def test_a_step_has_its_length_unless_told_otherwise(name, share, crooked, pictures):
    y = crooked(pictures).argmax(1)
    given = {"epsilon": 0.1, "steps": 5}
    own, told, other = (
        attack(name, crooked, pictures, y, **given, **step).image
        for step in ({}, {"step": 0.1 * share}, {"step": 0.15 * share})
    )
    torch.testing.assert_close(own, told, atol=1e-5, rtol=0)
    assert not torch.allclose(own, other, atol=1e-3)


def test_more_steps_climb_higher_than_one(crooked, pictures):
    y = crooked(pictures).argmax(1)
    one, many = (
        attack(name, crooked, pictures, y, epsilon=0.1).goal.gain(
            attack(name, crooked, pictures, y, epsilon=0.1).after
        )
        for name in ("fgsm", "pgd")
    )
    assert many.mean() > one.mean()


def test_one_change_serves_every_picture(crooked, pictures):
    grey = 0.3 + 0.4 * pictures
    done = attack("universal", crooked, grey, epsilon=0.2)
    torch.testing.assert_close(
        done.change, done.change[:1].expand_as(done.change), atol=1e-6, rtol=0
    )
    gained = done.goal.gain(done.after) - done.goal.gain(done.before)
    assert gained.mean() > 0


class Tilt(torch.nn.Module):
    """Of two classes: the brighter, the more it is the second."""

    def forward(self, image):
        level = 10 * (image.mean((1, 2, 3)) - 0.5)
        return torch.stack([-level, level], 1)


@pytest.mark.parametrize(("ceiling", "sign"), [(4.0, -1), (10.0, 1)])
def test_what_is_fooled_beyond_the_ceiling_pulls_no_more(ceiling, sign):
    """One picture has a loss of 8 and would be brighter still; one has hardly any, and darker."""
    victim = Victim(network=Tilt(), num_classes=2, mean=(0.0,), std=(1.0,))
    image = torch.tensor([0.9, 0.6]).view(2, 1, 1, 1).expand(-1, -1, 4, 4)
    options = UniversalOptions(epsilon=0.08, steps=1, ceiling=ceiling)
    change = perturbation(victim, image, Goal(torch.tensor([0, 1])), options)
    torch.testing.assert_close(change, torch.full((1, 1, 4, 4), 0.01 * sign))


def test_a_view_with_everything_off_is_the_picture_itself(crooked, pictures):
    still = EotOptions(turn=0, zoom=0, shift=0, light=0, noise=0)
    seen = view(crooked, pictures, still, torch.Generator())
    torch.testing.assert_close(seen, pictures, atol=1e-5, rtol=0)


def test_views_turn_and_lose_nothing(crooked):
    image = torch.zeros(64, 1, 16, 16)
    image[:, :, 3:6, 6:10] = 1
    turning = EotOptions(turn=180, zoom=0, shift=0, light=0, noise=0)
    turned = view(crooked, image, turning, torch.Generator().manual_seed(0))
    below = turned[:, :, 8:].sum((1, 2, 3))
    assert below.lt(1).any()
    assert below.gt(11).any()
    torch.testing.assert_close(turned.sum((1, 2, 3)), torch.full((64,), 12.0), atol=1, rtol=0)


def test_expectation_over_views_survives_more_of_them(crooked):
    image = torch.rand(12, 1, 8, 8)
    options = EotOptions(epsilon=0.1, steps=15, views=6)
    given = options.model_dump() | {"norm": "linf"}
    made_for_all = attack("eot", crooked, image, **given)
    made_for_one = attack("pgd", crooked, image, epsilon=0.1, steps=15)
    survives = [
        survival(crooked, done.image, done.goal, options, 40).mean().item()
        for done in (made_for_all, made_for_one)
    ]
    assert survives[0] > survives[1]


@pytest.mark.parametrize("norm", ["linf", "l2"])
def test_success_on_a_linear_model_grows_with_epsilon(norm, linear, middling):
    y = linear(middling).argmax(1)
    reached = torch.stack([
        attack("pgd", linear, middling, y, epsilon=epsilon, norm=norm, steps=30).reached
        for epsilon in (0.01, 0.05, 0.1, 0.3)
    ])  # fmt: skip
    assert (reached[1:] | ~reached[:-1]).all()
    assert reached[0].sum() < reached[-1].sum()


def test_normalisation_is_inside():
    """The same function of the picture, however the network wants to see it, is attacked alike."""
    torch.manual_seed(1)
    plain = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(12, CLASSES))
    scaled = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(12, CLASSES))
    mean, std = torch.tensor([0.4, 0.5, 0.6]), torch.tensor([0.2, 0.3, 0.25])
    with torch.no_grad():
        weight = plain[1].weight.view(CLASSES, 3, 4)
        scaled[1].weight.copy_((weight * std[:, None]).flatten(1))
        scaled[1].bias.copy_(plain[1].bias + (weight * mean[:, None]).sum((1, 2)))
    one = Victim(network=plain, num_classes=CLASSES, mean=(0.0,), std=(1.0,))
    other = Victim(network=scaled, num_classes=CLASSES, mean=(0.4, 0.5, 0.6), std=(0.2, 0.3, 0.25))
    image = torch.rand(8, 3, 2, 2)
    torch.testing.assert_close(one(image), other(image))
    for name in ("fgsm", "deepfool"):
        ours, theirs = (attack(name, victim, image).image for victim in (one, other))
        torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=0)


STILL = {"turn": 0, "zoom": 0, "shift": 0, "light": 0, "noise": 0}


@pytest.mark.parametrize("norm", ["linf", "l2"])
def test_eot_over_the_one_view_that_changes_nothing_is_the_plain_attack(norm, linear, middling):
    given = {"epsilon": 0.05, "norm": norm, "steps": 5, "step": 0.02}
    plain = attack("ifgsm", linear, middling, **given)
    every = attack("eot", linear, middling, **given, views=3, **STILL)
    torch.testing.assert_close(every.image, plain.image)


def test_views_of_no_strength_are_the_picture_itself(crooked, pictures):
    luck = torch.Generator().manual_seed(0)
    still = scaled(EotOptions(), 0.0)
    torch.testing.assert_close(view(crooked, pictures, still, luck), pictures)
    half = scaled(EotOptions(), 0.5)
    assert (half.turn, half.zoom, half.noise) == (10, 0.075, 0.01)
    done = attack("fgsm", crooked, pictures, epsilon=0.1)
    share = survival(crooked, done.image, done.goal, still, 7)
    assert torch.equal(share, done.reached.float())


def test_looking_at_views_leaves_the_network_as_it_was(crooked, pictures):
    done = attack("fgsm", crooked, pictures, epsilon=0.1)
    whole = survival(crooked, done.image, done.goal, EotOptions(noise=0), 20)
    before = {name: value.clone() for name, value in crooked.network.state_dict().items()}
    crooked.network.train()
    again = survival(crooked, done.image, done.goal, EotOptions(noise=0), 20)
    assert torch.equal(whole, again), "it is judged in eval mode"
    assert crooked.network.training
    assert all(torch.equal(before[name], v) for name, v in crooked.network.state_dict().items())
    assert ((whole >= 0) & (whole <= 1)).all()


def places(victim, **options):
    """Where 500 views read a picture, in sides from its middle: for each the four middle pixels."""
    along = (torch.arange(16) + 0.5) / 16
    image = torch.stack(torch.meshgrid(along, along, indexing="xy")).expand(500, -1, -1, -1)
    luck = torch.Generator().manual_seed(0)
    seen = view(victim, image, EotOptions(**STILL | options), luck)
    return seen[:, :, 7:9, 7:9] - 0.5


def ends(values):
    return [values.min().item(), values.max().item()]


def test_views_shift_by_a_share_of_the_side_either_way(crooked):
    read = places(crooked, shift=0.2).mean((2, 3))
    for way in read.unbind(1):
        assert ends(way) == pytest.approx([-0.2, 0.2], abs=0.005)


def test_views_zoom_by_a_share_either_way(crooked):
    read = places(crooked, zoom=0.25)
    times = 1 / 16 / (read[:, 0, 0, 1] - read[:, 0, 0, 0])
    assert ends(times) == pytest.approx([0.75, 1.25], abs=0.01)
    torch.testing.assert_close(read[:, 1, 1, 0] - read[:, 1, 0, 0], 1 / 16 / times)


def test_views_turn_by_degrees_either_way(crooked):
    read = places(crooked, turn=30)
    right, down = (read[:, :, 0, 1] - read[:, :, 0, 0]).T
    assert ends(torch.rad2deg(torch.atan2(down, right))) == pytest.approx([-30, 30], abs=0.5)
    torch.testing.assert_close(torch.hypot(down, right), torch.full((500,), 1 / 16))


def test_views_differ_in_brightness_and_in_contrast(crooked):
    """Two greys about the middle: their mean is moved, and their distance stretched."""
    image = torch.tensor([0.4, 0.6]).expand(500, 1, 2, 2)
    luck = torch.Generator().manual_seed(0)
    dark, bright = view(crooked, image, EotOptions(**STILL | {"light": 0.2}), luck)[:, 0, 0].T
    assert ends((dark + bright) / 2) == pytest.approx([0.3, 0.7], abs=0.01)
    assert ends((bright - dark) / 0.2) == pytest.approx([0.8, 1.2], abs=0.01)


def test_views_are_noisy_by_a_standard_deviation(crooked):
    luck = torch.Generator().manual_seed(0)
    grey = torch.full((50, 1, 16, 16), 0.5)
    seen = view(crooked, grey, EotOptions(**STILL | {"noise": 0.05}), luck)
    assert seen.std().item() == pytest.approx(0.05, rel=0.03)


def test_survival_is_judged_under_views_that_no_step_has_seen(crooked, pictures, monkeypatch):
    seeds = []

    def spy(victim, image, options, luck):
        seeds.append(luck.initial_seed())
        return view(victim, image, options, luck)

    monkeypatch.setattr("ganzoo.attacks.eot.view", spy)
    options = EotOptions(steps=1, views=2, seed=3)
    done = attack("eot", crooked, pictures, **options.model_dump())
    assert set(seeds) == {3}
    seeds.clear()
    survival(crooked, done.image, done.goal, options, 2)
    assert seeds
    assert 3 not in seeds
