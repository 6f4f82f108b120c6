"""Bundles to hang in a zoo: tiny, and lively as if they had been trained."""

from pathlib import Path

import torch
from torch import nn
from world import digits, tiny

from ganzoo import bundle, config, images
from ganzoo.bundle import Bundle


def hang(shelf: Path, recipe: str, *changes: str, players: tuple[str, ...] = ()) -> Bundle:
    """Writes a shipped recipe's tiny networks (all, or these players') into a folder of bundles."""
    small = tiny(recipe, *changes)
    networks = {name: lively(build(small.options)) for name, build in small.card.networks.items()}
    kept = {name: networks[name] for name in players or networks}
    classes = tuple(map(str, range(10)))
    return bundle.write(shelf / small.name, small, kept, classes=classes)


def exhibit(shelf: Path, recipe: str, *changes: str, fid: float = 20.0) -> Bundle:
    """A tiny bundle with all that a label can say."""
    torch.manual_seed(len(recipe))
    made = bundle.rewrite(
        hang(shelf, recipe, *changes),
        data=bundle.Origin(title="Digits <8×8>", licence="CC BY 4.0", count=1797, fingerprint="f"),
        cost=bundle.Cost(kimg=3, steps=90, seconds=200, best_kimg=2, processor="a", threads=2),
        metrics=(
            bundle.Score(name="fid_digits_cnn", value=fid, deviation=0.5, protocol={"real": 1797}),
        ),
    )
    noise = torch.rand(16, 1, 8, 8, generator=torch.Generator().manual_seed(0)) * 2 - 1
    sheet = images.grid(images.to_pictures(noise))
    images.to_pillow(sheet).save(made.folder / bundle.PREVIEW)
    return made


@torch.no_grad()
def lively(network: nn.Module, gain: float = 8.0) -> nn.Module:
    """Larger weights and uneven statistics, so that outputs differ from input to input."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            assert module.running_mean is not None
            assert module.running_var is not None
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 2)
            if module.affine:
                module.weight.uniform_(0.5, 1.5)
                module.bias.normal_(0, 0.3)
        elif isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            module.weight.normal_(0, gain * 0.02)
    return network.eval().requires_grad_(False)


def pyramid(shelf: Path, name: str = "singan-pagoda") -> Bundle:
    """A lively pyramid of four scales that knows an image of 12 x 16 pixels."""
    raw = config.read("singan-pagoda") | {
        "name": name,
        "options": {"rows": 12, "coarsest": 6, "base_channels": 4, "layers": 2, "doubling": 0},
        "data": {"name": "pagoda", "size": 16},
    }
    recipe = config.parse(raw)
    torch.manual_seed(0)
    networks = {player: build(recipe.options) for player, build in recipe.card.networks.items()}
    for scale in networks["generator"].scales:
        lively(scale, gain=10.0)
    networks["generator"].amplitudes.copy_(torch.tensor([1.0, 0.5, 0.3, 0.2]))
    networks["generator"].top.fill_(3)
    return bundle.write(shelf / name, recipe, networks)


def retargeter(shelf: Path, name: str = "ingan-pagoda") -> Bundle:
    """A lively generator that knows an image of 24 x 32 pixels, of a smooth slope of colours."""
    small = {"rows": 24, "base_channels": 4, "levels": 2, "blocks": 1, "d_channels": 4, "crop": 20}
    raw = config.read("ingan-pagoda")
    raw |= {"name": name, "options": small, "data": {"name": "pagoda", "size": 32}}
    recipe = config.parse(raw)
    torch.manual_seed(0)
    networks = {player: build(recipe.options) for player, build in recipe.card.networks.items()}
    generator = networks["generator"].eval()
    nn.init.normal_(generator.leave[1].weight, 0, 0.1)
    rows = torch.linspace(0, 255, 24)[None, :, None].expand(1, 24, 32)
    columns = torch.linspace(0, 255, 32)[None, None].expand(1, 24, 32)
    generator.known.copy_(torch.cat([rows, columns, 255 - columns]).to(torch.uint8))
    return bundle.write(shelf / name, recipe, networks)


def dancer(shelf: Path, name: str = "dance-puppets", *changes: str) -> Bundle:
    """A lively painter of puppets' films, 16 pixels wide."""
    small = {"g_width": 4, "g_downs": 1, "g_blocks": 1, "d_width": 4, "d_layers": 1}
    raw = config.read("dance-puppets")
    raw |= {"name": name, "options": raw["options"] | small}
    recipe = config.parse(config.override(raw, ["data.size=16", *changes]))
    torch.manual_seed(0)
    networks = {
        player: lively(build(recipe.options)) for player, build in recipe.card.networks.items()
    }
    return bundle.write(shelf / name, recipe, networks)


def mirror(shelf: Path, name: str = "semantic_pyramid-cifar10", *changes: str) -> Bundle:
    """A lively generator of digits, beside the classifier that it inverts."""
    torch.manual_seed(0)
    seen = hang(shelf, "cnn-cifar10")
    recipe = tiny(name, f"classifier={seen.folder}", *changes)
    networks = {
        player: lively(build(recipe.options)) for player, build in recipe.card.networks.items()
    }
    seen_well = seen.network().levels(digits().images(slice(0, 64)))
    networks["generator"].measure(seen_well)
    return bundle.write(shelf / name, recipe, networks, classifier=seen)
