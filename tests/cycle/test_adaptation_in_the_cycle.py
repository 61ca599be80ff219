"""The plan answers: the next quality session follows the reps of the last, with a reason, once."""

from datetime import timedelta

from syncd.cycle.outcomes import quality_outcomes
from syncd.cycle.planning import level_decisions
from syncd.cycle.withdrawing import withdraw
from syncd.domain.delivery.actions import verb_of
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.reason import Reason
from syncd.domain.training.reasons import entered_result
from syncd.domain.training.zones import zones_from_result
from syncd.report.history import day_answer
from syncd.report.reader import Reader
from syncd.sandbox.scenario import Scenario
from tests.support.said import in_km
from tests.support.scene import MONDAY, Scene


def live(scene: Scene, days: int, quality: Scenario, others: Scenario = Scenario.PERFECT) -> list:
    """Run everything that is due for some days; the changes of the plan on the way."""
    changes = []
    for day in range(days):
        changes += scene.sync(day, hour=6).changes
        due = scene.sessions(day, day)
        if due:
            scene.run_session(day, quality if due[0].session.family == "hm_m" else others)
            changes += scene.sync(day).changes
    return changes


def quality_levels(scene: Scene) -> list[int]:
    return [each.session.level for each in scene.sessions(0, 60) if each.session.family == "hm_m"]


def test_a_plan_that_is_followed_is_not_changed(scene: Scene) -> None:
    assert live(scene, 13, Scenario.PERFECT) == []
    assert quality_levels(scene)[:3] == [1, 2, 2]


def test_a_quality_run_that_faded_repeats_its_level_and_says_why(scene: Scene) -> None:
    changes = live(scene, 3, Scenario.FADING)
    (change,) = changes
    assert change.rule == "A9"
    assert change.before.level == 2
    assert change.after.level == 1
    assert "of 3 reps on 6 Jan" in in_km(change.reason)
    assert change.evidence == {"sessions": ["2026w02-1"]}
    assert quality_levels(scene)[:2] == [1, 1]


def test_a_quality_run_that_was_too_fast_throughout_repeats_its_level_and_is_no_failure(scene: Scene) -> None:
    live(scene, 10, Scenario.TOO_FAST)
    with scene.world(scene.at(10)) as world:
        outcomes = quality_outcomes(world.store, MONDAY + timedelta(days=10))["hm_m"]
        decided = {change.rule for change in world.store.changes.newest(50)}
    assert [outcome.reps_too_fast for outcome in outcomes] == [outcome.reps_planned for outcome in outcomes]
    assert len(outcomes) == 2
    assert "A10" not in decided
    assert quality_levels(scene)[:3] == [1, 1, 1]


def test_when_the_run_of_the_newest_session_is_deleted_the_one_before_decides_the_next(scene: Scene) -> None:
    live(scene, 8, Scenario.PERFECT)
    scene.run_session(8, Scenario.FADING)
    scene.sync(8)
    assert decided_by(scene, 8) == ("2026w03-1",)
    (run,) = scene.inbox.glob("2026-01-13-*")
    run.unlink()
    with scene.world(scene.at(9, 7)) as world:
        (newest,) = world.store.activities.newest(1)
        withdraw(world, newest.id, Reason(WithdrawalCause.DELETED), scene.at(9, 7))
    scene.sync(9, hour=8)
    assert decided_by(scene, 9) == ("2026w02-1",)
    assert scene.sync(9, hour=10).changes == ()


def decided_by(scene: Scene, day: int) -> tuple[str, ...]:
    """The sessions that the level of the next one rests on."""
    with scene.world(scene.at(day, 22)) as world:
        return level_decisions(world, MONDAY + timedelta(days=day))["hm_m"].evidence


def test_the_reason_is_told_by_why_and_the_watch_gets_the_changed_workout(scene: Scene) -> None:
    live(scene, 3, Scenario.FADING)
    day = MONDAY + timedelta(days=8)
    with scene.world(scene.at(3)) as world:
        story = day_answer(world, Reader(), day)
        assert story is not None
        assert "rule A9" in str(story.sheet)
        assert "was      2 x 10 min at marathon pace" in str(story.sheet)
        (session,) = world.store.plan.between(day, day)
        on_watch = world.store.ledger.on_sink_at(session.session.id, scene.at(4))
        assert on_watch is not None
        assert on_watch.key.version == session.version


def test_a_change_is_made_once(scene: Scene) -> None:
    live(scene, 3, Scenario.FADING)
    assert scene.sync(3, hour=6).changes == ()
    assert scene.sync(3, hour=7).changes == ()


def test_a_score_whose_reps_cannot_be_judged_changes_nothing(scene: Scene) -> None:
    assert live(scene, 3, Scenario.TREADMILL) == []


def test_a_new_5_km_moves_the_paces_of_what_is_committed_and_on_the_watch(scene: Scene) -> None:
    scene.sync(0, hour=6)
    before = scene.sessions()
    scene.zones = zones_from_result(5000, 1440, as_of=None, source=entered_result(5000.0, "24:00"))
    report = scene.sync(0, hour=7)
    assert {change.rule for change in report.changes} == {"zones"}
    assert all(in_km(change.reason) == "your paces now come from 5 km in 24:00" for change in report.changes)
    after = scene.sessions()
    assert [each.session for each in after] == [each.session for each in before]
    assert all(new.version != old.version for new, old in zip(after, before, strict=True))
    assert {verb_of(action) for action in report.actions} == {"update"}
    assert scene.sync(0, hour=8).quiet
