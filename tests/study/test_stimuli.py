"""Pictures of a study: both kinds through one door, all of a size, and on record as they were made."""

import json
from functools import partial
from hashlib import sha256
from io import BytesIO

import numpy as np
import pytest
import yaml
from PIL import Image
from shelf import hang
from studies import raw

from ganzoo.errors import StudyError, UnknownNameError
from ganzoo.study.halls import SHIPPED
from ganzoo.study.manifest import DESIGN, MANIFEST, PICTURES, Manifest, Prepared
from ganzoo.study.register import check as is_free
from ganzoo.study.register import register
from ganzoo.study.stimuli import prepare
from ganzoo.study.store import Store
from ganzoo.zoo import Stylist, Zoo

REALS = {"name": "digits", "size": 8, "channels": 1, "split": "train"}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shelf")
    for name in ("dcgan-mnist", "stylegan2-fashion"):
        hang(folder, name)
    return folder


@pytest.fixture
def written(shelf, tmp_path):
    def write(*models: str, **stimuli):
        way = {
            "models": [str(shelf / m) for m in models],
            "per_model": 8,
            "reals": REALS,
            "size": 8,
        }
        design = raw(trials=2, stimuli={**way, **stimuli})
        path = tmp_path / "tiny.yaml"
        path.write_text(yaml.safe_dump(design))
        return prepare(path)

    return write


@pytest.fixture
def kept():
    store = Store("sqlite://")
    yield store
    store.close()


def of(study, model):
    return [s for s in study.manifest.stimuli if s.model == model]


def test_all_files_are_of_one_size_and_named_by_what_is_in_them(written):
    study = written("dcgan-mnist")
    contents = [study.picture(name) for name in study.manifest.by_name]
    assert len({len(content) for content in contents}) == 1
    assert len(study.manifest.reals) == len(study.manifest.fakes["dcgan-mnist"]) == 8
    assert all(sha256(c).hexdigest() in study.manifest.by_name for c in contents)
    real = study.manifest.by_name[study.manifest.reals[0]]
    assert real.split == "train"
    assert study.manifest.licences


def test_prepared_again_they_are_the_same(written):
    first = written("dcgan-mnist", seed=3).manifest
    assert written("dcgan-mnist", seed=3).manifest == first
    assert set(written("dcgan-mnist", seed=4).manifest.by_name) != set(first.by_name)


def test_what_the_manifest_says_makes_the_picture_again(written, shelf):
    study = written("dcgan-mnist", truncation=0.5)
    one = of(study, "dcgan-mnist")[3]
    assert (one.truncation, one.psi) == (0.5, 1.0)
    model = Zoo([shelf]).model("dcgan-mnist")
    assert one.revision == model.bundle.config.sha256["model.safetensors"]
    image = model.sample(one.seed, 1, truncation=one.truncation)
    with Image.open(BytesIO(study.picture(one.sha256))) as shown:
        same = np.asarray(shown, float) / 127.5 - 1
    assert np.abs(image[0, 0].numpy() - same).max() < 0.02
    plain = {s.sha256 for s in of(written("dcgan-mnist"), "dcgan-mnist")}
    assert not plain & {s.sha256 for s in of(study, "dcgan-mnist")}


def test_styles_are_drawn_to_their_mean(written, shelf):
    study = written("stylegan2-fashion", psi=0.5, truncation=2.0)
    one = of(study, "stylegan2-fashion")[2]
    assert (one.psi, one.truncation) == (0.5, 2.0)
    model = Zoo([shelf]).model("stylegan2-fashion")
    artist = Stylist(model)
    z, y = model.latents(one.seed, 1, 2.0), model.labels(one.seed, 1)
    image = artist.paint(artist.styles(z, y, psi=0.5))
    with Image.open(BytesIO(study.picture(one.sha256))) as shown:
        same = np.asarray(shown, float) / 127.5 - 1
    assert np.abs(image[0, 0].numpy() - same).max() < 0.02


