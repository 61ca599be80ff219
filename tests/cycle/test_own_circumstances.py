"""Race, phase, blocked days, health and a missing 5 km shape the athlete's own plan, not only a preview."""

from dataclasses import replace
from datetime import timedelta

from syncd.cycle.run import run
from syncd.domain.athlete import Concern, Goal, Health, Race
from syncd.domain.session import Phase, SessionKind
from syncd.domain.training.hr_zones import HeartMeasurements, heart_rate_zones
from syncd.domain.workout import EffortTarget, HeartRateBand, PaceBand, ZoneTarget, steps_of
from tests.support.said import in_km
from tests.support.scene import MONDAY, Scene


def synced(scene: Scene, day: int = 0, **circumstances):
    """One cycle under other circumstances; the sessions that are committed after it."""
    now = scene.at(day, 6)
    with scene.world(now) as world:
        report = run(replace(world, **circumstances), now)
        assert report.problems == ()
    return [each.session for each in scene.sessions()]


def test_nothing_is_planned_on_a_blocked_day(scene: Scene) -> None:
    blocked = MONDAY + timedelta(days=3)
    assert blocked in [session.day for session in synced(Scene(scene.folder / "free"))]
    assert blocked not in [session.day for session in synced(scene, blocked=frozenset({blocked}))]


def test_with_a_concern_there_is_no_hard_session_and_the_week_says_why(scene: Scene) -> None:
    health = Health.saying(Concern.STRESS_FRACTURE, since=MONDAY)
    assert not any(session.hard for session in synced(scene, health=health))
    with scene.world(scene.at(0)) as world:
        notes = " ".join(in_km(note) for week in world.store.plan.weeks() for note in week.notes)
    assert "see a doctor" in notes


def test_without_a_5_km_everything_is_by_effort_and_reaches_the_watch(scene: Scene) -> None:
    sessions = synced(scene, zones=None, entered=None)
    targets = {type(step.target) for session in sessions for step in steps_of(session.workout.steps)}
    assert EffortTarget in targets
    assert ZoneTarget not in targets
    assert len(list(scene.outbox.glob("*.fit"))) > 3


def test_a_race_in_eleven_weeks_is_trained_for_and_not_only_longer(scene: Scene) -> None:
    race = Race(MONDAY + timedelta(days=76), Goal.FIVE_K)
    synced(scene, race=race)
    with scene.world(scene.at(0)) as world:
        assert {week.phase for week in world.store.plan.weeks()} == {Phase.COMBINE}


def test_the_athletes_phase_begins_with_the_next_week_that_is_planned(scene: Scene) -> None:
    synced(scene)
    for day in range(1, 6):  # after a sixth day without a run it would be a return (A2)
        synced(scene, day, phase=Phase.SPEED)
    with scene.world(scene.at(6)) as world:
        weeks = world.store.plan.weeks()
    assert [week.phase for week in weeks] == [Phase.DISTANCE, Phase.DISTANCE, Phase.SPEED]
    hard = [session.kind for session in weeks[2].sessions if session.hard]
    assert hard
    assert SessionKind.HM_M not in hard


def test_easy_running_is_held_below_a_measured_ceiling_and_quality_keeps_its_paces(scene: Scene) -> None:
    heart = heart_rate_zones(HeartMeasurements(hr_max=190))
    synced(scene, heart=heart)
    by_kind = {each.session.kind: each.resolved for each in scene.sessions()}
    (easy,) = by_kind[SessionKind.LONG].steps
    assert easy.target == HeartRateBand(easy.target.low_bpm, heart.easy_max)
    assert {type(step.target) for step in steps_of(by_kind[SessionKind.HM_M].steps)} == {PaceBand, type(None)}


def test_a_ceiling_measured_later_reaches_what_is_committed_with_its_reason(scene: Scene) -> None:
    synced(scene)
    now = scene.at(0, 7)
    with scene.world(now) as world:
        report = run(replace(world, heart=heart_rate_zones(HeartMeasurements(hr_max=190))), now)
    assert {change.rule for change in report.changes} == {"zones"}
    assert all("easy runs now stay below" in in_km(change.reason) for change in report.changes)
