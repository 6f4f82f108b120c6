"""What a model card says, from the bundle alone."""

from shelf import hang

from ganzoo.hub.card import card


def test_a_method_known_to_be_worse_says_so(tmp_path):
    clipped = card(hang(tmp_path, "wgan-fashion"))
    assert "expect worse pictures than a gradient penalty gives" in " ".join(clipped.split())
    assert "expect worse" not in card(hang(tmp_path, "wgan_gp-fashion"))