@pytest.mark.parametrize(
    ("models", "changes", "error", "said"),
    [
        (["dcgan-mnist"], {"psi": 0.7}, StudyError, "no styles that psi"),
        (["dcgan-mnist"], {"real_count": 5000}, StudyError, "5000 are asked for"),
        (["dcgan-mnist", "dcgan-mnist"], {}, StudyError, "are both called 'dcgan-mnist'"),
        (["dcgan-mnits"], {}, UnknownNameError, "Did you mean .dcgan-mnist"),
        (["dcgan-mnist"], {"reals": {**REALS, "name": "digtis"}}, UnknownNameError, "'digits'"),
    ],
)
def test_what_cannot_be_prepared_is_said(written, models, changes, error, said):
    with pytest.raises(error, match=said):
        written(*models, **changes)


def test_pictures_of_one_kind_alone_are_no_study(shelf, tmp_path):
    way = {"models": [str(shelf / "dcgan-mnist")], "per_model": 8, "reals": REALS, "size": 8}
    path = tmp_path / "one.yaml"
    path.write_text(yaml.safe_dump(raw(trials=4, share_real=0.1, stimuli=way)))
    with pytest.raises(StudyError, match=r"share_real 0.1 of 4 trials leaves 0 real and 4 fake"):
        prepare(path)


def test_no_other_study_and_no_registered_one_is_replaced(written, kept, tmp_path):
    study = written("dcgan-mnist", seed=1)
    register(study, kept, "t")
    pictures = (study.folder / PICTURES).read_bytes()
    check = partial(is_free, kept)
    other = tmp_path / "other.yaml"
    other.write_text((study.folder / DESIGN).read_text().replace("name: tiny", "name: other"))
    with pytest.raises(StudyError, match="holds the study 'tiny': 'other' goes elsewhere"):
        prepare(other, study.folder)
    longer = tmp_path / "longer.yaml"
    longer.write_text((study.folder / DESIGN).read_text().replace("trials: 2", "trials: 3"))
    with pytest.raises(StudyError, match="registered on t with another design"):
        prepare(longer, study.folder, check)
    ordinary = Manifest.model_validate(study.manifest)
    repainted = ordinary.model_copy(update={"encoder": "another"})
    with pytest.raises(StudyError, match="or other pictures"):
        is_free(kept, study.design, repainted)
    assert (study.folder / PICTURES).read_bytes() == pictures
    assert prepare(study.folder / DESIGN, None, check).manifest == study.manifest


def test_who_shows_a_study_that_is_prepared_again_keeps_its_pictures(written):
    study = written("dcgan-mnist", seed=1)
    before = {name: study.picture(name) for name in study.manifest.by_name}
    written("dcgan-mnist", seed=2)
    assert {name: study.picture(name) for name in study.manifest.by_name} == before


def test_a_path_to_reals_is_told_from_the_study_on(written, tmp_path):
    dice = np.random.default_rng(0)
    (tmp_path / "mine").mkdir()
    for i in range(8):
        picture = dice.integers(0, 256, (8, 8), np.uint8)
        Image.fromarray(picture).save(tmp_path / "mine" / f"{i}.png")
    reals = {"name": "folder", "path": "mine", "size": 8, "channels": 1, "split": "train"}
    assert len(written("dcgan-mnist", reals=reals).manifest.reals) == 8


def test_a_changed_design_or_picture_is_noticed(written, tmp_path):
    study = written("dcgan-mnist")
    path = study.folder / DESIGN
    path.write_text(path.read_text().replace("trials: 2", "trials: 3"))
    with pytest.raises(StudyError, match="changed after its pictures were prepared"):
        Prepared(study.folder)
    path.write_text(path.read_text().replace("trials: 3", "trials: 2"))
    told = json.loads((study.folder / MANIFEST).read_text())
    told["stimuli"][0]["sha256"] = "0" * 64
    (study.folder / MANIFEST).write_text(json.dumps(told))
    with pytest.raises(StudyError, match="lacks 1 of the pictures"):
        Prepared(study.folder)


def test_the_shipped_study_is_whole_and_names_its_licence():
    study = Prepared(SHIPPED / "real-or-fake")
    for name in study.manifest.by_name:
        assert study.picture(name)
    assert len(study.manifest.reals) == 300
    assert "MIT" in "".join(study.manifest.licences.values())
    assert "MIT" in (study.folder / "NOTICE.md").read_text()
