"""Our workouts on the calendar: each once, whatever goes wrong, and nobody else's touched."""

import json
from contextlib import suppress
from copy import deepcopy
from datetime import date, timedelta

import pytest

from syncd.connectors.base import ConnectorError, DateRange, Listing, Rejected, Unavailable
from syncd.connectors.delivery import DeliveryReport
from syncd.connectors.garmin.session import Endpoints
from syncd.connectors.garmin.sink import GarminSink, _remotes
from syncd.domain.delivery.remote import find_key
from syncd.sandbox.garmin.faults import Fault
from syncd.store import Store
from tests.connectors.contract import (
    EASY,
    INTERVALS,
    NOW,
    TUESDAY,
    WINDOW,
    SinkContract,
    key,
    synchronise,
    workout,
)
from tests.connectors.garmin.conftest import log_in
from tests.support.sweep import FULL

LATER = TUESDAY + timedelta(days=2)
MONTHS = 1  # that the window of the contract touches


class TestGarminSink(SinkContract):
    @pytest.fixture
    def sink_of(self, session_of, tmp_path):
        return lambda athlete: GarminSink(session_of(), athlete, tmp_path / f"{athlete}.json", NOW)

    @pytest.fixture
    def away(self, session_of, tmp_path):
        nowhere = session_of(endpoints=Endpoints("http://127.0.0.1:9", "http://127.0.0.1:9"))
        return GarminSink(nowhere, "me", tmp_path / "away.json", NOW)


@pytest.fixture
def sink_at(session_of, tmp_path):
    """A new process, with what the earlier one left behind."""
    return lambda now=NOW: GarminSink(session_of(), "me", tmp_path / "me.json", now)


@pytest.fixture
def store(tmp_path_factory):
    with Store.open(tmp_path_factory.mktemp("state")) as opened:
        yield opened


def put(sink, notation=INTERVALS, day=TUESDAY):
    made = workout(notation)
    return sink.put(day, made, key(made))


def plan(*sessions):
    """(slot, notation, day) to what `synchronise` takes."""
    made = [(slot, workout(notation), day) for slot, notation, day in sessions]
    return {key(each, slot): (each, day) for slot, each, day in made}


def theirs(service):
    """Everything on the account that is not ours."""
    foreign = {
        number: each for number, each in service.account.workouts.items() if not find_key(each["description"])
    }
    entries = [each for each in service.account.schedules.values() if str(each["workoutId"]) in foreign]
    return json.dumps([foreign, entries, service.account.others], sort_keys=True)


def ours(service):
    """Key and days of each of our workouts, from the service's own state."""
    return sorted(
        (
            find_key(each["description"]).marker,
            [
                entry["date"]
                for entry in service.account.schedules.values()
                if str(entry["workoutId"]) == number
            ],
        )
        for number, each in service.account.workouts.items()
        if find_key(each["description"])
    )


def as_planned(wanted):
    return sorted((mark.marker, [day.isoformat()]) for mark, (_, day) in wanted.items())


def furnish(service):
    """The athlete's own: a workout on the same day, one of a coach's plan, an event."""
    made = service.account.create_workout(workout_of_another())
    service.account.schedule(str(made["workoutId"]), TUESDAY.isoformat())
    guarded = service.account.schedule(str(made["workoutId"]), LATER.isoformat())
    service.account.schedules[str(guarded["workoutScheduleId"])]["protected"] = True
    service.account.others += [
        {"id": None, "itemType": "event", "date": TUESDAY.isoformat(), "title": "race", "workoutId": None},
        {"id": 7, "itemType": "fbtAdaptiveWorkout", "date": TUESDAY.isoformat(), "workoutId": None},
        *(
            {"id": 100 + n, "itemType": "workout", "date": TUESDAY.isoformat(), "workoutId": 5000 + n}
            for n in range(200)
        ),
    ]


def workout_of_another():
    from syncd.connectors.garmin.codec import encode

    return {**encode(workout(EASY), key(workout(EASY))), "description": "my own", "workoutName": "mine"}


FIRST = plan((1, EASY, TUESDAY), (2, INTERVALS, LATER), (3, EASY, LATER + timedelta(days=1)))
SECOND = plan((1, INTERVALS, TUESDAY), (2, INTERVALS, LATER + timedelta(days=2)), (4, EASY, LATER))


# --- requests


def test_an_unchanged_plan_costs_the_calendar_and_no_write(service, store, sink_at):
    synchronise(sink_at(), store, FIRST)
    synchronise(sink_at(), store, FIRST)
    service.requests.clear()
    assert synchronise(sink_at(), store, FIRST) == DeliveryReport()
    assert len(service.requests) == MONTHS
    assert all(each.startswith("GET /calendar-service/") for each in service.requests)


