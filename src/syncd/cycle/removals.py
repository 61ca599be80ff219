"""Several of our workouts are gone from the calendar: the athlete is asked, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from syncd.cycle.overrides import take_over
from syncd.cycle.questions import ask
from syncd.cycle.world import World
from syncd.domain.delivery.observation import Observed
from syncd.domain.delivery.remote import LedgerRow, LedgerState
from syncd.domain.delivery.troubles import DeliveryStopped, DeliveryTrouble
from syncd.domain.questions import Answer, AnsweredBy, Question, QuestionKind
from syncd.domain.reason import Reason
from syncd.store.changes import Change


@dataclass(frozen=True, slots=True)
class RemovalDoubt:
    """What became of the doubt. `answered`: look at the ledger again, with `removed` taken for removed."""

    answered: bool = False
    removed: frozenset[str] = frozenset()
    problems: tuple[Reason, ...] = ()


def doubt_removals(world: World, observed: Observed, now: datetime) -> RemovalDoubt:
    """Ask about several that are missing. Raises DeliveryStopped while nothing is known of most of ours."""
    key = _key(world, observed) if observed.settled else ""
    _close_others(world, key, now)
    if not observed.several:
        return RemovalDoubt()
    facts = {"sink": world.sink.name, "missing": len(observed.missing), "expected": observed.expected}
    if not observed.settled:
        if observed.most:
            raise DeliveryStopped(DeliveryTrouble.NOT_KNOWN, facts)
        return RemovalDoubt()
    question = ask(world, _question(world, observed, key), now)
    if question is not None and question.answer is Answer.YES:
        return RemovalDoubt(True, frozenset(row.key.session for row in observed.missing))
    if question is not None and question.answer is Answer.NO:
        _put_again(world, observed.missing, now)
        return RemovalDoubt(answered=True)
    if question is not None and question.default is Answer.YES:
        return RemovalDoubt()  # asked: held until then
    if observed.most:
        raise DeliveryStopped(DeliveryTrouble.NOT_KNOWN, facts)
    return RemovalDoubt(problems=(Reason(DeliveryTrouble.HELD, facts),))


def removed_answered(world: World, question: Question, now: datetime) -> tuple[Change, ...]:
    """Apply the answer to a question about removed workouts; the changes of the plan.

    YES: they are the athlete's deletions. NO: they are put again by the next sync. Anything else: they
    stay as they are.
    """
    if question.facts.get("sink") != world.sink.name:
        return ()
    asked = set(question.facts["sessions"])
    rows = [
        row
        for row in world.store.ledger.rows(world.sink.name)
        if row.missing_since is not None and row.key.session in asked
    ]
    if question.answer is Answer.YES:
        for row in rows:
            if row.state is LedgerState.DONE:
                world.store.ledger.release(world.sink.name, row.key, row.day, None, now, as_put=False)
        return take_over(world, now)
    if question.answer is Answer.NO:
        _put_again(world, rows, now)
    return ()


def _put_again(world: World, rows: Iterable[LedgerRow], now: datetime) -> None:
    """Forget that they were there: what is due is put, and what lies on no day is scheduled."""
    for row in rows:
        world.store.ledger.forget(world.sink.name, row.key, now)


def _key(world: World, observed: Observed) -> str:
    """One absence is asked about once, also while its days pass."""
    since = observed.missing[0].missing_since
    return f"removed:{world.sink.name}:{since.isoformat() if since else ''}"


def _question(world: World, observed: Observed, key: str) -> Question:
    rows = sorted(observed.missing, key=lambda row: (row.day, row.key.session))
    facts = {
        "sink": world.sink.name,
        "sessions": [row.key.session for row in rows],
        "days": [row.day.isoformat() for row in rows],
    }
    default = Answer.YES if observed.proven else Answer.UNKNOWN
    return Question(QuestionKind.REMOVED, key, default, facts)


def _close_others(world: World, key: str, now: datetime) -> None:
    """Those about workouts that are there again do not matter any more."""
    for question in world.store.questions.open():
        about_here = question.kind is QuestionKind.REMOVED and question.facts.get("sink") == world.sink.name
        if about_here and question.key != key:
            world.store.questions.settle(question.id, None, AnsweredBy.MOOT, now)
