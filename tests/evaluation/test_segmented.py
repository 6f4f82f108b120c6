"""Scores of segmenters: tables worked out by hand."""

import math
from dataclasses import replace

import pytest
import torch
from shelf import hang
from world import digits

from ganzoo.errors import MetricError
from ganzoo.evaluation.segmentation import overlaps, pixel_accuracy, segmentation, table


def test_the_table_counts_what_was_called_what():
    true, named = torch.tensor([[[0, 0], [1, 2]]]), torch.tensor([[[0, 1], [1, 1]]])
    counts = table(true, named, 3)
    assert counts.tolist() == [[1, 1, 0], [0, 1, 0], [0, 1, 0]]
    assert pixel_accuracy(counts) == 2 / 4
    assert overlaps(counts).tolist() == pytest.approx([1 / 2, 1 / 3, 0])


def test_a_class_that_is_neither_there_nor_named_has_no_overlap():
    each = overlaps(table(torch.zeros(1, 2, 2).long(), torch.zeros(1, 2, 2).long(), 2))
    assert each[0] == 1
    assert math.isnan(each[1])


def test_what_is_named_right_has_full_marks():
    true = torch.randint(3, (2, 4, 4))
    counts = table(true, true, 3)
    assert pixel_accuracy(counts) == 1
    assert overlaps(counts).tolist() == [1, 1, 1]


def test_a_bundle_is_scored_on_every_pixel_with_its_protocol(shelf):
    bundle, data = hang(shelf, "unet-facades"), digits(20)
    seen = []
    accuracy, iou = segmentation(bundle, data, "test", seen.append)
    assert (accuracy.name, iou.name) == ("pixel_accuracy_test", "mean_iou_test")
    assert sum(seen) == 20
    assert 0 <= iou.value <= accuracy.value <= 1
    assert accuracy.protocol["n_real"] == 20
    assert accuracy.protocol["data_sha256"] == data.fingerprint
    network = bundle.network()
    right = network(data.images(slice(None))).argmax(1) == torch.from_numpy(data.maps).long()
    assert accuracy.value == pytest.approx(right.float().mean().item(), abs=1e-6)


def test_where_no_class_is_known_nothing_is_scored(shelf):
    with pytest.raises(MetricError, match="does not say each pixel's class"):
        segmentation(hang(shelf, "unet-facades"), replace(digits(4), maps=None), "test")
