"""`syncd heat`, and what the other screens say of it. `planned`: it is Monday 5 January, nothing run yet."""

from __future__ import annotations

import pytest


def one_line(said) -> str:
    return " ".join(f"{said.out} {said.err}".split())


def hard(syncd) -> list[str]:
    weeks = syncd("plan", "--json").json["weeks"]
    return [each["date"] for week in weeks[:2] for each in week["sessions"] if each["hard"]]


def test_the_hard_session_of_a_hot_day_becomes_easy_and_every_screen_says_why(syncd, planned) -> None:
    before = hard(syncd)
    assert before[0] == "2026-01-06"
    said = syncd("heat", "32", "--until", "friday")
    assert said.code == 0
    assert "You entered 32 C until Fri 9 Jan: hard sessions become easy runs" in one_line(said)
    assert "hard running waits until it is cooler" in one_line(said)
    assert hard(syncd) == before[1:]
    assert "You entered 32 C until Fri 9 Jan: hard sessions become easy runs" in one_line(syncd("status"))
    assert "You entered 32 C until Fri 9 Jan" in one_line(syncd("heat"))
    assert "hard running waits" in one_line(syncd("why", "2026-01-06"))
    assert "You entered 32 C" in one_line(syncd("why", "2026-01-09"))
    assert "You entered 32 C" not in one_line(syncd("why", "2026-01-10"))
    assert syncd("sync", "--json").json["changes"] == []
    assert syncd("sync", "--json").json["changes"] == []


def test_undo_gives_everything_back(syncd, planned) -> None:
    before = hard(syncd)
    syncd("heat", "32", "--until", "friday")
    said = syncd("undo")
    assert said.code == 0
    assert "32 C" in one_line(said)
    assert hard(syncd) == before
    assert "No heat is known" in syncd("heat").out
    assert "32 C" not in one_line(syncd("status"))
    assert syncd("sync", "--json").json["changes"] == []


def test_over_ends_it(syncd, planned) -> None:
    syncd("heat", "32", "--until", "2026-01-16")
    assert "2026-01-13" not in hard(syncd)
    said = syncd("heat", "--over")
    assert said.code == 0
    assert "the heat is over" in one_line(said)
    assert "2026-01-13" in hard(syncd)
    assert "No heat is known" in syncd("heat").out
    assert syncd("heat", "--over").code != 0


def test_what_is_cool_changes_nothing_and_says_from_where_it_would(syncd, planned) -> None:
    before = hard(syncd)
    said = one_line(syncd("heat", "29.9", "--dew-point", "19", "--until", "friday"))
    assert "nothing changes below 30 C, or 27 C with a dew point of 20 C" in said
    assert hard(syncd) == before
    assert "29.9 C" not in one_line(syncd("status"))


@pytest.mark.parametrize(
    ("units", "arguments", "temperature_c", "dew_point_c"),
    [
        ("km", ("32",), 32.0, None),
        ("km", ("32C",), 32.0, None),
        ("km", ("31,5c",), 31.5, None),
        ("km", ("86F", "--dew-point", "68"), 30.0, 20.0),
        ("km", ("90f", "--dew-point", "20C"), 32.2, 20.0),
        ("mi", ("90",), 32.2, None),
        ("mi", ("32C",), 32.0, None),
        ("mi", ("90", "--dew-point", "70"), 32.2, 21.1),
    ],
)
def test_degrees_are_those_of_the_letter_else_of_the_units(
    syncd, planned, monkeypatch, units, arguments, temperature_c, dew_point_c
) -> None:
    monkeypatch.setenv("SYNCD_ATHLETE__UNITS", units)
    (known,) = syncd("heat", *arguments, "--json").json["known"]
    assert (known["temperature_c"], known["dew_point_c"]) == (temperature_c, dew_point_c)


def test_who_counts_in_miles_reads_fahrenheit(syncd, planned, monkeypatch) -> None:
    monkeypatch.setenv("SYNCD_ATHLETE__UNITS", "mi")
    assert "You entered 90 F with a dew point of 70 F" in one_line(syncd("heat", "90", "--dew-point", "70"))


@pytest.mark.parametrize(
    ("until", "last_day"),
    [
        ("today", "2026-01-05"),
        ("tomorrow", "2026-01-06"),
        ("monday", "2026-01-05"),
        ("Fri", "2026-01-09"),
        ("sunday", "2026-01-11"),
        ("2026-02-01", "2026-02-01"),
        ("", "2026-01-07"),
    ],
)
def test_it_ends_on_a_date_or_a_weekday_else_in_two_days(syncd, planned, until, last_day) -> None:
    arguments = ("--until", until) if until else ()
    assert syncd("heat", "32", *arguments, "--json").json["known"][0]["until"] == last_day


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("60.1",), "a temperature is -30 C to 60 C"),
        (("-30.1",), "a temperature is -30 C to 60 C"),
        (("100",), "90F Fahrenheit"),
        (("hot",), "not a temperature"),
        (("32K",), "not a temperature"),
        (("32", "--dew-point", "33"), "a dew point is never above the temperature"),
        (("32", "--dew-point", "wet"), "--dew-point: 'wet' is not a temperature"),
        (("32", "--dew-point", "-40"), "-30 C or more"),
        (("32", "--until", "2026-01-04"), "Sun 4 Jan is past"),
        (("32", "--until", "2026-03-07"), "too far ahead"),
        (("32", "--until", "soon"), "is not a date"),
        (("--until", "friday"), "give the temperature too"),
        (("32", "--over"), "--over stands alone"),
        (("--over",), "no heat is known"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(syncd, planned, arguments, complaint) -> None:
    before = hard(syncd)
    said = syncd("heat", *(("--", *arguments) if arguments[0].startswith("-3") else arguments))
    assert said.code != 0
    assert complaint in one_line(said)
    assert len(said.err.strip().splitlines()) <= 2
    assert "Traceback" not in said.err
    assert hard(syncd) == before


@pytest.mark.parametrize("degrees", ["-30", "60"])
def test_the_ends_of_the_thermometer_are_taken(syncd, planned, degrees) -> None:
    assert syncd("heat", "--", degrees).code == 0


def test_in_a_pregnancy_days_from_25_have_no_run_and_say_why(syncd, planned) -> None:
    assert syncd("health", "--new", "pregnancy").code == 0
    said = one_line(syncd("heat", "25", "--until", "friday"))
    assert "in a pregnancy nothing is run in such heat" in said
    assert "nothing is run in a pregnancy" in one_line(syncd("status"))
    assert "in a pregnancy" in one_line(syncd("why", "2026-01-06"))
    sessions = [each["date"] for each in syncd("plan", "--json").json["weeks"][0]["sessions"]]
    assert [day for day in sessions if "2026-01-05" <= day <= "2026-01-09"] == []
