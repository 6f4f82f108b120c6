"""The loop: exact repetition, exact resumption, what is kept and what is refused."""

import copy
import dataclasses
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from accelerate import Accelerator
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from world import digits, learnt, tiny

from ganzoo import bundle
from ganzoo.errors import DivergedError, RecipeError, StoppedError, TrainingError
from ganzoo.games import Turn
from ganzoo.record import Dissection, Score, TruncationCurve
from ganzoo.training import Trainer, fit, state
from ganzoo.training.ema import blend, capped
from ganzoo.training.schedule import factor


def same(one, other) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[k], other[k]) for k in one)


def test_the_same_recipe_trains_the_same_weights(tmp_path):
    first = fit(tiny("dcgan-mnist"), digits(), tmp_path / "a", cpu=True)
    again = fit(tiny("dcgan-mnist"), digits(), tmp_path / "b", cpu=True)
    other = fit(tiny("dcgan-mnist", "seed=1"), digits(), tmp_path / "c", cpu=True)
    assert first
    assert again
    assert other
    assert first.config.sha256 == again.config.sha256 != other.config.sha256


def test_images_of_another_shape_are_refused():
    narrow = digits().pictures[:, :, :6]
    wide = dataclasses.replace(digits(), pictures=narrow, inputs=None, maps=None)
    with pytest.raises(TrainingError, match="images of 8 x 8 pixels; digits holds those of 6 x 8"):
        Trainer(tiny("dcgan-mnist"), wide, cpu=True)


@pytest.mark.parametrize("name", ["dcgan-mnist", "gan-mnist", "wgan-fashion"])
def test_a_resumed_trainer_goes_on_exactly(name):
    """Batch norm, dropout and momentum all have a memory; none of it is lost."""
    whole = Trainer(tiny(name), digits(), cpu=True)
    for _ in range(2):
        whole.step()
    saved = copy.deepcopy(whole.state())
    for _ in range(3):
        whole.step()
    resumed = Trainer(tiny(name), digits(), cpu=True)
    resumed.restore(saved)
    for _ in range(3):
        resumed.step()
    assert same(whole.players.state_dict(), resumed.players.state_dict())
    assert same(whole.averages.state_dict(), resumed.averages.state_dict())


SCRIPT = """
import os, signal, sys
from pathlib import Path
from world import digits, tiny
from ganzoo.training import fit
torch = __import__("torch")
torch.set_num_threads(1)
told = []
def tell(progress):
    told.append(progress)
    if "--kill" in sys.argv and len(told) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
fit(tiny("dcgan-mnist", "kimg=0.048"), digits(), Path(sys.argv[1]), cpu=True, tell=tell,
    snapshot_kimg=0.008, resume="--resume" in sys.argv)
"""


def run(*arguments: str) -> int:
    here = Path(__file__).parents[1]
    paths = os.pathsep.join([str(here), str(here.parent)])
    environment = os.environ | {"PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments], env=environment, capture_output=True, text=True
    )
    assert done.returncode in (0, -9), done.stderr
    return done.returncode


def test_a_killed_run_resumes_to_the_same_weights(tmp_path):
    assert run(str(tmp_path / "whole")) == 0
    assert run(str(tmp_path / "cut"), "--kill") == -9
    assert not (tmp_path / "cut/dcgan-mnist/config.json").exists()
    assert run(str(tmp_path / "cut"), "--resume") == 0
    whole, cut = (bundle.load(tmp_path / one / "dcgan-mnist") for one in ("whole", "cut"))
    assert whole.config.sha256 == cut.config.sha256
    films = [(tmp_path / one / "dcgan-mnist/film.webp").read_bytes() for one in ("whole", "cut")]
    assert films[0] == films[1]
    lines = (tmp_path / "cut/log.jsonl").read_text().splitlines()
    seen = [json.loads(line)["kimg"] for line in lines]
    assert seen == sorted(set(seen))


def test_a_run_that_is_asked_to_stop_saves_and_goes_on_exactly(tmp_path):
    recipe = tiny("dcgan-mnist", "kimg=0.08")
    whole = fit(recipe, digits(), tmp_path / "whole", cpu=True)
    asked = iter([False, False, True])
    with pytest.raises(StoppedError, match=r"stopped at 0.024 of 0.08 kimg.*--resume"):
        fit(
            recipe,
            digits(),
            tmp_path / "cut",
            cpu=True,
            snapshot_kimg=1.0,
            stop=lambda: next(asked),
        )
    cut = fit(recipe, digits(), tmp_path / "cut", resume=True, cpu=True)
    assert whole
    assert cut
    assert whole.config.sha256 == cut.config.sha256


