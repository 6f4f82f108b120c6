"""What a bundle's ``config.json`` says: how it was made, what it cost, how good it is."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ganzoo.choices import Address, Line, Name

FORMAT = 1
Number = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]  # one that can be drawn
Amount = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=10**15)]
WEIGHTS = r"^[A-Za-z0-9_]+\.safetensors$"  # of one player, in the folder itself


Protocol = dict[str, str | int | float | bool | None]  # what, and how much of it


def told(protocol: Mapping[str, object]) -> dict[str, str]:
    """A protocol for people to read: nothing of what was not measured or bears no name."""
    return {key: str(value) for key, value in protocol.items() if value not in (None, "")}


def line(protocol: Mapping[str, object]) -> str:
    """The same in one line."""
    return ", ".join(f"{key} {value}" for key, value in told(protocol).items())


class _Plain(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Score(_Plain):
    """A number and how it was made: without its protocol it would be no number."""

    name: Line
    value: Number
    deviation: Amount | None = None
    better: Literal["lower", "higher"] = "lower"
    protocol: Protocol = Field(default_factory=dict)


class CurvePoint(_Plain):
    """What was measured at one moment of the training."""

    kimg: Amount
    values: dict[str, Number]


class TruncationPoint(_Plain):
    """What was measured of pictures whose latents were cut at a threshold."""

    threshold: Amount
    values: dict[str, Number]


class TruncationCurve(_Plain):
    """What quality costs in variety, at ascending thresholds, and how it was measured."""

    points: tuple[TruncationPoint, ...]
    protocol: Protocol = Field(default_factory=dict)


class Effect(_Plain):
    """What becomes of a concept when its best units are set (Bau et al. 2019, Eqs. 3 and 4).

    ``removed`` is the share of its pixels that are gone when they are 0 everywhere, negative if
    there are more; ``caused`` the average causal effect: how much more of a random place is of the
    concept when they are set high there than when they are 0 there.
    """

    concept: str
    units: tuple[int, ...]
    removed: float
    caused: float


class Dissection(_Plain):
    """Which units of a layer draw which concept, as a segmenter names them.

    ``shares`` are of all pixels, ``iou[u][c]`` how well unit u agrees with concept c where it is
    above ``thresholds[u][c]``, ``means[c][u]`` what it answers on average where c is.
    """

    layer: str
    side: int
    segmenter: str
    concepts: tuple[str, ...]
    shares: tuple[float, ...]
    iou: tuple[tuple[float, ...], ...]
    thresholds: tuple[tuple[float, ...], ...]
    means: tuple[tuple[float, ...], ...]
    effects: tuple[Effect, ...] = ()
    protocol: Protocol = Field(default_factory=dict)


class Cost(_Plain):
    """What the training spent, without its scores; ``best_kimg`` is when the kept one was taken."""

    kimg: Amount
    steps: Count
    seconds: Amount
    best_kimg: Amount
    processor: Line
    threads: Count


class Beginning(_Plain):
    """The bundle whose weights a training began with, instead of random ones.

    ``kimg`` is what they had been shown, if that is known, ``fresh`` how many weights began at
    random all the same; ``continued`` says that it went on with the same training, whose cost is
    counted in;
    ``licences`` are what its weights and those before them stand under, beside the own data's.
    """

    name: str
    sha256: str
    kimg: Amount | None = None
    continued: bool
    fresh: Count = 0
    licences: tuple[Line, ...] = ()


class Beheld(_Plain):
    """The classifier through whose eyes a network was taught: it makes sense of no other's."""

    name: Name
    sha256: str


class Origin(_Plain):
    """The images it learned from."""

    title: Line
    licence: Line
    url: Address = ""
    count: Count
    fingerprint: str


class Provenance(_Plain):
    """Where weights come from that ganzoo did not train."""

    format: str
    source: str
    sha256: str
    repository: str
    licence: str


class BundleConfig(_Plain):
    """The content of ``config.json``. A recipe inside is read by :mod:`ganzoo.config`.

    ``parameters`` says how many numbers each player has learned, so that a list of bundles builds
    no network to tell.
    """

    format: int = FORMAT
    library: Literal["ganzoo"] = "ganzoo"
    version: str
    name: Name
    recipe: dict[str, Any]
    classes: tuple[str, ...] = ()
    data: Origin | None = None
    cost: Cost | None = None
    beginning: Beginning | None = None
    classifier: Beheld | None = None
    provenance: Provenance | None = None
    metrics: tuple[Score, ...] = ()
    curve: tuple[CurvePoint, ...] = ()
    truncation: TruncationCurve | None = None
    dissection: Dissection | None = None
    parameters: dict[str, Count] = Field(default_factory=dict)
    sha256: dict[Annotated[str, Field(pattern=WEIGHTS)], str]

    @property
    def measured(self) -> dict[str, Any]:
        """What was found out about the weights once they were there, by its name here."""
        found = {key: getattr(self, key) for key in ("metrics", "truncation", "dissection")}
        return {key: value for key, value in found.items() if value}
