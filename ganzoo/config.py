"""A recipe: everything needed to repeat a training run, and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from math import inf
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, SerializeAsAny, field_validator, model_validator

from ganzoo.architectures import Ability, Architecture, architectures
from ganzoo.attacks import attacks
from ganzoo.augment import augmentations
from ganzoo.choices import AugmentChoice, DataChoice, Name, PenaltyChoice, known
from ganzoo.data import sources
from ganzoo.errors import RecipeError, UnknownNameError, suggestion
from ganzoo.objectives import objectives
from ganzoo.options import Options
from ganzoo.papers import Paper
from ganzoo.penalties import penalties
from ganzoo.registry import Folder
from ganzoo.shapes import PICTURED

SHOWN: Mapping[str, Folder[Any]] = {
    "architectures": architectures,
    "objectives": objectives,
    "penalties": penalties,
    "augment": augmentations,
    "attacks": attacks,
}
SIZED_LIKE = (  # options that follow the data, and what they follow
    ("image_size", "size"),
    ("image_channels", "channels"),
    ("output_channels", "channels"),
    ("input_channels", "input_channels"),
)
PLAYER_RATES = float | dict[str, float]
Momentum = Annotated[float, Field(ge=0, lt=1)]


class Recipe(Options):
    """One paper's method on one data set, under one budget.

    Attributes:
        name: of the bundle: ``<method>-<data>``.
        shows: the file whose paper stands on the label, such as ``penalties/gradient_penalty``;
            the architecture's where nothing is said.
        architecture: the networks, by name.
        game: that the players play; the architecture's usual one where nothing is said.
        options: of the architecture; its image size and channels follow the data's.
        game_options: what that game may be told.
        objective: what the players' losses are, in games with a discriminator.
        penalties: what is added to them, each with its weight.
        augment: what the discriminator sees instead of the images.
        classifier: a trained one, a bundle's name or folder, for games that look through its eyes;
            it does not learn.
        data: which images are learned from.
        d_turns: discriminator turns to each generator turn.
        label_smoothing: how far a real's label falls below 1 (Salimans 2016).
        instance_noise: width of uniform noise on the reals, as a share of the pixel range;
            1/256 hides that pictures have whole grey levels.
        kimg: the budget: thousands of reals shown; 0 if the network was trained elsewhere.
        batch_size: over all processes together.
        optimizer: ``adam``, ``rmsprop``, or ``sgd`` with Nesterov's momentum.
        lr: of every player, or by player's name.
        betas: Adam's; of ``sgd`` the first is the momentum; ``rmsprop`` has none.
        weight_decay: decoupled from the gradient in Adam (Loshchilov & Hutter 2019), added to it in
            the others.
        schedule: what becomes of the learning rate as the budget is spent.
        ema: share of the shown network's moving average that stays at each step, once warm.
        seed: of everything that is drawn.
        precision: ``auto`` takes bfloat16 where the processor is faster in it.
    """

    name: Name
    shows: str
    architecture: str
    options: SerializeAsAny[Options]
    game: str = "adversarial"
    game_options: dict[str, Any] = Field(default_factory=dict)
    objective: str | None = None
    penalties: tuple[PenaltyChoice, ...] = ()
    augment: AugmentChoice | None = None
    classifier: str | None = None
    d_turns: int = Field(1, ge=1)
    label_smoothing: float = Field(0.0, ge=0, lt=1)
    instance_noise: float = Field(0.0, ge=0, le=1)
    data: DataChoice
    kimg: float = Field(ge=0)
    batch_size: int = Field(64, ge=1)
    optimizer: Literal["adam", "rmsprop", "sgd"] = "adam"
    lr: PLAYER_RATES = 2e-4
    betas: tuple[Momentum, Momentum] = (0.5, 0.999)
    weight_decay: float = Field(0.0, ge=0)
    schedule: Literal["constant", "linear", "cosine", "inverse"] = "constant"
    ema: float = Field(0.999, ge=0, lt=1)
    seed: int = Field(0, ge=0)
    precision: Literal["auto", "float32", "bfloat16"] = "auto"

    @model_validator(mode="before")
    @classmethod
    def _label(cls, raw: Any) -> Any:
        if not isinstance(raw, dict) or not isinstance(raw.get("architecture"), str):
            return raw
        card = architectures.get(raw["architecture"])
        usual = {"game": card.game} if card else {}
        return {"shows": f"architectures/{raw['architecture']}", **usual, **raw}

    @model_validator(mode="before")
    @classmethod
    def _resolve_options(cls, raw: Any) -> Any:
        """Reads ``options`` as the named architecture's own, sized like the data."""
        if not isinstance(raw, dict) or isinstance(raw.get("options"), Options):
            return raw
        if not isinstance(raw.get("architecture"), str):
            return raw
        kind = architectures[known(architectures, raw["architecture"])].options
        options, data = raw.get("options") or {}, DataChoice.if_sound(raw.get("data"))
        if not isinstance(options, Mapping):
            return raw
        options = dict(options)
        for key, datum in SIZED_LIKE:
            if data and key in kind.model_fields and datum in data.model_fields_set:
                options.setdefault(key, getattr(data, datum))
        return {**raw, "options": kind.read(options, "options")}

    @field_validator("lr", mode="before")
    @classmethod
    def _upwards(cls, lr: Any) -> Any:
        if isinstance(lr, Mapping):
            return {player: _rate(one) for player, one in lr.items()}
        return _rate(lr)

    @field_validator("objective")
    @classmethod
    def _known_objective(cls, name: str | None) -> str | None:
        return name if name is None else known(objectives, name)

    @field_validator("shows")
    @classmethod
    def _known_paper(cls, shows: str) -> str:
        folder, _, name = shows.partition("/")
        if folder not in SHOWN:
            raise ValueError(f"{folder!r} is no folder of papers. {suggestion(folder, SHOWN)}")
        return f"{folder}/{known(SHOWN[folder], name)}"

    @model_validator(mode="after")
    def _fits_the_data(self) -> "Recipe":
        sizes = [("image_size", self.data.size), ("image_channels", self.data.channels)]
        if self.channels not in PICTURED and not self.kimg:  # trained elsewhere, on no pictures
            sizes.pop()
        for key, wanted in sizes:
            have = getattr(self.options, key, wanted)
            if have != wanted:
                raise ValueError(f"options.{key} is {have}, but the data's is {wanted}")
        return self

    @model_validator(mode="after")
    def _fits_together(self) -> "Recipe":
        if self.label_smoothing and not (self.objective and objectives[self.objective].has_labels):
            raise ValueError(f"objective {self.objective!r} has no labels to smooth")
        asked = [choice.name for choice in self.penalties]
        if twice := [name for name in penalties if asked.count(name) > 1]:
            raise ValueError(f"penalties: {twice[0]!r} is asked for twice; say it once")
        players = self.card.networks
        for name in self.lr if isinstance(self.lr, dict) else ():
            if name not in players:
                raise ValueError(f"lr: there is no player {name!r}. {suggestion(name, players)}")
        return self

    @model_validator(mode="after")
    def _reads_its_betas(self) -> "Recipe":
        default = Recipe.model_fields["betas"].default
        if self.optimizer == "rmsprop" and self.betas != default:
            raise ValueError(f"betas are Adam's, and the optimizer is rmsprop; got {self.betas}")
        if self.optimizer == "sgd" and self.betas[1] != default[1]:
            raise ValueError(f"of sgd only the first of betas counts; got {self.betas}")
        return self

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of its images: squares of the data's size, unless options say else."""
        return getattr(self.options, "shape", (self.data.size, self.data.size))

    @property
    def channels(self) -> int:
        """Of its images: the data's; a network trained elsewhere may have any number."""
        return getattr(self.options, "image_channels", self.data.channels)

    @property
    def card(self) -> Architecture:
        """The architecture's own card."""
        return architectures[self.architecture]

    @property
    def abilities(self) -> frozenset[Ability]:
        """What may be asked of the shown network."""
        return self.card.able(self.options)

    @property
    def paper(self) -> Paper:
        """The paper on the label."""
        folder, _, name = self.shows.partition("/")
        return SHOWN[folder][name].paper

    def rate(self, player: str) -> float:
        """The learning rate of a player."""
        if not isinstance(self.lr, dict):
            return float(self.lr)
        if player not in self.lr:
            raise RecipeError(f"lr says nothing of {player!r}; it names {', '.join(self.lr)}")
        return self.lr[player]


