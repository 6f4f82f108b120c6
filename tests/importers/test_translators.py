"""Public layouts of translators, written down here once more, must give what ours give."""

import json
from functools import partial

import pytest
import torch
from torch import nn
from typer.testing import CliRunner

import ganzoo
from ganzoo.cli import build

NORMS = {"batch": nn.BatchNorm2d, "instance": nn.InstanceNorm2d}
PADS = {"reflect": nn.ReflectionPad2d, "replicate": nn.ReplicationPad2d}


class Block(nn.Module):
    def __init__(self, norm, dim, drop, bias, padding="reflect"):
        super().__init__()
        pad = [] if padding == "zero" else [PADS[padding](1)]
        conv = partial(nn.Conv2d, dim, dim, 3, padding=1 - len(pad), bias=bias)
        middle = [nn.Dropout(0.5)] if drop else []
        self.conv_block = nn.Sequential(
            *pad, conv(), norm(dim), nn.ReLU(), *middle, *pad, conv(), norm(dim)
        )

    def forward(self, x):
        return x + self.conv_block(x)


def sequence(norm, inp, out, n, downs, blocks, bias, drop=False, last=True):
    layers = [nn.ReflectionPad2d(3), nn.Conv2d(inp, n, 7, bias=bias), norm(n), nn.ReLU()]
    for k in range(downs):
        m = n << k
        layers += [nn.Conv2d(m, 2 * m, 3, 2, 1, bias=bias), norm(2 * m), nn.ReLU()]
    layers += [Block(norm, n << downs, drop, bias) for _ in range(blocks)]
    for k in reversed(range(downs)):
        m = n << k
        layers += [nn.ConvTranspose2d(2 * m, m, 3, 2, 1, 1, bias=bias), norm(m), nn.ReLU()]
    tail = [nn.ReflectionPad2d(3), nn.Conv2d(n, out, 7), nn.Tanh()]
    return nn.Sequential(*layers, *(tail if last else []))


class Whole(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        return self.model(x)


class Skip(nn.Module):
    def __init__(self, norm, outer, inner, inp=None, sub=None, outermost=False):
        super().__init__()
        self.outermost, bias = outermost, norm is nn.InstanceNorm2d
        down = nn.Conv2d(inp or outer, inner, 4, 2, 1, bias=bias)
        up = nn.ConvTranspose2d(inner * (2 if sub else 1), outer, 4, 2, 1, bias=bias or outermost)
        if outermost:
            layers = [down, sub, nn.ReLU(), up, nn.Tanh()]
        elif sub is None:
            layers = [nn.LeakyReLU(0.2), down, nn.ReLU(), up, norm(outer)]
        else:
            layers = [nn.LeakyReLU(0.2), down, norm(inner), sub, nn.ReLU(), up, norm(outer)]
        self.model = nn.Sequential(*layers)

    def forward(self, x):
        return self.model(x) if self.outermost else torch.cat([x, self.model(x)], 1)


def unet(norm, downs, n):
    block = Skip(norm, 8 * n, 8 * n)
    for _ in range(downs - 5):
        block = Skip(norm, 8 * n, 8 * n, sub=block)
    for k in (4, 2, 1):
        block = Skip(norm, k * n, 2 * k * n, sub=block)
    return Whole(Skip(norm, 3, n, inp=2, sub=block, outermost=True))


class Local(nn.Module):
    def __init__(self, norm, n=2, enhancers=1, padding="reflect"):
        super().__init__()
        self.enhancers = enhancers
        self.model = sequence(norm, 3, 3, n << enhancers, 1, 1, True, last=False)
        for k in range(1, enhancers + 1):
            m = n << (enhancers - k)
            down = [nn.ReflectionPad2d(3), nn.Conv2d(3, m, 7), norm(m), nn.ReLU()]
            down += [nn.Conv2d(m, 2 * m, 3, 2, 1), norm(2 * m), nn.ReLU()]
            up = [
                Block(norm, 2 * m, False, True, padding),
                nn.ConvTranspose2d(2 * m, m, 3, 2, 1, 1),
            ]
            up += [norm(m), nn.ReLU()]
            if k == enhancers:
                up += [nn.ReflectionPad2d(3), nn.Conv2d(n, 3, 7), nn.Tanh()]
            setattr(self, f"model{k}_1", nn.Sequential(*down))
            setattr(self, f"model{k}_2", nn.Sequential(*up))
        self.smaller = nn.AvgPool2d(3, 2, 1, count_include_pad=False)

    def forward(self, x):
        scales = [x]
        for _ in range(self.enhancers):
            scales.append(self.smaller(scales[-1]))
        out = self.model(scales[-1])
        for k in range(1, self.enhancers + 1):
            down, up = getattr(self, f"model{k}_1"), getattr(self, f"model{k}_2")
            out = up(down(scales[self.enhancers - k]) + out)
        return out


def judge(norm, channels, n, layers, padding=1, bias=False):
    made = [nn.Conv2d(channels, n, 4, 2, padding), nn.LeakyReLU(0.2)]
    for k in range(1, layers + 1):
        a, b = n * min(2 ** (k - 1), 8), n * min(2**k, 8)
        conv = nn.Conv2d(a, b, 4, 2 if k < layers else 1, padding, bias=bias)
        made += [conv, norm(b), nn.LeakyReLU(0.2)]
    return nn.Sequential(*made, nn.Conv2d(b, 1, 4, 1, padding))


def uneven(network):
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, 0, 0.1)
            nn.init.uniform_(module.running_var, 0.5, 2)
    return network.eval()


