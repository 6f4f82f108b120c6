"""What every file in ``attacks/`` promises by existing."""

import json

import pytest
import torch

from ganzoo.attacks import Victim, attack, attacks
from ganzoo.attacks._base import length
from ganzoo.errors import InputError, RecipeError, UnknownNameError

QUICK = {"ifgsm": {"steps": 4}, "pgd": {"steps": 4, "restarts": 2}, "carlini_wagner": {"rounds": 2, "steps": 12, "lr": 0.05, "c": 1},
         "universal": {"steps": 5}, "eot": {"steps": 4, "views": 2}, "deepfool": {"steps": 20}}  # fmt: skip
BOUNDED = [name for name, entry in attacks.items() if not entry.minimal]
each = pytest.mark.parametrize("name", list(attacks))
pairs = pytest.mark.parametrize(
    ("name", "norm"), [(n, m) for n, e in attacks.items() for m in e.norms]
)


def test_the_lectures_attacks_are_here():
    assert set(attacks) == {
        "fgsm", "ifgsm", "pgd", "smallest_fgsm", "deepfool", "carlini_wagner", "universal", "eot",
    }  # fmt: skip


@pairs
def test_a_radius_of_nothing_changes_nothing(name, norm, crooked, pictures):
    done = attack(name, crooked, pictures, epsilon=0, norm=norm, **QUICK.get(name, {}))
    assert torch.equal(done.image, pictures)


@pairs
@pytest.mark.parametrize("epsilon", [0.01, 0.3])
def test_changes_stay_in_the_ball_and_in_the_range(name, norm, epsilon, crooked, pictures):
    pictures[0], pictures[1] = 0.0, 1.0
    done = attack(name, crooked, pictures, epsilon=epsilon, norm=norm, **QUICK.get(name, {}))
    assert done.image.shape == pictures.shape
    assert (done.image - pictures).flatten(1).any(1).sum() >= 3
    assert length(done.image - pictures, norm).max() <= epsilon + 1e-6
    assert done.image.min() >= 0
    assert done.image.max() <= 1


@each
def test_the_network_is_left_as_it_was(name, crooked, pictures):
    network = crooked.network.train().requires_grad_(True)
    before = {key: value.clone() for key, value in network.state_dict().items()}
    attack(name, crooked, pictures, torch.tensor([0, 1, 2, 0, 1, 2]), **QUICK.get(name, {}))
    assert all(torch.equal(before[key], value) for key, value in network.state_dict().items())
    assert all(module.training for module in network.modules())
    assert all(weight.requires_grad and weight.grad is None for weight in network.parameters())


@each
def test_the_network_is_left_as_it_was_even_by_an_error(name, crooked, pictures):
    def broken(_: torch.Tensor) -> torch.Tensor:
        raise RuntimeError("broken")

    crooked.network.train().forward = broken
    with pytest.raises(RuntimeError, match="broken"):
        attack(name, crooked, pictures)
    assert all(module.training for module in crooked.network.modules())


@each
def test_same_seed_same_change(name, crooked, pictures):
    options = QUICK.get(name, {})
    first, again = (attack(name, crooked, pictures, seed=3, **options) for _ in range(2))
    assert torch.equal(first.image, again.image)


@pytest.mark.parametrize(
    "name", [name for name in attacks if name not in ("universal", "pgd", "eot")]
)
def test_each_picture_is_changed_alone(name, crooked, pictures):
    options = QUICK.get(name, {})
    together = attack(name, crooked, pictures, **options).image
    alone = torch.cat([attack(name, crooked, one[None], **options).image for one in pictures])
    torch.testing.assert_close(together, alone, atol=2e-5, rtol=0)


@pytest.mark.parametrize("name", [name for name, entry in attacks.items() if entry.targets])
def test_a_target_draws_nearer(name, crooked, pictures):
    target = (crooked(pictures).argmax(1) + 1) % 3
    options = QUICK.get(name, {}) | ({} if attacks[name].minimal else {"epsilon": 0.05})
    done = attack(name, crooked, pictures, target=target, **options)
    gained = done.goal.margin(done.before) - done.goal.margin(done.after)
    moved = (done.image != pictures).flatten(1).any(1)
    assert moved.any()
    if name == "universal":
        assert gained.mean() > 0
    else:
        assert (gained[moved] > 0).all()
    assert torch.equal(done.reached, done.after.argmax(1) == target)


@each
def test_without_a_label_it_is_the_networks_own_answer(name, crooked, pictures):
    options = QUICK.get(name, {})
    own = attack(name, crooked, pictures, **options)
    told = attack(name, crooked, pictures, crooked(pictures).argmax(1), **options)
    assert torch.equal(own.image, told.image)