def test_a_run_that_stopped_beyond_a_smaller_budget_ends_where_it_stands(tmp_path):
    with pytest.raises(StoppedError):
        fit(tiny("dcgan-mnist"), digits(), tmp_path, cpu=True, snapshot_kimg=1.0, stop=lambda: True)

    def watch(shown):
        return (Score(name="made_up", value=3.0),)

    smaller = tiny("dcgan-mnist", "kimg=0.004")
    made = fit(smaller, digits(), tmp_path, resume=True, watch=watch, cpu=True)
    assert made
    assert made.config.cost
    assert (made.config.cost.kimg, made.config.cost.best_kimg) == (0.008, 0.008)
    assert [(point.kimg, point.values) for point in made.config.curve] == [(0.008, {"made_up": 3})]
    kept = Trainer(smaller, digits(), cpu=True)
    content = state.load(tmp_path, smaller, digits())
    content.pop("diary")
    kept.restore(content)
    torch.testing.assert_close(made.network().state_dict(), _halved(kept.shown.state_dict()))


def test_a_run_is_neither_overwritten_nor_mixed_up(tmp_path):
    fit(tiny("dcgan-mnist"), digits(), tmp_path, cpu=True)
    with pytest.raises(TrainingError, match="holds a run already"):
        fit(tiny("dcgan-mnist"), digits(), tmp_path, cpu=True)
    with pytest.raises(TrainingError, match="seed was 0, is 5"):
        fit(tiny("dcgan-mnist", "seed=5"), digits(), tmp_path, resume=True, cpu=True)
    with pytest.raises(TrainingError, match=r"on other images: their SHA-256 was .{12}…, of dig"):
        fit(tiny("dcgan-mnist"), digits(63), tmp_path, resume=True, cpu=True)
    with (
        state.alone(tmp_path / "busy"),
        pytest.raises(TrainingError, match=r"another training is under way in .*busy"),
    ):
        fit(tiny("dcgan-mnist"), digits(), tmp_path / "busy", cpu=True)
    with pytest.raises(TrainingError, match="nothing to resume"):
        fit(tiny("dcgan-mnist"), digits(), tmp_path / "void", resume=True, cpu=True)
    (tmp_path / "state.pt").write_bytes(b"\x80\x04N.")
    with pytest.raises(TrainingError, match="cannot be read"):
        fit(tiny("dcgan-mnist"), digits(), tmp_path, resume=True, cpu=True)


def test_a_longer_budget_continues(tmp_path):
    short = fit(tiny("dcgan-mnist", "kimg=0.016"), digits(), tmp_path, cpu=True)
    longer = fit(tiny("dcgan-mnist", "kimg=0.032"), digits(), tmp_path, resume=True, cpu=True)
    assert short
    assert longer
    assert short.config.cost
    assert longer.config.cost
    assert (short.config.cost.steps, longer.config.cost.steps) == (2, 4)


def test_what_was_measured_stays_as_long_as_the_weights_do(tmp_path, caplog):
    made = fit(tiny("dcgan-mnist", "kimg=0.016"), digits(), tmp_path, cpu=True)
    assert made
    found = {
        "metrics": (Score(name="fid_test", value=12.5, protocol={"n_fake": 10}),),
        "truncation": TruncationCurve(points=()),
        "dissection": Dissection(layer="4x4", side=4, segmenter="unet", concepts=(), shares=(),
                                 iou=(), thresholds=(), means=()),
    }  # fmt: skip
    bundle.rewrite(made, **found)
    same = fit(tiny("dcgan-mnist", "kimg=0.016"), digits(), tmp_path, resume=True, cpu=True)
    assert same
    assert same.config.measured == found
    assert bundle.load(same.folder).config == same.config
    assert not caplog.messages
    more = fit(tiny("dcgan-mnist", "kimg=0.032"), digits(), tmp_path, resume=True, cpu=True)
    assert more
    assert more.config.measured == {}
    assert [one.partition(": ")[2] for one in caplog.messages] == [
        "metrics, truncation, dissection of the earlier weights are gone, for these are others: "
        "measure them anew (--write)"
    ]
    caplog.clear()
    fit(tiny("dcgan-mnist", "kimg=0.04"), digits(), tmp_path, resume=True, cpu=True)
    assert not caplog.messages, "there was nothing to lose"


