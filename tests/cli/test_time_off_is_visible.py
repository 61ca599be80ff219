"""An empty plan on purpose says so on every screen, and a session that was moved says that it moves."""

from __future__ import annotations

from pathlib import Path

import icalendar
import pytest

from syncd.paths import locate

SCREENS = ["status", "next", "plan", "watch", "why"]


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def planned(syncd, initialised):
    """A plan that is on the watch, on Monday 5 January."""
    assert syncd("sync").code == 0
    return initialised


def events(file: Path) -> dict[str, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(file.read_bytes())
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("sick", "ill since Mon 5 Jan: no runs are planned. Better? syncd resume"),
        ("sick --hurt", "hurt since Mon 5 Jan: no runs are planned. Better? syncd resume"),
        ("pause", "paused from Mon 5 Jan: no runs are planned. Back? syncd resume"),
        (
            "pause --until 2026-02-08",
            "paused from Mon 5 Jan until Sun 8 Feb: no runs are planned. Back sooner? syncd resume",
        ),
    ],
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_every_screen_says_why_nothing_is_planned_and_none_asks_for_a_sync(
    syncd, planned, words: str, said: str, when: str
) -> None:
    assert syncd(*words.split()).code == 0
    if when == "after":
        assert syncd("sync").code == 0
    for screen in SCREENS:
        shown = syncd(screen)
        text = one_line(f"{shown.out} {shown.err}")
        assert said in text.replace("Ill ", "ill ").replace("Hurt ", "hurt ").replace("Paused ", "paused "), (
            screen
        )
        assert "Run: syncd sync" not in text, screen
        assert "run syncd sync" not in text, screen


def test_the_next_workout_is_none_while_ill_with_the_code_of_nothing_found(syncd, planned) -> None:
    syncd("sick")
    for command in (("next",), ("next", "--easier")):
        shown = syncd(*command)
        assert (shown.code, shown.out) == (4, "")
        assert shown.err == "syncd: ill since Mon 5 Jan: no runs are planned. Better? syncd resume\n"


def test_an_empty_plan_without_a_reason_still_says_what_to_run(syncd, initialised) -> None:
    assert syncd("next").err == "syncd: nothing is planned yet: run syncd sync\n"


