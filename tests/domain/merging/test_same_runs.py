"""Recordings are sorted into runs: none merged that are two, none counted twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.merging.candidates import Evidence, MergeCandidate
from syncd.domain.merging.rules import MergeRule, fit_of, shared_s
from syncd.domain.merging.same_runs import SameRuns, same_runs
from syncd.domain.merging.withdrawal import WithdrawalCause
from tests.domain.merging.made import HIDDEN, ON_STRAVA, PHONE, START, WATCH, later
from tests.support.two_services import errors, life, shuffled


def ids(found: SameRuns) -> list[set[str]]:
    return [{each.id for each in run.members} for run in found.runs]


def test_both_services_and_the_phone_tell_one_run():
    assert ids(same_runs([PHONE, ON_STRAVA, WATCH])) == [{"g1", "s1", "p1"}]


def test_parts_run_back_to_back_stay_two_on_both_services():
    second = later(WATCH, 3610, id="g2", elapsed_s=1300.0, distance_m=3700.0)
    on_strava = later(ON_STRAVA, 3619, id="s2", elapsed_s=1299.0, distance_m=3699.0)
    found = same_runs([WATCH, second, on_strava, later(ON_STRAVA, 9)])
    assert ids(found) == [{"g1", "s1"}, {"g2", "s2"}]


def test_repetitions_in_a_file_each_are_matched_one_by_one():
    reps = [later(WATCH, 75 * n, id=f"g{n}", elapsed_s=70.0, distance_m=300.0) for n in range(6)]
    copies = [later(rep, 9, id=f"s{n}", source="strava", elapsed_s=69.0) for n, rep in enumerate(reps)]
    assert ids(same_runs([*copies, *reps])) == [{f"g{n}", f"s{n}"} for n in range(6)]


def test_the_same_loop_twice_with_both_starts_hidden_is_paired_the_closest_way():
    again = later(WATCH, 20_000, id="g2", elapsed_s=3602.9, distance_m=10_004.0)
    hidden_again = replace(HIDDEN, id="s2", elapsed_s=3602.0, distance_m=10_003.4)
    assert ids(same_runs([hidden_again, again, HIDDEN, WATCH])) == [{"g1", "s1"}, {"g2", "s2"}]


def test_two_hidden_starts_are_never_one_run():
    assert ids(same_runs([HIDDEN, replace(HIDDEN, id="s2")])) == [{"s1"}, {"s2"}]


def test_a_hidden_loop_is_not_taken_for_the_one_that_its_own_service_shows_already():
    found = same_runs([WATCH, ON_STRAVA, replace(HIDDEN, id="s2")])
    assert ids(found) == [{"g1", "s1"}, {"s2"}]


def test_a_hidden_start_finds_the_watch_although_the_phone_was_on_its_service_too():
    assert ids(same_runs([PHONE, HIDDEN, WATCH])) == [{"g1", "s1", "p1"}]


def test_the_watch_stopped_half_way_and_the_phone_went_on_counts_the_parts():
    first = replace(WATCH, elapsed_s=1700.0, distance_m=4700.0)
    second = later(first, 1720, id="g2", elapsed_s=1880.0, distance_m=5300.0)
    whole = replace(PHONE, start=START, elapsed_s=3600.0)
    found = same_runs([whole, second, first])
    assert ids(found) == [{"g1"}, {"g2"}]
    (aside,) = found.covered
    assert (aside.run.recording.id, [by.recording.id for by in aside.by]) == ("p1", ["g1", "g2"])


def test_parts_of_worse_evidence_give_way_to_the_whole():
    first = replace(PHONE, start=START, elapsed_s=1700.0, distance_m=4700.0)
    second = later(first, 1720, id="p2", elapsed_s=1880.0, distance_m=5300.0)
    found = same_runs([first, second, WATCH])
    assert ids(found) == [{"g1"}]
    assert [each.run.recording.id for each in found.covered] == ["p1", "p2"]


def test_a_watch_that_died_early_is_part_of_what_the_phone_recorded():
    died = replace(WATCH, elapsed_s=1000.0, distance_m=2800.0)
    found = same_runs([died, PHONE])
    assert ids(found) == [{"p1"}]
    assert found.covered[0].why is WithdrawalCause.PART_OF_WHOLE


def test_an_entry_by_hand_without_distance_or_time_of_day_in_common_stays_its_own():
    by_hand = later(
        replace(WATCH, id="m", source="strava", distance_m=None, evidence=Evidence.SUMMARY), 6 * 3600
    )
    assert ids(same_runs([WATCH, by_hand])) == [{"g1"}, {"m"}]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_of_a_thousand_runs_on_two_services_none_is_missed_and_none_merged_wrongly(seed):
    lived = life(1000, seed)
    found = same_runs(lived.candidates)
    assert errors(lived, found) == (0, 0)
    assert len(found.runs) == 1000
    hidden = [each for each in lived.candidates if each.hidden_start]
    assert len(hidden) > 40
    assert sum(len(run.members) > 2 for run in found.runs) > 20


def test_the_simulated_runner_can_be_sorted_wrongly():
    lived = life(200, 4)
    none, all_one = same_runs([]), same_runs([WATCH])
    everything = replace(all_one.runs[0], members=lived.candidates)
    assert errors(lived, SameRuns((everything,)))[0] == 1
    alone = [same_runs([each]).runs[0] for each in lived.candidates]
    assert errors(lived, SameRuns(tuple(alone)))[1] > 150
    assert none == SameRuns(())


moments = st.integers(0, 8).map(lambda quarter: START + timedelta(seconds=25 * quarter))


@st.composite
def candidates(draw) -> list[MergeCandidate]:
    """Few values, so that most things are near or equal to others."""
    out = []
    for number in range(draw(st.integers(0, 9))):
        hidden = draw(st.sampled_from((False, False, False, True)))
        source = draw(st.sampled_from(("garmin", "strava", "folder")))
        out.append(
            MergeCandidate(
                id=f"{source}-{number}",
                source=source,
                family=draw(st.sampled_from(("running", "running", "running", "cycling"))),
                start=datetime(2026, 3, 12, 0, 0, 1, tzinfo=UTC) if hidden else draw(moments),
                day=date(2026, 3, 12),
                elapsed_s=draw(st.sampled_from((0.0, 60.0, 63.0, 100.0, 104.0, 200.0, 500.0))),
                distance_m=draw(st.sampled_from((None, 0.0, 300.0, 300.5, 310.0, 500.0))),
                evidence=draw(st.sampled_from(Evidence)),
                hidden_start=hidden,
                laps=draw(st.integers(0, 2)),
                rpe=draw(st.none() | st.just(5.0)),
            )
        )
    return out


@given(candidates(), st.randoms(use_true_random=False))
def test_the_order_in_which_they_come_does_not_matter(recordings, random):
    mixed = list(recordings)
    random.shuffle(mixed)
    assert same_runs(mixed) == same_runs(recordings)


@given(candidates())
def test_every_recording_is_in_exactly_one_run(recordings):
    found = same_runs(recordings)
    placed = [
        each.id for run in (*found.runs, *(aside.run for aside in found.covered)) for each in run.members
    ]
    assert sorted(placed) == sorted(each.id for each in recordings)


@given(candidates())
def test_the_same_recordings_again_change_nothing(recordings):
    assert same_runs([*recordings, *recordings]) == same_runs(recordings)


@given(candidates())
def test_a_run_by_itself_is_one_run_again(recordings):
    found = same_runs(recordings)
    for run in (*found.runs, *(aside.run for aside in found.covered)):
        assert same_runs(run.members).runs == (run,)


@given(candidates())
def test_no_two_recordings_are_merged_that_were_not_made_at_one_time(recordings):
    for run in same_runs(recordings).runs:
        timed = [each for each in run.members if not each.hidden_start]
        for a, b in combinations(timed, 2):
            assert fit_of(a, b) is not None
            assert shared_s(a, b) >= 0.5 * max(a.elapsed_s, b.elapsed_s)
        assert len({each.family for each in run.members}) == 1


@given(candidates())
def test_a_run_takes_one_hidden_start_of_a_service_and_only_one_that_fits(recordings):
    for run in same_runs(recordings).runs:
        hidden = [each for each in run.members if each.hidden_start]
        assert len({each.source for each in hidden}) == len(hidden)
        for each in hidden:
            fits = [fit_of(each, other) for other in run.members if other is not each]
            assert len(run.members) == 1 or any(fit and fit.rule is MergeRule.HIDDEN for fit in fits)


@given(candidates())
def test_no_run_that_counts_lies_inside_another(recordings):
    found = same_runs(recordings)
    gone = {aside.run.recording.id for aside in found.covered}
    assert not gone & {run.recording.id for run in found.runs}
    for aside in found.covered:
        assert aside.by
        for other in aside.by:
            assert shared_s(aside.run.recording, other.recording) > 0


def test_a_long_history_is_sorted_the_same_in_any_order():
    lived = life(300, 7)
    assert same_runs(shuffled(lived.candidates, 1)) == same_runs(lived.candidates)
