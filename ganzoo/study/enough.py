"""Whether a study has pictures enough for every seat, however the lot falls.

What is left over when models share the trials of a phase or block falls by lot, and so do checks:
the worst is that all of it falls to one model.
"""

import math

from ganzoo.errors import StudyError
from ganzoo.study.design import Design
from ganzoo.study.manifest import Manifest
from ganzoo.study.protocols import Needs, protocols
from ganzoo.study.trials import stretches


def check_enough(design: Design, manifest: Manifest) -> None:
    """Sees that nobody can be turned away for want of pictures.

    Raises:
        StudyError: with the number that is needed.
    """
    way, models = design.stimuli, len(manifest.fakes)
    most = needs(design, models)
    _check("real pictures", most.reals, len(manifest.reals),
           "real_count", way.real_count or way.per_model * len(way.models))  # fmt: skip
    for model, names in manifest.fakes.items():
        there, wanted = len(names), most.fakes
        paired = sum(name in manifest.partners for name in names)
        if most.matched and paired:
            # Others' pairs, and the examples, may take the real answers to this one's inputs.
            there, wanted = paired, most.reals + math.ceil(design.examples / models)
        _check(f"pictures by {model}", wanted, there, "per_model", way.per_model)


def _check(what: str, wanted: int, there: int, key: str, now: int) -> None:
    if wanted > there:
        raise StudyError(
            f"too few pictures: one participant may see {wanted} {what}, if the lot falls so, "
            f"examples and checks included, and there are {there}: set stimuli.{key} to "
            f"{now + wanted - there}, or ask less"
        )


def needs(design: Design, models: int) -> Needs:
    """What one participant may see of that many models, at most."""
    protocol = protocols[design.protocol]

    def takes(met: int, count: int) -> Needs:
        return protocol.needs(met, count, design.share_real, design.options)

    met = models if design.assign == "within" else 1
    entrance = design.qualification.trials if design.qualification else 0
    before = [takes(met, design.practice), takes(met, design.training), takes(models, entrance)]
    blocked = design.order == "blocked"  # a model has one block, and the checks in it
    block, check = (takes(1 if blocked else met, count) for count in (design.trials, 1))
    own, checks = (1, _checks_in_a_block(design)) if blocked else (design.blocks, design.checks)
    return Needs(
        reals=sum(part.reals for part in before)
        + design.blocks * block.reals + design.checks * check.reals + design.examples,
        fakes=sum(part.fakes for part in before)
        + own * block.fakes + checks * check.fakes + math.ceil(design.examples / models),
        matched=block.matched,
    )  # fmt: skip


def _checks_in_a_block(design: Design) -> int:
    """The most that may fall into one."""
    among = stretches(design.checks, design.trials * design.blocks)
    starts = range(0, design.trials * design.blocks, design.trials)
    return max(sum(low < s + design.trials and s < high for low, high in among) for s in starts)
