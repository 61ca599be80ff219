"""Several installations on one account, copies of the state or of a workout: told apart, never fought."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from syncd.cycle.pushing import take_over_all
from syncd.domain.delivery.remote import find_key
from syncd.domain.delivery.troubles import DeliveryTrouble
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.service import GarminStandIn
from tests.support.garmin_scene import GarminScene
from tests.support.scene import MONDAY


@pytest.fixture
def service() -> Iterator[GarminStandIn]:
    with GarminStandIn(StandInGarminAccount()).running() as running:
        yield running


@pytest.fixture
def first(tmp_path, service) -> GarminScene:
    made = GarminScene(tmp_path / "first", service=service)
    made.sync(0, hour=6)
    return made


@dataclass
class OtherAnswers(GarminScene):
    """Another home, other answers, the same account."""

    weekly_m: float = 30_000

    @contextmanager
    def world(self, now):
        with super().world(now) as world:
            yield replace(world, weekly_m=self.weekly_m, longest_m=12_000)


@pytest.fixture
def second(tmp_path, service, first) -> OtherAnswers:
    return OtherAnswers(tmp_path / "second", service=service)


def codes(reasons) -> list[str]:
    return [reason.code for reason in reasons]


def on_account(service: GarminStandIn):
    return deepcopy((service.account.workouts, service.account.schedules))


def test_a_second_installation_stands_back_and_says_what_to_do(first, second, service):
    before = on_account(service)
    for hour in (7, 8, 20):
        report = second.sync(0, hour=hour)
        assert codes(report.problems) == [DeliveryTrouble.STANDS_BACK]
        assert report.needs_human
        assert first.sync(0, hour=hour).quiet
    assert on_account(service) == before


def taken_over(scene: GarminScene, hour: int) -> int:
    now = scene.at(0, hour)
    with scene.world(now) as world:
        return len(take_over_all(world, now))


def test_a_replaced_machine_takes_over_by_one_command(first, second, service):
    second.sync(0, hour=7)
    assert taken_over(second, hour=8) == len(first.entries())
    report = second.sync(0, hour=9)
    assert (report.problems, report.needs_human) == ((), False)
    due = {each.session.day: each.session.id for each in second.sessions(0, 9)}
    assert second.entries() == due
    assert len(service.account.workouts) == len(due)
    assert second.sync(0, hour=10).quiet
    assert second.sync(1, hour=10).problems == ()


def test_the_one_that_was_taken_over_notices_and_stands_back(first, second, service):
    second.sync(0, hour=7)
    taken_over(second, hour=8)
    second.sync(0, hour=9)
    before = on_account(service)
    report = first.sync(1, hour=10)  # at the latest with the nightly look into the library
    assert codes(report.problems) == [DeliveryTrouble.STANDS_BACK]
    assert on_account(service) == before
    assert report.changes == ()


def test_two_living_copies_of_one_state_stop_at_the_first_version_they_do_not_know(tmp_path, first, service):
    shutil.copytree(tmp_path / "first", tmp_path / "copy")
    copy = GarminScene(tmp_path / "copy", service=service)
    shutil.copytree(tmp_path / "first" / "logins", tmp_path / "copy" / "logins", dirs_exist_ok=True)
    day = 3
    number = str(first.entry_of(day)["workoutId"])
    other = GarminScene(tmp_path / "first", service=service)
    changed(other, day)
    before = on_account(service)
    report = copy.sync(1, hour=7)
    assert codes(report.problems) == [DeliveryTrouble.SECOND_COPY]
    assert report.needs_human
    assert on_account(service) == before
    assert number in service.account.workouts


def changed(scene: GarminScene, day: int) -> None:
    """The session of that day gets another workout, and goes out."""
    from syncd.domain.notation import parse_workout

    now = scene.at(0, 7)
    with scene.world(now) as world:
        (session,) = world.store.plan.between(MONDAY + timedelta(days=day), MONDAY + timedelta(days=day))
        made = parse_workout("30min @5:50-6:40/km", name=session.resolved.name)
        world.store.plan.replace(replace(session.session, workout=made), made, session.zone_set_id)
    scene.sync(0, hour=7)


def copied(service: GarminStandIn, scene: GarminScene, day: int, to: int, name: str = "again") -> str:
    """The athlete copies the workout of a day, and puts the copy on another one; its number."""
    number = str(scene.entry_of(day)["workoutId"])
    made = service.account.create_workout(deepcopy(service.account.workouts[number]) | {"workoutName": name})
    service.account.schedule(str(made["workoutId"]), (MONDAY + timedelta(days=to)).isoformat())
    return str(made["workoutId"])


def of(service: GarminStandIn, number: str):
    entries = [each for each in service.account.schedules.values() if str(each["workoutId"]) == number]
    return deepcopy((service.account.workouts.get(number), entries))


def free_day(scene: GarminScene) -> int:
    taken = {(day - MONDAY).days for day in scene.entries()}
    return next(day for day in range(4, 9) if day not in taken)


def test_the_athletes_own_copy_is_never_removed_nor_updated(first, service):
    number = copied(service, first, 3, free_day(first))
    before = of(service, number)
    changed(first, 3)
    for day in range(1, 6):
        assert first.sync(day, hour=6).problems == ()
    assert of(service, number) == before


def test_our_workout_on_a_second_day_stays_there_as_it_is(first, service):
    number, to = str(first.entry_of(3)["workoutId"]), free_day(first)
    service.account.schedule(number, (MONDAY + timedelta(days=to)).isoformat())
    workout = deepcopy(service.account.workouts[number])
    changed(first, 3)
    assert str(first.entry_of(3)["workoutId"]) != number
    for day in range(1, 6):
        assert first.sync(day, hour=6).problems == ()
    assert service.account.workouts[number] == workout
    assert [entry["date"] for entry in of(service, number)[1]] == [(MONDAY + timedelta(days=to)).isoformat()]


def test_a_workout_that_a_friend_shared_is_told_and_left_alone(first, service):
    number = str(first.entry_of(3)["workoutId"])
    shared = deepcopy(service.account.workouts[number])
    shared["description"] = shared["description"].rpartition(":")[0] + ":0123abcd"
    made = service.account.create_workout(shared)
    service.account.schedule(str(made["workoutId"]), (MONDAY + timedelta(days=5)).isoformat())
    before = of(service, str(made["workoutId"]))
    report = first.sync(1, hour=6)
    assert codes(report.remarks) == [DeliveryTrouble.OTHER_INSTALLATION]
    assert report.problems == ()
    assert of(service, str(made["workoutId"])) == before


def test_workouts_carry_the_mark_of_their_installation(first, second, service):
    with first.world(first.at(0)) as world:
        nonce = world.store.installation.nonce
    marks = {find_key(str(each["description"])).nonce for each in service.account.workouts.values()}
    assert marks == {nonce}


def test_a_database_restored_from_an_earlier_copy_goes_on(tmp_path, first, service):
    kept = tmp_path / "kept.db"
    with first.world(first.at(0)) as world:
        world.store.copy_to(tmp_path)
    (tmp_path / "syncd.db").rename(kept)
    changed(first, 3)
    for file in (first.state).glob("syncd.db*"):
        file.unlink()
    shutil.copy(kept, first.state / "syncd.db")
    with first.world(first.at(0)) as world:
        world.store.installation.restored()
    report = first.sync(1, hour=7)
    assert report.problems == ()
    due = {each.session.day: each.session.id for each in first.sessions(0, 10)}
    assert first.entries() == {day: session for day, session in due.items() if day in first.entries()}
    assert first.sync(1, hour=8).quiet


def test_a_renamed_profile_keeps_its_mark(tmp_path, first, service):
    with first.world(first.at(0)) as world:
        assert world.store.installation.athlete("anna") == "me"


# --- what the athlete made of one of ours


def copied_to_library(service, scene, day):
    """As "copy workout" on Garmin Connect: the same content and description, on no day."""
    original = service.account.workouts[str(scene.entry_of(day)["workoutId"])]
    copy = deepcopy(original) | {"workoutName": f"Copy of {original['workoutName']}"}
    return str(service.account.create_workout(copy)["workoutId"])


def copied_to_day(service, scene, day):
    number = copied_to_library(service, scene, day)
    service.account.schedule(number, (MONDAY + timedelta(days=free_day(scene))).isoformat())
    return number


def copied_to_the_same_day(service, scene, day):
    number = copied_to_library(service, scene, day)
    service.account.schedule(number, (MONDAY + timedelta(days=day)).isoformat())
    return number


def copied_and_renamed(service, scene, day):
    number = copied_to_day(service, scene, day)
    service.account.workouts[number]["workoutName"] = "Tuesday with Ben"
    return number


def copied_without_a_description(service, scene, day):
    number = copied_to_day(service, scene, day)
    service.account.workouts[number]["description"] = ""
    return number


def of_a_friend_with_our_tag(service, scene, day):
    number = copied_without_a_description(service, scene, day)
    tag = service.account.workouts[number]["workoutName"].rpartition(" ")[2]
    service.account.workouts[number]["workoutName"] = f"Hills {tag}"
    return number


OF_THE_ATHLETE = [
    copied_to_library,
    copied_to_day,
    copied_to_the_same_day,
    copied_and_renamed,
    copied_without_a_description,
    of_a_friend_with_our_tag,
]


@pytest.mark.parametrize("make", OF_THE_ATHLETE)
def test_what_the_athlete_made_of_ours_stays_whatever_becomes_of_the_plan(first, service, make):
    number = make(service, first, 3)
    before = of(service, number)
    changed(first, 3)
    for day in range(1, 6):
        assert first.sync(day, hour=6).problems == ()
    assert of(service, number) == before


def lose_the_ledger(scene):
    for file in (*scene.state.glob("syncd.db*"), scene.folder / "garmin/workouts.json"):
        file.unlink()


@pytest.mark.parametrize("make", OF_THE_ATHLETE)
def test_what_the_athlete_made_of_ours_stays_also_after_a_lost_ledger(first, service, make):
    number = make(service, first, 3)
    before = of(service, number)
    lose_the_ledger(first)
    for day in range(1, 6):
        first.sync(day, hour=6)
    assert of(service, number) == before


@pytest.mark.parametrize("make", OF_THE_ATHLETE)
def test_what_the_athlete_made_of_ours_stays_also_when_all_was_taken_over(first, service, make):
    number = make(service, first, 3)
    before = of(service, number)
    lose_the_ledger(first)
    first.sync(0, hour=8)
    with first.world(first.at(0, 9)) as world:
        take_over_all(world, first.at(0, 9))
    for day in range(1, 6):
        first.sync(day, hour=6)
    assert of(service, number) == before