def test_an_earlier_bundle_that_cannot_be_read_is_replaced(tmp_path):
    fit(tiny("dcgan-mnist", "kimg=0.016"), digits(), tmp_path, cpu=True)
    (tmp_path / "dcgan-mnist" / "config.json").write_text("{")
    assert fit(tiny("dcgan-mnist", "kimg=0.016"), digits(), tmp_path, resume=True, cpu=True)


def test_a_lost_number_stops_the_run_and_keeps_the_last_good_state(tmp_path, monkeypatch):
    recipe = tiny("dcgan-mnist", "kimg=0.08")
    plain = Trainer.step

    def poisoned(self):
        terms = plain(self)
        return terms if self.steps < 6 else {**terms, "d/adversarial": torch.tensor(float("nan"))}

    monkeypatch.setattr(Trainer, "step", poisoned)
    with pytest.raises(
        TrainingError,
        match=r"step 6: d/adversarial = nan.*last good state.*What was best, after .* is kept in",
    ):
        fit(recipe, digits(), tmp_path, snapshot_kimg=0.008, cpu=True)
    monkeypatch.undo()
    kept = Trainer(recipe, digits(), cpu=True)
    content = state.load(tmp_path, recipe, digits())
    content.pop("diary")
    kept.restore(content)
    assert kept.steps == 5
    assert kept.finite()
    rescued = bundle.load(tmp_path / recipe.name).network()
    torch.testing.assert_close(rescued.state_dict(), _halved(kept.shown.state_dict()))


def test_who_stops_a_lost_run_does_not_lose_the_last_good_state(tmp_path, monkeypatch):
    recipe = tiny("dcgan-mnist", "kimg=0.08")
    trained: list[Trainer] = []
    plain = Trainer.step

    def kept(self):
        trained.append(self)
        return plain(self)

    def stop():
        if trained[-1].steps < 6:
            return False
        next(trained[-1].players.parameters()).data.fill_(float("nan"))
        return True

    monkeypatch.setattr(Trainer, "step", kept)
    with pytest.raises(DivergedError, match="step 6: weights are no longer finite"):
        fit(recipe, digits(), tmp_path, snapshot_kimg=0.04, cpu=True, stop=stop)
    assert state.load(tmp_path, recipe, digits())["steps"] == 5


@pytest.mark.parametrize("recipe", ["cgan-mnist", "cnn-mnist", "stylegan2-cifar10"])
def test_networks_that_know_other_classes_are_refused(recipe):
    three = dataclasses.replace(
        digits(9), labels=np.arange(9) % 3, class_names=("daisy", "rose", "tulip")
    )
    said = r"options\.num_classes is \d+, but digits has 3 classes: daisy, rose, tulip"
    with pytest.raises(TrainingError, match=said):
        Trainer(tiny(recipe), three, cpu=True)
    unnamed = dataclasses.replace(three, labels=np.arange(9) + 5, class_names=())
    with pytest.raises(TrainingError, match="is 10, but digits has 14 classes"):
        Trainer(tiny(recipe), unnamed, cpu=True)


def test_a_run_without_a_budget_is_refused(tmp_path):
    with pytest.raises(RecipeError, match="dcgan-mnist has no budget: kimg is 0"):
        fit(tiny("dcgan-mnist", "kimg=0"), digits(), tmp_path, cpu=True)


def test_every_process_draws_its_own_dropout(monkeypatch):
    def drawn(rank, *, again=False):
        monkeypatch.setattr(Accelerator, "process_index", property(lambda self: rank))
        trainer = Trainer(tiny("dcgan-mnist"), digits(), cpu=True)
        if again:
            trainer.restore(trainer.state())
        return torch.rand(4)

    assert torch.equal(drawn(0), drawn(0))
    assert not torch.equal(drawn(0), drawn(1))
    assert not torch.equal(drawn(0, again=True), drawn(1, again=True))


def _halved(weights):
    return {
        name: value.half().float() if value.is_floating_point() else value
        for name, value in weights.items()
    }


def test_weights_too_large_for_half_the_bits_are_kept_in_full(tmp_path, monkeypatch):
    plain = Trainer.step

    def swollen(self):
        terms = plain(self)
        with torch.no_grad():
            for network in (*self.players.values(), *self.averages.values()):
                next(network.parameters()).fill_(1e6)
        return terms

    monkeypatch.setattr(Trainer, "step", swollen)
    made = fit(tiny("dcgan-mnist", "kimg=0.008"), digits(), tmp_path, cpu=True)
    assert made
    assert next(made.network().parameters()).max() == 1e6


