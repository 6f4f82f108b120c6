"""A model asked for styles, and what it makes of them."""

import pytest
import torch
from shelf import exhibit

from ganzoo.errors import InputError
from ganzoo.motion import moved
from ganzoo.zoo import Model, Stylist

NAMES = ("stylegan-fashion", "stylegan2-fashion", "stylegan3-fashion")


@pytest.fixture(scope="module", params=NAMES)
def artist(request, tmp_path_factory) -> Stylist:
    return Stylist(Model(exhibit(tmp_path_factory.mktemp("styles"), request.param)))


def told(artist: Stylist, count: int) -> torch.Tensor | None:
    return artist.model.labels(0, count)


def test_styles_painted_are_the_pictures_of_their_latents(artist):
    model = artist.model
    z, y = model.latents(3, 5), told(artist, 5)
    w = artist.styles(z, y)
    assert w.shape[:2] == (5, len(artist.sides))
    assert artist.sides == sorted(artist.sides)
    assert artist.sides[-1] == model.image_size
    torch.testing.assert_close(artist.paint(w), model.generate(z, y))


def test_psi_zero_is_one_picture_for_all(artist):
    w = artist.styles(artist.model.latents(0, 3), told(artist, 3), psi=0.0)
    assert torch.equal(w[0], w[1])
    with pytest.raises(InputError, match=r"psi is a number.*nan"):
        artist.styles(artist.model.latents(0, 1), told(artist, 1), psi=float("nan"))


def test_a_seed_of_noise_names_the_noise(artist):
    if not artist.noisy:
        pytest.skip("takes no noise")
    w = artist.styles(artist.model.latents(0, 1), told(artist, 1)).expand(3, -1, -1)
    prepared = artist.model.prepared().network
    for layer in prepared.modules():
        if hasattr(layer, "strength"):
            layer.strength.fill_(0.5)
    image = artist.paint(w, 7)
    torch.testing.assert_close(image[1:], artist.paint(w, 8)[:2], rtol=0, atol=1e-2)
    assert (image[0] - image[1]).abs().max() > 0.05
    alike = artist.paint(w)
    torch.testing.assert_close(alike[0], alike[1], rtol=0, atol=1e-2)


def test_only_some_inputs_move(artist):
    w = artist.styles(artist.model.latents(0, 2), told(artist, 2))
    where = torch.cat([moved(0, 0, 0), moved(0.25, 0, 0)])
    if artist.moves:
        image = artist.move(w, where)
        torch.testing.assert_close(image[0], artist.paint(w)[0], rtol=0, atol=1e-2)
        assert (image[1] - artist.paint(w)[1]).std() > image[1].std() / 2
    else:
        with pytest.raises(InputError, match="cannot be moved"):
            artist.move(w, where)


def test_what_it_cannot_use_is_refused(artist):
    w = artist.styles(artist.model.latents(0, 1), told(artist, 1))
    with pytest.raises(InputError, match=f"has {w.shape[1]} layers of styles; got 1"):
        artist.paint(w[:, :1])
    with pytest.raises(InputError, match="noise is constant"):
        artist.paint(w, "loud")


def test_a_model_without_styles_has_no_stylist(tmp_path):
    with pytest.raises(InputError, match="dcgan-mnist has no styles"):
        Stylist(Model(exhibit(tmp_path, "dcgan-mnist")))
