"""`syncd watch`: is it on my watch?"""

from datetime import datetime

import pytest

from tests.support.scene import ROME, fingerprint


def synced(service, text: str) -> None:
    moment = datetime.fromisoformat(text).replace(tzinfo=ROME)
    service.account.last_upload_ms = int(moment.timestamp() * 1000)


@pytest.fixture
def pushed(syncd, on_garmin):
    """Everything of the next ten days went out on Monday at 6:30."""
    assert syncd("sync").code == 0
    on_garmin.requests.clear()
    return on_garmin


def states(syncd) -> set[str]:
    return {each["state"] for each in syncd("watch", "--json").json["sessions"]}


def test_before_anything_was_pushed_nothing_is_on_the_watch(syncd, on_garmin):
    said = syncd("watch")
    assert (said.code, said.err) == (0, "")
    assert "Nothing is planned yet: run syncd sync" in said.out


def test_what_was_pushed_is_scheduled_until_the_watch_syncs(syncd, pushed):
    synced(pushed, "2026-01-04T21:10")
    said = syncd("watch")
    assert "scheduled, watch not synced since Sun  4 Jan 21:10" in said.out
    assert "Open the Garmin Connect app near the watch" in said.out
    assert states(syncd) == {"scheduled"}
    synced(pushed, "2026-01-05T07:00")
    assert states(syncd) == {"on_watch"}
    assert "Sandbox last synced Mon  5 Jan 07:00." in syncd("watch").out


def test_a_watch_is_told_of_in_the_athletes_hours(syncd, pushed, monkeypatch):
    monkeypatch.setenv("SYNCD_ATHLETE__CLOCK", "12h")
    synced(pushed, "2026-01-04T21:10")
    assert "watch not synced since Sun  4 Jan 9:10 pm" in syncd("watch").out


def test_a_look_costs_the_calendar_and_the_device_and_changes_nothing(syncd, pushed, home):
    before = {name: each for name, each in fingerprint(home).items() if "connectors" in name}
    assert before
    syncd("watch")
    assert pushed.requests == [
        "GET /calendar-service/year/2026/month/0",
        "GET /device-service/deviceservice/mylastused",
    ]
    assert {name: each for name, each in fingerprint(home).items() if "connectors" in name} == before


def test_an_account_without_a_watch_is_told_so(syncd, pushed):
    said = syncd("watch")
    assert "No watch has synced with this account yet" in said.out
    assert syncd("watch", "--json").json["device"] is None
    assert states(syncd) == {"scheduled"}


def test_status_knows_afterwards_without_asking(syncd, pushed):
    assert "scheduled" in syncd("status").out
    synced(pushed, "2026-01-05T07:00")
    syncd("watch")
    pushed.requests.clear()
    assert "on the watch" in syncd("status").out
    assert pushed.requests == []


def test_a_workout_taken_off_its_day_or_moved_is_not_called_scheduled(syncd, pushed):
    first, second, *_ = sorted(pushed.account.schedules.values(), key=lambda each: each["date"])
    del pushed.account.schedules[str(first["id"])]
    pushed.account.reschedule(str(second["id"]), "2026-01-12")
    told = [each["state"] for each in syncd("watch", "--json").json["sessions"]]
    assert told[:2] == ["pushed", "yours"]


def test_an_ended_login_is_exit_3_and_the_sessions_are_told_from_memory(syncd, pushed):
    pushed.account.access.clear()
    pushed.account.refresh = "another"
    said = syncd("watch")
    assert (said.code, "run `syncd auth garmin`" in said.err) == (3, True)
    assert "Offline: showing the last known state." in said.out
    assert "scheduled" in said.out


def test_a_service_that_is_away_is_exit_1(syncd, pushed, monkeypatch):
    monkeypatch.setenv("SYNCD_GARMIN__API_URL", "http://127.0.0.1:9")
    said = syncd("watch")
    assert (said.code, said.err.count("\n")) == (1, 1)


def test_a_folder_tells_what_was_written_and_what_was_taken(syncd, initialised):
    _, outbox = initialised
    syncd("sync")
    assert states(syncd) == {"scheduled"}
    assert "written for the watch" in syncd("watch").out
    next(outbox.glob("*.fit")).unlink()
    assert states(syncd) == {"scheduled", "on_watch"}
    assert "picked up by the watch" in syncd("watch").out
