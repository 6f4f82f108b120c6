"""A bundle that can be asked for pictures: the same ones for everyone, every time."""

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from shelf import hang

from ganzoo import bundle
from ganzoo.errors import BundleError, InputError, UnknownNameError
from ganzoo.zoo import Model, psnr

ROOT = Path(__file__).parents[2]


@pytest.fixture
def model(tmp_path) -> Model:
    return Model(hang(tmp_path, "dcgan-mnist"))


@pytest.fixture
def classy(tmp_path) -> Model:
    return Model(hang(tmp_path, "cgan-mnist"))


def test_a_model_knows_its_sizes(model, classy):
    assert (model.z_dim, model.num_classes, model.image_size, model.image_channels) == (8, 0, 8, 1)
    assert classy.num_classes == 10


@pytest.mark.parametrize(
    "recipe", ["pix2pix-facades", "pix2pixhd-flat2emoji", "cyclegan-noto2fluent"]
)
def test_judges_of_other_things_than_images_alone_are_not_asked(tmp_path, recipe):
    made = Model(hang(tmp_path, recipe))
    assert made.judge(torch.zeros(1, 3, made.image_size, made.image_size)) is None


def test_a_picture_keeps_its_seed_wherever_it_is_shown(model):
    sheet = model.sample(seed=5, count=6)
    assert sheet.shape == (6, 1, 8, 8)
    torch.testing.assert_close(model.sample(seed=8, count=1)[0], sheet[3])


def test_prepared_pictures_are_the_bare_networks(model):
    z = model.latents(0, 32)
    floor = 40 if model.prepared().precision != "float32" else 100
    assert psnr(model.generate(z), model.network()(z)) > floor