@pytest.mark.parametrize(
    ("better", "curve"), [("lower", [5.0, 2.0, 7.0, 9.0]), ("higher", [5.0, 9.0, 7.0, 2.0])]
)
def test_the_best_snapshot_is_kept_and_the_curve_told(tmp_path, better, curve):
    """The second score is the best: the bundle holds the weights that earned it."""
    values, kept, told = iter(curve), [], []

    def watch(shown):
        assert told[-1].scoring
        kept.append({key: value.clone() for key, value in shown.state_dict().items()})
        return (Score(name="made_up", value=next(values), better=better),)

    made = fit(tiny("dcgan-mnist"), digits(), tmp_path, watch=watch, snapshot_kimg=0.008,
               cpu=True, tell=told.append)  # fmt: skip
    assert made
    assert [one.scores[0].value for one in told if one.scores] == curve
    assert [point.values["made_up"] for point in made.config.curve] == curve
    assert made.config.cost
    assert made.config.cost.best_kimg == 0.016
    weights = made.network().state_dict()
    halved = {k: v.half().float() if v.is_floating_point() else v for k, v in kept[1].items()}
    assert same(weights, halved)


def test_a_run_writes_all_that_a_bundle_shows(tmp_path):
    made = fit(tiny("dcgan-mnist"), digits(), tmp_path, cpu=True)
    assert made
    assert made.players == ("generator", "discriminator")
    assert {"config.json", "model.safetensors", "preview.png", "film.webp"} <= {
        path.name for path in made.folder.iterdir()
    }
    board = EventAccumulator(str(tmp_path / "tensorboard")).Reload()
    assert board.Tags()["images"] == ["sheet"]
    assert [one.step for one in board.Images("sheet")][-1] == 32
    assert "images_per_second" in (tmp_path / "log.jsonl").read_text()
    assert made.config.data
    assert made.config.data.count == 64


@pytest.mark.parametrize(
    ("recipe", "told"),
    [
        ("stylegan2-cats", {"augment/p": pytest.approx(0.032)}),
        ("progan-fashion", {"side": 8, "alpha": 1.0}),
        ("singan-pagoda", {"scale": 1}),
        ("dann-mnist_m", {"strength": pytest.approx(math.tanh(10 / 2))}),
        ("cnn_pgd-fashion", {"epsilon": pytest.approx(0.1)}),
        ("pix2pixhd-flat2emoji", {"stretch": 2}),
        ("cnn-fashion", {}),
    ],
)
def test_the_log_shows_what_moves_by_itself(tmp_path, recipe, told):
    """ADA's p falls or rises by 32 images in 1,000: the first of them."""
    quick = ("augment.options.kimg=1", "augment.options.target=-1") if "cats" in recipe else ()
    small = tiny(recipe, *quick)
    fit(small, learnt(small), tmp_path, cpu=True)
    last = json.loads((tmp_path / "log.jsonl").read_text().splitlines()[-1])
    rates = {f"lr/{name}" for name in small.card.networks}
    always = {"kimg", "images_per_second"} | rates
    terms = {key for key in last if key.split("/")[0] not in ("augment", "lr") and "/" in key}
    assert {key: last[key] for key in last.keys() - always - terms} == told


def test_the_log_shows_the_learning_rates(tmp_path):
    """The last of four steps, when a quarter of the images are left: half of the falling half."""
    small = tiny("dcgan-mnist", "schedule=linear", "lr.generator=0.002", "lr.discriminator=0.001")
    fit(small, digits(), tmp_path, cpu=True)
    last = json.loads((tmp_path / "log.jsonl").read_text().splitlines()[-1])
    assert last["lr/generator"] == pytest.approx(0.001)
    assert last["lr/discriminator"] == pytest.approx(0.0005)


def test_what_a_maker_says_of_their_own_pictures_goes_into_the_bundle(tmp_path):
    told = ("data.name=folder", "data.title=My cats", "data.licence=CC BY 4.0")
    made = fit(tiny("dcgan-mnist", *told, "data.url=https://cats.test"), digits(), tmp_path,
               cpu=True)  # fmt: skip
    assert made
    assert made.config.data
    data = made.config.data
    assert (data.title, data.licence, data.url) == ("My cats", "CC BY 4.0", "https://cats.test")