def names() -> list[str]:
    """The recipes that come with ganzoo."""
    return sorted(p.name.removesuffix(".yaml") for p in _shipped() if p.name.endswith(".yaml"))


def read(source: str | Path) -> dict[str, Any]:
    """The plain content of a recipe: one that comes with ganzoo by name, or any YAML file.

    Raises:
        RecipeError: if there is no such recipe, or it is not a mapping.
    """
    path = Path(source)
    if path.suffix in {".yaml", ".yml"}:
        if not path.is_file():
            raise RecipeError(f"there is no recipe file {str(source)!r}")
        try:
            text, name = path.read_text("utf-8"), path.stem
        except UnicodeDecodeError as error:
            raise RecipeError(f"{source} is not text in UTF-8: {error}") from None
    else:
        if str(source) not in names():
            near = suggestion(str(source), names())
            raise RecipeError(f"there is no recipe {str(source)!r}. {near}")
        text = (files("ganzoo") / "recipes" / f"{source}.yaml").read_text("utf-8")
        name = str(source)
    raw = _yaml(text, str(source))
    if not isinstance(raw, dict):
        raise RecipeError(f"{source}: expected keys and values, got {raw!r}")
    return {"name": name, **raw}


def override(raw: Mapping[str, Any], changes: Sequence[str]) -> dict[str, Any]:
    """Applies ``key=value`` changes; dots reach inside: ``options.z_dim=64``.

    Raises:
        RecipeError: if a change is not of that form, or its value is not YAML.
    """
    changed = {**raw}
    for change in changes:
        key, equals, value = change.partition("=")
        if not (key and equals):
            raise RecipeError(f"expected key=value, got {change!r}")
        _put(changed, key, _yaml(value, f"the value in {change!r}"))
    return changed


