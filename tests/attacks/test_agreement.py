"""The same attacks by a well-kept toolkit (foolbox) on the same network."""

import warnings

import pytest
import torch

from ganzoo.attacks import attack

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for a name that SciPy is about to drop
    import foolbox
    from foolbox import attacks as theirs


@pytest.fixture
def pictures() -> torch.Tensor:
    return torch.rand(16, 1, 8, 8)


@pytest.fixture
def model(crooked):
    """The victim through their eyes: bounds and normalisation as it carries them."""
    network = crooked.network.eval().requires_grad_(False)
    seen = {"mean": list(crooked.mean), "std": list(crooked.std), "axis": -3}
    return foolbox.PyTorchModel(network, bounds=(0, 1), preprocessing=seen, device="cpu")


def changed(method, model, pictures, y, epsilon):
    return method(model, pictures, foolbox.criteria.Misclassification(y), epsilons=epsilon)[1]


def share(done):
    return done.reached.float().mean().item()


@pytest.mark.parametrize("epsilon", [0.02, 0.1])
@pytest.mark.parametrize(("norm", "method"), [("linf", theirs.LinfFastGradientAttack), ("l2", theirs.L2FastGradientAttack)])  # fmt: skip
def test_fgsm_is_theirs_pixel_by_pixel(norm, method, epsilon, model, crooked, pictures):
    y = crooked(pictures).argmax(1)
    wanted = changed(method(random_start=False), model, pictures, y, epsilon)
    ours = attack("fgsm", crooked, pictures, y, epsilon=epsilon, norm=norm)
    torch.testing.assert_close(ours.image, wanted, atol=1e-5, rtol=0)


def test_a_targeted_step_is_theirs(model, crooked, pictures):
    target = (crooked(pictures).argmax(1) + 1) % 3
    method = theirs.LinfBasicIterativeAttack(random_start=False, steps=1, abs_stepsize=0.05)
    wanted = method(
        model, pictures, foolbox.criteria.TargetedMisclassification(target), epsilons=0.05
    )[1]
    ours = attack("fgsm", crooked, pictures, target=target, epsilon=0.05)
    torch.testing.assert_close(ours.image, wanted, atol=1e-5, rtol=0)


@pytest.mark.parametrize(("norm", "method"), [("linf", theirs.LinfPGD), ("l2", theirs.L2PGD)])
def test_iterated_steps_are_theirs_pixel_by_pixel(norm, method, model, crooked, pictures):
    y = crooked(pictures).argmax(1)
    steps, step = 5, 0.02
    wanted = changed(
        method(random_start=False, steps=steps, abs_stepsize=step), model, pictures, y, 0.06
    )
    ours = attack("ifgsm", crooked, pictures, y, epsilon=0.06, norm=norm, steps=steps, step=step)
    torch.testing.assert_close(ours.image, wanted, atol=1e-4, rtol=0)


@pytest.mark.parametrize("epsilon", [0.02, 0.05])
def test_pgd_fools_as_often_as_theirs(epsilon, model, crooked, pictures):
    y = crooked(pictures).argmax(1)
    method = theirs.LinfPGD(steps=20, abs_stepsize=2.5 * epsilon / 20)
    found = changed(method, model, pictures, y, epsilon)
    fooled = (crooked(found).argmax(1) != y).float().mean().item()
    ours = attack("pgd", crooked, pictures, y, epsilon=epsilon, steps=20)
    assert share(ours) == pytest.approx(fooled, abs=1.5 / len(pictures))


@pytest.mark.parametrize(("norm", "method"), [("l2", theirs.L2DeepFoolAttack), ("linf", theirs.LinfDeepFoolAttack)])  # fmt: skip
def test_deepfool_goes_as_far_as_theirs(norm, method, model, crooked, pictures):
    y = crooked(pictures).argmax(1)
    found = changed(
        method(steps=50, candidates=3, overshoot=0.02, loss="logits"), model, pictures, y, None
    )
    ours = attack("deepfool", crooked, pictures, y, norm=norm)
    assert share(ours) == (crooked(found).argmax(1) != y).float().mean().item() == 1
    torch.testing.assert_close(ours.image, found, atol=2e-3, rtol=0)


def test_carlini_and_wagner_go_no_farther_than_theirs(model, crooked, pictures):
    pictures = pictures[:6]
    y = crooked(pictures).argmax(1)
    budget = {"binary_search_steps": 3, "steps": 60, "stepsize": 0.02, "initial_const": 0.1}
    method = theirs.L2CarliniWagnerAttack(**budget)
    found = changed(method, model, pictures, y, None)
    wanted = (found - pictures).flatten(1).norm(dim=1)
    ours = attack("carlini_wagner", crooked, pictures, y, rounds=3, steps=60, lr=0.02, c=0.1)
    assert share(ours) == (crooked(found).argmax(1) != y).float().mean().item() == 1
    torch.testing.assert_close(ours.length("l2").mean(), wanted.mean(), rtol=0.05, atol=0)
    assert (ours.length("l2") <= 1.15 * wanted + 0.01).all()
