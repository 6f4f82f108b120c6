"""Feature networks: what they are called, what they see, and which one is taken."""

import hashlib
import http.server
import threading

import pytest
import torch
from shelf import hang
from world import tiny

from ganzoo import bundle, files, images
from ganzoo.errors import BundleError, MetricError
from ganzoo.evaluation import eyes, inception
from ganzoo.evaluation.classifier import classifier, score_name
from ganzoo.evaluation.networks import eight_bits, fitted
from ganzoo.evaluation.pixels import pixels


def test_eight_bits_is_what_a_file_keeps():
    image = torch.randn(3, 3, 5, 5)
    torch.testing.assert_close(
        eight_bits(image), images.from_pictures(images.to_pictures(image)), rtol=0, atol=0
    )


def test_images_that_fit_are_left_alone():
    image = torch.randn(2, 3, 8, 8)
    assert fitted(image, 8, 3) is image


def test_images_are_brought_to_size_and_channels():
    ramp = torch.linspace(-1, 1, 16).expand(2, 1, 16, 16)
    small = fitted(ramp, 8, 3)
    assert small.shape == (2, 3, 8, 8)
    assert torch.equal(small[:, 0], small[:, 2])
    inner = ramp[0, 0, 0].unflatten(0, (8, 2)).mean(1)[1:-1]
    torch.testing.assert_close(small[0, 0, 0, 1:-1], inner)
    assert fitted(torch.randn(2, 3, 8, 8), 8, 1).shape == (2, 1, 8, 8)


def test_only_squares_are_seen():
    with pytest.raises(MetricError, match="got 6x5 pixels"):
        fitted(torch.zeros(1, 1, 5, 6), 8, 1)


def test_pixels_are_means_of_patches():
    image = torch.randn(2, 3, 16, 16)
    look = pixels().look(image)
    assert look.probabilities is None
    assert look.features.shape == (2, 192)
    assert look.features[1, 64].item() == pytest.approx(image[1, 1, :2, :2].mean().item(), abs=1e-6)


def test_a_classifier_shows_its_features_and_classes(shelf):
    made = hang(shelf, "cnn-mnist", "name=cnn-digits")
    eye, image = classifier(made), torch.rand(4, 1, 8, 8) * 2 - 1
    look, network = eye.look(image), made.network()
    torch.testing.assert_close(look.features, network.features(image))
    torch.testing.assert_close(look.probabilities, network(image).softmax(1))
    assert (eye.name, eye.classes) == ("digits_cnn", True)
    assert eye.sha256 == files.sha256(made.folder / bundle.MODEL)
    assert eye.seen_by == f"digits_cnn@{eye.sha256[:12]}"


@pytest.mark.parametrize(
    ("bundle_name", "told"),
    [("cnn-mnist", "mnist_cnn"), ("res.net-my-own", "my_own_res_net"), ("plain", "plain")],
)
def test_names_of_classifiers_in_scores(bundle_name, told):
    assert score_name(bundle_name) == told


def test_a_generator_is_no_yardstick(painter):
    with pytest.raises(MetricError, match="dcgan-digits is no classifier"):
        classifier(painter)


def test_the_classifier_of_the_same_data_is_taken(shelf):
    recipe = tiny("dcgan-mnist")
    assert eyes.default(recipe).name == "pixels"
    hang(shelf, "cnn-mnist", "name=cnn-digits")
    assert eyes.default(recipe).name == "digits_cnn"


def test_a_damaged_classifier_is_not_passed_over(shelf):
    made = hang(shelf, "cnn-mnist", "name=cnn-digits")
    with (made.folder / bundle.MODEL).open("ab") as file:
        file.write(b"!")
    with pytest.raises(BundleError, match="not the file its config vouches for"):
        eyes.default(tiny("dcgan-mnist"))


def test_networks_by_name():
    named = eyes.named("pixels")
    assert named is not None
    assert named.name == "pixels"
    assert eyes.named("cnn-digits") is None


def test_inception_is_never_pretended(monkeypatch, tmp_path):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    assert not inception.at_hand()
    pytest.importorskip("torch_fidelity")
    with pytest.raises(MetricError, match="weights are not at hand"):
        eyes.named("inception")


def test_another_file_is_not_inception(monkeypatch, tmp_path):
    pytest.importorskip("torch_fidelity")
    inception.places()[0].parent.mkdir(parents=True)
    inception.places()[0].write_bytes(b"not the weights")
    with pytest.raises(
        MetricError, match=f"sha256 {hashlib.sha256(b'not the weights').hexdigest()}"
    ):
        inception.inception()


def test_inception_that_holds_code_is_refused(monkeypatch):
    pytest.importorskip("torch_fidelity")
    path = inception.places()[0]
    path.parent.mkdir(parents=True)
    torch.save({"weights": print}, path)
    monkeypatch.setattr(inception, "PREFIX", files.sha256(path)[:8])
    with pytest.raises(MetricError, match="something else than tensors"):
        inception.inception()


@pytest.fixture
def random_inception(monkeypatch, tmp_path):
    """A file of the right form with random weights, published on loopback instead of GitHub."""
    library = pytest.importorskip("torch_fidelity.feature_extractor_inceptionv3")
    published = tmp_path / "published"
    published.mkdir()
    with monkeypatch.context() as patch:  # to build the network, the library wants weights
        patch.setattr(library, "load_state_dict_from_url", lambda *_, **__: {})
        patch.setattr(library.FeatureExtractorInceptionV3, "load_state_dict", lambda *_: None)
        network = library.FeatureExtractorInceptionV3("inception", ["2048"])
    torch.save(network.state_dict(), published / inception.FILE)
    monkeypatch.setattr(inception, "PREFIX", files.sha256(published / inception.FILE)[:8])

    def handler(*given):
        quiet = http.server.SimpleHTTPRequestHandler
        quiet.log_message = lambda *_: None
        return quiet(*given, directory=str(published))

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(inception, "URL", f"http://127.0.0.1:{server.server_port}/{inception.FILE}")
    yield network
    server.shutdown()
    server.server_close()


def test_inception_is_fetched_when_asked_and_then_at_hand(random_inception):
    eye = inception.inception(fetch=True)
    assert inception.at_hand()
    assert inception.inception().sha256 == eye.sha256
    image = eight_bits(torch.rand(2, 1, 8, 8) * 2 - 1)
    look = eye.look(image)
    levels = images.to_pictures(image.expand(-1, 3, -1, -1))
    wanted = random_inception(torch.from_numpy(levels).permute(0, 3, 1, 2))[0]
    torch.testing.assert_close(look.features, wanted)
    assert look.features.shape == (2, 2048)
    assert look.probabilities is not None
    torch.testing.assert_close(look.probabilities.sum(1), torch.ones(2))


def test_inception_that_cannot_be_fetched_says_so(monkeypatch):
    pytest.importorskip("torch_fidelity")
    monkeypatch.setattr(inception, "URL", "http://127.0.0.1:9/nothing")
    with pytest.raises(MetricError, match="could not be fetched from http://127"):
        inception.inception(fetch=True)
