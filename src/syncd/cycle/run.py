"""One sync, the same for `syncd sync`, the demo and the tests: pull, score, adapt, deliver."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from syncd.connectors.base import (
    ActivitySource,
    AuthRequired,
    CalendarWriter,
    ConnectorError,
    RateLimited,
    Remarking,
    Unavailable,
)
from syncd.connectors.delivery import DeliveryReport, deliver
from syncd.cycle.adapting import adapt
from syncd.cycle.answers import attend
from syncd.cycle.arrivals import Pulled, pull
from syncd.cycle.assessment import Assessed, as_known, assess, close_windows
from syncd.cycle.bases import note_bases, plan_late_facts
from syncd.cycle.earlier_sinks import clear_earlier_sinks
from syncd.cycle.easy_returns import keep_returns_easy
from syncd.cycle.fetching_again import fetch_again
from syncd.cycle.health_answers import guard, take_up
from syncd.cycle.housekeeping import expire_payloads
from syncd.cycle.overrides import take_over
from syncd.cycle.paces import keep_first_read, zones_in_force
from syncd.cycle.pain_questions import ask_about_pain
from syncd.cycle.planning import ladders_on, replan
from syncd.cycle.pushing import calendar_entries, propose
from syncd.cycle.race_questions import ask_about_races
from syncd.cycle.results import record_results
from syncd.cycle.sink_reading import delivered_cleanly
from syncd.cycle.taking_back import take_back_unfounded
from syncd.cycle.timing import ClockContradicted, expected_finishes, judge_clock
from syncd.cycle.watching import note_device_syncs
from syncd.cycle.world import World
from syncd.domain.arrival import Arrived, PayloadOutcome
from syncd.domain.delivery.actions import Action
from syncd.domain.delivery.troubles import DeliveryStopped
from syncd.domain.questions import Question
from syncd.domain.reason import Reason
from syncd.domain.training.inputs import PlanError
from syncd.formats.reading import NONSENSE, place_of
from syncd.store.changes import Change
from syncd.store.plan import CommittedSession
from syncd.store.source_pulls import SourcePull


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one sync did. `needs_human`: a problem that will not heal by itself.

    `clock_doubted`: nothing was decided, because this is not the time. `expected`: when the next runs
    usually end. `asked`: questions that are new; `settled`: those that
    nobody answered, answered by themselves.
    """

    arrived: tuple[Arrived, ...] = ()
    assessed: tuple[Assessed, ...] = ()
    missed: tuple[CommittedSession, ...] = ()
    committed: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    actions: tuple[Action, ...] = ()
    delivery: DeliveryReport | None = None
    remarks: tuple[Reason | str, ...] = ()
    problems: tuple[Reason | str, ...] = ()
    needs_human: bool = False
    expected: tuple[datetime, ...] = ()
    asked: tuple[Question, ...] = ()
    settled: tuple[Question, ...] = ()
    clock_doubted: bool = False

    @property
    def quiet(self) -> bool:
        """Nothing new, nothing changed."""
        return not (
            self.arrived
            or self.missed
            or self.changes
            or self.actions
            or self.problems
            or self.asked
            or self.settled
        )


@dataclass(slots=True)
class _Troubles:
    problems: list[Reason | str] = field(default_factory=list)
    remarks: list[Reason | str] = field(default_factory=list)
    needs_human: bool = False

    def add(self, problem: Reason | str) -> None:
        if problem not in self.problems:  # source and sink of one service fail in the same way
            self.problems.append(problem)

    def note(self, error: Exception) -> None:
        if isinstance(error, DeliveryStopped):
            self.add(Reason(error.code, error.facts))
            self.needs_human = self.needs_human or error.needs_human
            return
        self.add(str(error))
        self.needs_human = self.needs_human or isinstance(error, AuthRequired)


def run(world: World, now: datetime, *, dry_run: bool = False, only: Collection[str] = ()) -> SyncReport:
    """Run every stage once. A service that fails costs only its own stage; the rest goes on.

    With `dry_run` nothing is sent; the caller passes a copy of the state. `only` names the sources
    to ask, where not all. Raises StoreError when the state itself cannot be kept, with everything
    before that kept.
    """
    clock = judge_clock(world, now)
    if clock.doubt is not None:
        return SyncReport(problems=(clock.doubt,), remarks=clock.remarks, clock_doubted=True)
    troubles = _Troubles(remarks=[*clock.remarks])
    world.store.installation.name_athlete(world.athlete_key)
    sources = [source for source in world.sources if not only or source.name in only]
    sync_id = world.store.syncs.begin(now)
    asked_before = {question.id for question in world.store.questions.open()}
    try:
        pulls = [_pull(source, world, now, troubles) for source in sources]
    except ClockContradicted as contradicted:
        world.store.syncs.forget(sync_id)
        return SyncReport(
            problems=(contradicted.reason,), remarks=tuple(troubles.remarks), clock_doubted=True
        )
    for source, pulled in zip(sources, pulls, strict=True):
        note_device_syncs(world, source.name, pulled.arrived)
    answering = [source for source, pulled in zip(sources, pulls, strict=True) if pulled.whole]
    regained = () if dry_run else fetch_again(world, answering, now)
    covered = len(sources) == len(world.sources) and _all_read(pulls)
    decided = _decided(world, now, troubles, covered=covered, dry_run=dry_run)
    report = replace(
        decided,
        arrived=tuple(arrival for pulled in pulls for arrival in pulled.arrived),
        remarks=(*(remark for pulled in pulls for remark in pulled.remarks), *regained, *troubles.remarks),
        asked=tuple(asked for asked in world.store.questions.open() if asked.id not in asked_before),
    )
    outcome = "needs_human" if report.needs_human else "problems" if report.problems else "ok"
    world.store.syncs.finish(sync_id, now, outcome, _counts(report))
    return report


