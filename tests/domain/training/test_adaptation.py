"""What scored runs change: levels (A8, A9, A10) and sessions that have become too long (R20)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.athlete import PastRun
from syncd.domain.session import Session, SessionKind
from syncd.domain.training.adaptation import (
    AdaptationError,
    QualityOutcome,
    ease_to_cap,
    next_level,
    rebuild,
)
from syncd.domain.training.sessions import (
    easy_run,
    long_run,
    placed,
    quality_metres,
    quality_session,
    recovery_run,
)
from syncd.domain.training.special_sessions import five_k_test
from syncd.domain.training.weeks import plan_weeks
from syncd.domain.workout import PaceZone, Repeat
from tests.domain.training.athletes import MONDAY, article_runner, as_run, long_of
from tests.support.said import in_km

RUNNER = article_runner(16)
ZONES = RUNNER.zones
PLAN = plan_weeks(RUNNER)


def quality(level: int, in_band: int, of: int = 4, *, weeks_ago: int = 1, **other) -> QualityOutcome:
    day = MONDAY - timedelta(weeks=weeks_ago)
    values = {"rpe": None, "expected_rpe": (5, 6), "confidence": 0.9, "score": 80} | other
    return QualityOutcome(f"id-{weeks_ago}", day, "hm_m", level, of, in_band, **values)


def in_turn(*outcomes: QualityOutcome) -> list[QualityOutcome]:
    """Oldest first, a week apart."""
    last = len(outcomes)
    return [
        replace(each, day=MONDAY - timedelta(weeks=last - n), session_id=f"id-{n}")
        for n, each in enumerate(outcomes)
    ]


GOOD, PARTLY, BAD = 4, 3, 2


@pytest.mark.parametrize(
    ("current", "reps", "level", "rule"),
    [
        (1, [GOOD], 2, "A8"),
        (2, [GOOD], 3, "A8"),
        (3, [GOOD], 3, "A8"),
        (3, [GOOD, GOOD], 4, "A8"),
        (3, [GOOD, PARTLY, GOOD], 4, "A8"),
        (3, [GOOD, PARTLY, PARTLY, GOOD], 3, "A8"),
        (8, [GOOD, GOOD], 8, "A8"),
        (1, [PARTLY], 1, "A9"),
        (4, [GOOD, PARTLY], 4, "A9"),
        (4, [BAD], 4, "A9"),
        (4, [BAD, BAD], 3, "A10"),
        (4, [BAD, GOOD, BAD], 3, "A10"),
        (4, [BAD, GOOD, GOOD, BAD], 4, "A9"),
        (1, [BAD, BAD], 1, "A9"),
    ],
)
def test_a_level_rises_repeats_or_falls_by_repetitions_in_band(current, reps, level, rule) -> None:
    decision = next_level("hm_m", in_turn(*(quality(current, done) for done in reps)), current)
    assert (decision.level, decision.rule) == (level, rule)


def test_the_reason_names_the_runs_it_rests_on() -> None:
    decision = next_level("hm_m", in_turn(quality(3, 4), quality(3, 4)), 3)
    assert in_km(decision.reason) == (
        "your last two quality runs were on pace: 4 of 4 reps on 16 Feb, 4 of 4 reps on 23 Feb. "
        "The next one is a step up"
    )
    assert decision.evidence == ("id-0", "id-1")


def test_a_score_without_confidence_feeds_no_rule() -> None:
    doubtful = in_turn(quality(4, BAD, confidence=0.5), quality(4, BAD, confidence=0.59))
    decision = next_level("hm_m", doubtful, 4)
    assert (decision.level, decision.rule, decision.evidence) == (4, "", ())


def test_a_missing_rpe_is_neutral_and_a_high_one_repeats_the_level() -> None:
    assert next_level("hm_m", [quality(1, GOOD, rpe=None)], 1).level == 2
    assert next_level("hm_m", [quality(1, GOOD, rpe=6)], 1).level == 2
    harder = next_level("hm_m", [quality(1, GOOD, rpe=7)], 1)
    assert (harder.level, harder.rule) == (1, "A9")
    assert "felt harder than 6 of 10" in in_km(harder.reason)


def test_the_score_itself_plays_no_part() -> None:
    assert next_level("hm_m", [quality(1, GOOD, score=10)], 1).level == 2
    assert next_level("hm_m", [quality(1, BAD, score=100)], 1).level == 1


@pytest.mark.parametrize(
    ("in_band", "too_fast", "fails"),
    [(0, 4, False), (1, 3, False), (2, 2, False), (2, 1, True), (0, 3, True), (2, 0, True)],
    ids=["all", "most", "half", "one too slow", "one not run", "too slow"],
)
def test_repetitions_that_were_run_too_fast_are_no_failure_where_the_whole_set_was_run(
    in_band, too_fast, fails
) -> None:
    fast = quality(4, in_band, reps_too_fast=too_fast)
    decision = next_level("hm_m", in_turn(fast, fast), 4)
    assert (decision.level, decision.rule) == ((3, "A10") if fails else (4, "A9"))


def test_repetitions_that_were_run_too_fast_are_no_success_and_said_so() -> None:
    decision = next_level("hm_m", [quality(1, 0, reps_too_fast=4)], 1)
    assert decision.level == 1
    assert in_km(decision.reason).startswith("your last quality run was faster than asked: 0 of 4 reps")


def test_extra_repetitions_never_count() -> None:
    assert "4 of 4 reps" in in_km(next_level("hm_m", [quality(1, 9)], 1).reason)


def test_another_family_says_nothing() -> None:
    other = replace(quality(1, GOOD), family="threshold")
    assert next_level("hm_m", [other], 1).level == 1


def test_a_success_at_a_smaller_size_does_not_raise_the_level() -> None:
    decision = next_level("hm_m", in_turn(quality(2, GOOD), quality(2, GOOD)), 3)
    assert decision.level == 3
    assert "Level 3 is next" in in_km(decision.reason)


OUTCOMES = st.lists(
    st.builds(
        quality,
        st.integers(0, 8),
        st.integers(0, 5),
        confidence=st.sampled_from([0.5, 0.9]),
        rpe=st.sampled_from([None, 5, 8]),
    ),
    max_size=6,
).map(lambda outcomes: in_turn(*outcomes))


@given(OUTCOMES, st.integers(1, 8))
def test_a_level_moves_one_step_up_or_to_what_was_run_and_stays_on_the_ladder(outcomes, current) -> None:
    decision = next_level("hm_m", outcomes, current)
    run_at = max((outcome.level for outcome in outcomes), default=0)
    assert 1 <= decision.level <= min(8, max(current + 1, run_at))
    if decision.level != current:
        assert decision.rule == ("A8" if decision.level > current else "A10")
        assert decision.evidence
    assert decision.reason


def test_a_plan_that_is_followed_is_never_eased() -> None:
    history = list(RUNNER.history)
    sessions = [session for week in PLAN for session in week.sessions]
    for today in (MONDAY + timedelta(days=n) for n in range(7 * len(PLAN))):
        assert all(ease_to_cap(session, ZONES, history, today) is None for session in sessions)
        history += [as_run(session) for session in sessions if session.day == today]


def missed_long() -> tuple[PastRun, ...]:
    """40 days of nothing longer than 5 km."""
    return tuple(PastRun(MONDAY - timedelta(days=age), 5000, 2000) for age in range(1, 40, 3))


def on_monday(recipe, rules=("S19",)) -> Session:
    return placed(recipe, "2026w10-4", MONDAY, rules)


def test_a_long_run_beyond_what_was_really_run_is_shortened_and_says_why() -> None:
    eased = ease_to_cap(on_monday(long_run(9000, ZONES)), ZONES, missed_long(), MONDAY)
    assert eased is not None
    session, reason = eased
    assert (session.id, session.day, session.kind) == ("2026w10-4", MONDAY, SessionKind.LONG)
    assert session.distance_m == 5500
    assert session.rules == ("S19", "R20")
    assert in_km(reason) == "your longest run in the 30 days before was 5.0 km: 5.5 km instead of 9.0 km"


def test_easing_keeps_the_strides() -> None:
    eased = ease_to_cap(on_monday(easy_run(9000, ZONES, strides=6)), ZONES, missed_long(), MONDAY)
    assert eased is not None
    assert eased[0].distance_m <= 5500
    (strides,) = [item for item in eased[0].workout.steps if isinstance(item, Repeat)]
    assert strides.count == 6


def test_a_quality_run_beyond_the_cap_steps_down() -> None:
    eased = ease_to_cap(on_monday(quality_session("hm_m", 4, ZONES)), ZONES, missed_long(), MONDAY)
    assert eased is not None
    assert (eased[0].family, eased[0].level) == ("hm_m", 0)
    assert eased[0].distance_m <= 5500


def test_a_quality_run_far_beyond_the_cap_becomes_an_easy_run() -> None:
    short = tuple(replace(run, distance_m=2000) for run in missed_long())
    eased = ease_to_cap(on_monday(quality_session("hm_m", 0, ZONES)), ZONES, short, MONDAY)
    assert eased is not None
    assert (eased[0].kind, eased[0].distance_m, eased[0].hard) == (SessionKind.EASY, 2500, False)


def test_a_recovery_run_is_eased_like_an_easy_one() -> None:
    eased = ease_to_cap(on_monday(recovery_run(9000, ZONES)), ZONES, missed_long(), MONDAY)
    assert eased is not None
    assert eased[0].kind is SessionKind.RECOVERY


@pytest.mark.parametrize(
    ("recipe", "today"),
    [
        (long_run(5600, ZONES), MONDAY),  # within 2 %
        (long_run(9000, ZONES), MONDAY - timedelta(days=7)),  # another long run may still come
        (long_run(9000, ZONES), MONDAY + timedelta(days=1)),  # over
        (five_k_test(ZONES), MONDAY),
    ],
)
def test_what_is_fine_far_or_a_test_is_left_alone(recipe, today) -> None:
    assert ease_to_cap(on_monday(recipe), ZONES, missed_long(), today) is None


def test_after_30_days_off_a_session_is_cut_to_a_restart() -> None:
    away = tuple(replace(run, day=run.day - timedelta(days=40)) for run in missed_long())
    eased = ease_to_cap(on_monday(long_run(9000, ZONES)), ZONES, away, MONDAY)
    assert eased is not None
    assert eased[0].distance_m == 2000
    assert in_km(eased[1]).startswith("you had no run in the 30 days before")


def quality_of(number: int) -> Session:
    return next(session for session in PLAN[number].sessions if session.hard)


@pytest.mark.parametrize("level", range(9))
@pytest.mark.parametrize("number", [0, 5, 12, 14])
def test_a_rebuilt_session_keeps_id_and_day_and_the_caps_of_its_week(number, level) -> None:
    week, session = PLAN[number], quality_of(number)
    history = (*RUNNER.history, *(PastRun(s.day, s.distance_m, 0) for w in PLAN[:number] for s in w.sessions))
    rebuilt = rebuild(session, level, ZONES, week=week, history=history, rule="A8")
    long = long_of(week)
    assert long is not None
    assert (rebuilt.id, rebuilt.day, rebuilt.family) == (session.id, session.day, "hm_m")
    assert rebuilt.level <= level
    assert rebuilt.distance_m < long.distance_m
    assert rebuilt.rules[-1] == "A8"
    others = [each for each in week.sessions if each.id != session.id]
    hard = sum(sum(quality_metres(each.workout, ZONES).values()) for each in (*others, rebuilt))
    assert hard <= 0.2 * (sum(each.distance_m for each in others) + rebuilt.distance_m) + 1


def test_rebuilding_at_its_own_level_changes_nothing() -> None:
    for number, week in enumerate(PLAN):
        history = (
            *RUNNER.history,
            *(PastRun(s.day, s.distance_m, 0) for w in PLAN[:number] for s in w.sessions),
        )
        session = quality_of(number)
        if session.kind is SessionKind.TEST:
            continue  # it has no levels
        assert rebuild(session, session.level, ZONES, week=week, history=history).workout == session.workout


def test_an_easy_run_is_rebuilt_with_and_without_strides() -> None:
    plain = next(session for session in PLAN[0].sessions if session.kind is SessionKind.EASY)
    plain = placed(easy_run(6000, ZONES), plain.id, plain.day, ("S9",))
    kick = rebuild(plain, 2, ZONES, week=PLAN[0], history=RUNNER.history)
    assert PaceZone.REPETITION in quality_metres(kick.workout, ZONES)
    assert kick.rules == ("S9", "S33")
    assert rebuild(kick, 1, ZONES, week=PLAN[0], history=RUNNER.history).workout.steps == (
        easy_run(kick.distance_m, ZONES).workout.steps
    )


def test_a_test_has_no_levels() -> None:
    with pytest.raises(AdaptationError, match="test"):
        rebuild(on_monday(five_k_test(ZONES)), 2, ZONES, week=PLAN[0], history=())
