"""`syncd report`: the page of a runner's own state."""

import re

import pytest

from syncd.paths import locate
from syncd.sandbox.scenario import Scenario
from tests.report.test_page import Page
from tests.support.watch import run_what_is_on_the_watch


def words(said_or_path):
    page = Page(said_or_path.read_text(encoding="utf-8"))
    assert page.open == page.unbalanced == []
    return " ".join("".join(page.text).split())


def test_it_tells_the_next_days_the_scored_run_and_what_changed_because_of_it(
    syncd, initialised, monkeypatch
):
    inbox, outbox = initialised
    syncd("sync")
    run_what_is_on_the_watch(outbox, inbox, "2026-01-06", Scenario.FADING)
    monkeypatch.setenv("SYNCD_NOW", "2026-01-06T20:00:00+01:00")
    syncd("sync")
    said = syncd("report", "--json")
    assert (said.code, said.json["schema"], said.json["file"]) == (0, "syncd.report/1", str(locate().report))
    text = words(locate().report)
    assert "Tue 6 Jan 2026: distance phase, build week" in text
    assert "Thu 8 Jan 2.9 km easy written for the watch" in text
    assert "faded towards the end" in text
    assert "Half-marathon pace" not in text
    assert "rule A9" in text
    assert re.search(r"syncd undo \d+", text)
    assert "Changed because" in text
    assert "5 km in 25:00" in text
    assert "no automatic syncs" in text
    assert locate().report.stat().st_mode & 0o777 == 0o600
    assert locate().report.stat().st_size == said.json["bytes"]


def test_before_anything_happened_there_is_a_page_too(syncd, initialised, tmp_path):
    said = syncd("report", "--out", tmp_path / "mine.html")
    assert (said.code, said.out) == (0, f"Saved: {tmp_path / 'mine.html'}\n")
    assert "Nothing is planned yet" in words(tmp_path / "mine.html")


def test_a_runner_without_a_five_km_is_not_shown_assumed_paces_as_their_own(syncd, initialised):
    path = locate().config
    path.write_text(path.read_text().replace('five_k = "25:00"\n', ""))
    syncd("sync")
    assert syncd("report").code == 0
    text = words(locate().report)
    assert "No paces yet: everything is by effort until a test or a race." in text
    assert "Half-marathon pace" not in text


def test_a_report_changes_nothing(syncd, initialised):
    syncd("sync")
    before = (locate().state / "syncd.db").read_bytes()
    syncd("report")
    assert (locate().state / "syncd.db").read_bytes() == before


def test_a_folder_that_is_not_there_is_said_in_one_line(syncd, initialised, tmp_path):
    syncd("sync")
    said = syncd("report", "--out", tmp_path / "nowhere" / "mine.html")
    assert (said.code, len(said.err.splitlines())) == (1, 1)


@pytest.mark.parametrize(
    ("begins", "weeks", "note"),
    [
        ("monday", ("Mon 5 Jan 2026", "Mon 12 Jan 2026"), 0),
        ("sunday", ("Sun 4 Jan 2026", "Sun 11 Jan 2026"), 1),
    ],
)
def test_weeks_of_what_was_run_begin_on_the_athletes_day(
    syncd, initialised, monkeypatch, begins, weeks, note
):
    inbox, outbox = initialised
    monkeypatch.setenv("SYNCD_ATHLETE__WEEK_START", begins)
    syncd("sync")
    run_what_is_on_the_watch(outbox, inbox, "2026-01-11", Scenario.PERFECT)
    monkeypatch.setenv("SYNCD_NOW", "2026-01-11T20:00:00+01:00")
    syncd("sync")
    assert syncd("report").code == 0
    text = words(locate().report)
    table = locate().report.read_text(encoding="utf-8").partition("The weeks as a table")[2]
    cells = re.findall(r'<th scope="row">([^<]*)</th>' + r"<td[^>]*>([^<]*)</td>" * 4, table)
    rows = {" ".join(week.split()): run for week, _, _, _, run in cells}
    (run,) = [week for week, metres in rows.items() if metres != "0.0 km"]
    assert run == weeks[begins == "sunday"]
    assert set(weeks) <= set(rows)
    assert text.count("Weeks here begin on Sunday, as you chose.") == note
    plan = syncd("plan", "--weeks", 2, "--json").json["weeks"]
    assert plan[0]["start"] == "2026-01-05"


# --- the calendar file


def events(path):
    import icalendar

    book = icalendar.Calendar.from_ical(path.read_bytes())
    return {
        str(each["uid"]): (each["dtstart"].dt.isoformat(), str(each["summary"]))
        for each in book.walk("VEVENT")
    }


def test_every_look_keeps_a_calendar_file_of_the_coming_sessions(syncd, initialised):
    syncd("sync")
    file = locate().state / "syncd.ics"
    found = events(file)
    assert found["2026w02-1.me@syncd"] == ("2026-01-06", "3 x 5 min at half-marathon pace")
    before = file.stat().st_mtime_ns
    syncd("sync")
    assert file.stat().st_mtime_ns == before
    syncd("move", "2026-01-06", "2026-01-07")
    syncd("sync")
    assert events(file)["2026w02-1.me@syncd"][0] == "2026-01-07"
    assert set(events(file)) == set(found)


def test_a_calendar_can_go_elsewhere_and_a_strangers_file_stays(syncd, initialised, tmp_path):
    syncd("sync")
    said = syncd("calendar", "--out", tmp_path / "mine.ics", "--json")
    assert (said.code, said.json["written"]) == (0, True)
    assert syncd("calendar", "--out", tmp_path / "mine.ics", "--json").json["written"] is False
    assert events(tmp_path / "mine.ics") == events(locate().state / "syncd.ics")
    (tmp_path / "theirs.ics").write_text("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    refused = syncd("calendar", "--out", tmp_path / "theirs.ics")
    assert refused.code == 1
    assert "was not written by syncd" in refused.err
