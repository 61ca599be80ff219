"""The pace of a run in plain characters, with its targets behind it."""

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from array import array
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.activity import Samples
from syncd.domain.notation import parse_workout
from syncd.domain.scoring.card import Scorecard
from syncd.domain.units import KILOMETRES, MILES
from syncd.report.pace_columns import Aim
from syncd.report.pace_plot import pace_plot
from syncd.report.score_views import aims_of
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from tests.domain.scoring.sessions import ON_PACE, SIX_800, scored, six_800, workout
from tests.support.runs import Leg, recorded

FADING = six_800([ON_PACE] * 3 + [275, 290, 305])


def targets_of(card: Scorecard) -> list[Aim]:
    return aims_of(card.steps)


def plotted(legs: list[Leg], notation: str = SIX_800, width: int = 72, units=KILOMETRES, **how) -> list[str]:
    activity = recorded(legs, workout=workout(notation), **how)
    return pace_plot(activity.samples, targets_of(scored(activity, activity.workout)), units, width)


SNAPSHOT = """\
   4:07│                 ████  ████  ████  ░░░░   ░░░░  ░░░░░
       │                                   ▀▀▀▀
       │                                          ▀▀▀▀  ▄▄▄▄▄
       │
       │░░░░░░░░░░░░░░░░░                                    ░░░░░░░░░░░
       │█████████████████                                    ███████████
       │░░░░░░░░░░░░░░░░░                                    ░░░░░░░░░░░
       │░░░░░░░░░░░░░░░░░                                    ░░░░░░░░░░░
   7:05│░░░░░░░░░░░░░░░░░    ▀▀    ▀▀    ▀▀    ▀▀▀    ▀▀     ░░░░░░░░░░░
       └┬──────────┬──────────┬──────────┬──────────┬───────────┬───────
        0          10         20         30         40          50   min
        ░ target   █ pace inside it   ▄ outside, or no target"""


def test_three_repetitions_on_pace_and_three_that_fade() -> None:
    assert "\n".join(plotted(FADING, noise=0.0)) == SNAPSHOT


def test_a_repetition_on_pace_is_solid_and_none_of_it_outside() -> None:
    lines = plotted(six_800(), noise=0.0)
    quick = "".join(lines[:3])
    assert quick.count("█") >= 6 * 3
    assert "▀" not in quick
    assert "▄" not in quick


def test_a_run_that_ignored_the_intervals_has_a_line_and_no_targets() -> None:
    lines = plotted([Leg(350, metres=10_000)])
    assert "░" not in "".join(lines)
    assert "▀" in "".join(lines) or "▄" in "".join(lines)


def test_two_labels_of_pace_and_the_minutes() -> None:
    lines = plotted([Leg(350, metres=8000)], "8km E")
    labelled = [line for line in lines[:9] if ":" in line]
    assert labelled == [lines[0], lines[8]]
    assert lines[-2].split() == ["0", "10", "20", "30", "40", "min"]


def test_miles_have_paces_by_the_mile() -> None:
    by_km, by_mile = plotted(FADING), plotted(FADING, units=MILES)
    assert [line[8:] for line in by_km] == [line[8:] for line in by_mile]
    assert by_km[0][:7] != by_mile[0][:7]


@pytest.mark.parametrize("silence", [Samples(), "no speed"])
def test_without_a_pace_it_says_nothing(silence) -> None:
    activity = recorded(six_800(), workout=workout(SIX_800))
    card = scored(activity, activity.workout)
    if silence == "no speed":
        nothing = array("f", [float("nan")] * len(activity.samples))
        silence = replace(activity.samples, speed_mps=nothing, distance_m=array("d", nothing))
    assert pace_plot(silence, targets_of(card), KILOMETRES) == []


def test_half_an_hour_at_lights_leaves_a_gap() -> None:
    legs = [Leg(350, seconds=1200), Leg(350, seconds=2400, stop_s=1200), Leg(350, seconds=1200)]
    rows = [line[8:].ljust(64) for line in plotted(legs, "80min E")[:9]]
    drawn = ["".join(column).strip(" ░") for column in zip(*rows, strict=True)]
    assert "" in drawn[24:40]
    assert all(drawn[:20])


any_number = st.one_of(st.floats(width=32), st.floats(0, 20, width=32))


@st.composite
def odd_samples(draw) -> Samples:
    count = draw(st.integers(0, 40))

    def column(kind: str, of=any_number) -> "array[float]":
        return array(kind, draw(st.lists(of, min_size=count, max_size=count)))

    clock = column("d", st.one_of(st.floats(0, 20_000), any_number))
    return Samples(clock, clock, column("d"), column("f"), column("f"), column("f"), column("f"))


@given(odd_samples(), st.integers(0, 100), st.sampled_from([KILOMETRES, MILES]), st.booleans())
def test_odd_samples_never_raise_and_never_make_it_wider_or_higher_than_asked(
    samples, width, units, with_steps
) -> None:
    aims = targets_of(scored(recorded(FADING), workout(SIX_800))) if with_steps else ()
    lines = pace_plot(samples, aims, units, width)
    assert len(lines) <= 12
    assert all(len(line) <= width for line in lines)


@given(st.integers(0, 200), st.lists(st.integers(120, 1900), min_size=1, max_size=5))
def test_any_paces_fit_into_any_width(width, paces) -> None:
    lines = plotted([Leg(pace, seconds=120) for pace in paces], width=width)
    assert len(lines) in {0, 11, 12}
    assert all(len(line) <= width for line in lines)
    assert bool(lines) == (width >= 40)


@pytest.fixture
def run_file(tmp_path: Path) -> Path:
    recording = simulate(
        parse_workout(SIX_800.replace(" E", " @5:30-6:10/km")), Runner(vdot=45), Scenario.PERFECT, seed=3
    )
    path = tmp_path / "run.fit"
    start = datetime(2026, 3, 12, 17, 40, tzinfo=UTC)
    path.write_bytes(write_activity(recording, start=start, utc_offset=timedelta(hours=1)))
    return path


def on_a_terminal(*arguments: object, columns: int = 80) -> str:
    """What the program prints where its standard output is a terminal."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {k: v for k, v in os.environ.items() if k not in {"COLUMNS", "LINES"}} | {"PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "syncd", *map(str, arguments)]
    with subprocess.Popen(command, stdout=theirs, env=environment):
        os.close(theirs)
        shown = b""
        while chunk := _read(ours):
            shown += chunk
    os.close(ours)
    return shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux ends a closed terminal with an error
        return b""


def test_a_terminal_shows_it_under_the_score(run_file) -> None:
    shown = on_a_terminal("score", run_file)
    assert shown.index("on plan") < shown.index("░ target")


def test_a_narrow_terminal_does_not(run_file) -> None:
    assert "░" not in on_a_terminal("score", run_file, columns=39)


def test_json_on_a_terminal_stays_json(run_file) -> None:
    assert json.loads(on_a_terminal("score", run_file, "--json"))["schema"] == "syncd.score/1"


def test_a_pipe_gets_no_plot(run_file) -> None:
    command = [sys.executable, "-m", "syncd", "score", str(run_file)]
    shown = subprocess.run(command, capture_output=True, check=True, text=True, encoding="utf-8").stdout
    assert "on plan" in shown
    assert "░" not in shown
