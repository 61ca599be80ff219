"""What the athlete corrects on Garmin Connect counts: the type, the distance, what was cut off, the start."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from syncd.domain.notation import parse_workout
from syncd.domain.session import SessionState
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.service import GarminStandIn
from syncd.sandbox.scenario import Scenario
from syncd.store.activities import ActivitySummary
from tests.support.garmin_scene import RunsScene
from tests.support.remarks import remarks_of
from tests.support.scene import MONDAY

RUNNING = {"typeId": 1, "typeKey": "running", "parentTypeId": 17}
WALKING = {"typeId": 9, "typeKey": "walking", "parentTypeId": 17}
BOTH, ROW, DETAIL = ("row", "detail"), ("row",), ("detail",)


@pytest.fixture
def scene(tmp_path) -> Iterator[RunsScene]:
    with GarminStandIn(StandInGarminAccount()).running() as service:
        scene = RunsScene(tmp_path, service=service)
        scene.sync(0, hour=6)
        yield scene


def edit(scene: RunsScene, number: str, where: tuple[str, ...] = BOTH, **totals: object) -> None:
    """Correct totals, as the list and the page of the activity show them."""
    account = scene.service.account
    if "row" in where:
        next(row for row in account.activities if str(row["activityId"]) == number).update(totals)
    if "detail" in where:
        account.details[number]["summaryDTO"].update(totals)


def retype(scene: RunsScene, number: str, kind: dict[str, object], where: tuple[str, ...] = BOTH) -> None:
    account = scene.service.account
    if "row" in where:
        next(row for row in account.activities if str(row["activityId"]) == number)["activityType"] = kind
    if "detail" in where:
        account.details[number]["activityTypeDTO"] = kind


def newest(scene: RunsScene) -> ActivitySummary:
    with scene.world(scene.at(9)) as world:
        return world.store.activities.newest(1)[0]


def state(scene: RunsScene, day: int) -> SessionState:
    return scene.sessions(day, day)[0].state


@pytest.mark.parametrize("where", [BOTH, ROW, DETAIL], ids="+".join)
def test_the_distance_of_a_treadmill_is_the_athletes(scene: RunsScene, where: tuple[str, ...]) -> None:
    number = scene.upload(1, scenario=Scenario.TREADMILL)
    scene.sync(1)
    before = newest(scene)
    edit(scene, number, where, distance=before.distance_m * 1.2)
    report = scene.sync(2, hour=21)
    assert "Garmin: the run of Tue 6 Jan was corrected there: that counts" in remarks_of(report)
    after = newest(scene)
    assert after.distance_m == pytest.approx(before.distance_m * 1.2)
    assert after.timer_s == before.timer_s


def test_a_distance_that_was_corrected_before_the_first_look_counts(scene: RunsScene) -> None:
    number = scene.upload(1, parse_workout("30min E"), scenario=Scenario.TREADMILL)
    edit(scene, number, distance=6500.0)
    scene.sync(1)
    assert newest(scene).distance_m == pytest.approx(6500)


def test_another_correction_replaces_the_first_and_the_old_value_takes_it_back(scene: RunsScene) -> None:
    number = scene.upload(1, parse_workout("30min E"), scenario=Scenario.TREADMILL)
    scene.sync(1)
    recorded = newest(scene).distance_m
    for hour, metres in enumerate((6000.0, 6200.0), start=20):
        edit(scene, number, distance=metres)
        scene.sync(1, hour=hour)
        assert newest(scene).distance_m == pytest.approx(metres)
    edit(scene, number, distance=round(recorded, 2))
    report = scene.sync(1, hour=22)
    assert "Garmin: the run of Tue 6 Jan is as recorded again" in remarks_of(report)
    assert newest(scene).distance_m == recorded


@pytest.mark.parametrize("where", [BOTH, ROW], ids="+".join)
def test_what_was_cut_off_there_does_not_count(scene: RunsScene, where: tuple[str, ...]) -> None:
    number = scene.upload(1, parse_workout("40min E + 20min @1:05-1:10/km"))
    scene.sync(1)
    edit(scene, number, where, distance=6100.0, duration=2400.0, elapsedDuration=2400.0)
    scene.sync(1, hour=21)
    after = newest(scene)
    assert after.timer_s == pytest.approx(2400, abs=2)
    assert after.distance_m == pytest.approx(6100, rel=0.03)
    with scene.world(scene.at(1)) as world:
        kept = {correction.kind.value for correction in world.store.corrections.of_activity(after.id)}
    assert "trim" in kept


def test_what_was_cut_off_at_the_beginning_does_not_count(scene: RunsScene) -> None:
    number = scene.upload(1, parse_workout("5min R + 30min E"))
    scene.sync(1)
    before = newest(scene)
    start = before.start + timedelta(minutes=5)
    edit(
        scene,
        number,
        startTimeGMT=f"{start:%Y-%m-%d %H:%M:%S}",
        startTimeLocal=f"{start + timedelta(hours=1):%Y-%m-%d %H:%M:%S}",
        duration=1800.0,
        elapsedDuration=1800.0,
    )
    scene.sync(1, hour=21)
    after = newest(scene)
    assert abs(after.start - start) <= timedelta(seconds=10)  # of smart recording
    assert after.timer_s == pytest.approx(1800, abs=10)


def test_another_start_moves_the_run_to_its_day(scene: RunsScene) -> None:
    number = scene.upload(1)
    scene.sync(1)
    start = datetime.fromisoformat("2026-01-05T18:00")
    edit(
        scene,
        number,
        startTimeGMT=f"{start - timedelta(hours=1):%Y-%m-%d %H:%M:%S}",
        startTimeLocal=f"{start:%Y-%m-%d %H:%M:%S}",
    )
    scene.sync(1, hour=21)
    assert newest(scene).day == date(2026, 1, 5)


def test_a_walk_that_becomes_a_run_counts_and_has_its_session(scene: RunsScene) -> None:
    (session,) = scene.sessions(1, 1)
    number = scene.upload(1, session.resolved)
    retype(scene, number, WALKING)
    assert scene.sync(1).arrived == ()
    retype(scene, number, RUNNING)
    report = scene.sync(1, hour=21)
    assert [arrived.outcome.value for arrived in report.arrived] == ["run"]
    assert state(scene, 1) is SessionState.DONE


@pytest.mark.parametrize("where", [BOTH, ROW], ids="+".join)
def test_what_the_watch_took_for_a_hike_is_a_run_when_the_account_says_so(
    scene: RunsScene, where: tuple[str, ...]
) -> None:
    number = scene.upload(1, parse_workout("60min E"), scenario=Scenario.WALK)
    retype(scene, number, RUNNING, where)
    report = scene.sync(1)
    assert [arrived.outcome.value for arrived in report.arrived] == ["run"]
    assert scene.sync(2, hour=21).problems == ()
    assert newest(scene).withdrawn is None
    retype(scene, number, WALKING)
    scene.sync(3, hour=21)
    with scene.world(scene.at(3)) as world:
        assert world.store.activities.count_runs() == 0


def test_the_athletes_word_here_outranks_the_accounts(scene: RunsScene) -> None:
    from syncd.cycle.corrections import correct, take_back
    from syncd.domain.corrections import Correction, CorrectionKind

    number = scene.upload(1, parse_workout("30min E"), scenario=Scenario.TREADMILL)
    scene.sync(1)
    run = newest(scene)
    with scene.world(scene.at(1)) as world:
        word = Correction(run.id, CorrectionKind.DISTANCE, scene.at(1), {"metres": 5000.0})
        correct(world, [word], scene.at(1))
    edit(scene, number, distance=6000.0)
    scene.sync(1, hour=22)
    assert newest(scene).distance_m == pytest.approx(5000)
    with scene.world(scene.at(1)) as world:
        take_back(world, run.id, scene.at(1))
    assert newest(scene).distance_m == pytest.approx(6000)


def test_a_service_that_repeats_the_recorder_corrects_nothing(scene: RunsScene) -> None:
    scene.upload(1)
    scene.sync(1)
    scene.sync(2, hour=21)
    with scene.world(scene.at(2)) as world:
        assert world.store.corrections.of_activity(newest(scene).id) == ()
    assert newest(scene).day == MONDAY + timedelta(days=1)


def test_with_the_account_its_corrections_are_forgotten(scene: RunsScene) -> None:
    from syncd.athlete.forgetting import forget

    number = scene.upload(1, parse_workout("30min E"), scenario=Scenario.TREADMILL)
    edit(scene, number, distance=6000.0)
    scene.sync(1)
    with scene.world(scene.at(1)) as world:
        assert forget(world, "garmin", scene.at(1)) == 1
        assert world.store.corrections.runs_of("garmin") == ()
        assert world.store.rows("SELECT * FROM corrections") == []


def test_a_sync_that_dies_before_a_correction_is_kept_finds_it_again(
    scene: RunsScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = scene.upload(1, parse_workout("30min E"), scenario=Scenario.TREADMILL)
    scene.sync(1)
    edit(scene, number, distance=6500.0)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr("syncd.cycle.services.take_over", killed)
        with pytest.raises(KeyboardInterrupt):
            scene.sync(1, hour=21)
    scene.sync(1, hour=22)
    assert newest(scene).distance_m == pytest.approx(6500)


def test_a_recording_that_the_service_repeats_is_not_read_again(
    scene: RunsScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[object] = []
    monkeypatch.setattr("syncd.cycle.services.activity_in", lambda *asked: read.append(asked))
    scene.upload(1)
    scene.sync(1)
    assert newest(scene).withdrawn is None
    assert read == []
