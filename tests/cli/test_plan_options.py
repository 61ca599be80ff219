"""`plan`: whose days, which units; and the plan as a file, out and in."""

from pathlib import Path

import pytest

ANYBODY = ("plan", "--five-k", "25:00", "--weekly-km", 20, "--longest-km", 8, "--start", "2026-01-05")

COACH = """\
# from my coach
week 2026-01-05 distance build
Wed easy 6km E  # slowly, please
Sun long 8km E | Long and slow

week 2026-02-02 speed build
Tue interval 15min E + 5x(2min I + 2min jog) + 10min E | 5 x 2 min
"""


@pytest.fixture
def coach(tmp_path: Path) -> Path:
    path = tmp_path / "coach.txt"
    path.write_text(COACH)
    return path


def days_of(said) -> set[str]:
    sessions = [session for week in said.json["weeks"] for session in week["sessions"]]
    return {session["date"] for session in sessions}


def test_sessions_fall_on_the_weekdays_that_are_free(syncd) -> None:
    said = syncd(*ANYBODY, "--weekdays", "mon, Wednesday,sat", "--weeks", 2, "--json")
    assert days_of(said) <= {f"2026-01-{day:02d}" for day in (5, 7, 10, 12, 14, 17)}
    longs = [s["date"] for week in said.json["weeks"] for s in week["sessions"] if s["kind"] == "long"]
    assert longs == ["2026-01-10", "2026-01-17"]


def test_a_race_ends_in_a_race_week_with_the_race_on_its_day(syncd) -> None:
    said = syncd(
        *ANYBODY, "--goal", "10k", "--race", "2026-04-26", "--priority", "a", "--weeks", 16, "--json"
    )
    (race,) = [s for week in said.json["weeks"] for s in week["sessions"] if s["kind"] == "race"]
    assert (race["date"], race["hard"]) == ("2026-04-26", True)
    assert said.json["weeks"][-1]["kind"] == "race"


def test_the_athlete_may_choose_the_phase(syncd) -> None:
    said = syncd(*ANYBODY, "--phase", "speed", "--weeks", 2, "--json").json
    assert {week["phase"] for week in said["weeks"]} == {"speed"}
    auto = syncd(*ANYBODY, "--phase", "auto", "--weeks", 2, "--json").out
    assert auto == syncd(*ANYBODY, "--weeks", 2, "--json").out


def test_blocked_days_stay_free(syncd) -> None:
    free = days_of(syncd(*ANYBODY, "--weeks", 2, "--json"))
    blocked = days_of(syncd(*ANYBODY, "--weeks", 2, "--blocked", "2026-01-06, 2026-01-11", "--json"))
    assert {"2026-01-06", "2026-01-11"} <= free
    assert not {"2026-01-06", "2026-01-11"} & blocked


def test_without_a_five_k_everything_is_by_effort(syncd) -> None:
    said = syncd("plan", "--weekly-km", 0, "--start", "2026-01-05", "--weeks", 4, "--json")
    assert {week["phase"] for week in said.json["weeks"]} == {"foundation"}
    for week in said.json["weeks"]:
        for session in week["sessions"]:
            assert "/km" not in session["notation"]
            assert max(session["rpe"]) <= 4


def test_from_fifty_on_the_plan_says_what_it_withholds(syncd) -> None:
    said = syncd(*ANYBODY, "--birth-year", 1960, "--weeks", 1)
    assert "From age 50" in said.out


def test_a_plan_in_miles_is_the_same_plan_in_other_words(syncd) -> None:
    said = syncd(*ANYBODY, "--weeks", 1, "--units", "mi")
    assert " mi" in said.out
    assert " km" not in said.out
    both = [syncd(*ANYBODY, "--weeks", 1, "--units", unit, "--json").json for unit in ("mi", "km")]
    for week in (week for told in both for week in told["weeks"]):
        del week["notes"]
        for session in week["sessions"]:
            del session["title"]
    assert both[0] == both[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--weekdays", "mon,tue,wed", "--days", 4), "--days 4 needs 4 weekdays, but --weekdays gives 3"),
        (("--weekdays", "mon,someday"), "--weekdays mon,someday: 'someday' is not a weekday"),
        (("--weekdays", "mon"), "2 to 7 days"),
        (("--units", "miles"), "--units miles: choose km or mi"),
        (("--race", "2026-01-04"), "the race day 2026-01-04 is in the past"),
        (("--race", "soon"), "--race: 'soon' is not a date: write YYYY-MM-DD"),
        (("--race", "2026-06-01", "--goal", "none"), "a race needs a distance"),
        (("--race", "2026-06-01", "--priority", "D"), "--priority D: choose A, B or C"),
        (("--priority", "B"), "--priority needs a race: --race YYYY-MM-DD"),
        (("--phase", "fast"), "--phase fast: choose foundation, distance, speed, combine or auto"),
        (("--blocked", "2026-01-06,x"), "--blocked: 'x' is not a date"),
        (
            ("--birth-year", 1820),
            "--birth-year: birth year 1820: give the year in which you were born, from 1926 to 2016",
        ),
        (("--goal", "marathon", "--race", "2026-02-15"), "a marathon needs a week of 45 km"),
    ],
)
def test_what_cannot_be_planned_is_one_line_that_names_the_option(syncd, arguments, message) -> None:
    said = syncd(*ANYBODY, *arguments)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert message in said.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("plan", "bogus"), "plan bogus: use syncd plan, syncd plan export [FILE] or syncd plan import FILE"),
        (("plan", "--days", 3), "give --five-k or --weekly-km too"),
        (("plan", "import"), "needs a file"),
        (("plan", "import", "x.txt", "--five-k", "25:00"), "takes only a file"),
    ],
)
def test_a_plan_asked_for_in_a_wrong_way(syncd, initialised, arguments, message) -> None:
    said = syncd(*arguments)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert message in said.err