def _decided(world: World, now: datetime, troubles: _Troubles, *, covered: bool, dry_run: bool) -> SyncReport:
    """What follows from all that is known: scores, plan, watch; without what came in, and new questions.

    `covered`: every source was read to its end, so that what is not there was not run.
    """
    settled = attend(world, now)
    world, answered = take_up(world, now)
    assessed = assess(world, now)
    missed = close_windows(world, now) if covered else ()
    results = record_results(world, now)
    ask_about_races(world, now)
    world = _with_paces_of(world, now)
    expire_payloads(world, now)  # only what has been assessed
    taken_back = (*take_back_unfounded(world, now, covered=covered), *plan_late_facts(world, now))
    adapted = adapt(world, now, covered=covered)
    world = _with_paces_of(world, now)  # time off makes them easier
    ask_about_pain(world, now)
    replanned = replan(world, now)
    world.store.ladders.keep(ladders_on(world, world.today(now)))
    guarded = (*guard(world, now), *keep_returns_easy(world, now))
    note_bases(world, now)
    actions, delivery = _push(world, now, troubles, dry_run=dry_run)
    overridden = take_over(world, now) if delivery else ()
    return SyncReport(
        assessed=as_known(world, assessed),
        missed=missed,
        committed=replanned.committed,
        changes=(
            *(assessment.change for assessment in assessed if assessment.change),
            *answered,
            *results,
            *taken_back,
            *adapted,
            *replanned.changes,
            *guarded,
            *overridden,
        ),
        actions=actions,
        delivery=delivery,
        problems=(*troubles.problems, *(_undelivered(delivery) if delivery else ())),
        needs_human=troubles.needs_human,
        expected=expected_finishes(world, now),
        settled=settled,
    )


def _pull(source: ActivitySource, world: World, now: datetime, troubles: _Troubles) -> Pulled:
    """What one source had; where it fails, the others are asked all the same."""
    try:
        pulled = pull(source, world, now)
    except ConnectorError as error:
        pulled = Pulled(error=error)
    except NONSENSE as error:
        pulled = Pulled(error=_not_understood(source.name, error))
    if pulled.error is not None:
        troubles.note(pulled.error)
    for problem in pulled.problems:
        troubles.add(problem)
    world.store.source_pulls.note(source.name, _source_pull(pulled, now))
    own = source.remarks() if pulled.whole and isinstance(source, Remarking) else ()
    return replace(pulled, remarks=(*own, *pulled.remarks))


def _not_understood(service: str, error: BaseException) -> Unavailable:
    """An answer that led astray what reads it: this costs its own stage, and the place can be reported."""
    return Unavailable(
        f"{service}: an answer cannot be understood ({place_of(error)}); the next sync tries again, please"
        " report it where it stays so"
    )


def _source_pull(pulled: Pulled, now: datetime) -> SourcePull:
    error = pulled.error
    return SourcePull(
        asked_at=now,
        ok_at=now if pulled.whole else None,
        problem=str(error) if error else next(iter(pulled.problems), ""),
        needs_human=isinstance(error, AuthRequired),
        retry_at=error.retry_at if isinstance(error, RateLimited) else None,
    )


def _with_paces_of(world: World, now: datetime) -> World:
    """The same world with the paces that follow from what is known by now."""
    if world.entered is None and not world.store.results.in_force():
        return world
    keep_first_read(world.store, world.entered, world.today(now))
    return replace(world, zones=zones_in_force(world.store, world.entered, world.today(now)))


def _all_read(pulls: Sequence[Pulled]) -> bool:
    """Whether everything that was run is here; a source that needs the athlete is not waited for."""
    asked = [pulled for pulled in pulls if not isinstance(pulled.error, AuthRequired)]
    return bool(asked) and all(pulled.whole for pulled in asked)


def _push(
    world: World, now: datetime, troubles: _Troubles, *, dry_run: bool
) -> tuple[tuple[Action, ...], DeliveryReport | None]:
    try:
        proposal = propose(world, now)
    except (ConnectorError, DeliveryStopped) as error:
        troubles.note(error)
        return (), None
    except PlanError:
        raise  # worded for the athlete
    except NONSENSE as error:
        troubles.note(_not_understood(world.sink.name, error))
        return (), None
    troubles.remarks += proposal.remarks
    for problem in proposal.problems:
        troubles.add(problem)
    actions = proposal.actions
    if dry_run:
        return actions, None
    delivery = deliver(world.sink, world.store.ledger, actions, proposal.workouts, now, world.watching)
    if not (delivery.failed or delivery.unknown):
        delivered_cleanly(world)
        troubles.remarks += clear_earlier_sinks(world, now)
    if isinstance(world.sink, CalendarWriter):
        try:
            world.sink.write_calendar(calendar_entries(world, now))
        except ConnectorError as error:
            troubles.note(error)
    return actions, delivery


def _undelivered(delivery: DeliveryReport) -> tuple[str, ...]:
    """Each sentence once: a missing folder fails every action in the same way."""
    return tuple(
        dict.fromkeys(str(undelivered.error) for undelivered in (*delivery.failed, *delivery.unknown))
    )


def _counts(report: SyncReport) -> dict[str, int]:
    return {
        "runs": sum(arrival.outcome is PayloadOutcome.RUN for arrival in report.arrived),
        "unreadable": sum(arrival.outcome is PayloadOutcome.UNREADABLE for arrival in report.arrived),
        "scored": sum(assessment.stored.score is not None for assessment in report.assessed),
        "changes": len(report.changes),
        "actions": len(report.actions),
    }
