"""A session that the watch's service cannot carry: refused at the import, never an older one in its place."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from syncd.cli.opened import opened_world
from syncd.domain.notation import parse_workout
from syncd.paths import locate

MANY = "31x(200m R + 200m jog) + 5min E"
STEPS = " + ".join(["1min E"] * 62)
NESTED = "2x(3x(2x(200m R + 200m jog) + 400m jog) + 800m jog) + 5min E"


def plan_with(syncd, tmp_path, workout: str):
    """The exported plan with another workout on its first day."""
    file = tmp_path / "plan.txt"
    syncd("plan", "export", str(file))
    lines = file.read_text().splitlines()
    week = next(number for number, line in enumerate(lines) if line.startswith("week"))
    weekday, day, kind, *_ = lines[week + 1].split()
    lines[week + 1] = f"{weekday} {day} {kind} {workout}"
    file.write_text("\n".join(lines) + "\n")
    return file


@pytest.mark.parametrize(
    ("workout", "why"),
    [
        (STEPS, "its workout has 62 steps, Garmin carries 50"),
        (NESTED, "its repeats are nested 3 deep, Garmin carries 2"),
    ],
)
def test_an_import_refuses_it_and_says_why(syncd, on_garmin, tmp_path, workout, why):
    syncd("sync")
    before = syncd("plan", "--json").json
    file = plan_with(syncd, tmp_path, workout)
    said = syncd("plan", "import", str(file))
    assert said.code == 2
    assert why in said.err
    assert "nothing was imported" in said.err
    assert said.err.count("\n") == 1
    assert syncd("plan", "--json").json == before


def test_repeats_count_once_however_often_they_are_run(syncd, on_garmin, tmp_path):
    syncd("sync")
    assert syncd("plan", "import", str(plan_with(syncd, tmp_path, MANY))).code == 0


@pytest.fixture
def committed(syncd, on_garmin):
    """A session of 62 steps in the plan, as an earlier version took it; its day and its workout there."""
    syncd("sync")
    entry = min(on_garmin.account.schedules.values(), key=lambda each: each["date"])
    day = date.fromisoformat(entry["date"])
    now = datetime.fromisoformat("2026-01-05T07:00:00+01:00")
    with opened_world(locate(), now) as (world, _):
        (session,) = world.store.plan.between(day, day)
        made = parse_workout(" + ".join(["1min @6:00-6:30/km"] * 62), name=session.resolved.name)
        world.store.plan.replace(replace(session.session, workout=made), made, session.zone_set_id)
    return day, str(entry["workoutId"])


def test_its_day_never_shows_an_older_workout_and_the_state_stays_visible(syncd, on_garmin, committed):
    day, number = committed
    why = "its workout has 62 steps, Garmin carries 50"
    announced = syncd("sync", "--dry-run")
    assert (why in announced.out, "would remove" in announced.out) == (True, True)
    for _ in range(3):
        said = syncd("sync")
        assert said.code == 0
        assert why in said.out
        assert number not in on_garmin.account.workouts
        assert day.isoformat() not in {each["date"] for each in on_garmin.account.schedules.values()}
    for command in ("status", "next", "watch"):
        assert why in " ".join(syncd(command).out.split())
    (first, *_) = syncd("watch", "--json").json["sessions"]
    assert first["state"] == "refused"