@torch.no_grad()
def agrees(tmp_path, kind, network, image, part="generator", counted=True, **options):
    uneven(network)
    state = network.state_dict()
    kept = {name: state[name] for name in state if counted or "num_batches" not in name}
    torch.save(kept, tmp_path / "weights.pth")
    (tmp_path / "meta.json").write_text(json.dumps(options))
    command = ["import", kind, str(tmp_path / "weights.pth"), "--out", str(tmp_path / "mine")]
    done = CliRunner().invoke(build("import", "list"), [*command, "--part", part])
    assert done.exit_code == 0, done.output
    ours = ganzoo.load(tmp_path / "mine").network(part)(image)
    ours, theirs = (ours, network(image)) if isinstance(ours, list) else ([ours], [network(image)])
    for one, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("norm", list(NORMS))
@pytest.mark.parametrize("downs", [5, 6])
def test_unets(tmp_path, norm, downs):
    image = torch.randn(1, 2, 64, 64)
    agrees(tmp_path, "pix2pix-cyclegan", unet(NORMS[norm], downs, 2), image)


@pytest.mark.parametrize("norm", list(NORMS))
@pytest.mark.parametrize(("blocks", "drop"), [(3, False), (3, True), (0, False)])
def test_residual_generators(tmp_path, norm, blocks, drop):
    layers = sequence(NORMS[norm], 3, 1, 4, 2, blocks, norm == "instance", drop)
    agrees(tmp_path, "pix2pix-cyclegan", Whole(layers), torch.randn(1, 3, 16, 24))


@pytest.mark.parametrize("norm", list(NORMS))
@pytest.mark.parametrize("layers", [1, 3, 4])
def test_judges_of_patches(tmp_path, norm, layers):
    network = Whole(judge(NORMS[norm], 6, 4, layers, bias=norm == "instance"))
    image = torch.randn(1, 6, 64, 64)
    agrees(tmp_path, "pix2pix-cyclegan", network, image, part="discriminator")


@pytest.mark.parametrize("norm", list(NORMS))
def test_judges_of_pixels(tmp_path, norm):
    bias = norm == "instance"
    net = [nn.Conv2d(6, 4, 1), nn.LeakyReLU(0.2), nn.Conv2d(4, 8, 1, bias=bias), NORMS[norm](8)]
    network = Whole(nn.Sequential(*net, nn.LeakyReLU(0.2), nn.Conv2d(8, 1, 1, bias=bias)))
    network.net, network.forward = network.model, network.model.forward
    del network._modules["model"]
    image = torch.randn(2, 6, 8, 8)
    agrees(tmp_path, "pix2pix-cyclegan", network, image, part="discriminator")


@pytest.mark.parametrize("norm", list(NORMS))
def test_global_generators(tmp_path, norm):
    network = Whole(sequence(NORMS[norm], 5, 3, 2, 3, 2, True))
    agrees(tmp_path, "pix2pixhd", network, torch.randn(1, 5, 32, 32))


@pytest.mark.parametrize("norm", list(NORMS))
@pytest.mark.parametrize("enhancers", [1, 2])
def test_local_enhancers(tmp_path, norm, enhancers):
    network = Local(NORMS[norm], enhancers=enhancers)
    agrees(tmp_path, "pix2pixhd", network, torch.randn(1, 3, 32, 32))


