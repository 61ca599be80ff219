"""The calendar file that other programs read."""

import random
from dataclasses import replace
from datetime import date, timedelta

import icalendar
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.plain_text import plain
from syncd.formats.ics import CalendarEntry, calendar, holds, is_ours
from tests.support.hostile_text import FORGED, HOSTILE

TUESDAY = date(2026, 3, 17)
PLAIN = CalendarEntry("2026w12-2.me@syncd", TUESDAY, "3 x 8 min HM", "15min E + 3x(8min HM)", "the hour pace")

entries = st.builds(
    CalendarEntry,
    uid=st.from_regex(r"2026w1\d-\d\.me@syncd", fullmatch=True),
    day=st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    title=st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=80),
    notation=st.just("15min E + 6x(800m I + 2min jog) + 10min E"),
    purpose=st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=200),
)


def events(content: bytes) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


def test_a_session_is_an_all_day_event_that_does_not_block_the_day():
    (event,) = events(calendar([PLAIN]))
    assert event.decoded("dtstart") == TUESDAY
    assert event.decoded("dtend") == TUESDAY + timedelta(days=1)
    assert event["transp"] == "TRANSPARENT"
    assert event["uid"] == "2026w12-2.me@syncd"
    assert event["summary"] == "3 x 8 min HM"
    assert event["description"] == "15min E + 3x(8min HM)\nthe hour pace"


@given(st.lists(entries, max_size=6, unique_by=lambda entry: entry.uid))
def test_every_entry_is_read_back_by_another_program(wanted):
    found = {event["uid"]: event for event in events(calendar(wanted))}
    assert set(found) == {entry.uid for entry in wanted}
    for entry in wanted:
        assert found[entry.uid].decoded("dtstart") == entry.day
        assert str(found[entry.uid]["summary"]) == plain(entry.title).replace("\\", "/")


def test_nothing_in_a_title_or_a_purpose_forges_a_line():
    content = calendar([replace(PLAIN, title=HOSTILE, purpose=HOSTILE)]).decode()
    lines = content.replace("\r\n ", "").split("\r\n")
    assert all(line.isprintable() for line in lines)
    assert not any(line.startswith(FORGED) for line in lines)


def test_a_backslash_is_no_line_break():
    (event,) = events(calendar([replace(PLAIN, title="easy \\N", purpose="\\n")]))
    assert event["summary"] == "easy /N"
    assert event["description"].splitlines()[1:] == ["/n"]


@given(st.lists(entries, max_size=6), st.randoms(use_true_random=False))
def test_the_same_entries_in_any_order_are_the_same_bytes(wanted, order: random.Random):
    shuffled = order.sample(wanted, len(wanted))
    assert calendar(shuffled) == calendar(wanted)
    assert holds(calendar(wanted), shuffled)


def test_any_difference_is_noticed_without_parsing():
    content = calendar([PLAIN])
    assert not holds(content, [])
    assert not holds(content, [PLAIN, PLAIN])
    assert not holds(content, [CalendarEntry(PLAIN.uid, TUESDAY, "easy", PLAIN.notation, PLAIN.purpose)])
    assert not holds(b"", [PLAIN])


def test_a_file_of_another_program_is_not_ours():
    assert is_ours(calendar([]))
    assert not is_ours(b"BEGIN:VCALENDAR\r\nPRODID:-//other//EN\r\nEND:VCALENDAR\r\n")


def test_lines_are_folded_and_ended_as_the_standard_wants():
    content = calendar([CalendarEntry("a@syncd", TUESDAY, "long " * 60, "5km E")])
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