def test_a_new_workout_costs_two_writes_and_a_look_at_it(service, store, sink_at):
    synchronise(sink_at(), store, {})
    service.requests.clear()
    synchronise(sink_at(), store, plan((1, EASY, TUESDAY)))
    assert [each.split()[0] for each in service.requests] == ["GET"] * MONTHS + ["POST", "POST", "GET"]


def test_changed_content_costs_one_write(service, store, sink_at):
    synchronise(sink_at(), store, plan((1, EASY, TUESDAY)))
    service.requests.clear()
    synchronise(sink_at(), store, plan((1, INTERVALS, TUESDAY)))
    assert [each.split()[0] for each in service.requests] == ["GET"] * MONTHS + ["PUT", "GET"]


def test_a_window_over_a_month_border_costs_one_request_more_and_lists_each_entry_once(service, sink_at):
    last = date(2026, 3, 31)  # also shown on the page of April
    remote_id = put(sink_at(), day=last)
    service.requests.clear()
    (remote,) = sink_at().list_owned(DateRange(last - timedelta(days=2), last + timedelta(days=10)))
    assert (remote.remote_id, remote.day) == (remote_id, last)
    assert [each.rpartition("/")[2] for each in service.requests if "/month/" in each] == ["2", "3"]


# --- whose it is


def test_a_lost_index_is_rebuilt_from_the_markers(service, store, sink_at, tmp_path):
    synchronise(sink_at(), store, FIRST)
    for damage in (lambda path: path.unlink(), lambda path: path.write_text("{")):
        damage(tmp_path / "me.json")
        assert synchronise(sink_at(), store, FIRST) == DeliveryReport()
        assert ours(service) == as_planned(FIRST)


def test_a_lost_database_and_index_find_everything_again(service, store, sink_at, tmp_path, tmp_path_factory):
    synchronise(sink_at(), store, FIRST)
    (tmp_path / "me.json").unlink()
    with Store.open(tmp_path_factory.mktemp("empty")) as empty:
        report = synchronise(sink_at(), empty, FIRST)
        assert {type(action).__name__ for action in report.done} == {"Adopt"}
    assert ours(service) == as_planned(FIRST)


def test_what_is_not_ours_cannot_be_removed(service, sink_at):
    furnish(service)
    before = theirs(service)
    (number,) = service.account.workouts
    with pytest.raises(Rejected, match="not ours"):
        sink_at().remove(number)
    with pytest.raises(Rejected):
        sink_at().remove("../1")
    assert theirs(service) == before


def test_a_workout_that_the_athlete_edited_is_theirs_by_the_next_night(service, sink_at):
    remote_id = put(sink_at())
    number = remote_id.partition(".")[0]
    edited = deepcopy(service.account.workouts[number])
    edited["workoutSegments"][0]["workoutSteps"][0]["endConditionValue"] = 60.0
    service.account.replace_workout(number, edited)
    (remote,) = sink_at(NOW + timedelta(hours=25)).list_owned(WINDOW)
    assert (remote.remote_id, remote.intact) == (remote_id, False)


def test_a_workout_taken_off_the_calendar_is_listed_on_no_day(service, sink_at):
    number = put(sink_at()).partition(".")[0]
    service.account.schedules.clear()
    (remote,) = sink_at().list_owned(WINDOW)
    assert (remote.remote_id, remote.day) == (number, None)


def test_a_workout_that_the_athlete_deleted_is_not_listed(service, sink_at):
    number = put(sink_at()).partition(".")[0]
    service.account.delete_workout(number)
    assert sink_at().list_owned(WINDOW) == ()


def test_a_moved_entry_is_listed_where_it_is_now(service, sink_at):
    remote_id = put(sink_at())
    service.account.reschedule(remote_id.partition(".")[2], LATER.isoformat())
    (remote,) = sink_at().list_owned(WINDOW)
    assert (remote.remote_id, remote.day) == (remote_id, LATER)


def test_the_second_entry_of_a_workout_goes_and_the_workout_stays(service, store, sink_at):
    wanted = plan((1, EASY, TUESDAY))
    synchronise(sink_at(), store, wanted)
    (number,) = service.account.workouts
    service.account.schedule(number, TUESDAY.isoformat())
    synchronise(sink_at(), store, wanted)
    assert ours(service) == as_planned(wanted)


@pytest.mark.parametrize("cascade", [True, False])
def test_a_removed_workout_leaves_no_entry_behind(service, sink_at, cascade):
    service.account.cascade = cascade
    sink_at().remove(put(sink_at()))
    assert (service.account.workouts, service.account.schedules) == ({}, {})


# --- bad answers


