"""Carrying out: intent first, one failure does not stop the rest, and nothing is assumed."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest

from syncd.connectors.base import (
    AuthRequired,
    ConnectorError,
    DateRange,
    Mismatch,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SinkCapabilities,
    Unavailable,
)
from syncd.connectors.delivery import DeliveryReport, deliver
from syncd.domain.delivery.actions import Adopt, Put, Remove, Update
from syncd.domain.delivery.labels import watch_name
from syncd.domain.delivery.remote import Desired, LedgerState, OwnerKey, RemoteWorkout
from syncd.domain.workout import PaceBand, Workout, WorkoutError, ZoneTarget, steps_of
from syncd.store import Store, StoreError
from tests.connectors.contract import EASY, NOW, TUESDAY, SinkContract, key, synchronise, workout

CAPABILITIES = SinkCapabilities()


@dataclass
class Service:
    """A calendar in memory that does what it is told to do wrong, once for each order."""

    entries: dict[str, tuple[date, Workout, OwnerKey]] = field(default_factory=dict)
    faults: list[tuple[str, ConnectorError, bool]] = field(default_factory=list)  # call, error, done anyway
    calls: list[str] = field(default_factory=list)
    mangles: bool = False
    down: bool = False


@dataclass
class CalendarSink:
    service: Service
    athlete: str = "me"
    name: str = "calendar"
    capabilities: SinkCapabilities = CAPABILITIES
    watch: Callable[[], None] = lambda: None

    def list_owned(self, window: DateRange) -> tuple[RemoteWorkout, ...]:
        self._called("list")
        return tuple(
            RemoteWorkout(identity, day, mark)
            for identity, (day, _, mark) in self.service.entries.items()
            if day in window and mark.athlete == self.athlete
        )

    def put(self, day: date, made: Workout, mark: OwnerKey) -> str:
        self.watch()
        if any(isinstance(step.target, ZoneTarget) for step in steps_of(made.steps)):
            raise Rejected(str(WorkoutError("resolve the zones first")))
        same = (i for i, (_, _, other) in self.service.entries.items() if other.identity == mark.identity)
        identity = next(same, f"r{len(self.service.calls)}")
        kept = made.named(watch_name(made.name, mark))
        self._called("put", lambda: self.service.entries.update({identity: (day, kept, mark)}))
        return identity

    def update(self, remote_id: str, day: date, made: Workout, mark: OwnerKey) -> str:
        self.watch()
        kept = made.named(watch_name(made.name, mark))
        self._called("update", lambda: self.service.entries.update({remote_id: (day, kept, mark)}))
        return remote_id

    def remove(self, remote_id: str) -> None:
        self.watch()
        self._called("remove", lambda: self.service.entries.pop(remote_id, None))

    def read_back(self, remote_id: str) -> Workout:
        self._called("read")
        kept = self.service.entries[remote_id][1]
        if self.service.mangles:
            slow = replace(kept.steps[0], target=PaceBand(2.0, 2.5))
            return replace(kept, steps=(slow, *kept.steps[1:]))
        return kept

    def _called(self, call: str, effect: Callable[[], object] = lambda: None) -> None:
        self.service.calls.append(call)
        if self.service.down:
            raise Unavailable("no answer")
        fault = next((each for each in self.service.faults if each[0] == call), None)
        if fault is None:
            effect()
            return
        self.service.faults.remove(fault)
        if fault[2]:
            effect()
        raise fault[1]


class TestCalendarSink(SinkContract):
    @pytest.fixture
    def sink_of(self):
        service = Service()
        return lambda athlete: CalendarSink(service, athlete)

    @pytest.fixture
    def away(self):
        return CalendarSink(Service(down=True))


class TestCalendarSinkWithoutUpdates(TestCalendarSink):
    @pytest.fixture
    def sink_of(self):
        service = Service()
        capabilities = SinkCapabilities(updates_in_place=False)
        return lambda athlete: CalendarSink(service, athlete, capabilities=capabilities)


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path) as opened:
        yield opened


@pytest.fixture
def sink():
    return CalendarSink(Service())


MADE, OTHER = workout(), workout(EASY, "easy")
ONE = {key(MADE, 1): (MADE, TUESDAY)}
TWO = ONE | {key(OTHER, 2): (OTHER, TUESDAY + timedelta(days=1))}
CHANGED = {key(OTHER, 1): (OTHER, TUESDAY)}


def states(store: Store) -> list[LedgerState]:
    return [row.state for row in store.ledger.rows("calendar")]


def kinds(undelivered) -> list[tuple[type, type]]:
    return [(type(each.action), type(each.error)) for each in undelivered]


def test_the_intent_is_on_disk_before_the_request_goes_out(sink, store, tmp_path):
    seen = []

    def look() -> None:
        with Store.open(tmp_path) as other_process:
            seen.extend((row.state, row.key) for row in other_process.ledger.rows("calendar"))

    sink.watch = look
    for plan in (ONE, CHANGED, {}):
        synchronise(sink, store, plan)
    assert seen == [
        (LedgerState.INTENDED, key(MADE, 1)),
        (LedgerState.INTENDED, key(OTHER, 1)),
        (LedgerState.REMOVING, key(OTHER, 1)),
    ]


def test_delivering_inside_a_transaction_is_refused_before_anything_is_sent(sink, store):
    with pytest.raises(StoreError, match="inside a transaction"), store.transaction():
        synchronise(sink, store, ONE)
    assert sink.service.entries == {}


def test_a_missing_workout_stops_everything_before_anything_is_sent(sink, store):
    with pytest.raises(KeyError):
        deliver(sink, store.ledger, [Put(Desired(key(MADE, 1), TUESDAY, "x"), "new")], {}, NOW)
    assert (sink.service.calls, store.ledger.rows("calendar")) == ([], ())


def test_a_put_costs_one_request_and_one_look(sink, store):
    synchronise(sink, store, ONE)
    assert sink.service.calls == ["list", "put", "read"]


@pytest.mark.parametrize("done_anyway", [True, False])
def test_an_unknown_outcome_is_looked_up_and_never_repeated_in_place(sink, store, done_anyway):
    sink.service.faults = [("put", OutcomeUnknown("connection lost"), done_anyway)]
    report = synchronise(sink, store, ONE)
    assert kinds(report.unknown) == [(Put, OutcomeUnknown)]
    assert states(store) == [LedgerState.INTENDED]
    assert sink.service.calls.count("put") == 1
    report = synchronise(sink, store, ONE)
    assert [type(action) for action in report.done] == [Adopt if done_anyway else Put]
    assert len(sink.service.entries) == 1
    assert synchronise(sink, store, ONE) == DeliveryReport()


def test_one_failure_does_not_stop_the_rest(sink, store):
    sink.service.faults = [("put", Unavailable("try later"), False)]
    report = synchronise(sink, store, TWO)
    assert kinds(report.failed) == [(Put, Unavailable)]
    assert [type(action) for action in report.done] == [Put]
    assert len(synchronise(sink, store, TWO).done) == 1
    assert synchronise(sink, store, TWO) == DeliveryReport()


@pytest.mark.parametrize("error", [AuthRequired("log in"), RateLimited("enough", NOW)])
def test_after_a_refusal_to_talk_nothing_more_is_sent(sink, store, error):
    sink.service.faults = [("put", error, False)]
    report = synchronise(sink, store, TWO)
    assert kinds(report.failed) == [(Put, type(error))] * 2
    assert sink.service.calls == ["list", "put"]
    assert len(synchronise(sink, store, TWO).done) == 2


def test_what_was_rejected_is_not_sent_again_unchanged(sink, store):
    sink.service.faults = [("put", Rejected("too many steps"), False)]
    assert kinds(synchronise(sink, store, ONE).failed) == [(Put, Rejected)]
    assert synchronise(sink, store, ONE) == DeliveryReport()
    assert [type(action) for action in synchronise(sink, store, CHANGED).done] == [Put]


def test_a_rejected_update_leaves_the_earlier_version_where_it_is(sink, store):
    synchronise(sink, store, ONE)
    sink.service.faults = [("update", Rejected("too many steps"), False)]
    assert kinds(synchronise(sink, store, CHANGED).failed) == [(Update, Rejected)]
    assert synchronise(sink, store, CHANGED) == DeliveryReport()
    assert [mark for _, _, mark in sink.service.entries.values()] == [key(MADE, 1)]
    synchronise(sink, store, {})
    assert sink.service.entries == {}


def test_a_replacement_waits_until_the_removal_is_confirmed(store):
    sink = CalendarSink(Service(), capabilities=SinkCapabilities(updates_in_place=False))
    synchronise(sink, store, ONE)
    sink.service.faults = [("remove", OutcomeUnknown("connection lost"), False)]
    report = synchronise(sink, store, CHANGED)
    assert kinds(report.unknown) == [(Remove, OutcomeUnknown)]
    assert kinds(report.failed) == [(Put, Unavailable)]
    assert [mark for _, _, mark in sink.service.entries.values()] == [key(MADE, 1)]
    synchronise(sink, store, CHANGED)
    assert [mark for _, _, mark in sink.service.entries.values()] == [key(OTHER, 1)]


def test_a_workout_that_is_kept_differently_is_loud_and_what_is_there_is_remembered(sink, store):
    sink.service.mangles = True
    report = synchronise(sink, store, ONE)
    ((action, error),) = [(each.action, each.error) for each in report.failed]
    assert isinstance(action, Put)
    assert isinstance(error, Mismatch)
    assert "is not on calendar as it was sent: sent 15min @6:00-6:30/km" in str(error)
    (version,) = store.ledger.versions("2026w12-1")
    assert version.workout.content_hash != MADE.content_hash
    assert version.key == key(MADE, 1)


def test_a_look_that_failed_is_repeated_in_the_next_cycle(sink, store):
    sink.service.faults = [("read", Unavailable("no answer"), False)]
    assert kinds(synchronise(sink, store, ONE).failed) == [(Put, Unavailable)]
    assert states(store) == [LedgerState.INTENDED]
    assert [type(action) for action in synchronise(sink, store, ONE).done] == [Adopt]
    assert states(store) == [LedgerState.DONE]


def test_the_version_on_the_watch_at_the_start_of_a_run_can_be_asked(sink, store):
    synchronise(sink, store, ONE)
    synchronise(sink, store, CHANGED, NOW + timedelta(hours=2))
    before = store.ledger.on_sink_at("2026w12-1", NOW + timedelta(hours=1))
    after = store.ledger.on_sink_at("2026w12-1", NOW + timedelta(hours=3))
    assert (before.workout.steps, after.workout.steps) == (MADE.steps, OTHER.steps)


def test_what_a_broken_removal_left_may_go_while_it_is_taken_up_again(sink, store):
    """Found by the seeded episodes: gone in the middle of an update, it passed for the athlete's deletion."""
    made = workout(EASY)
    left = RemoteWorkout("w1", None, key(made))
    want = Desired(key(made), TUESDAY, made.name)
    sink.service.faults.append(("update", Unavailable("it went meanwhile"), False))
    deliver(sink, store.ledger, [Update(left, want, "created, but on no day yet")], {key(made): made}, NOW)
    (row,) = store.ledger.rows(sink.name)
    assert (row.state, row.remote_id) == (LedgerState.INTENDED, None)
    synchronise(sink, store, {key(made): (made, TUESDAY)})
    assert states(store) == [LedgerState.DONE]
