"""The one training loop's body. It knows turns and optimisers; it knows no GAN."""

import atexit
from collections.abc import Iterable
from contextlib import nullcontext
from copy import deepcopy
from typing import Any

import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState
from torch import Tensor, nn
from torch.optim import SGD, Adam, Optimizer, RMSprop

from ganzoo import bundle, shelf
from ganzoo.config import Recipe
from ganzoo.data import Batches, Dataset, numbered
from ganzoo.draws import Draws
from ganzoo.errors import RecipeError, TrainingError, listed
from ganzoo.games import Match, Turn, games
from ganzoo.processor import has_bfloat16
from ganzoo.training.ema import blend, capped
from ganzoo.training.products import shortcut
from ganzoo.training.schedule import factor

Log = dict[str, Tensor]


class Trainer:
    """All that moves during a training, one step at a time.

    Several processes (``torchrun``) share each batch: every one draws the same random
    numbers, keeps its own rows, and gradients are averaged, so that the result is that of one
    process within rounding. But each network draws its own dropout and maps of noise, each attack
    its own starting points, and what compares images (minibatch statistics) sees its own rows.

    Raises:
        TrainingError: if the batch cannot be shared evenly, or the images have another shape than
            the networks know.
        UnknownNameError: if the recipe names a classifier that is not at hand.
    """

    def __init__(self, recipe: Recipe, dataset: Dataset, *, cpu: bool = False) -> None:
        self.recipe = recipe
        AcceleratorState._reset_state()  # one process may train recipes of several precisions
        self.accelerator = Accelerator(mixed_precision=self._precision(recipe, cpu), cpu=cpu)
        device, world = self.accelerator.device, self.accelerator.num_processes
        rank = self.accelerator.process_index
        if world > 1:  # a process that still belongs to a group may abort as it exits
            atexit.register(self.accelerator.end_training)
        if not recipe.kimg:
            raise RecipeError(f"{recipe.name} has no budget: kimg is {recipe.kimg:g}")
        if recipe.batch_size % world:
            raise TrainingError(
                f"a batch of {recipe.batch_size} cannot be shared evenly by {world} processes"
            )
        torch.manual_seed(recipe.seed)
        self.players = nn.ModuleDict(
            {name: build(recipe.options) for name, build in recipe.card.networks.items()}
        )
        self.steps = 0
        self._own_luck()
        seen = recipe.classifier
        self.classifier = bundle.load(shelf.find(seen)) if seen else None
        if self.classifier:
            dataset = numbered(dataset, self.classifier.config.classes, self.classifier.name)
        _check_classes(recipe, dataset)
        self.players.to(device).to(memory_format=torch.channels_last)
        self.batches = Batches(
            dataset,
            batch_size=recipe.batch_size,
            seed=recipe.seed,
            rank=rank,
            world=world,
            flip=recipe.data.flip,
            device=device,
        )
        self.draws = Draws(recipe.seed, device, rank, world)
        match = Match(
            recipe=recipe,
            players=self.players,
            batches=self.batches,
            draws=self.draws,
            classifier=self.classifier.network().to(device).to(memory_format=torch.channels_last)
            if self.classifier
            else None,
        )
        self.game = games[recipe.game](match)
        _check_shape(recipe, dataset)
        self.averages = nn.ModuleDict(
            {name: deepcopy(self.players[name]).requires_grad_(False).eval()
             for name in self.game.averaged}
        )  # fmt: skip
        self.optimizers = {
            name: _optimizer(recipe, name, player) for name, player in self.players.items()
        }
        full = self.accelerator.mixed_precision == "no"
        plain = not full or device.type != "cpu"
        self.shortcut = nullcontext() if plain else shortcut(self.players)

    @property
    def kimg(self) -> float:
        """Thousands of reals shown so far."""
        return self.batches.position / 1000

    @property
    def done(self) -> bool:
        return self.kimg >= self.recipe.kimg

    @property
    def shown(self) -> nn.Module:
        """The moving average of the network that the bundle will show, in eval mode."""
        return self.averages[self.recipe.card.shown]

    @property
    def exhibits(self) -> dict[str, nn.Module]:
        """What a bundle holds: averages where they are kept, the live player elsewhere."""
        return {**dict(self.players.items()), **dict(self.averages.items())}

    def step(self) -> Log:
        """Every turn of one step; returns the turns' terms, still on their device."""
        share = factor(self.recipe.schedule, self.kimg / self.recipe.kimg)
        log: Log = {}
        with self.shortcut:
            for turn in self.game.turns(self.steps):
                log |= self._play(turn, share)
        for name, kept in self.averages.items():
            blend(kept, self.players[name], capped(self.recipe.ema, self.steps))
        self.steps += 1
        return log

    def settle(self) -> None:
        """Makes the shown network ready to be looked at; to be called in every process."""
        with torch.no_grad():
            self.game.settle(self.shown)

    def gauges(self) -> dict[str, float]:
        """What moves by itself, for the log: learning rates, and what the game tells."""
        rates = {f"lr/{name}": one.param_groups[0]["lr"] for name, one in self.optimizers.items()}
        return rates | self.game.gauges(self.steps)

    def finite(self) -> bool:
        """Whether every weight still is a number."""
        return all(bool(p.isfinite().all()) for p in self.players.parameters())

    def state(self) -> dict[str, Any]:
        """Everything that an exact continuation needs, as tensors and plain data.

        It is the same in every process but for the luck with which dropout and maps of noise are
        drawn: of several processes, all but the first draw others than they would have.
        """
        device = self.accelerator.device
        return {
            "players": self.players.state_dict(),
            "averages": self.averages.state_dict(),
            "optimizers": {name: one.state_dict() for name, one in self.optimizers.items()},
            "game": self.game.state(),
            "steps": self.steps,
            "position": self.batches.position,
            "draws": self.draws.generator.get_state(),
            "luck": torch.get_rng_state(),
            "device_luck": torch.cuda.get_rng_state(device) if device.type == "cuda" else None,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """The inverse of :meth:`state`."""
        self.players.load_state_dict(state["players"])
        self.averages.load_state_dict(state["averages"])
        for name, optimizer in self.optimizers.items():
            optimizer.load_state_dict(state["optimizers"][name])
        self.game.restore(state["game"])
        self.steps = state["steps"]
        self.batches.restore(state["position"])
        self.draws.generator.set_state(state["draws"])
        torch.set_rng_state(state["luck"])
        device, luck = self.accelerator.device, state.get("device_luck")
        if luck is not None and device.type == "cuda":
            torch.cuda.set_rng_state(luck, device)
        self._own_luck()

    def _own_luck(self) -> None:
        """Processes but the first draw dropout and maps of noise of their own from here on."""
        if rank := self.accelerator.process_index:
            torch.manual_seed(hash((self.recipe.seed, rank, self.steps)))

    def _play(self, turn: Turn, share: float) -> Log:
        """Updates exactly the turn's players; everyone else is frozen while they move."""
        for name, player in self.players.items():
            player.requires_grad_(name in turn.players)
        for name in turn.players:
            self.optimizers[name].zero_grad(set_to_none=True)
        log: Log = {}
        for _ in range(turn.parts):
            with self.accelerator.autocast():
                terms = turn.terms()
            (torch.stack(list(terms.values())).sum() / turn.parts).backward()
            for name, term in terms.items():
                log[name] = log.get(name, 0) + term.detach() / turn.parts
        for name in turn.players:
            self._average_gradients(self.players[name].parameters())
            for group in self.optimizers[name].param_groups:
                group["lr"] = self.recipe.rate(name) * share * turn.rate
            self.optimizers[name].step()
        if turn.after:
            turn.after()
        return log

    def _average_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        if self.accelerator.num_processes == 1:
            return
        gradients = [p.grad for p in parameters if p.grad is not None]
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        flat = torch.as_tensor(self.accelerator.reduce(flat, reduction="mean"))
        for gradient, mean in zip(
            gradients, flat.split([g.numel() for g in gradients]), strict=True
        ):
            gradient.copy_(mean.view_as(gradient))

    @staticmethod
    def _precision(recipe: Recipe, cpu: bool) -> str:
        wanted = recipe.precision == "bfloat16"
        return "bf16" if wanted or (recipe.precision == "auto" and has_bfloat16(cpu)) else "no"


def _check_classes(recipe: Recipe, dataset: Dataset) -> None:
    """Whether the networks know as many classes as the images have.

    Raises:
        TrainingError: if not.
    """
    wanted: int = getattr(recipe.options, "num_classes", 0)
    if not wanted or (dataset.labels is None and dataset.maps is None):
        return
    if dataset.class_names:
        have, told = len(dataset.class_names), f": {listed(dataset.class_names)}"
    else:
        have, told = _most(dataset) + 1, ""
        if have <= wanted:
            return
    if have != wanted:
        raise TrainingError(
            f"options.num_classes is {wanted}, but {dataset.name} has {have} classes{told}"
        )


def _most(dataset: Dataset) -> int:
    """The largest number of a class that occurs."""
    both = (dataset.labels, dataset.maps)
    return max(int(one.max()) for one in both if one is not None and len(one))


def _check_shape(recipe: Recipe, dataset: Dataset) -> None:
    wanted, have = recipe.shape, dataset.pictures.shape[2:]
    if have != wanted:
        raise TrainingError(
            f"{recipe.architecture} learns from images of {wanted[0]} x {wanted[1]} pixels; "
            f"{dataset.name} holds those of {have[0]} x {have[1]}"
        )


def _optimizer(recipe: Recipe, name: str, player: nn.Module) -> Optimizer:
    lr, decay = recipe.rate(name), recipe.weight_decay
    match recipe.optimizer:
        case "adam":
            return Adam(
                player.parameters(), lr, recipe.betas, weight_decay=decay, fused=True,
                decoupled_weight_decay=True,
            )  # fmt: skip
        case "rmsprop":
            return RMSprop(player.parameters(), lr, weight_decay=decay)
        case "sgd":
            momentum = recipe.betas[0]
            return SGD(player.parameters(), lr, momentum, weight_decay=decay, nesterov=momentum > 0)
