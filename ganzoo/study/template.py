"""A study file to start from, with every choice explained."""

from ganzoo.study.design import named
from ganzoo.study.protocols import protocols

OPTIONS = {
    "single": "",
    "timed": (
        "options:\n"
        "  rule: weighted    # right: -10 ms, wrong: +30 ms, settles at 75 % right; or\n"
        "                    # three_up_one_down\n"
        "  start: 500        # ms, between low: 100 and high: 1000\n"
    ),
    "grid": "options: {rows: 3, columns: 3}\n",
    "pair": (
        "options:\n"
        "  against: real     # or model: fakes of two models (then assign: within, and without\n"
        "                    # feedback or qualification: none is right)\n"
        "  exposure: 1000    # ms; 0 for as long as one likes\n"
    ),
}
SIZES = {
    "single": "trials: 100         # 50 real, 50 fake, as in HYPE\n",
    "timed": "trials: 150         # in each of three blocks, as in HYPE\nblocks: 3\n",
    "grid": "trials: 8           # grids\n",
    "pair": "trials: 40          # pairs\n",
}
TEXT = """\
# {name}: {title}. Edit, then: ganzoo study prepare {name}.yaml
# Design and exclusion rules are on record before the first participant, and never change after.
name: {name}
title: Real or fake?
protocol: {protocol}
{options}{sizes}practice: 10        # with feedback where one can be right; counted in no figure
feedback: false     # after the answers that count; it changes results drastically
checks: 2           # attention checks, spread over the main part
examples: 6         # of each kind, in the instructions
share_real: 0.5
tell_share: true    # say so in the instructions, as HYPE does
time_limit_s: 0     # for one answer; 0 for none
assign: between     # one model per participant, in turn; or within: all of them
seed: 1             # of every order that is drawn
planned: 30         # participants; HYPE takes 30 per model
stop_when_full: false
# qualification: {{trials: 100, passes: 0.65}}    # HYPE's entrance examination; who fails is
#                                               # told so, and counted apart ("unqualified")

stimuli:
  models: [dcgan-fashion]      # names in checkpoints/, folders, or hub:user/name@revision
  per_model: 300               # no participant sees a picture twice
  reals: {{name: fashion_mnist, split: test, size: 32, channels: 1}}
  crop: 28                     # these networks paint a border that the data set does not have
  psi: 1.0                     # styles drawn to their mean, where a model has styles
  # truncation: 0.8            # latents cut at this threshold
  seed: 1

consent:
  version: "1"
  text: >
    You will see pictures and say which are real and which were made by a computer.
    Your answers and their times are stored without your name, and can be deleted at any time
    with a code that you are given before the first picture and at the end. You can stop whenever
    you like.

instructions: ""
debriefing: ""
# completion: {{code: ABC123, redirect: "https://app.prolific.com/submissions/complete?cc={{code}}"}}

exclude:                       # said beforehand, applied by ganzoo study analyze
  incomplete: true
  failed_checks: 1             # more than this many
  fastest_ms: 300              # a median reaction time below this, from the question on
  one_answer: 0.95             # the same answer in more than this share of trials
  # looked_again: 0.1          # the page loaded anew in more than this share of trials
"""


def template(name: str, protocol: str) -> str:
    """The text of a study file that can be prepared as it is.

    Raises:
        StudyError: if the name cannot be one.
        UnknownNameError: if there is no such protocol.
    """
    kind = protocols[protocol]
    return TEXT.format(
        name=named(name), title=kind.title, protocol=protocol,
        options=OPTIONS.get(protocol, ""), sizes=SIZES.get(protocol, ""),
    )  # fmt: skip
