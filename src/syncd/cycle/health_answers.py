"""The answers to the health questions, on state: read from the file and the store, kept, and obeyed.

What is written in the configuration is dated the day on which it was first read. Whatever an answer forbids
leaves the committed plan at once, what the athlete holds there included: health outranks them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from syncd.cycle.adapting import carry_out, rebuild
from syncd.cycle.planning import history
from syncd.cycle.situation import situation_of
from syncd.cycle.world import World
from syncd.domain.athlete import Concern, Health, HealthAnswer, HealthGrade, PastRun
from syncd.domain.reason import Reason
from syncd.domain.session import MEASURED_KINDS
from syncd.domain.training.health import limits_of
from syncd.domain.training.health_answers import open_answers, usual_running
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.decisions import Decision
from syncd.domain.training.rules.edits import as_easy, shorter
from syncd.domain.training.rules.situation import Edit, RuleProposal, Situation
from syncd.store import Store
from syncd.store.changes import Change
from syncd.store.health_answers import Clearance, ClearedFor

WORD = "health"  # with which the keys of the changes begin
_RULE = "H1"
_HISTORY = timedelta(weeks=27)


def health_in_force(store: Store, in_file: Health, today: date, stand_in: Iterable[PastRun] = ()) -> Health:
    """The kept answers, and what the configuration says beyond them; `in_file` is dated today.

    `stand_in`: the history where no run is known.
    """
    # a pregnancy may have been entered before the runs before it were known
    kept = tuple(with_usual(store, answer, stand_in) for answer in store.health.in_force())
    said = {answer.concern: answer for answer in in_file.answers}
    newest = {answer.concern: answer for answer in kept if answer.in_file}
    answers = [
        _as_written(answer, said.get(answer.concern), today)
        if newest.get(answer.concern) is answer
        else answer
        for answer in kept
    ]
    for answer in in_file.answers:
        before = newest.get(answer.concern)
        if before is None or _again(store, before, answer):
            answers.append(with_usual(store, answer, stand_in))
    return Health(tuple(answers), in_file.birth_year)


def with_usual(store: Store, answer: HealthAnswer, stand_in: Iterable[PastRun] = ()) -> HealthAnswer:
    """A pregnancy with what was run before it, where that was not known; any other answer as it is."""
    if answer.grade is not HealthGrade.PREGNANCY or answer.usual is not None:
        return answer
    runs = store.activities.runs_between(answer.since - _HISTORY, answer.since) or tuple(stand_in)
    return replace(answer, usual=usual_running(runs, answer.since))


def take_up(world: World, now: datetime) -> tuple[World, tuple[Change, ...]]:
    """Keep what the configuration says and the state does not know; the plan obeys. Idempotent."""
    if not world.health.answers:
        return with_answers(world), ()
    kept = {answer.id: answer for answer in world.store.health.in_force()}
    known_runs = history(world, world.today(now))
    changes: list[Change] = []
    for written in world.health.answers:
        before = kept.get(written.id)
        answer = with_usual(world.store, written, known_runs)
        if before == answer:
            continue
        with world.store.transaction():
            known = keep(world.store, answer, before, now)
            world = with_answers(world)
            if before is None and not open_answers(Health((answer,)), world.today(now)):
                continue  # it is cleared as well: nothing follows
            is_cleared = before is not None and before.free_from != answer.free_from
            reason = cleared(known, world.today(now)) if is_cleared else said(known)
            key = f"{WORD}:file:{known.id}:{answer.free_from}"
            made = obey(world, reason, now, key=key, restoring=before is not None)
            if not is_cleared:
                world.store.health.caused(made[0].id, answer_id=known.id)
            changes += made
    return with_answers(world), tuple(changes)


def keep(store: Store, answer: HealthAnswer, before: HealthAnswer | None, now: datetime) -> HealthAnswer:
    """The answer in the store, with what differs from `before`. In a transaction."""
    known = before or replace(answer, id=store.health.add(answer, now))
    if before is not None and answer.usual != before.usual and answer.usual is not None:
        store.health.note_usual(known.id, answer.usual)
    for day, already, cleared_for in (
        (answer.free_from, before and before.free_from, ClearedFor.EVERYTHING),
        (answer.over_on, before and before.over_on, ClearedFor.OVER),
    ):
        if day is not None and already is None:
            store.health.clear(known.id, Clearance(day, cleared_for, answer.in_file), now)
    return replace(answer, id=known.id)


def with_answers(world: World) -> World:
    """The same world with the answers as they are kept now."""
    return replace(world, health=replace(world.health, answers=world.store.health.in_force()))


def said(answer: HealthAnswer) -> Reason:
    """That it was answered; what it was about stays between athlete and program."""
    return Reason(Cause.HEALTH_SAID, {"grade": answer.grade.value, "day": answer.since.isoformat()})


def cleared(answer: HealthAnswer, day: date, cleared_for: ClearedFor = ClearedFor.EVERYTHING) -> Reason:
    """That it was cleared from a day on."""
    facts = {"grade": answer.grade.value, "day": day.isoformat(), "cleared_for": cleared_for.value}
    return Reason(Cause.HEALTH_CLEARED, facts)


def obey(
    world: World, reason: Reason, now: datetime, *, key: str, restoring: bool = False
) -> tuple[Change, ...]:
    """Make the committed plan what the answers allow; the first change stands for the answer itself.

    In a transaction or not.
    """

    def outranked(situation: Situation) -> Iterator[Edit]:
        return _outranked(world.health, situation)

    return rebuild(world, now, reason, key=key, restoring=restoring, more=outranked)


def guard(world: World, now: datetime) -> tuple[Change, ...]:
    """What came into the plan all the same, from a file or the watch's calendar, obeys too. Idempotent."""
    if not world.health.answers:
        return ()
    edits = tuple(_outranked(world.health, situation_of(world, now, covered=False)))
    if not edits:
        return ()
    reason = Reason(Cause.HEALTH_OUTRANKS)
    sessions = sorted(edit.session_id for edit in edits)
    proposal = RuleProposal(_RULE, f"{_RULE}:{now.isoformat()}", reason, {"sessions": sessions})
    return carry_out(world, Decision(proposal, edits), now)


