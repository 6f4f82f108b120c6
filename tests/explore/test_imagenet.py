"""torchvision's classifiers: with weights at hand, and without a network."""

from urllib.error import URLError

import pytest
import torch
from torchvision import models

from ganzoo.errors import HubError, InputError, UnknownNameError
from ganzoo.explore import imagenet

NAME = "squeezenet1_1"  # the smallest


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path))
    imagenet.imagenet.cache_clear()
    (tmp_path / "checkpoints").mkdir()
    yield tmp_path / "checkpoints"
    imagenet.imagenet.cache_clear()


def test_a_network_whose_weights_lie_there_is_used_as_it_is(cache):
    network = models.squeezenet1_1(weights=None)
    torch.save(network.state_dict(), imagenet.path(NAME))
    victim = imagenet.imagenet(NAME)
    assert victim.shape == (3, 224, 224)
    assert victim.num_classes == 1000
    assert victim.mean == pytest.approx((0.485, 0.456, 0.406))
    assert "giant panda" in imagenet.classes(NAME)
    image = torch.rand(1, 3, 224, 224)
    mean, std = (torch.tensor(each).view(3, 1, 1) for each in (victim.mean, victim.std))
    torch.testing.assert_close(
        victim(image), network.eval()((image - mean) / std), atol=1e-4, rtol=1e-3
    )


def test_without_internet_it_says_what_is_missing_and_where_it_belongs(cache, monkeypatch):
    def unreachable(*_, **__):
        raise URLError("Name or service not known")

    monkeypatch.setattr("torch.hub.urlopen", unreachable)
    with pytest.raises(HubError) as error:
        imagenet.imagenet(NAME)
    for told in (NAME, "not at hand", "Name or service not known", "https://", str(cache)):
        assert told in str(error.value)


def test_other_weights_under_its_name_are_refused(cache):
    torch.save({"x": torch.zeros(1)}, imagenet.path(NAME))
    with pytest.raises(HubError, match="does not hold the weights of squeezenet1_1"):
        imagenet.imagenet(NAME)


def test_an_unknown_name_is_quoted():
    with pytest.raises(UnknownNameError, match="Did you mean 'resnet50'"):
        imagenet.imagenet("resnet5O")


def test_pictures_are_cut_to_the_middle():
    wide = torch.zeros(1, 1, 16, 48)
    wide[:, :, :, 16:32] = 1
    assert imagenet.cropped(wide, (3, 8, 8)).shape == (1, 3, 8, 8)
    assert imagenet.cropped(wide, (3, 8, 8)).mean() > 0.95
    with pytest.raises(InputError, match="got 2 channels"):
        imagenet.cropped(torch.zeros(1, 2, 8, 8), (3, 8, 8))