@pytest.mark.parametrize("fault", [Fault.WRONG_TYPES_AFTER, Fault.PAGE_AFTER, Fault.TRUNCATED_AFTER])
def test_a_calendar_that_cannot_be_read_is_never_an_empty_one(service, sink_at, fault):
    put(sink_at())
    sink_at().list_owned(WINDOW)
    for request in range(MONTHS):
        service.faults.begin({request: fault})
        with pytest.raises(Unavailable):
            sink_at().list_owned(WINDOW)


def test_a_workout_that_does_not_fit_is_refused_without_a_request(service, sink_at):
    with pytest.raises(Rejected, match="60 steps"):
        put(sink_at(), " + ".join(["1min"] * 60))
    assert service.requests == []


def test_a_workout_that_went_before_it_was_scheduled_is_not_remembered_as_refused(service, sink_at):
    number = put(sink_at()).partition(".")[0]
    service.account.delete_workout(number)
    with pytest.raises(Unavailable):
        sink_at().update(number, LATER, workout(EASY), key(workout(EASY)))
    with pytest.raises(Unavailable):
        sink_at().read_back(number)
    put(sink_at())
    assert len(service.account.workouts) == len(service.account.schedules) == 1


# --- the sweep


STEP = 1 if FULL else 2


def deliver_through(fault, at, service, sink, store, between=lambda: None):
    """FIRST is there; the change to SECOND meets the fault at one request. Whether it was met."""
    synchronise(sink(), store, FIRST)
    before = theirs(service)
    service.faults.begin({at: fault})
    with suppress(ConnectorError):  # a listing that failed: nothing was done
        synchronise(sink(), store, SECOND)
    met = service.faults.seen > at
    service.faults.begin({})
    between()
    synchronise(sink(), store, SECOND)
    assert ours(service) == as_planned(SECOND)
    assert theirs(service) == before
    assert len(service.account.schedules) == len(SECOND) + 2  # the two that furnish made
    assert synchronise(sink(), store, SECOND) == DeliveryReport()
    return met


def sweep(fault, kind, service, tokens, session_of, tmp_path_factory, *, loses_index=False, step=STEP):
    """The fault at every second request, with SYNCD_SWEEP=full at each; how many requests there were."""
    service.hang_s, at, met = 0.4, list(Fault).index(fault) % step, True
    while met:
        service.account.workouts.clear()
        service.account.schedules.clear()
        service.account.others.clear()
        log_in(service, tokens)
        furnish(service)
        index = tmp_path_factory.mktemp("index") / "me.json"
        with Store.open(tmp_path_factory.mktemp("state")) as store:
            met = deliver_through(
                fault,
                at,
                service,
                lambda path=index: kind(session_of(), "me", path, NOW),
                store,
                index.unlink if loses_index else lambda: None,
            )
        at += step
    return at - step


@pytest.mark.parametrize("fault", Fault)
def test_after_any_fault_at_any_request_one_clean_cycle_makes_it_right(
    fault, service, tokens, session_of, tmp_path_factory
):
    assert sweep(fault, GarminSink, service, tokens, session_of, tmp_path_factory) >= 10


@pytest.mark.parametrize("fault", [Fault.DROPPED_AFTER, Fault.ERROR_BEFORE, Fault.WRONG_TYPES_AFTER])
def test_a_fault_and_the_loss_of_the_index_together_change_nothing_about_that(
    fault, service, tokens, session_of, tmp_path_factory
):
    made = (GarminSink, service, tokens, session_of, tmp_path_factory)
    assert sweep(fault, *made, loses_index=True) >= 10


class NeverLooks(GarminSink):
    """Planted: the library is not read although a create was left open."""

    def _is_library_due(self, index):
        index.pending = False
        return False


class Trusting(GarminSink):
    """Planted: what was last known is believed, the calendar and open questions are not looked at."""

    def listing(self, window, *, whole):
        with self._index() as index:
            for known in index.workouts.values():
                known.unsure = False
            return Listing(tuple(_remotes(index, window)))


class Careless(GarminSink):
    """Planted: a workout counts as removed once its entry was asked to go, whether or not it went."""

    def remove(self, remote_id):
        number, _, entry = remote_id.partition(".")
        with self._index() as index, suppress(ConnectorError):
            index.workouts.pop(number, None)
            self._session.delete(f"/workout-service/schedule/{entry}")


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        (NeverLooks, Fault.TIMEOUT_AFTER),
        (Trusting, Fault.DROPPED_AFTER),
        (Careless, Fault.ERROR_BEFORE),
    ],
)
def test_the_sweep_finds_planted_faults(kind, fault, service, tokens, session_of, tmp_path_factory):
    with pytest.raises(AssertionError):
        sweep(fault, kind, service, tokens, session_of, tmp_path_factory, step=1)
