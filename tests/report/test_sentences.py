"""What people read is plain English: numbers and nouns agree, nothing of the machine shows."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from syncd.athlete.time_off import pause, sick
from syncd.cycle.arrivals import what_else
from syncd.cycle.planning import projection
from syncd.cycle.run import SyncReport, run
from syncd.domain.activity import Activity
from syncd.domain.arrival import Remark
from syncd.domain.athlete import Goal, Race
from syncd.domain.delivery.actions import Forget, Put, Release, Remove
from syncd.domain.delivery.remote import Desired, LedgerRow, LedgerState, OwnerKey, RemoteWorkout
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.notation import parse_workout
from syncd.domain.reason import Reason
from syncd.domain.scoring.card import Alignment, Flag, Scorecard, StepRow, StepStatus, Tier
from syncd.domain.scoring.judgement import Judgement
from syncd.domain.scoring.reasons import MatchReason
from syncd.domain.session import Session, SessionKind
from syncd.domain.training.planning_rules import PLANNING_RULES
from syncd.domain.training.reasons import Cause, session_fact, time_off
from syncd.domain.units import KILOMETRES, MILES
from syncd.domain.workout import PaceBand, Step, Workout
from syncd.report.aim_texts import countdown_text
from syncd.report.reasons import reason_text
from syncd.report.remarks import remark_text
from syncd.report.run_title import session_run_text, unplanned_run_text
from syncd.report.score_reasons import attribution_text
from syncd.report.score_views import step_text, target_text, verdict_text
from syncd.report.status import Sink, SyncStatus, status_sheet
from syncd.report.sync_report import sync_sheet
from syncd.report.sync_status import ago_text
from syncd.report.sync_views import action_text, by_text, change_text
from syncd.report.training_views import plan_sheet, session_sheet
from syncd.store.changes import BY_ATHLETE, Change
from tests.report.test_reasons import FACTS
from tests.support.scene import MONDAY, Scene

NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)
TUESDAY = date(2026, 3, 17)
KEY = OwnerKey("me", "2026w12-1", "a" * 12)


def session(notation="15min E + 3x(5min HM + 90s jog) + 10min E", **more):
    values = {
        "id": "2026w12-1",
        "day": TUESDAY,
        "kind": SessionKind.HM_M,
        "title": "3 x 5 min at half-marathon pace",
        "workout": parse_workout(notation),
        "distance_m": 6900,
        "duration_s": 2580,
        "rpe": (5, 6),
        "hard": True,
    }
    return Session(**(values | more))


# numbers


@pytest.mark.parametrize("cause", [cause for cause in Cause if FACTS[cause]])
def test_one_of_anything_is_singular(cause):
    facts = {name: 1 if type(value) is int else value for name, value in FACTS[cause].items()}
    facts |= {"by": 1.0} if "by" in facts else {}
    text = reason_text(Reason(cause, facts), KILOMETRES)
    assert not re.search(r"\b1 (?!is\b)[a-z]+s\b", text), text


@pytest.mark.parametrize(
    ("count", "last"),
    [(0, "No changes for the watch, nothing sent."), (1, "1 change for the watch, nothing sent."),
     (3, "3 changes for the watch, nothing sent.")],
)  # fmt: skip
def test_a_dry_run_counts_its_changes(count, last):
    report = SyncReport(actions=(put(),) * count)
    assert str(sync_sheet(report, KILOMETRES, dry_run=True)).splitlines()[-1] == last


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "just now"), (12, "12 min ago"), (90, "90 min ago"), (180, "3 h ago"), (3000, "2 days ago")],
)
def test_how_long_ago(minutes, text):
    assert ago_text(NOON - timedelta(minutes=minutes), NOON) == text


@pytest.mark.parametrize(
    ("days", "text"),
    [(0, "today"), (1, "in 1 day"), (20, "in 20 days"), (21, "in 3 weeks"), (90, "in 12 weeks")],
)
def test_how_long_until_a_race(days, text):
    assert countdown_text(TUESDAY + timedelta(days=days), TUESDAY) == text


# actions on the watch


def put():
    want = Desired(KEY, TUESDAY, "3 x 5 min [w12-1]", Workout(session().workout.steps))
    return Put(want, "not on the watch yet")


@pytest.mark.parametrize(
    ("action", "text"),
    [
        (put(), "create  Tue 17 Mar  3 x 5 min   not on the watch yet"),
        (
            Remove(RemoteWorkout("1", TUESDAY, KEY, title="w12-1 3 x 5 min"), KEY, "its day is over"),
            "remove  Tue 17 Mar  3 x 5 min   its day is over",
        ),
        (
            Release(KEY, TUESDAY, None, "removed by hand: not put back"),
            "leave   Tue 17 Mar  workout   removed by hand: not put back",
        ),
        (
            Forget(LedgerRow(KEY, TUESDAY, LedgerState.DONE), "long past"),
            "forget  Tue 17 Mar  workout   long past",
        ),
    ],
    ids=["create", "remove from a folder", "leave", "forget"],
)
def test_the_mark_of_a_session_is_not_for_people(action, text):
    assert action_text(action) == text


# changes


SKIPPED = Reason(Cause.SKIPPED)


def change(rule, reason=SKIPPED):
    return Change(NOON, rule, "2026w12-1", reason, session(), session(title="8 km easy"))


@pytest.mark.parametrize(("rule", "text"), [("A8", "rule A8"), (BY_ATHLETE, "your decision"), ("zones", "")])
def test_who_changed_the_plan(rule, text):
    assert by_text(change(rule)) == text


def test_new_paces_come_from_no_rule():
    source = Reason(Cause.RESULT, {"distance_m": 10_000.0, "origin": "race"}).to_json()
    text = change_text(change("zones", Reason(Cause.NEW_PACES, {"source": source})))
    assert text.endswith("because your paces now come from 10 km race")


# steps


BAND = PaceBand.of_paces(317, 337)


def row(pace, *, in_band=True, credit=1.0, notation="5min HM"):
    step = parse_workout(notation).steps[0]
    assert isinstance(step, Step)
    return StepRow(
        n=1, role="run", planned=replace(step, target=BAND), distance_m=900.0, timer_s=300.0,
        pace_s_per_km=pace, hr_bpm=None, credit=credit, status=StepStatus.DONE, in_band=in_band, rep=1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("pace", "in_band", "text"),
    [
        (325, True, "ok"),
        (316.6, True, "ok"),
        (315, True, "ok, 2 s/km quick"),
        (340, True, "ok, 3 s/km slow"),
        (310, False, "7 s/km quick"),
        (349, False, "ok, 12 s/km slow"),
    ],
)
def test_a_step_outside_its_band_says_so_also_where_that_is_forgiven(pace, in_band, text):
    assert verdict_text(row(pace, in_band=in_band), KILOMETRES) == text


@pytest.mark.parametrize(
    ("notation", "kilometres", "miles"),
    [
        ("15min E", "15 min", None),
        ("90s jog", "90 s", None),
        ("2min30 T", "2:30 min", None),
        ("1h05 E", "1:05 h", None),
        ("800m I", "800 m", None),
        ("1km I", "1 km", "1000 m"),
        ("1mi I", "1609 m", "1 mi"),
        ("7.2km E", "7.2 km", "4.5 mi"),
        ("2900m E", "2.9 km", "1.8 mi"),
        ("lap E", "to the lap button", None),
    ],
)
def test_the_length_of_a_step_is_told_as_a_runner_would(notation, kilometres, miles):
    planned = replace(row(325), planned=parse_workout(notation).steps[0], role="run")
    assert step_text(planned, KILOMETRES) == kilometres
    assert step_text(planned, MILES) == (miles or kilometres)


@pytest.mark.parametrize(
    ("notation", "text"),
    [
        ("20min @HR121-148", "121-148 bpm"),
        ("20min @Z2", "heart-rate zone 2"),
        ("20min @RPE4", "effort 4"),
        ("20min @RPE8-9", "effort 8-9"),
        ("20min", ""),
    ],
)
def test_the_target_of_a_step_is_no_notation(notation, text):
    assert target_text(parse_workout(notation).steps[0], KILOMETRES) == text


# titles


def judged(notation, *flags):
    card = Scorecard(2, 100, None, 1.0, (), Alignment(Tier.INDEX, 1, 1), (), flags, (), 2, 2)
    return Judgement(notation=notation, card=card)


@pytest.mark.parametrize(
    ("notation", "change"),
    [
        ("15min E + 2x(5min HM + 90s jog) + 10min E", ", shortened"),
        ("15min E + 4x(5min HM + 90s jog) + 10min E", ", extended"),
        ("15min E + 3x(5min @5:10-5:20/km + 90s jog) + 10min E", ""),
        ("10min E + 5km T", ", changed"),
    ],
)
def test_a_session_that_was_run_otherwise_says_so_in_its_title(notation, change):
    title = session_run_text(session(), judged(notation, Flag.RAN_OTHER_VERSION), KILOMETRES)
    assert title == f"3 x 5 min at half-marathon pace{change}"
    assert session_run_text(session(), judged(notation), KILOMETRES) == "3 x 5 min at half-marathon pace"


@pytest.mark.parametrize(
    ("hour", "sub_sport", "name", "text"),
    [
        (6, "", "", "Morning run"),
        (13, "", "", "Lunch run"),
        (18, "", "", "Evening run"),
        (23, "", "", "Night run"),
        (18, "trail", "", "Trail run"),
        (18, "treadmill", "", "Indoor run"),
        (18, "trail", "With Anna", "With Anna"),
    ],
)
def test_a_run_without_a_session_has_a_title(hour, sub_sport, name, text):
    run = Activity(datetime(2026, 3, 12, hour, tzinfo=UTC), "running", sub_sport, utc_offset=timedelta(0))
    assert unplanned_run_text(run, name) == text


# where a run comes from, and where it goes


@pytest.mark.parametrize(
    ("sport", "variant", "text"),
    [
        ("training", "strength_training", "strength training"),
        ("hiking", "generic", "hiking"),
        ("cycling", "", "cycling"),
        ("cycling", "indoor_cycling", "indoor cycling"),
        ("hiking", "trail", "trail hiking"),
        ("", "", "no sport given"),
    ],
)
def test_a_sport_is_named_once(sport, variant, text):
    assert what_else(Activity(NOON, sport, variant)) == (text, "")


def test_a_run_that_may_be_several_sessions_names_them():
    planned = [session_fact(session()), session_fact(session(day=TUESDAY + timedelta(days=1)))]
    text = attribution_text(
        Reason(MatchReason.COULD_BE_ANY, {"sessions": ["a", "b"], "planned": planned}), KILOMETRES
    )
    assert text == (
        "could be 3 x 5 min at half-marathon pace on Tue 17 Mar or "
        "3 x 5 min at half-marathon pace on Wed 18 Mar"
    )
    old = attribution_text(
        Reason(MatchReason.COULD_BE_ANY, {"sessions": ["2026w12-1", "2026w12-2"]}), KILOMETRES
    )
    assert old == "could be more than one of the planned sessions"


@pytest.mark.parametrize(
    ("remark", "text"),
    [
        (Reason(Remark.MORE_FOLLOW, {"behind": 1, "most": 50}), "1 older run to come, 50 per sync"),
        (Reason(Remark.MORE_FOLLOW, {"behind": 1200, "most": 50}), "1,200 older runs to come, 50 per sync"),
        (
            Reason(
                Remark.COUNTS_NO_MORE,
                {"service": "garmin", "day": "2026-03-05", "why": Reason(WithdrawalCause.DELETED).to_json()},
            ),
            "Garmin: the run of Thu 5 Mar is no longer there: it no longer counts",
        ),
    ],
)
def test_a_remark_of_a_sync(remark, text):
    assert remark_text(remark) == text


# the plan


def test_rules_are_shown_without_their_sources():
    shown = str(session_sheet(session(rules=tuple(PLANNING_RULES)), KILOMETRES))
    assert "S22: quality in the distance phase means longer intervals\n" in shown
    assert not re.search(r"article|default|practice\)", shown)


def test_a_week_of_illness_says_that_nothing_is_planned(scene: Scene):
    scene.sync(0, hour=6)
    now = scene.at(1, 7)
    with scene.world(now) as world:
        sick(world, world.today(now), now)
        shown = str(plan_sheet(projection(world, world.today(now), 3), KILOMETRES))
    assert "build          0 km" not in shown
    assert shown.count("distance · off          0 km") == 3
    assert shown.count("Ill since Tue 6 Jan: no runs are planned. Better? syncd resume") == 3
    assert "free" not in shown


def test_a_break_in_part_of_a_week_is_noted_there(scene: Scene):
    scene.sync(0, hour=6)
    now = scene.at(1, 7)
    with scene.world(now) as world:
        pause(world, MONDAY + timedelta(days=3), MONDAY + timedelta(days=4), now)
        first, second = projection(world, world.today(now), 2)
    note = time_off("pause", MONDAY + timedelta(days=3), MONDAY + timedelta(days=4))
    assert (
        reason_text(note, KILOMETRES)
        == "Paused from Thu 8 Jan until Fri 9 Jan: no runs are planned. Back sooner? syncd resume"
    )
    assert (note in first.notes, note in second.notes) == (True, False)


# status


@pytest.fixture
def scene(tmp_path) -> Scene:
    return Scene(tmp_path)


def status_at(scene: Scene, day, hour=7):
    now = scene.at(day, hour)
    with scene.world(now) as opened:
        return str(status_sheet(opened.store, Sink("folder", True), SyncStatus(), now, KILOMETRES))


def test_status_shows_the_days_of_rest_between_the_runs(scene: Scene):
    scene.sync(0, hour=6)
    lines = status_at(scene, 0).splitlines()
    assert lines[2:6] == [
        "Next   Mon  5 Jan  rest",
        "       Tue  6 Jan  3 x 5 min at half-marathon pace  written for the watch",
        "       Wed  7 Jan  rest",
        "       Thu  8 Jan  2.9 km easy                      written for the watch",
    ]
    scene.run_session(1)
    scene.sync(1)
    assert "Tue  6 Jan  rest" not in status_at(scene, 1, 21)


def test_status_counts_the_weeks_to_the_race(scene: Scene):
    now = scene.at(0, 6)
    race = Race(MONDAY + timedelta(weeks=30), Goal.TEN_K)
    with scene.world(now) as world:
        run(replace(world, goal=Goal.TEN_K, race=race), now)
    assert "Race   Mon  3 Aug  10K                              in 30 weeks" in status_at(scene, 0)
    scene.sync(0, hour=8)
    assert "Race" not in status_at(scene, 0)


def test_status_says_why_nothing_is_next(scene: Scene):
    scene.sync(0, hour=6)
    now = scene.at(1, 7)
    with scene.world(now) as world:
        sick(world, world.today(now), now)
    shown = status_at(scene, 1)
    assert "Ill since Tue 6 Jan: no runs are planned. Better? syncd resume" in shown
    assert "rest" not in shown


def test_status_before_the_first_sync(scene: Scene):
    assert status_at(scene, 0).splitlines()[-1] == "Not synced yet. Run: syncd sync"