def test_the_same_seed_is_the_same_picture_after_a_restart(model):
    code = (
        "import sys, hashlib, ganzoo; image = ganzoo.load(sys.argv[1]).sample(seed=7, count=5); "
        "print(hashlib.sha256(image.numpy().tobytes()).hexdigest())"
    )
    here = hashlib.sha256(model.sample(seed=7, count=5).numpy().tobytes()).hexdigest()
    threads = str(torch.get_num_threads())
    done = subprocess.run(
        [sys.executable, "-c", code, str(model.bundle.folder)],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": threads},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == here


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_out_of_range_is_refused(model, seed):
    with pytest.raises(InputError, match=str(seed)):
        model.sample(seed=seed)


@pytest.mark.parametrize("count", [0, -3, 1_000_000])
def test_a_count_out_of_range_is_refused(model, count):
    with pytest.raises(InputError, match=str(count)):
        model.sample(count=count)


def test_classes_come_in_turn_unless_one_is_wanted(classy):
    by_turns = classy.sample(seed=3, count=4)
    wanted = classy.generate(classy.latents(3, 4), torch.tensor([3, 4, 5, 6]))
    assert torch.equal(by_turns, wanted)
    sevens = classy.sample(seed=3, count=4, y="7")
    assert torch.equal(sevens, classy.generate(classy.latents(3, 4), torch.full((4,), 7)))
    assert not torch.equal(sevens, by_turns)


def test_classes_go_on_in_turn_where_seeds_begin_anew(classy):
    last = 2**32 - 1
    labels = classy.labels(last, 3)
    assert labels.tolist() == [last % 10, 0, 1]


@pytest.mark.parametrize(("name", "error"), [("seven", UnknownNameError), ("10", InputError),
                                             (-1, InputError), ("-1", InputError)])  # fmt: skip
def test_an_unknown_class_is_refused(classy, name, error):
    with pytest.raises(error, match=str(name)):
        classy.sample(y=name)


@pytest.mark.parametrize("name", [True, False])
def test_what_is_neither_name_nor_number_is_no_class(classy, name):
    with pytest.raises(InputError, match="a class is a name or a whole number; got"):
        classy.label(name)


def test_a_class_is_known_by_its_name(tmp_path):
    made = hang(tmp_path, "cgan-mnist")
    named = Model(bundle.rewrite(made, classes=("zero", "one", "two")))
    assert named.label("two") == 2
    with pytest.raises(UnknownNameError, match="'two'"):
        named.label("tow")


def test_classes_are_asked_for_where_needed_and_only_there(model, classy):
    with pytest.raises(InputError, match="must be told a class"):
        classy.generate(classy.latents(0, 1))
    with pytest.raises(InputError, match="knows no classes"):
        model.generate(model.latents(0, 1), torch.tensor([0]))
    with pytest.raises(InputError, match="10"):
        classy.generate(classy.latents(0, 1), torch.tensor([10]))


def test_the_judge_gives_its_logits(model):
    image = model.sample(count=5)
    verdicts = model.judge(image)
    assert verdicts.shape == (5,)
    exact = model.prepared("discriminator").precision == "float32"
    close = {} if exact else {"rtol": 1e-2, "atol": 1e-2}
    torch.testing.assert_close(verdicts, model.network("discriminator")(image), **close)


def test_without_a_judge_there_is_no_verdict(tmp_path):
    model = Model(hang(tmp_path, "dcgan-mnist", players=("generator",)))
    assert model.judge(model.sample(count=1)) is None
    with pytest.raises(UnknownNameError, match="discriminator"):
        model.network("discriminator")


def test_everyone_shares_one_prepared_copy(model):
    with ThreadPoolExecutor(8) as crowd:
        copies = list(crowd.map(lambda _: model.prepared(), range(32)))
        pictures = list(crowd.map(lambda seed: model.sample(seed % 4, 3), range(32)))
    assert all(copy is copies[0] for copy in copies)
    assert all(torch.equal(pictures[i], model.sample(i % 4, 3)) for i in range(32))


def test_a_bare_network_is_ones_own(model):
    mine = model.network()
    before = model.sample(count=2)
    with torch.no_grad():
        for parameter in mine.parameters():
            parameter.zero_()
    assert torch.equal(model.sample(count=2), before)
    assert model.network() is not mine


def test_tampered_weights_are_refused(model):
    path = model.bundle.folder / bundle.MODEL
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    with pytest.raises(BundleError, match=r"model\.safetensors"):
        model.sample()


def test_a_network_whose_pictures_are_no_numbers_is_refused(model, tmp_path):
    broken = model.network()
    for name, buffer in broken.named_buffers():
        if name.endswith("running_var"):
            buffer.fill_(-1)
    made = bundle.write(tmp_path / "broken", model.bundle.recipe, {"generator": broken})
    with pytest.raises(BundleError, match=r"broken: generator: .*no number"):
        Model(made).sample()


def test_classes_are_told_by_name_or_number_one_for_each(classy):
    wanted = classy.sample(0, 3, torch.tensor([4, 1, 4]))
    torch.testing.assert_close(classy.sample(0, 3, [4, 1, "4"]), wanted)
    for y in (torch.tensor([4, 1, 4, 1]), torch.tensor([4])):
        with pytest.raises(InputError, match="3 pictures are told a class each; got"):
            classy.told(y, 3)
    with pytest.raises(InputError, match="a class is 0 to 9; got 10"):
        classy.sample(0, 2, [1, 10])
    with pytest.raises(InputError, match="3 pictures are told a class each; got 2"):
        classy.sample(0, 3, [1, 2])


def test_latents_are_numbers_of_a_width(model):
    z = model.latents(0, 2)
    with pytest.raises(InputError, match=r"dcgan-mnist starts from latents \(b, 8\); got \(2, 7\)"):
        model.generate(z[:, :7])
    z[1, 3] = float("nan")
    with pytest.raises(InputError, match="a latent holds values that are not numbers"):
        model.generate(z)


def test_another_precision_is_asked_for(model):
    exact = Model(model.bundle, precision="float32")
    assert exact.prepared().precision == "float32"
    z = exact.latents(0, 8)
    assert psnr(exact.generate(z), exact.network()(z)) > 100
