"""The StyleGAN2 paper's ablation (Karras et al. 2020, Table 1): each row trains, by options alone."""

import pytest
from world import digits, tiny

from ganzoo.training import Trainer

R1, PATH = "{name: r1, weight: 0.3, every: %d}", "{name: path_length, weight: 2, every: 1}"
ROWS = {
    "A: StyleGAN": ("stylegan-fashion", f"penalties=[{R1 % 1}]"),
    "B: demodulation": (
        "stylegan-fashion", "options.modulation=demodulated", f"penalties=[{R1 % 1}]"
    ),
    "C: lazy regularisation": (
        "stylegan-fashion", "options.modulation=demodulated", f"penalties=[{R1 % 8}]"
    ),
    "D: path length": (
        "stylegan-fashion", "options.modulation=demodulated", f"penalties=[{R1 % 8}, {PATH}]"
    ),
    "E: nothing grows": ("stylegan2-fashion", f"penalties=[{R1 % 8}, {PATH}]"),
    "F: larger networks": (
        "stylegan2-fashion", "options.g_base=128", "options.d_base=128",
        f"penalties=[{R1 % 8}, {PATH}]",
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_each_row_takes_two_steps(row):
    recipe = tiny(*ROWS[row])
    trainer = Trainer(recipe, digits(), cpu=True)
    terms = {}
    for _ in range(2):
        terms |= trainer.step()
    assert all(term.isfinite() for term in terms.values())
    assert trainer.finite()
    assert ("g/path_length" in terms) == (row[0] in "DEF")
    names = {name for name, _ in trainer.players.named_modules() if name.endswith("style")}
    assert bool(names) == (row[0] == "A")  # AdaIN is gone with the first step