@pytest.mark.parametrize("name", [n for n, e in attacks.items() if e.minimal])
def test_what_is_wrong_already_needs_no_change(name, crooked, pictures):
    wrong = (crooked(pictures).argmax(1) + 1) % 3
    done = attack(name, crooked, pictures, wrong, **QUICK.get(name, {}))
    assert torch.equal(done.image, pictures)


def test_a_confidence_is_asked_of_what_is_wrong_already_too(crooked, pictures):
    wrong = (crooked(pictures).argmax(1) + 1) % 3
    short = -attack("carlini_wagner", crooked, pictures, wrong).goal.margin(crooked(pictures))
    sure = float(short.max()) + 0.1  # surer than any is from the start
    options = {"rounds": 4, "steps": 60, "lr": 0.05, "c": 1, "confidence": sure}
    done = attack("carlini_wagner", crooked, pictures, wrong, **options)
    moved = (done.image != pictures).flatten(1).any(1)
    assert moved.any()
    assert (done.goal.margin(done.after)[moved] < -sure).all()


@each
def test_options_survive_json_and_refuse_what_they_do_not_know(name):
    kind = attacks[name].options
    assert kind.read(json.loads(kind().model_dump_json()), "x") == kind()
    with pytest.raises(RecipeError, match="nobody reads 'epsilom'"):
        kind.read({"epsilom": 1}, f"attack {name}")


@pytest.mark.parametrize("epsilon", [-0.1, float("nan"), float("inf"), "much"])
@each
def test_an_impossible_radius_is_an_error_that_quotes_it(name, epsilon, crooked, pictures):
    with pytest.raises(RecipeError, match=f"epsilon = .?{epsilon}"):
        attack(name, crooked, pictures, epsilon=epsilon)


@pytest.mark.parametrize("name", BOUNDED)
def test_only_a_search_for_the_smallest_may_be_unbounded(name, crooked, pictures):
    with pytest.raises(InputError, match="needs an epsilon"):
        attack(name, crooked, pictures, epsilon=None)


def test_mistakes_are_quoted(crooked, pictures):
    y = torch.zeros(6, dtype=torch.long)
    with pytest.raises(UnknownNameError, match="Did you mean 'fgsm'"):
        attack("fgms", crooked, pictures)
    with pytest.raises(InputError, match="y: a class is 0 to 2; got 3"):
        attack("fgsm", crooked, pictures, y + 3)
    with pytest.raises(InputError, match="target: a class is 0 to 2; got -1"):
        attack("fgsm", crooked, pictures, target=y - 1)
    with pytest.raises(InputError, match="class for each of the 6 pictures; got 0"):
        attack("fgsm", crooked, pictures, target=y[:0])
    with pytest.raises(InputError, match=r"1×8×8 here .* got 3×8×8"):
        attack("fgsm", crooked, pictures.expand(-1, 3, -1, -1))
    with pytest.raises(InputError, match=r"in \[0, 1\] here; got -1 to 0"):
        attack("fgsm", crooked, pictures * 0 - torch.tensor([1.0, 0]).repeat(4))
    with pytest.raises(InputError, match="not numbers"):
        attack("fgsm", crooked, pictures * torch.nan)
    with pytest.raises(InputError, match="no picture"):
        attack("fgsm", crooked, pictures[:0])
    with pytest.raises(InputError, match="knows no target"):
        attack("deepfool", crooked, pictures, target=y)
    with pytest.raises(InputError, match="measures by l2; got norm 'linf'"):
        attack("carlini_wagner", crooked, pictures, norm="linf")
    with pytest.raises(InputError, match=r"8/255; got epsilon 8"):
        attack("fgsm", crooked, pictures, epsilon=8)
    assert (attack("fgsm", crooked, pictures, epsilon=8, norm="l2").change != 0).any()


@pytest.mark.parametrize("name", list(attacks))
def test_a_silent_gradient_is_reported(name, crooked, pictures):
    """Logits so far apart that the loss is exactly 0, and so is its slope."""
    network = crooked.network
    network.head.weight.zero_()
    network.head.bias.copy_(torch.tensor([1000.0, 0, 0]))
    done = attack(name, crooked, pictures, **QUICK.get(name, {}))
    assert done.silent.all()
    assert not done.reached.any()


def test_a_speaking_gradient_is_not_reported(crooked, pictures):
    assert not attack("fgsm", crooked, pictures).silent.any()


def test_what_is_made_for_one_network_is_tried_on_another(crooked, linear):
    image = torch.rand(4, 1, 4, 4)
    other = Victim(network=linear.network, num_classes=5, mean=(0.3,), std=(0.5,))
    own = attack("fgsm", other, image, epsilon=0.1)
    y = other(image).argmax(1)
    borrowed = attack("fgsm", linear, image, y, crafted_on=other, epsilon=0.1)
    assert torch.equal(borrowed.image, own.image)
    torch.testing.assert_close(borrowed.after, linear(own.image))
