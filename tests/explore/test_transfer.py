"""A dance is carried over: poses fitted or not, told the last frame or not."""

import numpy as np
import pytest
from shelf import dancer as bundle_of

from ganzoo import images
from ganzoo.data import puppets
from ganzoo.errors import InputError, UnknownNameError
from ganzoo.explore.dance import fitted, transfer
from ganzoo.zoo import Dancer, Model


@pytest.fixture(scope="module")
def dancer(tmp_path_factory) -> Dancer:
    return Dancer(Model(bundle_of(tmp_path_factory.mktemp("shelf"))))


def test_all_films_are_of_one_dance(dancer):
    made, danced = transfer(dancer, "pip", 3, 5), puppets.dance("pip", 3, 5)
    poses = fitted("pip", danced)
    np.testing.assert_array_equal(made.source, puppets.film("pip", danced, 16))
    np.testing.assert_array_equal(made.figures, puppets.figures(poses, 16))
    np.testing.assert_array_equal(made.wanted, puppets.film("lola", poses, 16))
    painted = dancer.film(images.from_pictures(made.figures))
    np.testing.assert_array_equal(made.painted, images.to_pictures(painted))
    together = made.side_by_side()
    assert together.shape == (5, 16, 52, 3)
    np.testing.assert_array_equal(together[:, :, -16:], made.painted)


def test_poses_may_stay_as_they_were_danced(dancer):
    made = transfer(dancer, "pip", 3, 2, normalise=False)
    np.testing.assert_array_equal(made.figures, puppets.figures(puppets.dance("pip", 3, 2), 16))


def test_frames_may_be_painted_alone(dancer):
    made = transfer(dancer, "pip", 3, 3, smooth=False)
    alone = dancer.film(images.from_pictures(made.figures[2:]), smooth=False)
    assert np.abs(made.painted[2].astype(int) - images.to_pictures(alone)[0]).max() <= 4


def test_the_target_dances_as_it_is():
    danced = puppets.dance("lola", 9, 30)
    assert np.abs(fitted("lola", danced) - danced).max() < 0.03


def test_what_is_not_known_is_said(dancer, tmp_path):
    with pytest.raises(UnknownNameError, match="Did you mean 'pip'"):
        transfer(dancer, "pipp", 1, 2)
    other = Dancer(Model(bundle_of(tmp_path, "dance-mine", "data.name=pairs")))
    with pytest.raises(InputError, match="dance-mine did not learn from puppets"):
        transfer(other, "pip", 1, 2)
