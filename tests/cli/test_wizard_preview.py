"""The weeks that the wizard shows are those that the first sync plans."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from syncd.domain.notation import parse_workout
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from tests.cli.conftest import Said

ROME = ZoneInfo("Europe/Rome")
EASY = simulate(parse_workout("5km E"), Runner(vdot=42.0), Scenario.PERFECT, seed=1)
LONG = simulate(parse_workout("8km E"), Runner(vdot=42.0), Scenario.PERFECT, seed=2)
HEALTHY = ("", "", "", "", "", "")


@pytest.fixture(autouse=True)
def january(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNCD_NOW", "2026-01-05T06:30:00+01:00")


def runs_in(inbox: Path, number: int = 62) -> None:
    """Four runs a week, the last one yesterday; 62 of them are sixteen weeks."""
    day = datetime(2026, 1, 4, 9, tzinfo=ROME)
    written = 0
    while written < number:
        if day.weekday() in (1, 3, 5, 6):
            recording = LONG if day.weekday() == 6 else EASY
            offset = day.utcoffset() or timedelta(0)
            content = write_activity(recording, start=day, utc_offset=offset)
            (inbox / f"{day:%Y-%m-%d}.fit").write_bytes(content)
            written += 1
        day -= timedelta(days=1)


def weeks_in(text: str) -> list[str]:
    """The lines of the weeks: from the first one to an empty line, or to what is said next."""
    lines = text.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("wk "))
    ends = [
        number for number, line in enumerate(lines) if number > first and not line.startswith(("wk ", " "))
    ]
    return lines[first : min(ends, default=len(lines))]


def previewed(syncd, typed, folders: tuple[Path, Path], *plan_and_body: str) -> Said:
    typed("Europe/Rome", "km", "folder", "", str(folders[0]), str(folders[1]), *plan_and_body, "yes")
    said = syncd("init", "--force")
    assert said.code == 0, said.err
    return said


def planned(syncd) -> list[str]:
    assert syncd("sync").code == 0
    return weeks_in(syncd("plan", "--weeks", 2).out)


@pytest.mark.parametrize(
    "answers",
    [
        ("10k", "", "4", "20", "8", "", "25:00", "", *HEALTHY),
        ("10k", "", "4", "20", "8", "saturday", "25:00", "", *HEALTHY),
        ("5k", "", "3", "20", "8", "wednesday", "", *HEALTHY),
        ("10k", "", "4", "20", "8", "", "25:00", "", "1 7", "no", *HEALTHY[1:]),
        ("10k", "", "4", "20", "8", "", "25:00", "2025-06-01", *HEALTHY),
        ("none", "4", "0", "0", "", "", *HEALTHY),
        ("half", "2026-05-03", "5", "30", "12", "", "24:00", "", "", "1961", *HEALTHY[2:]),
    ],
    ids=["as proposed", "long on Saturdays", "by effort", "not cleared", "old result", "new", "a race at 64"],
)
def test_the_first_sync_plans_what_was_shown(syncd, typed, folders, answers: tuple[str, ...]) -> None:
    said = previewed(syncd, typed, folders, *answers)
    assert weeks_in(said.err) == planned(syncd)


@pytest.mark.parametrize(
    ("five_k", "number"), [(("",), 62), (("25:00", ""), 12)], ids=["by effort", "with paces"]
)
def test_runs_that_were_found_count_in_both(
    syncd, typed, folders, five_k: tuple[str, ...], number: int
) -> None:
    runs_in(folders[0], number)
    said = previewed(syncd, typed, folders, "10k", "", "", "", "", "", *five_k, *HEALTHY)
    shown = weeks_in(said.err)
    assert "New to running" not in "\n".join(shown)
    assert shown == planned(syncd)


def test_it_says_what_the_preview_comes_from(syncd, typed, folders) -> None:
    answers = ("10k", "", "4", "20", "8", "", "25:00", "", *HEALTHY)
    said = previewed(syncd, typed, folders, *answers)
    assert "Preview of your first two weeks, from your answers. Your runs may change it." in said.err
    runs_in(folders[0], 4)
    said = previewed(syncd, typed, folders, *answers)
    assert "Preview of your first two weeks, from your answers and the runs found:" in said.err