def test_anybodys_plan_as_a_file(syncd, tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    said = syncd("plan", "export", path, *ANYBODY[1:], "--weeks", 3)
    assert said.out == f"Wrote 3 weeks to {path}.\n"
    text = path.read_text()
    assert text.startswith("# A syncd plan.")
    assert text.count("week 2026-01-") == 3
    assert syncd("plan", "export", *ANYBODY[1:], "--weeks", 3).out == text


def test_the_own_plan_exported_and_imported_again_changes_nothing(syncd, initialised, tmp_path: Path) -> None:
    assert syncd("sync").code == 0
    path, before = tmp_path / "plan.txt", syncd("plan", "--json").json
    assert syncd("plan", "export", path, "--weeks", 2).code == 0
    said = syncd("plan", "import", path)
    assert said.out == "Nothing changed: your plan is the same already.\n"
    assert syncd("plan", "--json").json == before


def test_a_coachs_plan_takes_the_place_of_the_generated_one(syncd, initialised, coach: Path) -> None:
    _, outbox = initialised
    assert syncd("sync").code == 0
    said = syncd("plan", "import", coach, "--json")
    assert said.code == 0, said.err
    assert said.json["schema"] == "syncd.plan-import/1"
    weeks = {week["start"]: week for week in syncd("plan", "--weeks", 6, "--json").json["weeks"]}
    assert [s["title"] for s in weeks["2026-01-05"]["sessions"]] == ["easy run", "Long and slow"]
    assert [s["kind"] for s in weeks["2026-02-02"]["sessions"]] == ["interval"]
    assert weeks["2026-02-02"]["phase"] == "speed"
    assert len(weeks["2026-01-12"]["sessions"]) == 4
    assert syncd("sync").code == 0
    assert sorted(path.name[:10] for path in outbox.glob("2026-01-0[5-9]*.fit")) == ["2026-01-07"]
    assert "slowly, please" in syncd("next").out
    assert "you imported coach.txt" in syncd("why", "2026-01-07").out


def test_comments_survive_the_way_through_the_plan(syncd, initialised, coach: Path) -> None:
    assert syncd("plan", "import", coach).code == 0
    text = syncd("plan", "export", "--weeks", 5).out
    assert text.startswith("# from my coach\nweek 2026-01-05")
    assert "Wed 2026-01-07  easy        6km E | easy run  # slowly, please\n" in text


def test_a_wrong_line_is_named_and_nothing_is_imported(syncd, initialised, coach: Path) -> None:
    assert syncd("sync").code == 0
    before = syncd("plan", "--weeks", 6, "--json").out
    coach.write_text(COACH.replace("5x(2min I", "5x(2min Q"))
    said = syncd("plan", "import", coach)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert "coach.txt line 7: in the workout at character" in said.err
    assert said.err.endswith("nothing was imported\n")
    assert syncd("plan", "--weeks", 6, "--json").out == before


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (b"\xff\xfe\x00", 2, "is not a text file"),
        (b"week 2020-01-06\n", 2, "all of its weeks are over"),
        (None, 1, "no such file"),
    ],
)
def test_files_that_are_no_plan(syncd, initialised, tmp_path: Path, content, code, message) -> None:
    path = tmp_path / "plan.txt"
    if content is not None:
        path.write_bytes(content)
    said = syncd("plan", "import", path)
    assert (said.code, said.out, said.err.count("\n")) == (code, "", 1)
    assert message in said.err


def test_an_export_that_cannot_be_written(syncd, tmp_path: Path) -> None:
    said = syncd("plan", "export", tmp_path / "absent" / "plan.txt", *ANYBODY[1:])
    assert (said.code, "there is no such file or folder" in said.err) == (1, True)
