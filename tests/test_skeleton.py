"""Stick figures: every limb in its colour, where its joints are."""

import numpy as np

from ganzoo.skeleton import ANKLES, COLOURS, JOINTS, LIMBS, joint, stick_figure


def spread() -> np.ndarray:
    """All joints far from each other, on a circle."""
    turn = 2 * np.pi * np.arange(len(JOINTS)) / len(JOINTS)
    return 0.5 + 0.4 * np.stack([np.cos(turn), np.sin(turn)], 1)


def test_every_joint_hangs_together_with_the_head():
    known = {joint("head")}
    for a, b in LIMBS:  # from the trunk outwards
        assert a in known
        known.add(b)
    assert known == set(range(len(JOINTS)))
    assert len(LIMBS) == len(JOINTS) - 1
    assert [JOINTS[one] for one in ANKLES] == ["left ankle", "right ankle"]


def test_limbs_have_colours_of_their_own():
    colours = np.array(COLOURS, float)
    apart = np.linalg.norm(colours[:, None] - colours[None], axis=2)
    assert apart[~np.eye(len(colours), dtype=bool)].min() > 30
    assert colours.max(1).min() > 150


def test_a_stick_lies_between_its_joints():
    joints = np.full((len(JOINTS), 2), 0.1)
    tip = len(LIMBS) - 1  # nothing hangs on it
    joints[LIMBS[tip][1]] = [0.9, 0.9]
    drawn = stick_figure(joints, 64)
    assert drawn.shape == (64, 64, 3)
    np.testing.assert_array_equal(drawn[32, 32], COLOURS[tip])
    assert not drawn[10, 50].any()


def test_a_pose_has_one_picture_at_every_size():
    small, large = stick_figure(spread(), 32), stick_figure(spread(), 128)
    halved = large.reshape(32, 4, 32, 4, 3).mean((1, 3))
    assert np.abs(small - halved).mean() < 5
    np.testing.assert_array_equal(small, stick_figure(spread(), 32))
