"""Colours of a score: a step a colour, and none where nobody sees them."""

from syncd.cli.score_colours import coloured, wanted


def test_each_verdict_has_its_colour_and_other_lines_have_none() -> None:
    said = coloured("2026-03-12: 91 on plan\n 1 800m  ok\n 2 800m  18 s/km slow\n 3 800m  missed").split("\n")
    assert [line[:5] for line in said] == ["2026-", "\x1b[32m", "\x1b[33m", "\x1b[31m"]


def test_a_pipe_has_no_colours(capsys) -> None:
    assert not wanted()
