"""Batches of reals: each image once an epoch, however they are cut, shared or resumed."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from ganzoo.data import Batches, Dataset
from ganzoo.errors import DataError, InputError
from ganzoo.images import from_pictures

few = settings(max_examples=25)
sizes = st.integers(1, 20)
seeds = st.integers(0, 2**32 - 1)


def numbered(count: int) -> Dataset:
    """Pictures that say which they are: on the left their number, on the right zeros."""
    pictures = np.zeros((count, 1, 1, 2), np.uint8)
    pictures[:, 0, 0, 0] = np.arange(1, count + 1)
    return Dataset(name="numbered", pictures=pictures, labels=np.arange(1, count + 1))


def numbers(batches: Batches, rounds: int) -> list[int]:
    return [int(n) for _ in range(rounds) for n in next(batches).y]


@few
@given(count=sizes, batch=sizes, seed=seeds)
def test_every_image_appears_once_an_epoch(count, batch, seed):
    seen = numbers(Batches(numbered(count), batch, seed=seed), -(-3 * count // batch))
    for epoch in range(3):
        one = seen[epoch * count : (epoch + 1) * count]
        assert Counter(one) == Counter(range(1, count + 1))


@few
@given(count=sizes, batch=sizes, other=sizes, seed=seeds)
def test_the_batch_size_cuts_the_stream_but_does_not_change_it(count, batch, other, seed):
    ours = numbers(Batches(numbered(count), batch, seed=seed, flip=True), other)
    theirs = numbers(Batches(numbered(count), other, seed=seed, flip=True), batch)
    assert ours == theirs


def test_epochs_and_seeds_differ_in_order():
    first, second = np.reshape(numbers(Batches(numbered(40), 40), 2), (2, 40))
    other = numbers(Batches(numbered(40), 40, seed=1), 1)
    assert (first != second).any()
    assert (first != other).any()


@few
@given(count=sizes, batch=sizes, rounds=st.integers(0, 8), seed=seeds)
def test_a_resumed_stream_goes_on_where_it_stopped(count, batch, rounds, seed):
    whole = Batches(numbered(count), batch, seed=seed, flip=True)
    for _ in range(rounds):
        next(whole)
    resumed = Batches(numbered(count), batch, seed=seed, flip=True)
    resumed.restore(whole.position)
    for _ in range(3):
        ours, theirs = next(resumed), next(whole)
        torch.testing.assert_close(ours.image, theirs.image, rtol=0, atol=0)
        torch.testing.assert_close(ours.y, theirs.y)
    assert resumed.position == whole.position == (rounds + 3) * batch


@few
@given(count=sizes, share=st.integers(1, 8), world=st.integers(1, 4), seed=seeds)
def test_processes_share_each_batch_row_by_row(count, share, world, seed):
    data, total = numbered(count), share * world
    alone = Batches(data, total, seed=seed, flip=True)
    group = [
        Batches(data, total, seed=seed, rank=rank, world=world, flip=True) for rank in range(world)
    ]
    for _ in range(3):
        together = next(alone)
        for rank, batches in enumerate(group):
            batch = next(batches)
            torch.testing.assert_close(batch.image, together.image[rank::world], rtol=0, atol=0)
            torch.testing.assert_close(batch.y, together.y[rank::world])
            assert batches.position == alone.position


def test_about_half_of_the_images_are_mirrored_and_the_others_are_not():
    batch = next(Batches(numbered(200), 200, flip=True))
    kept = batch.image[:, 0, 0, 0] > -1
    mirrored = batch.image[:, 0, 0, 1] > -1
    assert bool((kept ^ mirrored).all())
    assert 70 < int(mirrored.sum()) < 130
    value = torch.where(kept, batch.image[:, 0, 0, 0], batch.image[:, 0, 0, 1])
    torch.testing.assert_close(value, batch.y / 127.5 - 1)


def test_without_flip_nothing_is_mirrored_and_the_data_stay_as_they_are():
    data = numbered(50)
    before = data.pictures.copy()
    assert bool((next(Batches(data, 50)).image[:, 0, 0, 0] > -1).all())
    next(Batches(data, 50, flip=True))
    np.testing.assert_array_equal(data.pictures, before)


def test_images_come_as_networks_like_them():
    pictures = np.random.default_rng(0).integers(0, 256, (256, 3, 4, 4), np.uint8)
    data = Dataset(name="noise", pictures=pictures)
    image = data.images(slice(0, 7))
    assert image.is_contiguous(memory_format=torch.channels_last)
    edge = from_pictures(pictures[:7].transpose(0, 2, 3, 1).copy())
    torch.testing.assert_close(image, edge, rtol=0, atol=0)
    torch.testing.assert_close(data.images(np.array([3, 1])), image[[3, 1]], rtol=0, atol=0)
    assert next(Batches(data, 2)).y is None


def test_an_empty_data_set_cannot_be_streamed():
    with pytest.raises(DataError, match="numbered has no images"):
        Batches(numbered(0), 4)


@pytest.mark.parametrize(("batch", "world"), [(0, 1), (-4, 1), (5, 2)])
def test_a_batch_that_cannot_be_shared_is_refused(batch, world):
    with pytest.raises(InputError, match=f"{batch} images .* {world} processes"):
        Batches(numbered(4), batch, world=world)


def test_a_negative_position_is_refused():
    with pytest.raises(InputError, match="-1"):
        Batches(numbered(4), 2).restore(-1)


def test_maps_come_with_their_pictures_and_are_mirrored_with_them():
    data = numbered(40)
    ramp = np.arange(data.pictures.shape[3], dtype=np.uint8)
    data = replace(
        data,
        pictures=np.broadcast_to(ramp, data.pictures.shape).copy(),
        maps=np.broadcast_to(ramp, (40, *data.pictures.shape[2:])).copy(),
    )
    batch = next(Batches(data, 40, flip=True))
    assert batch.classes is not None
    assert batch.classes.dtype == torch.int64
    torch.testing.assert_close((batch.image[:, 0] + 1) * 127.5, batch.classes.float())
    assert len(batch.classes[:, 0, 0].unique()) == 2  # both mirrored and not
    assert (data.maps == ramp).all()
    assert next(Batches(numbered(4), 4)).classes is None


def test_maps_belong_to_the_identity_of_a_data_set():
    data = numbered(4)
    maps = np.zeros((4, *data.pictures.shape[2:]), np.uint8)
    assert replace(data, maps=maps).fingerprint != data.fingerprint
    assert replace(data, maps=maps).fingerprint != replace(data, maps=maps + 1).fingerprint