def test_days_that_the_settings_keep_free_ask_for_no_sync(
    syncd, initialised, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = ",".join(f'"2026-01-{day:02}"' for day in range(5, 32))
    monkeypatch.setenv("SYNCD_PLAN__BLOCKED", f"[{free}]")
    assert syncd("sync").code == 0
    said = "no session is planned for the next days: syncd plan shows the weeks ahead"
    for screen in ("next", "watch"):
        shown = syncd(screen)
        assert said in f"{shown.out}{shown.err}".replace("No session", "no session")


def test_a_pause_that_begins_next_week_is_shown_before_it_begins(syncd, planned) -> None:
    syncd("pause", "--from", "2026-01-12", "--until", "2026-01-20")
    for screen in ("status", "next", "watch"):
        shown = syncd(screen)
        assert shown.code == 0
        assert "Paused from Mon 12 Jan until Tue 20 Jan" in shown.out
        assert "3 x 5 min" in shown.out


def test_as_json_the_time_off_is_a_value(syncd, planned) -> None:
    syncd("pause", "--from", "2026-01-12", "--until", "2026-01-20")
    wanted = [{"kind": "pause", "from": "2026-01-12", "until": "2026-01-20"}]
    for screen in ("status", "next", "watch"):
        assert syncd(screen, "--json").json["time_off"] == wanted


def test_a_pause_inside_an_illness_is_not_told_beside_it(syncd, planned) -> None:
    syncd("pause", "--from", "2026-01-07", "--until", "2026-01-09")
    syncd("sick")
    shown = syncd("status").out
    assert "Ill since Mon 5 Jan" in shown
    assert "Paused" not in shown


def test_the_report_says_it(syncd, planned, tmp_path: Path) -> None:
    syncd("sick")
    file = tmp_path / "report.html"
    assert syncd("report", "--out", file).code == 0
    page = file.read_text()
    assert "Ill since Mon 5 Jan: no runs are planned. Better? syncd resume" in page
    assert "syncd sync" not in page.split('id="ahead"')[1].split("</section>")[0]


# --- the calendar


def test_the_calendar_has_an_event_for_the_days_off_which_grows_and_keeps_its_id(
    syncd, planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, outbox = planned
    syncd("sick", "--from", "2026-01-04")
    syncd("sync")
    ((uid, event),) = events(outbox / "syncd.ics").items()
    assert str(event["summary"]) == "Ill since Sun 4 Jan"
    assert str(event["description"]) == "No runs are planned. Better? syncd resume"
    assert (str(event["dtstart"].dt), str(event["dtend"].dt)) == ("2026-01-04", "2026-01-06")
    monkeypatch.setenv("SYNCD_NOW", "2026-01-08T06:30:00+01:00")
    syncd("sync")
    for file in (outbox / "syncd.ics", locate().state / "syncd.ics"):
        assert str(events(file)[uid]["dtend"].dt) == "2026-01-09"
    syncd("resume")
    syncd("sync")
    after = events(outbox / "syncd.ics")
    assert str(after[uid]["summary"]) == "Ill from Sun 4 Jan to Fri 9 Jan"
    assert len(after) > 1


def test_what_was_never_so_leaves_the_calendar(syncd, planned) -> None:
    _, outbox = planned
    syncd("sick")
    syncd("sync")
    syncd("undo")
    syncd("sync")
    assert not any(uid.startswith("time-off") for uid in events(outbox / "syncd.ics"))


# --- moved


@pytest.mark.parametrize("screen", ["watch", "status"])
def test_a_session_that_was_moved_moves_with_the_next_sync(syncd, planned, screen: str) -> None:
    syncd("move", "2026-01-06", "2026-01-07")
    (line,) = [line for line in syncd(screen).out.splitlines() if "3 x 5 min" in line]
    assert "Wed  7 Jan" in line
    assert line.endswith("moves with the next sync")
    syncd("sync")
    (line,) = [line for line in syncd(screen).out.splitlines() if "3 x 5 min" in line]
    assert line.endswith("written for the watch")


def test_what_is_no_longer_planned_leaves_with_the_next_sync(syncd, on_garmin) -> None:
    syncd("sync")
    syncd("sick")
    leaves = "5 sessions off the plan: off the watch with the next sync."
    assert leaves in syncd("watch").out
    syncd("sync")
    assert "off the plan" not in syncd("watch").out


def test_on_a_calendar_of_a_service_too(syncd, on_garmin) -> None:
    syncd("sync")
    syncd("move", "2026-01-06", "2026-01-07")
    states = {session["date"]: session["state"] for session in syncd("watch", "--json").json["sessions"]}
    assert states["2026-01-07"] == "moves"
    assert set(states.values()) == {"moves", "scheduled"}


# --- undone


def test_undo_of_resume_says_that_you_are_ill_again(syncd, planned, monkeypatch: pytest.MonkeyPatch) -> None:
    syncd("sick")
    monkeypatch.setenv("SYNCD_NOW", "2026-01-09T06:30:00+01:00")
    syncd("resume")
    said = syncd("undo")
    assert said.out.splitlines() == [
        "Undone: you have been well since Fri 9 Jan",
        "Ill since Mon 5 Jan: no runs are planned. Better? syncd resume",
        "The next sync updates your watch.",
    ]
    assert "Ill since Mon 5 Jan" in syncd("status").out


def test_undo_of_sick_says_what_came_back_easy(syncd, planned, monkeypatch: pytest.MonkeyPatch) -> None:
    syncd("sick")
    monkeypatch.setenv("SYNCD_NOW", "2026-01-11T06:30:00+01:00")
    said = syncd("undo").out
    assert "because you are coming back after days without running: nothing hard before " in said
    (line,) = [line for line in said.splitlines() if line.startswith("Tue 13 Jan")]
    assert "km easy (was: " in line


def test_as_json_an_undoing_says_what_it_led_to(syncd, planned, monkeypatch: pytest.MonkeyPatch) -> None:
    syncd("sick")
    monkeypatch.setenv("SYNCD_NOW", "2026-01-11T06:30:00+01:00")
    assert [change["date"] for change in syncd("undo", "--json").json["changes"]] == [None, "2026-01-13"]
