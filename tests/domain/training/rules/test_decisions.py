"""Precedence, undo, the athlete's hand, the freeze; and the same question asked twice."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.domain.scoring.card import Work
from syncd.domain.session import SessionKind, SessionState, monday_of
from syncd.domain.training.conditions import Condition, Demanded, from_json, in_force, to_json, week_ahead
from syncd.domain.training.rules.decisions import adapt, decide, differences
from syncd.domain.training.rules.registry import RULES, Precedence, rule
from syncd.domain.training.rules.situation import DoneRun, Edit, Trouble
from syncd.domain.training.sessions import placed, quality_session
from tests.domain.training.rules.followed_plan import (
    TODAY,
    also_run,
    day_of,
    easy_runs,
    held,
    last,
    later,
    lived,
    missed,
    outcome,
    planned,
    planner,
    spell,
    without_runs,
)
from tests.support.said import in_km

LIVED = lived()


@st.composite
def lives(draw):
    """Weeks as they go: some runs missed, some too long, some hard, some entered, illness, holds."""
    situation = lived(TODAY + timedelta(days=draw(st.integers(0, 6))))
    done = [each.session for each in situation.entries if each.state is SessionState.DONE]
    situation = missed(situation, *draw(st.lists(st.sampled_from(done), max_size=14, unique=True)))
    rpes = draw(st.lists(st.sampled_from([None, 2.0, 3.0, 5.0, 7.0]), max_size=8))
    possible = [run for run in situation.runs if run.kind in {SessionKind.EASY, SessionKind.LONG}]
    situation = easy_runs(situation, *({"rpe": rpe} for rpe in rpes[: len(possible)]))
    for number in range(draw(st.integers(0, 3))):
        run = DoneRun(
            f"extra {number}",
            situation.today - timedelta(days=draw(st.integers(0, 9))),
            draw(st.integers(1000, 30_000).map(float)),
            3600.0,
            held_s=draw(st.sampled_from([0.0, 1200.0])),
            work=draw(st.sampled_from([None, Work(five_k_s=1800.0), Work(quick_s=400.0)])),
            rpe=draw(st.sampled_from([None, 3.0, 9.0])),
            all_out=draw(st.booleans()),
            raced=draw(st.booleans()),
        )
        situation = also_run(situation, run)
    scored = [e.session for e in situation.entries if e.run is not None and e.session.family == "hm_m"]
    outcomes = [outcome(session, draw(st.integers(0, 4))) for session in scored[-3:]]
    situation = replace(situation, outcomes={"hm_m": outcomes} if outcomes else {})
    if draw(st.booleans()):
        first = draw(st.integers(-12, 0))
        until = draw(st.one_of(st.none(), st.integers(first, max(first, -1))))
        trouble = draw(st.sampled_from(Trouble))
        situation = replace(situation, spells=(spell(trouble, first, until),))
    if draw(st.booleans()):
        situation = held(situation, draw(st.sampled_from(situation.due)).session)
    return replace(situation, covered=draw(st.booleans()))


@given(lives())
@settings(max_examples=150, deadline=None)
def test_asked_again_about_its_own_result_it_has_nothing_to_say(situation) -> None:
    _, then = adapt(situation, planner)
    assert decide(then, planner) == ()


@given(lives())
@settings(max_examples=150, deadline=None)
def test_every_decision_has_a_key_evidence_and_a_sentence(situation) -> None:
    decisions = decide(situation, planner)
    keys = [each.proposal.key for each in decisions]
    assert len(set(keys)) == len(keys)
    for each in decisions:
        assert each.proposal.evidence
        assert each.proposal.reason
        assert rule(each.rule) is not None


@given(lives())
@settings(max_examples=150, deadline=None)
def test_nothing_held_by_the_athlete_is_touched_and_nothing_near_is_loaded(situation) -> None:
    mine = {each.session.id for each in situation.entries if each.held}
    for decision in decide(situation, planner):
        for edit in decision.edits:
            assert edit.session_id not in mine
            harder = edit.before is not None and edit.after is not None and _is_more(edit)
            assert not (harder and situation.is_frozen(edit.day)), (decision.rule, edit)


@given(lives(), st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_what_was_undone_does_not_come_back(situation, random) -> None:
    decisions = decide(situation, planner)
    if not decisions:
        return
    undone = random.choice(decisions)
    pinned = replace(situation, answered={undone.proposal.key: situation.today})
    assert undone.proposal.key not in {each.proposal.key for each in decide(pinned, planner)}


@given(lives())
@settings(max_examples=80, deadline=None)
def test_the_order_of_what_is_known_makes_no_difference(situation) -> None:
    turned = replace(situation, answered=dict(reversed(situation.answered.items())))
    assert decide(turned, planner) == decide(situation, planner)


@given(lives())
@settings(max_examples=150, deadline=None)
def test_hard_sessions_that_rules_put_in_keep_48_hours(situation) -> None:
    decisions, then = adapt(situation, planner)
    edited = {edit.session_id for each in decisions for edit in each.edits if edit.after is not None}
    hard = [each for each in then.due if each.is_strain]
    for one in hard:
        for other in hard:
            near = one.session.id < other.session.id and abs((one.session.day - other.session.day).days) < 2
            assert not (near and {one.session.id, other.session.id} & edited), (one.session, other.session)


@given(lives())
@settings(max_examples=150, deadline=None)
def test_a_hard_session_that_a_rule_moved_keeps_48_hours_from_runs_that_were_hard(situation) -> None:
    hard_days = {run.day for run in situation.runs if run.is_extra_hard}
    for decision in decide(situation, planner):
        for edit in decision.edits:
            if decision.rule in {"A5", "A18"} and edit.after is not None and edit.after.hard:
                assert all(abs((edit.after.day - day).days) >= 2 for day in hard_days), (edit, hard_days)


@given(lives())
@settings(max_examples=100, deadline=None)
def test_what_a_hard_run_does_to_the_plan_only_ever_eases_it(situation) -> None:
    for decision in decide(situation, planner):
        for edit in decision.edits:
            if decision.rule == "A18" and edit.after is not None:
                assert edit.before is not None
                assert edit.after.distance_m <= edit.before.distance_m
                assert edit.after.day >= edit.before.day
                assert edit.after.hard <= edit.before.hard


def _is_more(edit: Edit) -> bool:
    harder = edit.after.hard and not edit.before.hard
    return harder or edit.after.distance_m > edit.before.distance_m * 1.02


def test_safety_comes_before_progress() -> None:
    order = [each.precedence for each in RULES]
    assert order == sorted(order)
    assert {each.precedence for each in RULES} == set(Precedence)
    assert len({each.id for each in RULES}) == len(RULES)


def test_every_rule_of_the_model_is_in_the_registry_with_who_keeps_it() -> None:
    assert {f"A{number}" for number in range(1, 21)} <= {each.id for each in RULES}
    assert all((each.propose is None) == bool(each.kept_by) for each in RULES)


def test_a_session_that_the_athlete_holds_stays_and_safety_warns() -> None:
    run = DoneRun("extra", day_of(-1), 25_000.0, 9000.0)
    situation = also_run(LIVED, run)
    hard = planned(situation, "hm_m")
    first = next(each for each in decide(held(situation, hard), planner) if each.rule == "A1")
    assert hard.id not in {edit.session_id for edit in first.edits}
    assert "chose" in in_km(first.warning)
    assert next(each for each in decide(situation, planner) if each.rule == "A1").warning is None


def test_what_a_rule_eased_does_not_rise_again_in_the_same_breath() -> None:
    due, done = planned(LIVED, "hm_m"), last(LIVED, "hm_m")
    lowest = placed(quality_session("hm_m", 1, LIVED.zones), due.id, due.day, due.rules)
    entries = tuple(replace(e, session=lowest) if e.session.id == due.id else e for e in LIVED.entries)
    risen = replace(LIVED, entries=entries, outcomes={"hm_m": [outcome(replace(done, level=1), 4)]})
    risen = replace(risen, now=risen.now - timedelta(days=1))
    assert "A8" in {each.rule for each in decide(risen, planner)}
    spiked = also_run(risen, DoneRun("extra", day_of(-1), 25_000.0, 9000.0))
    spiked = replace(spiked, outcomes=risen.outcomes)
    edits = [edit for each in decide(spiked, planner) for edit in each.edits if edit.session_id == due.id]
    assert [edit.after.hard for edit in edits] == [False]


def test_a_return_replans_what_is_committed_and_leaves_what_is_held() -> None:
    off = without_runs(LIVED, 10)
    mine = planned(off, "long", first=day_of(1))
    (free,) = [each for each in decide(off, planner) if each.rule == "A2"]
    (kept,) = [each for each in decide(held(off, mine), planner) if each.rule == "A2"]
    assert mine.id in {edit.session_id for edit in free.edits}
    assert mine.id not in {edit.session_id for edit in kept.edits}
    assert all(week.kind != "build" for week in free.weeks if week.start == monday_of(TODAY))


def test_after_a_pause_the_sessions_come_back_only_when_they_are_asked_to() -> None:
    entries = tuple(
        replace(each, state=SessionState.DROPPED) if each.session.day > day_of(2) else each
        for each in LIVED.entries
    )
    paused = replace(LIVED, entries=entries)
    weeks = planner(paused)
    assert differences(paused, weeks, since=TODAY) == ()
    back = differences(paused, weeks, since=TODAY, restoring=True)
    assert back
    dropped = {each.session.id for each in entries if each.state is SessionState.DROPPED}
    assert {edit.session_id for edit in back} <= dropped
    assert {edit.before for edit in back} == {None}
    returned = differences(paused, weeks, since=TODAY, rule="A3", restoring=True)
    assert {edit.before.id for edit in returned} == {edit.session_id for edit in returned} <= dropped


def test_four_weeks_off_come_back_and_do_not_stay_at_nothing() -> None:
    """(f) of the training page: the weeks after the return are the weeks of before."""
    off = without_runs(LIVED, 28)
    back = later(also_run(off, DoneRun("back", TODAY, 4000.0, 1500.0)), 0)
    (decision,) = [each for each in decide(back, planner) if each.rule == "A2"]
    asked = decision.proposal.condition
    before_m = sum(run.distance_m for run in LIVED.runs if 0 < (TODAY - run.day).days <= 28) / 4
    assert asked.of_m > 0
    assert asked.of_m <= before_m * 1.1
    assert 0 < week_ahead([asked], monday_of(TODAY) + timedelta(weeks=1)).target_m < before_m


# Conditions as values

DAYS = st.dates(min_value=TODAY - timedelta(days=100), max_value=TODAY + timedelta(days=100))


@given(
    st.sampled_from(Demanded),
    DAYS,
    st.one_of(st.none(), DAYS),
    st.lists(st.floats(0.1, 1.0), max_size=4),
    st.one_of(st.none(), st.integers(0, 6)),
    st.one_of(st.none(), DAYS),
)
def test_a_condition_survives_being_written_down(asked, first, until, shares, weekday, hard_from) -> None:
    condition = Condition(
        asked, "g", first, until, tuple(shares), weekday=weekday, hard_from=hard_from, long_m=12.5
    )
    assert from_json(to_json(condition)) == condition


def test_a_newer_condition_takes_the_place_of_one_of_its_group_and_old_ones_lapse() -> None:
    old = Condition(Demanded.RETURN, "a", TODAY - timedelta(days=9))
    new = Condition(Demanded.RETURN, "a", TODAY, TODAY + timedelta(days=5))
    other = Condition(Demanded.CALM, "b", TODAY - timedelta(days=9), TODAY - timedelta(days=1))
    assert in_force([old, other, new], TODAY) == (new,)
    assert in_force([old, other, new], TODAY + timedelta(days=6)) == ()


def test_the_end_of_a_gap_takes_the_place_of_the_open_return() -> None:
    """A return that is over leaves nothing behind: the weeks after it build again."""
    off = without_runs(LIVED, 10)
    _, then = adapt(off, planner)
    back = later(also_run(then, DoneRun("back", day_of(1), 4000.0, 1500.0)), 1)
    _, returned = adapt(back, planner)
    (asked,) = in_force(returned.conditions, day_of(1))
    assert asked.last_day is not None
    long_after = later(returned, 60)
    assert planner(long_after)[0].kind == "build"


def test_weeks_of_the_athletes_own_plan_are_not_planned_anew() -> None:
    off = without_runs(LIVED, 10)
    entries = tuple(
        replace(each, session=replace(each.session, family="")) if each.is_due else each
        for each in off.entries
    )
    mine = replace(off, entries=entries)
    assert all(each.session.family for each in LIVED.entries)  # the library's sessions all have one
    (decision,) = [each for each in decide(mine, planner) if each.rule == "A2"]
    assert decision.proposal.condition is not None
    assert decision.edits == ()


def test_after_a_pause_the_athletes_own_sessions_come_back_as_they_were() -> None:
    entries = tuple(
        replace(each, session=replace(each.session, family=""), state=SessionState.DROPPED)
        if each.is_due
        else each
        for each in LIVED.entries
    )
    paused = replace(LIVED, entries=entries)
    back = differences(paused, planner(paused), since=TODAY, restoring=True)
    assert {edit.after for edit in back} == {e.session for e in entries if e.state is SessionState.DROPPED}
