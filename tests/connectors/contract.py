"""What every source and every sink must do. A connector's test inherits and brings its fixtures."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from syncd.connectors.base import (
    ActivityRef,
    ActivitySource,
    ConnectorError,
    DateRange,
    Rejected,
    Unavailable,
    WorkoutSink,
)
from syncd.connectors.delivery import DeliveryReport, deliver
from syncd.domain.delivery.reconcile import reconcile
from syncd.domain.delivery.remote import Desired, OwnerKey, RemoteWorkout
from syncd.domain.notation import parse_workout
from syncd.domain.workout import Workout
from syncd.formats.recording import KINDS
from syncd.store import Store

TUESDAY = date(2026, 3, 17)
NOW = datetime(2026, 3, 16, 18, tzinfo=UTC)
WINDOW = DateRange(TUESDAY - timedelta(days=14), TUESDAY + timedelta(days=14))
EASY = "40min @5:50-6:40/km"
INTERVALS = "15min @6:00-6:30/km + 3x(8min @5:05-5:23/km + 90s jog) + 10min @6:00-6:30/km"
WORKOUTS = (
    EASY,
    INTERVALS,
    "2km @HR120-140 + 6x(400m @4:00-4:12/km + 200m jog) keep-last + lap @Z2",
    "10min @RPE3 + 4x(20s @RPE8-9 + 100s jog) + 5min cd",
    "1mi wu + 2x(5km @4:30-4:40/km + 3min rest) + 10min cd",
)


def workout(notation: str = INTERVALS, name: str = "3 x 8 min HM") -> Workout:
    return parse_workout(notation, name=name)


def key(made: Workout, slot: int = 3, athlete: str = "me") -> OwnerKey:
    return OwnerKey(athlete, f"2026w12-{slot}", made.content_hash)


class SourceContract:
    """Fixtures: `source` holds at least two recordings; `unreachable` is one that is away."""

    def test_a_recording_is_listed_once_and_again_the_same_way(self, source: ActivitySource):
        first = list(source.list_since(""))
        assert len(first) >= 2
        assert len({ref.remote_id for ref in first}) == len(first)
        assert list(source.list_since("")) == first

    def test_references_tell_their_source_and_a_name_for_people(self, source: ActivitySource):
        for ref in source.list_since(""):
            assert ref.source == source.name
            assert ref.fingerprint
            assert ref.name

    def test_a_recording_is_fetched_as_it_is_and_as_often_as_wanted(self, source: ActivitySource):
        for ref in source.list_since(""):
            raw = source.fetch(ref)
            assert raw.ref == ref
            assert raw.kind in KINDS
            assert raw.content
            assert source.fetch(ref) == raw

    def test_a_recording_that_is_not_there_is_a_connector_error(self, source: ActivitySource):
        ref = next(source.list_since(""))
        with pytest.raises(ConnectorError):
            source.fetch(replace(ref, remote_id="none-such.fit"))

    def test_a_source_that_is_away_says_so_at_once(self, unreachable: ActivitySource):
        with pytest.raises(Unavailable):
            unreachable.list_since("")


class SinkContract:
    """Fixtures: `sink_of` makes the sink of an athlete on one empty service; `away` cannot be reached."""

    @pytest.fixture
    def sink(self, sink_of: Callable[[str], WorkoutSink]) -> WorkoutSink:
        return sink_of("me")

    @pytest.fixture
    def store(self, tmp_path_factory: pytest.TempPathFactory):
        with Store.open(tmp_path_factory.mktemp("state")) as opened:
            yield opened

    def one(self, sink: WorkoutSink) -> RemoteWorkout:
        (remote,) = sink.list_owned(WINDOW)
        return remote

    def test_an_empty_sink_lists_nothing(self, sink: WorkoutSink):
        assert sink.list_owned(WINDOW) == ()

    def test_what_is_put_is_listed_as_ours(self, sink: WorkoutSink):
        made = workout()
        remote_id = sink.put(TUESDAY, made, key(made))
        remote = self.one(sink)
        assert (remote.remote_id, remote.day, remote.key, remote.intact) == (
            remote_id,
            TUESDAY,
            key(made),
            True,
        )

    @pytest.mark.parametrize("notation", WORKOUTS)
    def test_what_is_put_reads_back_equal(self, sink: WorkoutSink, notation: str):
        made = workout(notation)
        kept = sink.read_back(sink.put(TUESDAY, made, key(made)))
        assert kept.steps == made.steps
        assert kept.content_hash == made.content_hash

    def test_the_name_ends_in_the_mark_of_the_session(self, sink: WorkoutSink):
        made = workout(name="a very long name " * 20)
        kept = sink.read_back(sink.put(TUESDAY, made, key(made)))
        assert kept.name.endswith(" [w12-3]")

    def test_the_same_key_twice_leaves_one_workout(self, sink: WorkoutSink):
        made = workout()
        first = sink.put(TUESDAY, made, key(made))
        assert sink.put(TUESDAY, made, key(made)) == first
        self.one(sink)

    def test_an_update_to_another_name_leaves_the_content_of_the_one_workout(self, sink: WorkoutSink):
        made = workout()
        remote_id = sink.put(TUESDAY, made, key(made))
        renamed = sink.update(remote_id, TUESDAY, made.named("5 mi easy"), key(made))
        remote = self.one(sink)
        assert (remote.remote_id, remote.day, remote.key) == (renamed, TUESDAY, key(made))
        kept = sink.read_back(renamed)
        assert (kept.name, kept.content_hash) == ("5 mi easy [w12-3]", made.content_hash)

    def test_an_update_changes_content_and_day_of_the_one_workout(self, sink: WorkoutSink):
        made, changed = workout(), workout(EASY, "easy")
        remote_id = sink.put(TUESDAY, made, key(made))
        later = TUESDAY + timedelta(days=2)
        remote_id = sink.update(remote_id, later, changed, key(changed))
        remote = self.one(sink)
        assert (remote.remote_id, remote.day, remote.key, remote.intact) == (
            remote_id,
            later,
            key(changed),
            True,
        )
        assert sink.read_back(remote_id).steps == changed.steps

    def test_an_update_of_the_day_alone_keeps_the_content(self, sink: WorkoutSink):
        made = workout()
        remote_id = sink.put(TUESDAY, made, key(made))
        sink.update(remote_id, TUESDAY + timedelta(days=1), made, key(made))
        remote = self.one(sink)
        assert (remote.day, remote.key) == (TUESDAY + timedelta(days=1), key(made))

    def test_what_is_removed_is_gone_and_gone_already_is_fine(self, sink: WorkoutSink):
        made = workout()
        remote_id = sink.put(TUESDAY, made, key(made))
        sink.remove(remote_id)
        assert sink.list_owned(WINDOW) == ()
        sink.remove(remote_id)

    def test_only_the_days_that_were_asked_for_are_listed(self, sink: WorkoutSink):
        made = workout()
        sink.put(TUESDAY, made, key(made))
        assert sink.list_owned(DateRange(TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=9))) == ()

    def test_another_athletes_workouts_are_not_ours(self, sink_of: Callable[[str], WorkoutSink]):
        made = workout()
        mine, hers = sink_of("me"), sink_of("anna")
        mine.put(TUESDAY, made, key(made))
        hers.put(TUESDAY, made, key(made, athlete="anna"))
        assert self.one(mine).key == key(made)
        assert self.one(hers).key == key(made, athlete="anna")

    def test_paces_that_are_not_resolved_are_rejected(self, sink: WorkoutSink):
        symbolic = workout("15min E + 3x(8min HM + 90s jog)")
        with pytest.raises(Rejected):
            sink.put(TUESDAY, symbolic, key(symbolic))
        assert sink.list_owned(WINDOW) == ()

    def test_a_sink_that_is_away_says_so_rather_than_list_nothing(self, away: WorkoutSink):
        with pytest.raises(Unavailable):
            away.list_owned(WINDOW)
        with pytest.raises(ConnectorError):
            away.put(TUESDAY, workout(), key(workout()))

    def test_a_plan_arrives_changes_and_goes_and_every_second_look_does_nothing(
        self, sink: WorkoutSink, store: Store
    ):
        easy, hard = workout(EASY, "easy"), workout()
        first = {key(easy, 1): (easy, TUESDAY), key(hard, 2): (hard, TUESDAY + timedelta(days=2))}
        second = {key(hard, 1): (hard, TUESDAY), key(hard, 2): (hard, TUESDAY + timedelta(days=3))}
        for plan in (first, second, {}):
            report = synchronise(sink, store, plan)
            assert (report.failed, report.unknown) == ((), ())
            assert synchronise(sink, store, plan) == DeliveryReport()
            there = {(remote.key, remote.day) for remote in sink.list_owned(WINDOW)}
            assert there == {(mark, day) for mark, (_, day) in plan.items()}


def synchronise(
    sink: WorkoutSink, store: Store, plan: dict[OwnerKey, tuple[Workout, date]], now: datetime = NOW
) -> DeliveryReport:
    """One cycle's delivery: list, decide, carry out."""
    actions = reconcile(
        [Desired(mark, day, made.name) for mark, (made, day) in plan.items()],
        sink.list_owned(WINDOW),
        store.ledger.rows(sink.name),
        today=now.date(),
        consumes=sink.capabilities.consumes,
        updates_in_place=sink.capabilities.updates_in_place,
    )
    return deliver(sink, store.ledger, actions, {mark: made for mark, (made, _) in plan.items()}, now)


def reference(source: ActivitySource, name: str) -> ActivityRef:
    """The listed recording of that name."""
    return next(ref for ref in source.list_since("") if ref.name == name)
