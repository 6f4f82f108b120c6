"""Puppets: dances that keep to their limits, and pictures that follow from the pose."""

import numpy as np
import pytest

from ganzoo.data import DataRequest, puppets, read, sources
from ganzoo.data._choreography import LIMITS, SWAY
from ganzoo.errors import DataError, UnknownNameError
from ganzoo.skeleton import ANKLES, ARM, SIDES, joint

each = pytest.mark.parametrize("name", puppets.PUPPETS)


@pytest.fixture
def brief(monkeypatch):
    """Few frames; a size that no other test draws, since drawings are kept."""
    for split, count in (("train", 12), ("test", 6)):
        monkeypatch.setitem(puppets.LENGTHS, split, count)
    yield DataRequest(size=18)
    puppets._drawn.cache_clear()


@each
def test_a_seed_is_a_dance(name):
    danced = puppets.dance(name, 3, 40)
    assert danced.shape == (40, 17, 2)
    np.testing.assert_array_equal(danced, puppets.dance(name, 3, 40))
    np.testing.assert_array_equal(danced[:20], puppets.dance(name, 3, 20))
    assert np.abs(danced - puppets.dance(name, 4, 40)).max() > 0.1


@each
def test_the_lower_foot_stands_on_the_floor_and_nobody_leaves_the_stage(name):
    body = puppets.puppet(name).body
    danced = puppets.dance(name, 5, 300)
    standing = danced[:, ANKLES, 1].max(1)
    front, back = body.floor
    assert (standing >= back - 1e-9).all()
    assert (standing <= front + 1e-9).all()
    assert standing.max() - standing.min() > 0.8 * (front - back)
    assert danced.min() > 0
    assert danced.max() < 1
    assert np.abs(danced[:, joint("pelvis"), 0] - 0.5).max() <= SWAY + 1e-9


@each
def test_bones_keep_their_lengths_in_terms_of_the_distance(name):
    body = puppets.puppet(name).body
    danced = puppets.dance(name, 5, 60)
    trunk = np.linalg.norm(danced[:, joint("neck")] - danced[:, joint("pelvis")], axis=1)
    for side in SIDES:
        upper = danced[:, joint(f"{side} elbow")] - danced[:, joint(f"{side} shoulder")]
        np.testing.assert_allclose(np.linalg.norm(upper, axis=1) / trunk, body.arm[0] / body.torso)
    assert trunk.max() <= body.torso + 1e-9
    assert trunk.min() >= body.far * body.torso - 1e-9


def test_joints_bend_within_their_limits():
    danced = puppets.dance("lola", 7, 300)
    for side in SIDES:
        shoulder, elbow, wrist = (danced[:, joint(f"{side} {part}")] for part in ARM)
        upper, lower = elbow - shoulder, wrist - elbow
        cosine = (
            (upper * lower).sum(1) / np.linalg.norm(upper, axis=1) / np.linalg.norm(lower, axis=1)
        )
        assert np.arccos(np.clip(cosine, -1, 1)).max() <= LIMITS["elbow"][1] + 1e-6


def test_nothing_jumps():
    steps = np.abs(np.diff(puppets.dance("pip", 2, 300), axis=0))
    assert steps.max() < 0.1


@each
def test_a_puppet_is_painted_in_any_pose(name):
    poses = puppets.dance("otto", 1, 30)[[0, 29]]
    film = puppets.film(name, poses, 24)
    assert film.shape == (2, 24, 24, 3)
    assert np.abs(film[0].astype(int) - film[1]).max() > 60
    np.testing.assert_array_equal(film[1], puppets.frame(name, poses[1], 24))


def test_a_moved_pose_moves_the_puppet_and_not_the_stage():
    pose = puppets.dance("lola", 1, 1)[0]
    here, there = (puppets.frame("lola", np.add(pose, [right, 0]), 64) for right in (0, 0.125))
    red = np.array(puppets.PUPPETS["lola"].look.top)
    found = [np.argwhere(np.abs(one.astype(int) - red).sum(2) < 20) for one in (here, there)]
    dressed = [places[places[:, 0] > 24] for places in found]  # below the flags
    np.testing.assert_allclose(dressed[1].mean(0) - dressed[0].mean(0), [0, 8], atol=0.3)
    np.testing.assert_array_equal(here[:, 0], there[:, 0])


def test_a_puppet_takes_its_size_from_the_pose():
    pose = puppets.dance("lola", 1, 1)[0]
    red = np.array(puppets.PUPPETS["lola"].look.top)

    def dress(joints):
        low = puppets.frame("lola", joints, 64)[24:]  # below the flags
        return (np.abs(low.astype(int) - red).sum(2) < 60).sum()

    place = np.array([0.5, 0.9])
    assert dress(place + (pose - place) / 2) / dress(pose) == pytest.approx(1 / 4, abs=0.08)


def test_splits_are_two_dances_of_the_target_in_order(brief):
    train, test = (
        read("puppets", DataRequest(size=18, split=split)) for split in ("train", "test")
    )
    assert (len(train), len(test)) == (12, 6)
    assert train.paired
    assert train.names == tuple(sorted(train.names))
    poses = puppets.known("train")
    wanted = puppets.frame(puppets.TARGET, poses[7], 18)
    np.testing.assert_array_equal(train.pictures[7].transpose(1, 2, 0), wanted)
    np.testing.assert_array_equal(
        train.inputs[7].transpose(1, 2, 0), puppets.figures(poses[7:8], 18)[0]
    )
    assert train.held_out is not None
    assert {one.tobytes() for one in train.held_out.pictures} <= {
        one.tobytes() for one in test.pictures
    }
    assert not {one.tobytes() for one in train.inputs} & {one.tobytes() for one in test.inputs}


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (DataRequest(split="val"), "no split 'val'"),
        (DataRequest(channels=1), "drawn in colour.*got 1 and 3"),
        (DataRequest(backwards=True), "backwards has no meaning"),
    ],
)
def test_what_puppets_cannot_do_is_refused(request_, said):
    with pytest.raises(DataError, match=said):
        read("puppets", request_)


def test_dances_have_a_dancer_and_an_end():
    with pytest.raises(UnknownNameError, match="Did you mean 'otto'"):
        puppets.dance("oto", 1, 4)
    with pytest.raises(DataError, match="1 to 2000 frames; got 0"):
        puppets.dance("otto", 1, 0)


@pytest.mark.parametrize("name", ["digits", "puppets"])
def test_what_comes_along_is_read_from_nowhere_else(name, tmp_path):
    with pytest.raises(DataError, match=r"come with ganzoo and are read from nowhere else; got '/"):
        sources[name].load(DataRequest(path=tmp_path, channels=3))
