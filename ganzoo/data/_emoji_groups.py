"""What an emoji shows, by its first code point: Unicode's groups, in coarser form.

Checked against the categories of npm's ``emoji-datasource-google`` 16.0. Faces are apart from the
hearts and bubbles that Unicode counts among smileys, hands and other parts of a body from whole
people; places, objects and signs are one group.
"""

from bisect import bisect_right

OTHERS = "things"
GROUPS = {
    "faces": "2620 2639-263a 1f479-1f47b 1f47d-1f480 1f4a9 1f600-1f644 1f648-1f64a 1f910-1f917 "
    "1f920-1f925 1f927-1f92f 1f970-1f976 1f978-1f97a 1f9d0 1fae0-1fae5 1fae8-1fae9",
    "people": "26f7 26f9 1f385 1f3c2-1f3c4 1f3c7 1f3ca-1f3cc 1f463-1f478 1f47c 1f481-1f483 "
    "1f486-1f487 1f48f 1f491 1f574-1f575 1f57a 1f5e3 1f645-1f647 1f64b 1f64d-1f64e 1f6a3 "
    "1f6b4-1f6b6 1f6c0 1f6cc 1f926 1f930-1f931 1f934-1f93e 1f977 1f9b8-1f9b9 1f9cc-1f9cf "
    "1f9d1-1f9df 1fac2-1fac6",
    "hands": "261d 270a-270d 1f440 1f442-1f450 1f485 1f4aa 1f590-1f596 1f64c 1f64f 1f90c 1f90f "
    "1f918-1f91f 1f932-1f933 1f9b4-1f9b7 1f9bb 1f9be-1f9bf 1f9e0 1fac0-1fac1 1fae6 1faf0-1faf8",
    "nature": "2618 1f331-1f335 1f337-1f33c 1f33e-1f343 1f3f5 1f400-1f43f 1f490 1f4ae 1f54a "
    "1f577-1f578 1f940 1f980-1f9ae 1fab0-1fab4 1fab6-1fabf 1face-1facf",
    "food": "2615 1f32d-1f330 1f336 1f33d 1f344-1f37f 1f382 1f3fa 1f52a 1f942-1f944 1f950-1f96f "
    "1f9c0-1f9cb 1fad0-1fadc",
    OTHERS: "",
}  # fmt: skip


def _spans() -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for group, written in GROUPS.items():
        for span in written.split():
            first, _, last = span.partition("-")
            found.append((int(first, 16), int(last or first, 16), group))
    return sorted(found)


SPANS = _spans()
STARTS = [first for first, _, _ in SPANS]


def group(stem: str) -> str:
    """The group of a drawing called by its code points: ``1f600``, ``1f469-200d-1f680``."""
    try:
        point = int(stem.partition("-")[0], 16)
    except ValueError:
        return OTHERS
    place = bisect_right(STARTS, point) - 1
    return SPANS[place][2] if place >= 0 and point <= SPANS[place][1] else OTHERS
