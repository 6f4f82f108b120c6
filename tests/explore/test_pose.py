"""Global pose normalisation, by closed forms."""

import numpy as np
import pytest

from ganzoo.data import puppets
from ganzoo.explore.pose import Range, lower_ankle, normalised, range_of
from ganzoo.skeleton import ANKLES, JOINTS, joint

SOURCE = Range(near=0.95, far=0.75, near_height=0.4, far_height=0.3)
TARGET = Range(near=0.9, far=0.8, near_height=0.6, far_height=0.5)


def upright(*ankles_and_heights: tuple[float, float]) -> np.ndarray:
    """All joints between the ankle and the head, straight up, a bit to the right."""
    share = np.linspace(1, 0, len(JOINTS))
    poses = []
    for ankle, height in ankles_and_heights:
        pose = np.stack([np.full(len(JOINTS), 0.6), ankle - share * height], 1)
        pose[ANKLES, 1] = ankle
        poses.append(pose)
    return np.stack(poses)


def tall(poses: np.ndarray) -> np.ndarray:
    return lower_ankle(poses) - poses[:, joint("head"), 1]


def test_the_same_dancer_stays_as_is():
    danced = puppets.dance("pip", 3, 200)
    own = range_of(danced)
    np.testing.assert_allclose(normalised(danced, own, own), danced, atol=1e-12)


def test_extremes_go_to_extremes_and_the_middle_to_the_middle():
    poses = upright((0.95, 0.4), (0.75, 0.3), (0.85, 0.35))
    fitted = normalised(poses, SOURCE, TARGET)
    np.testing.assert_allclose(lower_ankle(fitted), [0.9, 0.8, 0.85])
    middle = 0.35 * (0.6 / 0.4 + 0.5 / 0.3) / 2
    np.testing.assert_allclose(tall(fitted), [0.6, 0.5, middle])


def test_it_is_linear_in_the_ankle_and_goes_on_outside():
    fitted = normalised(upright((1.05, 0.4), (0.65, 0.3)), SOURCE, TARGET)
    np.testing.assert_allclose(lower_ankle(fitted), [0.95, 0.75])


def test_across_it_is_scaled_about_the_middle():
    fitted = normalised(upright((0.95, 0.4)), SOURCE, TARGET)
    np.testing.assert_allclose(fitted[0, :, 0], 0.5 + 0.1 * 0.6 / 0.4)


def test_shapes_are_kept():
    danced = puppets.dance("otto", 1, 20)
    fitted = normalised(danced, SOURCE, TARGET)

    def angles(poses):
        bones = np.diff(poses, axis=1)
        return np.arctan2(bones[..., 1], bones[..., 0])

    np.testing.assert_allclose(angles(fitted), angles(danced), atol=1e-9)


def test_a_lifted_foot_is_no_step_back():
    poses = upright((0.9, 0.4), (0.9, 0.4))
    poses[1, ANKLES[0], 1] = 0.7
    np.testing.assert_allclose(lower_ankle(poses), 0.9)
    fitted = normalised(poses, SOURCE, TARGET)
    np.testing.assert_allclose(fitted[0, joint("head")], fitted[1, joint("head")])


def test_the_range_is_that_of_the_upright_extremes():
    poses = upright((0.9, 0.4), (0.899, 0.2), (0.8, 0.3), (0.801, 0.1), (0.85, 0.9))
    found = range_of(poses)
    assert (found.near, found.far) == (0.9, 0.8)
    assert found.near_height == pytest.approx(0.4)
    assert found.far_height == pytest.approx(0.3)


def test_within_a_tenth_of_the_way_one_counts_as_near_or_far():
    poses = upright((0.9, 0.4), (0.892, 0.45), (0.88, 0.7), (0.8, 0.3), (0.808, 0.35), (0.82, 0.6))
    found = range_of(poses)
    assert (found.near_height, found.far_height) == pytest.approx((0.45, 0.35))


def test_who_never_comes_nearer_is_placed_at_the_front():
    poses = upright((0.8, 0.3), (0.8, 0.3))
    fitted = normalised(poses, range_of(poses), TARGET)
    np.testing.assert_allclose(lower_ankle(fitted), TARGET.near)
    np.testing.assert_allclose(tall(fitted), TARGET.near_height)


@pytest.mark.parametrize("name", ["otto", "pip"])
def test_other_puppets_come_to_the_targets_extremes(name):
    danced, known = puppets.dance(name, 0, 600), puppets.known()
    fitted = range_of(normalised(danced, range_of(danced), range_of(known)))
    wanted = range_of(known)
    assert fitted.near == pytest.approx(wanted.near)
    assert fitted.far == pytest.approx(wanted.far)
    assert fitted.near_height == pytest.approx(wanted.near_height, rel=0.03)
    assert fitted.far_height == pytest.approx(wanted.far_height, rel=0.03)