def _outranked(health: Health, situation: Situation) -> Iterator[Edit]:
    """What is due and not allowed, whoever wants it: dropped, or as much of it as is allowed."""
    for entry in situation.due:
        session = entry.session
        limits = limits_of(health, session.day)
        if not limits.running or (session.kind in MEASURED_KINDS and not limits.tests):
            yield Edit(session, None)
        elif session.hard and not limits.hard:
            yield as_easy(session, situation, _RULE)
        elif limits.long_m is not None and session.distance_m > limits.long_m:
            yield shorter(session, limits.long_m, situation, _RULE) or Edit(session, None)


def is_health(change: Change) -> bool:
    """Whether the change stands for an answer, or for something that was cleared."""
    return str(change.evidence.get("word", "")).startswith(f"{WORD}:")


def newest_of(answers: Iterable[HealthAnswer], concern: Concern) -> HealthAnswer | None:
    """The last answer about that; None where there is none."""
    return next((answer for answer in reversed(tuple(answers)) if answer.concern is concern), None)


def _as_written(kept: HealthAnswer, written: HealthAnswer | None, today: date) -> HealthAnswer:
    """What the configuration has cleared since: said so, or the answer is not there any more."""
    if kept.free_from is not None or (written is not None and written.free_from is None):
        return kept
    over = today if kept.grade is HealthGrade.PREGNANCY and written is None else kept.over_on
    return replace(kept, easy_from=kept.easy_from or today, free_from=today, over_on=over)


def _again(store: Store, kept: HealthAnswer, written: HealthAnswer) -> bool:
    """Whether the configuration says anew what it had cleared itself."""
    return kept.free_from is not None and written.free_from is None and store.health.cleared_in_file(kept.id)
