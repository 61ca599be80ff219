"""What a sync says of a session: in the athlete's units, hashed by what it is made of."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from syncd.domain.delivery import labels
from syncd.domain.delivery.remote import Desired, LedgerRow, LedgerState, OwnerKey
from syncd.domain.notation import parse_workout
from syncd.domain.reason import Reason
from syncd.domain.session import Session, SessionKind
from syncd.domain.training.easier import easier
from syncd.domain.training.sessions import easy_run, long_run, placed, quality_session
from syncd.domain.training.zones import zones_from_result
from syncd.domain.units import KILOMETRES, MILES

DAY = date(2026, 3, 17)
ROME = ZoneInfo("Europe/Rome")
KEY = OwnerKey("me", "2026w12-3", "0" * 12)
ZONES = zones_from_result(5000, 1500, as_of=None, source=Reason.legacy("test"))
EASY = placed(easy_run(8000, ZONES), "2026w12-3", DAY)
HARD = placed(quality_session("threshold", 0, ZONES), "2026w12-3", DAY)
OWN = Session(
    "2026w12-3", DAY, SessionKind.EASY, "10 km easy", parse_workout("10km E"), 10e3, 3.6e3, (2, 4), False
)


def test_a_title_has_its_length_in_the_athletes_units() -> None:
    assert labels.title(EASY, KILOMETRES) == "8 km easy"
    assert labels.title(EASY, MILES) == "5 mi easy"
    long = placed(long_run(3600, ZONES, strides=4), "2026w12-3", DAY)
    assert labels.title(long, KILOMETRES) == "3.6 km long run + 4 strides"
    assert labels.title(long, MILES) == "2.2 mi long run + 4 strides"


def test_repetitions_and_the_athletes_own_titles_are_the_same_in_both() -> None:
    reps = placed(quality_session("threshold", 5, ZONES), "2026w12-3", DAY)
    assert labels.title(reps, MILES) == labels.title(reps, KILOMETRES) == reps.title
    assert "5 x 1 km at" in reps.title
    assert labels.title(OWN, MILES) == "10 km easy"


def test_the_note_of_a_hard_session_is_its_easier_version() -> None:
    lighter = easier(HARD, ZONES)
    assert labels.note(lighter, KILOMETRES) == f"Easier: {labels.title(lighter, KILOMETRES)}"
    assert labels.note(lighter, MILES).endswith(" mi easy")
    assert labels.note(easier(EASY, ZONES), MILES) == ""


def test_a_calendar_says_what_the_session_is_for_and_its_easier_version() -> None:
    lighter = easier(HARD, ZONES)
    assert labels.calendar_text(HARD, lighter, MILES) == f"{HARD.purpose}\n{labels.note(lighter, MILES)}"
    assert labels.calendar_text(OWN, None, MILES) == ""


def test_the_fingerprint_changes_with_the_units_the_length_and_the_title() -> None:
    known = labels.fingerprint(EASY, KILOMETRES)
    assert labels.fingerprint(EASY, replace(KILOMETRES, clock="12h")) == known
    others = {
        labels.fingerprint(EASY, MILES),
        labels.fingerprint(replace(EASY, length_m=8100.0), KILOMETRES),
        labels.fingerprint(replace(EASY, title="recovery"), KILOMETRES),
    }
    assert len(others | {known}) == 4


def test_units_count_for_the_note_of_a_hard_session_and_not_where_no_length_is_told() -> None:
    assert labels.fingerprint(HARD, MILES) != labels.fingerprint(HARD, KILOMETRES)
    assert labels.fingerprint(OWN, MILES) == labels.fingerprint(OWN, KILOMETRES)


def test_fingerprints_in_a_ledger_hold_from_version_to_version() -> None:
    """A number that changes here makes every athlete's next sync write the whole calendar again."""
    assert labels.fingerprint(EASY, KILOMETRES) == "888d85190bf6"
    assert labels.fingerprint(EASY, MILES) == "b38e31203631"


def test_a_row_from_before_takes_over_the_present_fingerprint() -> None:
    old = LedgerRow(KEY, DAY, LedgerState.DONE, "r1")
    (row,) = labels.with_fingerprints([old], [Desired(KEY, DAY, "easy", fingerprint="mi")])
    assert row == replace(old, fingerprint="mi")
    kept = replace(old, fingerprint="km")
    assert labels.with_fingerprints([kept], [Desired(KEY, DAY, "easy", fingerprint="mi")]) == (kept,)
    assert labels.with_fingerprints([old], []) == (old,)


def test_the_first_day_after_a_wait_begins_when_the_wait_is_over() -> None:
    wait = timedelta(hours=36)
    evening = datetime(2026, 3, 17, 12, 0, tzinfo=ROME)
    assert labels.first_day_after(evening, wait) == date(2026, 3, 19)
    assert labels.first_day_after(evening + timedelta(minutes=1), wait) == date(2026, 3, 20)