def test_bfloat16_trains_float32_weights():
    """Emulated where the processor has no units for it; near float32, yet not the same."""
    half = Trainer(tiny("wgan_gp-mnist", "precision=bfloat16"), digits(), cpu=True)
    full = Trainer(tiny("wgan_gp-mnist"), digits(), cpu=True)
    coarse, fine = half.step()["d/gradient_penalty"], full.step()["d/gradient_penalty"]
    assert coarse != fine
    torch.testing.assert_close(coarse, fine, rtol=0.05, atol=0.01)
    assert all(p.dtype == torch.float32 for p in half.players.parameters())


def test_a_batch_that_cannot_be_shared_is_refused(monkeypatch):
    monkeypatch.setattr(Accelerator, "num_processes", property(lambda self: 3))
    with pytest.raises(TrainingError, match=r"batch of 8 .* by 3 processes"):
        Trainer(tiny("dcgan-mnist"), digits(), cpu=True)


def test_the_average_trails_the_live_network():
    """One blend is exactly decay * kept + (1 - decay) * live; counters are copied."""
    kept, live = torch.nn.BatchNorm2d(2), torch.nn.BatchNorm2d(2)
    live.weight.data += 1
    assert live.num_batches_tracked is not None
    live.num_batches_tracked += 7
    blend(kept, live, decay=0.9)
    torch.testing.assert_close(kept.weight.data, torch.tensor([1.1, 1.1]))
    assert kept.num_batches_tracked == 7


def test_the_average_of_a_first_step_is_nearly_what_was_learned():
    """Of where it began a tenth is left, far less than ``ema`` would leave."""
    trainer = Trainer(tiny("dcgan-mnist", "ema=0.999"), digits(), cpu=True)
    began = [weight.clone() for weight in trainer.shown.parameters()]
    trainer.step()
    live = trainer.players["generator"].parameters()
    for old, new, kept in zip(began, live, trainer.shown.parameters(), strict=True):
        torch.testing.assert_close(kept, 0.1 * old + 0.9 * new)


def test_what_is_asked_in_parts_is_logged_as_their_mean():
    trainer, values = Trainer(tiny("dcgan-mnist"), digits(), cpu=True), iter([1.0, 3.0])
    weight = next(trainer.players["generator"].parameters())
    turn = Turn(
        player="generator", terms=lambda: {"g/told": next(values) + 0 * weight.sum()}, parts=2
    )
    assert trainer._play(turn, 1.0)["g/told"] == 2


@pytest.mark.parametrize(
    ("changes", "set_to"),
    [
        (
            ("betas=[0.3, 0.9]", "weight_decay=0.01"),
            {"betas": (0.3, 0.9), "weight_decay": 0.01, "decoupled_weight_decay": True},
        ),
        (("optimizer=rmsprop", "weight_decay=0.01"), {"weight_decay": 0.01}),
        (
            ("optimizer=sgd", "betas=[0.8, 0.999]", "weight_decay=0.01"),
            {"momentum": 0.8, "nesterov": True, "weight_decay": 0.01},
        ),
    ],
    ids=["adam", "rmsprop", "sgd"],
)
def test_optimizers_are_set_as_the_recipe_says(changes, set_to):
    rates = {"generator": 0.002, "discriminator": 0.001}
    each = [f"lr.{player}={rate}" for player, rate in rates.items()]
    trainer = Trainer(tiny("dcgan-mnist", *each, *changes), digits(), cpu=True)
    for player, optimizer in trainer.optimizers.items():
        wanted = {**set_to, "lr": rates[player]}
        assert {key: optimizer.defaults[key] for key in wanted} == wanted


def test_the_average_forgets_where_it_began():
    """After a hundred steps on weights of 1, what is left of the initial 0 is next to nothing."""
    left = 1.0
    for step in range(100):
        left *= capped(0.999, step)
    assert left < 1e-6
    assert capped(0.9, 10**6) == 0.9


def test_schedules():
    assert [factor("constant", t) for t in (0.0, 0.5, 1.0)] == [1, 1, 1]
    assert [factor("linear", t) for t in (0.0, 0.5, 0.75, 1.0)] == [1, 1, 0.5, 0]
    cosine = [factor("cosine", t / 100) for t in range(101)]
    assert max(cosine) == pytest.approx(1)
    assert cosine[0] < 0.05
    assert cosine[-1] == pytest.approx(0)
    assert cosine[5:] == sorted(cosine[5:], reverse=True)
    inverse = [factor("inverse", t) for t in (0.0, 0.5, 1.0)]
    assert inverse == pytest.approx([1, 6**-0.75, 11**-0.75])
