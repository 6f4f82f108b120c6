"""Models paint on a device that is not the processor, and hand back the pictures they paint here."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from elsewhere import elsewhere
from shelf import dancer, exhibit, hang, mirror, pyramid, retargeter
from torch import Tensor

from ganzoo.zoo import Dancer, Dreamer, Inverter, Model, Retargeter, Stylist, Zoo

pytestmark = pytest.mark.usefixtures("in_float32")

PICTURES = torch.rand(2, 1, 8, 8, generator=torch.Generator().manual_seed(0)) * 2 - 1
POSES = torch.rand(3, 3, 16, 16, generator=torch.Generator().manual_seed(0)) * 2 - 1
PAINTERS = ("gan-mnist", "dcgan-mnist", "cgan-mnist", "sngan-fashion", "sagan-fashion",
            "biggan-fashion", "progan-fashion", "stylegan-fashion", "stylegan2-fashion",
            "stylegan3-fashion")  # fmt: skip
TRANSLATORS = ("pix2pix-edges2cats", "pix2pix_ms-edges2cats", "pix2pixhd-flat2emoji",
               "cyclegan-noto2fluent")  # fmt: skip


def alike(paint: Callable[[], Tensor]) -> None:
    wanted = paint()
    with elsewhere():
        found = paint()
    assert found.device.type == "cpu"
    torch.testing.assert_close(found, wanted, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("name", PAINTERS)
def test_samples_and_verdicts(name, tmp_path):
    made = hang(tmp_path, name)
    alike(lambda: Model(made).sample(seed=3, count=4, truncation=0.7))
    alike(lambda: Model(made).judge(PICTURES, Model(made).labels(0, 2)))


@pytest.mark.parametrize("name", TRANSLATORS)
def test_translations(name, tmp_path):
    made = hang(tmp_path, name)
    given = PICTURES[:, :, :7].expand(-1, Model(made).given_channels(), -1, -1)
    alike(lambda: Model(made).translate(given, seed=3))


@pytest.mark.parametrize("name", ["stylegan-fashion", "stylegan2-fashion", "stylegan3-fashion"])
def test_styles(name, tmp_path):
    made = exhibit(tmp_path, name)

    def paint() -> Tensor:
        artist = Stylist(Model(made))
        w = artist.styles(artist.model.latents(0, 2), artist.model.labels(0, 2), psi=0.7)
        return artist.paint(w, noise=5 if artist.noisy else "constant")

    alike(paint)


def test_dreams_of_one_image(tmp_path):
    made = pyramid(tmp_path)
    alike(lambda: Dreamer(Model(made)).dream(seed=1, count=2, start=1))
    image = retargeter(tmp_path)
    alike(lambda: Retargeter(Model(image)).remake(tall=0.7, wide=1.5, narrow=0.2))


def test_films_of_poses(tmp_path):
    made = dancer(tmp_path)
    alike(lambda: Dancer(Model(made)).film(POSES))


def test_pictures_that_a_classifier_takes_for_the_same(tmp_path: Path):
    made = mirror(tmp_path)
    alike(lambda: Inverter.of(Zoo([tmp_path]), made.name).invert(PICTURES[:1], level=2, seed=5))
