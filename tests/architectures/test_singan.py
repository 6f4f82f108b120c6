"""A pyramid of windows: its sizes, what it sees, and what it adds."""

from itertools import pairwise

import pytest
import torch
from torch import nn

from ganzoo.architectures.singan import Discriminator, Generator, Options, climb
from ganzoo.errors import InputError, RecipeError
from ganzoo.images import resized

SMALL = Options(image_size=16, rows=12, coarsest=6, base_channels=4, doubling=2, layers=2)


def generator(options=SMALL, seed=0):
    torch.manual_seed(seed)
    network = Generator(options).eval()
    network.amplitudes.copy_(torch.linspace(1, 0.1, len(options.shapes)))
    return network


def noise(options=SMALL, count=2, stretch=1):
    return [torch.randn(count, 3, h, stretch * w) for h, w in options.shapes]


@pytest.mark.parametrize(
    ("size", "rows", "scales"), [(250, None, 10), (250, 167, 8), (25, None, 1)]
)
def test_scales_shrink_evenly_from_the_image_to_the_coarsest(size, rows, scales):
    options = Options(image_size=size, rows=rows)
    shapes = options.shapes
    assert shapes[-1] == options.shape
    assert min(shapes[0]) == 25
    assert len(shapes) == scales
    ratios = [a[1] / b[1] for a, b in pairwise(shapes)]
    assert all(0.73 <= ratio <= 0.82 for ratio in ratios)


def test_widths_double_after_four_scales():
    assert Options(image_size=250).widths == [32] * 4 + [64] * 4 + [128] * 2
    assert Options(image_size=250, doubling=0).widths == [32] * 10
    assert Options(image_size=250, factor=0.9).widths[8:] == [128] * 15


@pytest.mark.parametrize("kind", [Generator, Discriminator])
def test_a_scale_sees_eleven_pixels(kind):
    torch.manual_seed(0)
    patches = kind(Options(image_size=32)).scales[0]
    blocks = [block for block in patches if isinstance(block, nn.Sequential)]
    assert len(blocks) == 4
    for block in blocks:
        block[1] = nn.Identity()  # a norm sees the whole picture
    image = torch.randn(1, 3, 31, 31, requires_grad=True)
    made = patches(image)
    made[0, 0, made.shape[2] // 2, made.shape[3] // 2].backward()
    seen = image.grad.abs().sum((0, 1)) > 0
    assert seen.any(1).sum() == seen.any(0).sum() == 11


def test_a_scale_that_adds_nothing_only_enlarges():
    network = generator()
    for scale in network.scales:
        last = [layer for layer in scale if isinstance(layer, nn.Conv2d)]
        nn.init.zeros_(last[0].weight)
        nn.init.zeros_(last[0].bias)
    start = torch.rand(2, 3, *SMALL.shapes[0])
    painted = network(*noise()[1:], start=start)
    expected = start
    for shape in SMALL.shapes[1:]:
        expected = resized(expected, shape)
    torch.testing.assert_close(painted, expected)


def test_without_noise_the_amplitude_does_not_matter_and_with_it_it_does():
    network, maps = generator(), noise()
    quiet = [maps[0], *(torch.zeros_like(z) for z in maps[1:])]
    loud, calm = network(*maps), network(*quiet)
    network.amplitudes[1:] = 0
    torch.testing.assert_close(network(*maps), calm)
    assert not torch.allclose(loud, calm)


def test_a_picture_may_have_any_size():
    network = generator()
    assert network(*noise()).shape == (2, 3, 12, 16)
    assert network(*noise(stretch=3)).shape == (2, 3, 12, 48)


def test_pictures_of_a_batch_are_painted_alone():
    network, maps = generator(), noise()
    one = network(*(z[:1] for z in maps))
    torch.testing.assert_close(network(*maps)[:1], one, rtol=1e-4, atol=1e-5)


def test_the_image_itself_starts_from_the_anchor_and_no_other_noise():
    network = generator()
    first, *others = network.anchored(2)
    assert torch.equal(first, network.anchor)
    assert [tuple(z.shape[2:]) for z in others] == SMALL.shapes[1:3]
    assert not any(z.any() for z in others)


def test_climbing_takes_the_weights_along_where_they_fit():
    network = Discriminator(SMALL)
    climb(network, 1)
    same = zip(network.scales[0].parameters(), network.scales[1].parameters(), strict=True)
    assert all(torch.equal(mine, below) for mine, below in same)
    assert int(network.top) == 1
    drawn = [p.clone() for p in network.scales[2].parameters()]
    climb(network, 2)  # twice as wide
    assert all(map(torch.equal, drawn, network.scales[2].parameters()))


def test_the_judge_judges_at_its_top():
    network = Discriminator(SMALL)
    image = torch.rand(1, 3, 12, 16)
    verdicts = []
    for scale in range(3):
        network.top.fill_(scale)
        verdicts.append(network(image))
    assert verdicts[0].shape == (1, 1, 8, 12)
    assert not torch.allclose(verdicts[0], verdicts[1])
    torch.testing.assert_close(verdicts[2], network.scales[2](image))


def test_too_few_and_too_many_maps_are_refused():
    network, maps = generator(), noise()
    with pytest.raises(InputError, match=r"has 4 scales; got noise for 3 and nothing to start"):
        network(*maps[1:])
    with pytest.raises(InputError, match="has 4 scales; got noise for 5"):
        network(*maps, maps[-1])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"image_size": 64, "rows": 32, "columns": 48}, "image_size, 64; got 32 x 48"),
        ({"image_size": 64, "rows": 16}, "coarsest scale's shorter side, 25"),
        ({"image_size": 64, "coarsest": 10}, "5 layers see 11 pixels.*side is 10"),
    ],
)
def test_sides_that_do_not_go_together_are_refused(given, said):
    with pytest.raises(RecipeError, match=said):
        Options.read(given, "options")
