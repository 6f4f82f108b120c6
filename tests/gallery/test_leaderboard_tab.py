"""The Leaderboard's handlers, as the plain functions they are."""

import re

import pytest
from shelf import exhibit

from ganzoo import bundle
from ganzoo.errors import UnknownNameError
from ganzoo.gallery.tabs import leaderboard as board
from ganzoo.hub.table import headline
from ganzoo.record import Score
from ganzoo.zoo import Zoo


def scored(folder, recipe, *scores: Score):
    made = exhibit(folder, recipe)
    return bundle.rewrite(made, metrics=scores)


def fid(value: float, deviation: float = 0.1, **protocol) -> Score:
    told = {"repeats": 3, "deviation_over": "repeats", "n_fake": 100, **protocol}
    return Score(name="fid_digits_cnn_100", value=value, deviation=deviation, protocol=told)


def speed(value: float) -> Score:
    return Score(name="images_per_second", value=value, better="higher")


@pytest.fixture
def zoo(tmp_path) -> Zoo:
    scored(tmp_path, "gan-mnist", fid(20.0), speed(900))
    scored(tmp_path, "dcgan-mnist", fid(10.0, 0.2), speed(300))
    scored(tmp_path, "wgan_gp-mnist", fid(10.1, 0.2))
    scored(tmp_path, "cnn-mnist", Score(name="accuracy_test", value=0.9, better="higher"))
    return Zoo([tmp_path])


def models(table: str) -> list[str]:
    return re.findall(r"<span>([\w-]+mnist)</span>", table)


def test_the_best_comes_first_and_ties_are_told(zoo):
    table = board.draw_table(zoo, "", "", "minutes", "score")
    assert models(table) == ["dcgan-mnist", "wgan_gp-mnist", "gan-mnist"]
    assert re.findall(r">([\d.]+ [*~])<", table) == ["10 *", "10.1 ~"]


def test_blurred_pixels_do_not_lead_where_a_network_looked_too(tmp_path):
    for name, blurred, seen in (("gan-mnist", 1.0, 9.0), ("dcgan-mnist", 2.0, 5.0)):
        pixels = fid(blurred).model_copy(update={"name": "fid_pixels_100"})
        made = scored(tmp_path, name, pixels, fid(seen))
        assert headline(made).name == "fid_digits_cnn_100"
    table = board.draw_table(Zoo([tmp_path]), "", "", "minutes", "score")
    assert models(table) == ["dcgan-mnist", "gan-mnist"]


def test_any_column_sorts_and_unknown_values_come_last(zoo):
    by = {order: models(board.draw_table(zoo, "digits", "", "minutes", order))
          for order in ("year", "speed", "parameters")}  # fmt: skip
    assert by["year"] == ["gan-mnist", "dcgan-mnist", "wgan_gp-mnist"]
    assert by["speed"] == ["dcgan-mnist", "gan-mnist", "wgan_gp-mnist"]
    sizes = {name: zoo.bundle(name).parameters() for name in by["parameters"]}
    assert by["parameters"] == sorted(sizes, key=lambda name: (sizes[name], name))


def test_a_column_sorts_the_other_way_round_too(zoo):
    falling = board.draw_table(zoo, "digits", "", "minutes", "-year")
    assert models(falling) == ["wgan_gp-mnist", "dcgan-mnist", "gan-mnist"]
    assert re.findall(r'aria-sort="(\w+)"><a href="[^"]*sort=([-\w]+)"', falling) == [
        ("descending", "year")
    ]
    rising = board.draw_table(zoo, "digits", "", "minutes", "year")
    assert re.findall(r'aria-sort="(\w+)"><a href="[^"]*sort=([-\w]+)"', rising) == [
        ("ascending", "-year")
    ]
    unknown = models(board.draw_table(zoo, "digits", "", "minutes", "-speed"))
    assert unknown[-1] == "wgan_gp-mnist"  # whose speed nobody measured
    with pytest.raises(UnknownNameError, match=r"no order '-yeer'\. Did you mean 'year'"):
        board.draw_table(zoo, "digits", "", "minutes", "-yeer")


def test_the_best_first_is_told_as_falling_where_more_is_better(tmp_path):
    for name, value in (("gan-mnist", 0.2), ("dcgan-mnist", 0.7)):
        score = bundle.Score(
            name="precision_digits_cnn", value=value, deviation=0.0, better="higher",
            protocol={"real": 1},
        )  # fmt: skip
        bundle.rewrite(exhibit(tmp_path, name), metrics=(score,))
    zoo = Zoo([tmp_path])
    for sort, told in (("score", "descending"), ("-score", "ascending")):
        assert f'aria-sort="{told}"' in board.draw_table(zoo, "digits", "", "minutes", sort)
    assert models(board.draw_table(zoo, "digits", "", "minutes", "score"))[0] == "dcgan-mnist"


def test_numbers_of_two_protocols_never_share_a_column(tmp_path):
    scored(tmp_path, "gan-mnist", fid(20.0))
    scored(tmp_path, "dcgan-mnist", fid(10.0, n_fake=50))
    found = board.scores(board.competitors(Zoo([tmp_path]), ""))
    assert [column.title for column in found] == [
        "fid_digits_cnn_100 (n_fake 50)",
        "fid_digits_cnn_100 (n_fake 100)",
    ]
    assert all(len(column.scores) == 1 for column in found)


def test_every_number_opens_its_protocol(zoo):
    table = board.draw_table(zoo, "", "", "minutes", "score")
    opened = set(re.findall(r'popovertarget="([\w-]+)"', table))
    assert opened == set(re.findall(r'<div popover id="([\w-]+)"', table))
    assert len(opened) == 3
    assert "<dt>generated pictures</dt><dd>100</dd>" in table


def test_the_plot_has_a_point_for_each_that_has_both_numbers(zoo):
    assert board.draw_plot(zoo, "", "", "minutes").count("<circle") == 3
    assert board.draw_plot(zoo, "", "", "speed").count("<circle") == 2


def test_a_program_gets_the_same_ranking(zoo):
    told = board.leaderboard(zoo)
    assert (told["data"], told["score"], told["better"]) == (
        "digits",
        "fid_digits_cnn_100",
        "lower",
    )
    assert told["places"][0]["model"] == "dcgan-mnist"
    assert told["places"][0]["interval"][0] < 10.0 < told["places"][0]["interval"][1]
    assert told["places"][1]["tied_with_best"]
    assert not told["places"][2]["tied_with_best"]
    assert told["places"][2]["costs"]["speed"] == 900


def test_an_empty_board_says_how_to_fill_it(tmp_path):
    made = exhibit(tmp_path, "gan-mnist")
    bundle.rewrite(made, metrics=())
    zoo = Zoo([tmp_path])
    assert "ganzoo evaluate" in board.draw_plot(zoo, "", "", "minutes")
    assert board.draw_table(zoo, "", "", "minutes", "score") == ""
    assert board.leaderboard(zoo)["places"] == []


def test_unknown_names_get_suggestions(zoo):
    with pytest.raises(UnknownNameError, match=r"'digts'.*Did you mean 'digits'"):
        board.draw_table(zoo, "digts", "", "minutes", "score")
    with pytest.raises(UnknownNameError, match=r"'yaer'.*Did you mean 'year'"):
        board.draw_table(zoo, "digits", "", "minutes", "yaer")
    with pytest.raises(UnknownNameError, match="fid_digits_cnn_10'"):
        board.leaderboard(zoo, "digits", "fid_digits_cnn_10")
