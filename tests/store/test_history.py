"""Runs, where they came from, how they were judged, and what was changed because of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from syncd.domain.activity import Device, Trait
from syncd.domain.athlete import PastRun
from syncd.domain.reason import Reason
from syncd.domain.scoring.attribution import Attribution, Method
from syncd.domain.scoring.card import (
    Alignment,
    Flag,
    Part,
    ScoreBand,
    Scorecard,
    StepRow,
    StepStatus,
    Strain,
    Tier,
)
from syncd.domain.scoring.judgement import NOTHING_COMPARED, Judgement
from syncd.domain.scoring.prescription import PrescriptionOrigin
from syncd.domain.scoring.reasons import MatchReason, Note, PartReason
from syncd.domain.training.facts import Fact, FactKind
from syncd.domain.training.zones import zones_from_vdot
from syncd.domain.workout import (
    LAP_BUTTON,
    EffortTarget,
    HeartRateBand,
    HeartRateZone,
    PaceBand,
    PaceZone,
    Role,
    Step,
    ZoneTarget,
    lasting,
)
from syncd.store.arrivals import Arrival, ArrivalOutcome
from syncd.store.changes import Change
from syncd.store.scores import StoredScore
from syncd.store.syncs import KEPT
from tests.store.values import CONCRETE, MONDAY, NOW, run, session

TUESDAY = MONDAY + timedelta(days=1)


def add(store, name: str = "a", day: date = TUESDAY, **facts) -> int:
    return store.activities.add(run(**facts), day, "folder", name * 64, NOW)


# --- activities


def test_a_summary_has_what_the_recording_said(store):
    found = store.activities.get(add(store))
    assert (found.start, found.start.utcoffset()) == (run().start, timedelta(hours=1))
    assert found.device == Device("garmin", "fr965", 3_412_345_678)
    assert (found.day, found.timer_s, found.distance_m) == (TUESDAY, 3484.2, 10_234.5)
    assert (found.avg_hr_bpm, found.rpe, found.has_workout, found.is_run) == (152, 6.0, True, True)
    assert (found.source, found.raw_hash, found.added_at) == ("folder", "a" * 64, NOW)
    assert found.pace_s_per_km == pytest.approx(340.4, abs=0.1)


def test_what_was_not_measured_stays_unknown(store):
    bare = run(distance_m=None, avg_hr_bpm=None, rpe=None, utc_offset=None, device=Device(), workout=None)
    found = store.activities.get(store.activities.add(bare, TUESDAY, "folder", "b" * 64, NOW))
    assert (found.distance_m, found.avg_hr_bpm, found.rpe, found.utc_offset) == (None, None, None, None)
    assert (found.device, found.has_workout, found.pace_s_per_km) == (Device(), False, None)


def test_one_content_under_two_names_is_one_run(store):
    first = add(store)
    assert add(store, name="a") == first
    assert store.activities.by_raw_hash("a" * 64) == first
    assert store.activities.count_runs() == 1


def test_the_planner_gets_runs_only_and_only_of_these_days(store):
    add(store, "a")
    add(store, "b", sport="cycling")
    add(store, "c", day=TUESDAY + timedelta(days=1), distance_m=None)
    add(store, "d", day=TUESDAY + timedelta(days=2))
    assert store.activities.runs_between(TUESDAY, TUESDAY + timedelta(days=1)) == (
        PastRun(TUESDAY, 10_234.5, 3484.2),
        PastRun(TUESDAY + timedelta(days=1), 0.0, 3484.2),
    )
    assert len(store.activities.summaries(TUESDAY, TUESDAY)) == 2


def test_a_run_is_unattributed_until_it_has_a_score_even_an_empty_one(store):
    identity = add(store)
    add(store, "b", sport="cycling")
    assert [each.id for each in store.activities.unattributed()] == [identity]
    unplanned = Attribution(Method.UNPLANNED, None, 1.0, Reason(MatchReason.NOTHING_PLANNED))
    store.scores.record(StoredScore(identity, unplanned, NOW))
    assert store.activities.unattributed() == ()


def test_the_newest_runs_come_first(store):
    old = add(store, "a")
    new = add(store, "b", start=run().start + timedelta(days=1))
    assert [each.id for each in store.activities.newest(5)] == [new, old]


def test_the_athlete_can_say_how_it_felt(store):
    identity = add(store)
    store.activities.set_rpe(identity, 8)
    assert store.activities.get(identity).rpe == 8.0


# --- arrivals


def arrival(fingerprint: str = "1", outcome: ArrivalOutcome = ArrivalOutcome.UNREADABLE, **more) -> Arrival:
    return Arrival("folder", "a/run.fit", fingerprint, outcome, NOW, **more)


def test_a_file_that_was_looked_at_is_known_until_it_changes(store):
    store.arrivals.record(arrival(reason="damaged after 3 records"))
    assert store.arrivals.known("folder") == {("a/run.fit", "1")}
    assert store.arrivals.known("strava") == frozenset()
    assert store.arrivals.get("folder", "a/run.fit", "2") is None


def test_an_unreadable_file_is_remembered_with_its_reason(store):
    bad = arrival(reason="damaged after 3 records", raw_hash="c" * 64)
    store.arrivals.record(bad)
    store.arrivals.record(bad)
    store.arrivals.record(replace(arrival("2", ArrivalOutcome.RUN), activity_id=add(store)))
    assert store.arrivals.unreadable() == (bad,)
    assert store.arrivals.unreadable("strava") == ()


def test_the_files_of_a_run_are_known(store):
    identity = add(store)
    twice = [
        arrival("1", ArrivalOutcome.RUN, activity_id=identity, raw_hash="a" * 64),
        replace(arrival("9", ArrivalOutcome.DUPLICATE, activity_id=identity), remote_id="copy.fit"),
    ]
    for each in twice:
        store.arrivals.record(each)
    assert set(store.arrivals.of_activity(identity)) == set(twice)


# --- scores


CARD = Scorecard(
    algorithm=3,
    score=91,
    band=ScoreBand.ON_PLAN,
    confidence=0.87654321,
    parts=(
        Part("pace", 95, 0.45, (Reason(PartReason.REPS_IN_BAND, {"inside": 3, "of": 3}),)),
        Part("intensity", None, 0.0, (Reason(PartReason.NO_EFFORT),)),
    ),
    alignment=Alignment(Tier.INDEX, 3, 3),
    steps=(
        StepRow(
            n=1,
            role="run",
            planned=Step(lasting(480), PaceBand(3.1, 3.3)),
            distance_m=1544.4,
            timer_s=480.2,
            pace_s_per_km=310.9,
            hr_bpm=None,
            credit=0.0,
            status=StepStatus.DONE,
            in_band=False,
            rep=1,
            effort="work",
            level_pace_s_per_km=305.5,
        ),
        StepRow(2, "", None, 90.0, 30.0, None, 150.0, None, StepStatus.EXTRA, None),
    ),
    flags=(Flag.FADED, Flag.HILLY),
    notes=(Note.STEPS_BY_INDEX,),
    reps_planned=3,
    reps_in_band=2,
)
JUDGEMENT = Judgement(
    PrescriptionOrigin.PUSHED,
    "15min E + 3x(8min HM + 90s jog)",
    CARD,
    ("cut short",),
    frozenset({Trait.HIDDEN_START}),
)


def score(activity_id: int, **more) -> StoredScore:
    facts = {
        "activity_id": activity_id,
        "attribution": Attribution(Method.EXACT, "2026w12-3", 0.95, Reason(MatchReason.WATCH_RAN_IT)),
        "at": NOW,
        "judgement": JUDGEMENT,
        "strain": Strain(0.1234567, None, 4.2, 1200.0),
    }
    return StoredScore(**(facts | more))


@pytest.mark.parametrize(
    "target",
    [None, ZoneTarget(PaceZone.TEN_K), HeartRateBand(120, 140), HeartRateZone(2), EffortTarget(3, 4)],
)
def test_a_card_comes_back_equal_whatever_its_steps_asked_for(store, target):
    identity = add(store)
    row = replace(CARD.steps[0], planned=Step(LAP_BUTTON, target, Role.WARMUP))
    card = replace(CARD, steps=(row,), legacy_text="All slow by 11-69 s/km.", legacy_notes=("A note.",))
    kept = score(identity, judgement=replace(JUDGEMENT, card=card))
    assert store.scores.newest_of(identity) is None
    assert replace(kept, id=store.scores.record(kept)) == store.scores.newest_of(identity)


def test_a_run_without_a_session_is_kept_with_its_reason_and_without_a_card(store):
    identity, main = add(store), add(store, "b")
    part = Attribution(Method.JOINED, None, 0.9, Reason(MatchReason.PART_OF_SESSION, {"title": "long run"}))
    kept = StoredScore(identity, part, NOW, part_of=main)
    store.scores.record(kept)
    found = store.scores.newest_of(identity)
    assert (found.score, found.band, found.confidence, found.algorithm) == (None, None, 0.0, "0")
    assert replace(found, id=0) == kept


def test_the_newest_score_counts_and_the_earlier_ones_stay(store):
    identity = add(store)
    first = store.scores.record(score(identity, judgement=NOTHING_COMPARED))
    second = store.scores.record(score(identity))
    assert store.scores.newest_of(identity) == score(identity, id=second)
    assert [each.id for each in store.scores.history_of(identity)] == [first, second]
    assert store.scores.between(TUESDAY, TUESDAY) == (score(identity, id=second),)
    assert store.scores.between(MONDAY, MONDAY) == ()


def test_a_session_loses_its_score_when_the_run_is_matched_elsewhere(store):
    identity = add(store)
    store.scores.record(score(identity))
    assert store.scores.for_session("2026w12-3").score == 91
    by_hand = Attribution(Method.MANUAL, "2026w12-4", 1.0, Reason(MatchReason.CHOSEN_BY_ATHLETE))
    store.scores.record(score(identity, attribution=by_hand))
    assert store.scores.for_session("2026w12-3") is None
    assert store.scores.for_session("2026w12-4").method == "manual"


# --- changes


def change(**more) -> Change:
    facts = {
        "at": NOW,
        "rule": "A8",
        "session_id": "2026w12-3",
        "reason": Reason("step_up", {"runs": [{"in_band": 3, "planned": 3, "day": "2026-03-12"}], "of": 2}),
        "before": session(),
        "after": replace(session(), level=3, workout=CONCRETE, title="4 x 8 min – longer"),
        "evidence": {"scores": [91, 88], "days": ["2026-03-12", "2026-03-05"]},
        "rests_on": (Fact(FactKind.RUN, "12", {"day": "2026-03-12", "distance_m": 8040.0}),),
    }
    return Change(**(facts | more))


def test_a_change_keeps_reason_evidence_and_the_whole_session_before_and_after(store):
    identity = store.changes.record(change())
    assert store.changes.get(identity) == change(id=identity)
    assert store.changes.of_session("2026w12-3") == (change(id=identity),)
    assert store.changes.of_session("2026w12-4") == ()


def test_an_added_session_has_no_before_and_a_dropped_one_no_after(store):
    added = store.changes.record(change(before=None))
    dropped = store.changes.record(change(after=None))
    assert store.changes.get(added).before is None
    assert store.changes.get(dropped).after is None
    assert [each.id for each in store.changes.newest(2)] == [dropped, added]


def test_a_change_is_undone_once(store):
    identity = store.changes.record(change())
    assert store.changes.undo(identity, NOW)
    assert not store.changes.undo(identity, NOW + timedelta(days=1))
    assert store.changes.get(identity).undone_at == NOW
    assert not store.changes.undo(identity + 1, NOW)


# --- zone sets, cycles, small facts


def test_the_zone_set_in_force_is_the_one_added_last(store, zones):
    first = store.zone_sets.add(zones, NOW)
    assert store.zone_sets.add(zones, NOW) == first
    better = zones_from_vdot(40, as_of=MONDAY, source=Reason.legacy("race"))
    second = store.zone_sets.add(better, NOW)
    assert store.zone_sets.in_force().id == second
    assert store.zone_sets.add(zones, NOW) not in {first, second}
    assert len(store.zone_sets.history()) == 3


def test_a_zone_set_can_be_built_again_from_what_is_stored(store, zones):
    stored = store.zone_sets.get(store.zone_sets.add(zones, NOW))
    assert zones_from_vdot(stored.vdot, as_of=stored.as_of, source=stored.source) == zones


def test_a_cycle_that_was_killed_never_finished(store):
    killed = store.syncs.begin(NOW)
    ended = store.syncs.begin(NOW + timedelta(minutes=10))
    store.syncs.finish(ended, NOW + timedelta(minutes=11), "ok", {"runs": 1})
    assert [(each.id, each.outcome) for each in store.syncs.newest(2)] == [(ended, "ok"), (killed, None)]
    assert store.syncs.last_finished().counts == {"runs": 1}


def test_old_cycles_make_room(store):
    with store.transaction():
        for _ in range(KEPT + 5):
            store.syncs.begin(NOW)
    assert len(store.syncs.newest(KEPT + 100)) == KEPT


def test_a_small_fact_is_replaced_and_forgotten(store):
    store.meta.set("cursor:folder", "1")
    store.meta.set("cursor:folder", "2")
    assert store.meta.get("cursor:folder") == "2"
    store.meta.forget("cursor:folder")
    assert store.meta.get("cursor:folder") is None


def test_a_time_without_a_zone_is_refused(store):
    with pytest.raises(ValueError, match="has no time zone"):
        store.syncs.begin(NOW.replace(tzinfo=None))
