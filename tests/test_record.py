"""What a bundle says of itself, as people read it."""

from ganzoo.record import line, told


def test_a_protocol_tells_what_it_knows_and_nothing_else():
    protocol = {"n_real": 10, "seed": 0, "mirrored": False, "deviation_over": None, "network": ""}
    assert told(protocol) == {"n_real": "10", "seed": "0", "mirrored": "False"}
    assert line(protocol) == "n_real 10, seed 0, mirrored False"
    assert line({}) == ""
