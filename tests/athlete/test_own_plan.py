"""A plan file in the cycle: its sessions are committed, delivered and scored like any other."""

from dataclasses import replace
from datetime import timedelta

from syncd.athlete.own_plan import ImportedPlan, exported_plan, import_plan
from syncd.domain.plan_file import PlanFile, format_plan, parse_plan
from syncd.domain.session import SessionState
from syncd.domain.training.reasons import entered_result
from syncd.domain.training.zones import resolve_workout, zones_from_result
from tests.support.scene import MONDAY, Scene


def imported(scene: Scene, text: str, day: int = 0) -> ImportedPlan:
    now = scene.at(day, 7)
    with scene.world(now) as world:
        return import_plan(world, parse_plan(text), "coach.txt", now)


def titles(scene: Scene, first: int, last: int) -> list[str]:
    found = scene.sessions(first, last)
    return [each.session.title for each in found if each.state is not SessionState.DROPPED]


ONE_WEEK = "week 2026-01-05\nTue easy 5km E | one\nThu easy 6km E | two\nSun long 8km E | three\n"


def test_importing_before_the_first_cycle_leaves_nothing_to_generate_in_that_week(scene: Scene) -> None:
    assert imported(scene, ONE_WEEK).added == ("2026w02-1", "2026w02-2", "2026w02-4")
    scene.sync(0, 8)
    assert titles(scene, 0, 6) == ["one", "two", "three"]
    assert len(titles(scene, 7, 13)) == 4


def test_committed_sessions_keep_their_ids_when_a_file_replaces_them(scene: Scene) -> None:
    scene.sync(0, 6)
    before = [each.session.id for each in scene.sessions(0, 6)]
    done = imported(scene, ONE_WEEK)
    assert len(before) == 4
    assert list(done.changed) == [before[0], before[1], before[3]]
    assert (done.added, done.dropped) == ((), (before[2],))
    assert titles(scene, 0, 6) == ["one", "two", "three"]


def test_a_file_with_more_runs_than_were_committed_adds_the_others(scene: Scene) -> None:
    scene.sync(0, 6)
    more = "".join(f"{day} easy 4km E | {day}\n" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sun"))
    done = imported(scene, f"week 2026-01-05\n{more}")
    assert (len(done.changed), len(done.added), done.dropped) == (4, 2, ())
    assert titles(scene, 0, 6) == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sun"]


def test_importing_twice_changes_nothing_more(scene: Scene) -> None:
    imported(scene, ONE_WEEK)
    again = imported(scene, ONE_WEEK)
    assert (again.added, again.changed, again.dropped) == ((), (), ())
    assert len(again.unchanged) == 3


def test_importing_again_after_a_better_result_brings_the_new_paces(scene: Scene) -> None:
    text = "week 2026-02-02\nTue hm_m 15min E + 2x(10min M + 2min jog) + 10min E\n"
    imported(scene, text)
    quicker = zones_from_result(5000, 1320, as_of=None, source=entered_result(5000.0, "22:00"))
    with scene.world(scene.at(0, 8)) as world:
        done = import_plan(replace(world, zones=quicker), parse_plan(text), "coach.txt", scene.at(0, 8))
    assert (len(done.repaced), done.unchanged, done.changed) == (1, (), ())
    (session,) = scene.sessions(29, 29)
    assert session.resolved.steps == resolve_workout(session.session.workout, quicker).steps


def test_days_that_are_over_or_done_are_left_out(scene: Scene) -> None:
    imported(scene, ONE_WEEK)
    scene.sync(0, 8)
    scene.run_session(1)
    scene.sync(1, 21)
    done = imported(scene, ONE_WEEK.replace("5km", "7km").replace("6km", "9km"), day=2)
    assert done.left_out == (MONDAY + timedelta(days=1),)
    assert done.changed == ("2026w02-2",)
    (tuesday,) = scene.sessions(1, 1)
    assert (tuesday.state, tuesday.session.distance_m) == (SessionState.DONE, 5000)


def test_a_week_that_is_over_is_not_touched(scene: Scene) -> None:
    done = imported(scene, ONE_WEEK, day=7)
    assert (done.added, len(done.left_out)) == ((), 3)
    assert scene.sessions(0, 6) == ()


def test_a_week_with_a_single_run_does_not_change_the_weeks_after_it(scene: Scene) -> None:
    imported(scene, "week 2026-01-05\nSun long 8km E | only\n")
    scene.sync(0, 8)
    assert titles(scene, 0, 6) == ["only"]
    assert len(titles(scene, 7, 13)) == 4


def test_a_week_of_rest_stays_empty(scene: Scene) -> None:
    imported(scene, "week 2026-01-05 rest\n")
    scene.sync(0, 8)
    assert titles(scene, 0, 6) == []
    assert len(titles(scene, 7, 13)) == 4


def test_an_imported_run_is_scored_against_its_workout(scene: Scene) -> None:
    imported(scene, "week 2026-01-05\nTue easy 5km E | one\n")
    scene.sync(0, 8)
    scene.run_session(1)
    (assessed,) = scene.sync(1, 21).assessed
    assert assessed.session is not None
    assert assessed.session.session.title == "one"
    assert assessed.stored.score is not None


def test_a_second_file_keeps_the_comments_of_weeks_it_does_not_name(scene: Scene) -> None:
    imported(scene, "# first\nweek 2026-01-05\nSun long 8km E\n")
    imported(scene, "# second\nweek 2026-01-12\nSun long 8km E\n")
    with scene.world(scene.at(0)) as world:
        plan = exported_plan(world, MONDAY, 2)
    assert [week.comments for week in plan.weeks] == [("first",), ("second",)]


def test_easing_still_works_on_an_imported_run(scene: Scene) -> None:
    """R20: 8 km is the longest run of the last 30 days."""
    imported(scene, "week 2026-01-05\nTue easy 5km E | one\nSun long 16km E | too far\n", day=0)
    (change,) = scene.sync(0, 8).changes
    assert (change.rule, change.before is not None and change.before.title) == ("R20", "too far")
    (sunday,) = scene.sessions(6, 6)
    assert 8000 < sunday.session.distance_m <= 8800


def test_no_rule_makes_an_imported_run_harder(scene: Scene) -> None:
    hard = "15min E + 2x(5min HM + 90s jog) + 10min E"
    imported(scene, f"week 2026-01-05\nTue hm_m {hard}\nweek 2026-01-12\nTue hm_m {hard}\n")
    scene.sync(0, 8)
    scene.run_session(1)
    assert scene.sync(1, 21).changes == ()


def test_a_week_cut_down_to_its_first_run_does_not_stop_the_planner(scene: Scene) -> None:
    scene.sync(0, 6)
    with scene.world(scene.at(0)) as world:
        (first, second) = exported_plan(world, MONDAY, 2).weeks
    cut = PlanFile((first, replace(second, sessions=second.sessions[:1])))
    assert len(imported(scene, format_plan(cut)).dropped) == 3
    scene.sync(7, 6)
    assert titles(scene, 7, 13) == [
        "long run",
        "2 x 10 min at marathon pace",
    ]  # the first was missed, and moved
    assert titles(scene, 14, 20)