@pytest.mark.parametrize("padding", ["zero", "replicate"])
def test_the_padding_told_is_that_of_the_detail(tmp_path, padding):
    network = Local(NORMS["instance"], padding=padding)
    agrees(tmp_path, "pix2pixhd", network, torch.randn(1, 3, 32, 32), padding_type=padding)


@pytest.mark.parametrize(
    ("part", "told", "said"),
    [
        ("generator", {"n_local_enhancers": 2}, "n_local_enhancers 2, the weights 1"),
        ("generator", {"ngf": 64}, "ngf 64, the weights 2"),
        ("generator", {"input_nc": 1}, "input_nc 1, the weights 3"),
        ("discriminator", {"num_D": 3}, "num_D 3, the weights 2"),
        (
            "discriminator",
            {"input_nc": 1, "output_nc": 2},
            r"channels \[1, 2\], the weights judge 6",
        ),
    ],
)
def test_arguments_that_the_weights_contradict_are_refused(tmp_path, part, told, said):
    norm = nn.InstanceNorm2d
    network = Local(norm) if part == "generator" else Scales(norm)
    image = torch.randn(1, 3 if part == "generator" else 6, 32, 32)
    with pytest.raises(AssertionError, match=said):
        agrees(tmp_path, "pix2pixhd", network, image, part, **told)


def test_both_players_options_may_stand_in_one_file(tmp_path):
    image, told = torch.randn(1, 6, 32, 32), {"input_nc": 3, "output_nc": 3, "norm": "instance"}
    agrees(tmp_path, "pix2pixhd", Scales(nn.InstanceNorm2d), image, "discriminator", **told)


def test_a_padding_that_the_weights_contradict_is_refused(tmp_path):
    image = torch.randn(1, 3, 32, 32)
    with pytest.raises(AssertionError, match="padding_type 'zero', the weights reflect"):
        agrees(tmp_path, "pix2pixhd", Local(NORMS["batch"]), image, padding_type="zero")


@pytest.mark.parametrize(
    ("kind", "part", "network"),
    [
        ("pix2pix-cyclegan", "generator", partial(unet, nn.BatchNorm2d, 5, 2)),
        ("pix2pix-cyclegan", "discriminator", lambda: Whole(judge(nn.BatchNorm2d, 2, 4, 2))),
        ("pix2pixhd", "generator", lambda: Local(nn.BatchNorm2d)),
    ],
)
def test_files_older_than_the_counters_of_norms_are_read(tmp_path, kind, part, network):
    made = network()
    channels = 3 if kind == "pix2pixhd" else 2
    agrees(tmp_path, kind, made, torch.randn(1, channels, 32, 32), part, counted=False)


class Scales(nn.Module):
    def __init__(self, norm):
        super().__init__()
        self.layer0, self.layer1 = (judge(norm, 6, 4, 2, 2, True) for _ in range(2))

    def forward(self, x):
        small = nn.functional.avg_pool2d(x, 3, 2, 1, count_include_pad=False)
        return [self.layer1(x), self.layer0(small)]


@pytest.mark.parametrize("norm", list(NORMS))
def test_judges_of_several_scales(tmp_path, norm):
    image = torch.randn(1, 6, 32, 32)
    agrees(tmp_path, "pix2pixhd", Scales(NORMS[norm]), image, part="discriminator")


@pytest.mark.parametrize("name", ["use_sigmoid", "no_lsgan"])
@pytest.mark.parametrize("kind", ["pix2pix-cyclegan", "pix2pixhd"])
def test_a_judge_that_ends_in_a_sigmoid_is_refused_unless_without_it(tmp_path, kind, name):
    norm = nn.InstanceNorm2d
    network = Scales(norm) if kind == "pix2pixhd" else Whole(judge(norm, 6, 4, 2, bias=True))
    image = torch.randn(1, 6, 32, 32)
    agrees(tmp_path, kind, network, image, part="discriminator", **{name: False})
    with pytest.raises(AssertionError, match=f"{name} true: a sigmoid stands behind"):
        agrees(tmp_path, kind, network, image, part="discriminator", **{name: True})


def test_other_weights_are_refused_by_name(tmp_path):
    torch.save({"fc.weight": torch.ones(2, 2)}, tmp_path / "other.pth")
    for kind in ("pix2pix-cyclegan", "pix2pixhd"):
        for part in ("generator", "discriminator"):
            command = ["import", kind, str(tmp_path / "other.pth"), "--out", str(tmp_path / "x")]
            done = CliRunner().invoke(build("import", "list"), [*command, "--part", part])
            assert (done.exit_code, "fc.weight" in done.output) == (2, True), done.output
