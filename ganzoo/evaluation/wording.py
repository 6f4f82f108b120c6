"""What the names of scores, and of what stands in their protocols, mean in plain English."""

import re

from ganzoo.metrics import metrics

# What is measured without a file in ganzoo.metrics, by the beginning of its name.
OTHERS = {
    "accuracy": "share named right",
    "pixel_accuracy": "share of pixels named right",
    "mean_iou": "mean overlap of the parts",
    "robust_accuracy_pgd": "share named right under attack",
    "images_per_second": "images per second",
    "cycle": "what the way there and back loses",
    "psnr_back": "peak signal-to-noise ratio of the way there and back, in decibels",
    "diversity": "variety of the answers",
    "flicker": "flicker",
    "named_alike": "share that the classifier names alike",
    "feature_distance": "distance in features",
}
# What stands in a protocol, where its own name would be hard to read.
FACTS = {
    "n_real": "real pictures",
    "n_split": "pictures in the split",
    "n_fake": "generated pictures",
    "data": "data set",
    "deviation_over": "deviation over",
    "real_vs_real": "real against real",
    "real_vs_real_of": "of these reals",
    "latency_ms": "milliseconds for one",
    "plain_images_per_second": "images per second, not prepared",
    "ratio": "times as fast as not prepared",
    "k": "nearest neighbours, the k-th",
    "block": "pictures in a block, at most",
    "cross_term": "compared between the sides",
    "psnr_db": "decibels of likeness to float32",
}
# What stands before a measure, and what it makes of it.
OF = (
    (re.compile(r"level_(\d+)_(.+)"), "{1} at level {0}"),
    (re.compile(r"back_(.+)"), "{0} on the way back"),
    (re.compile(r"transfer_(.+)"), "{0} of transferred dances"),
)


def plain(name: str) -> str:
    """What is measured by the score of that name; the name itself where nobody knows.

    ``fid_mnist_cnn_10k`` is a Fréchet distance: which network saw how many pictures is in the name
    and in the protocol.
    """
    for pattern, words in OF:
        if found := pattern.fullmatch(name):
            *of, measure = found.groups()
            return words.format(*of, plain(measure))
    known = OTHERS | {
        kind: word for metric in metrics.values() for kind, word in metric.words.items()
    }
    kinds = [kind for kind in known if name == kind or name.startswith(f"{kind}_")]
    return known[max(kinds, key=len)] if kinds else name


def fact(name: str) -> str:
    """What is told by an entry of that name in a protocol."""
    if name.endswith("_sha256"):
        return f"SHA-256 of the {name.removesuffix('_sha256')}"
    return FACTS.get(name, name.replace("_", " "))