def _put(changed: dict[str, Any], key: str, value: Any) -> None:
    *parents, last = key.split(".")
    inner = changed
    for parent in parents:
        below = inner.get(parent)
        inner[parent] = {**below} if isinstance(below, Mapping) else {}
        inner = inner[parent]
    inner[last] = value


def parse(raw: Mapping[str, Any], what: str = "recipe") -> Recipe:
    """Checks plain data and builds a recipe.

    Raises:
        RecipeError: quoting every key nobody reads and every value out of range.
    """
    try:
        return Recipe.read(raw, what)
    except UnknownNameError as error:
        raise RecipeError(f"{what}: {error}") from None


def load(source: str | Path, changes: Sequence[str] = (), path: str | None = None) -> Recipe:
    """Reads, overrides and checks a recipe in one go.

    A classifier is to be judged on what it did not learn from, unless the recipe says else. Not so
    in :func:`parse`: the recipe in a bundle says what was done.

    Args:
        path: where the images lie, whatever the recipe and the changes say; unlike a change, it is
            not read as YAML, which cannot hold every name that a file may have.
    """
    raw = override(read(source), changes)
    if path:
        _put(raw, "data.path", path)
    recipe = parse(raw, str(source))
    data = recipe.data
    judged = "classify" in recipe.abilities and sources[data.name].divides
    if data.held_out is not None or not judged:
        return recipe
    return recipe.model_copy(update={"data": data.model_copy(update={"held_out": True})})


def _shipped() -> Iterable[Any]:
    return (files("ganzoo") / "recipes").iterdir()


def _yaml(text: str, what: str) -> Any:
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: of 2026-13-01, which is no date
        raise RecipeError(f"{what} is not YAML: {error}") from None


def _rate(raw: Any) -> float:
    try:
        rate = float(raw)
    except (TypeError, ValueError):
        raise ValueError("expected a number, or one for each player") from None
    if not 0 <= rate < inf:
        raise ValueError("a learning rate is a finite number, at least 0")
    return rate
