"""Small studies of pictures made by lot."""

import json
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from ganzoo.study.design import Design, Stimuli
from ganzoo.study.manifest import DESIGN, MANIFEST, PICTURES, Manifest, Prepared, Stimulus
from ganzoo.study.stimuli import encode


def raw(**changes: Any) -> dict[str, Any]:
    """A study as a researcher writes it; ``changes`` replace its keys."""
    return {
        "name": "tiny",
        "title": "Tiny",
        "protocol": "single",
        "trials": 6,
        "stimuli": {"models": ["anna", "bert"], "reals": {"name": "digits"}},
        "consent": {"version": "7", "text": "May we?"},
        "exclude": {},
        **changes,
    }


def made(folder: Path, each: int = 40, **changes: Any) -> Prepared:
    """A prepared study: ``each`` fakes per model, twice as many reals."""
    design = Design.parse(raw(**changes))
    dice = np.random.default_rng(0)
    found: dict[str, tuple[Stimulus, bytes]] = {}
    for model in (*["anna", "bert"] * each, *[None] * 2 * each):
        picture = dice.integers(0, 256, (8, 8, 1), dtype=np.uint8)
        content = encode(picture, Stimuli.model_validate(raw()["stimuli"]))
        name = sha256(content).hexdigest()
        found[name] = (Stimulus(sha256=name, model=model), content)
    folder = folder / design.name
    folder.mkdir(parents=True, exist_ok=True)
    manifest = Manifest(
        design=design.digest, encoder="test", side=8, licences={},
        stimuli=tuple(one for one, _ in found.values()),
    )  # fmt: skip
    (folder / DESIGN).write_text(yaml.safe_dump(raw(**changes)))
    (folder / MANIFEST).write_text(json.dumps(manifest.model_dump(mode="json")))
    with zipfile.ZipFile(folder / PICTURES, "w") as archive:
        for name, (_, content) in found.items():
            archive.writestr(f"{name}.png", content)
    return Prepared(folder)
