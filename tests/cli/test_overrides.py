"""The athlete's word from the command line: what is said, what is refused, and how it is told."""

import pytest


@pytest.fixture
def synced(syncd, initialised):
    """A plan on a Monday morning: hard on Tuesday the 6th, long on Sunday the 11th."""
    assert syncd("sync").code == 0
    return syncd


def sessions(syncd) -> dict[str, str]:
    """The days of the coming sessions, by their id."""
    weeks = syncd("plan", "--weeks", 2, "--json").json["weeks"]
    return {each["id"]: each["date"] for week in weeks for each in week["sessions"]}


def test_move_says_what_it_did_and_undo_puts_it_back(synced) -> None:
    before = sessions(synced)
    said = synced("move", "2026-01-06", "2026-01-07")
    assert (said.code, said.err) == (0, "")
    assert "you moved it from Tue 6 Jan to Wed 7 Jan   your decision" in said.out
    assert sessions(synced)["2026w02-1"] == "2026-01-07"
    undone = synced("undo", "--json").json
    assert [each["session"] for each in undone["undone"]] == ["2026w02-1"]
    assert sessions(synced) == before
    again = synced("undo")
    assert (again.code, again.out) == (2, "")
    assert "no change that can be undone" in again.err


def test_why_shows_a_number_that_undo_takes(synced) -> None:
    synced("skip", "2026-01-11")
    told = synced("why", "2026-01-11").out
    assert "dropped" in told
    number = told.partition("syncd undo ")[2].split()[0]
    assert synced("undo", "--change", number).code == 0
    assert "dropped" not in synced("why", "2026-01-11").out.splitlines()[0]


def test_sick_and_resume_speak_plainly(synced) -> None:
    said = synced("sick", "--fever")
    assert said.code == 0
    assert "chest pain" in said.out
    assert "48 hours" in said.out
    assert synced("next").code == 4
    assert "Ill since Mon 5 Jan" in synced("why", "2026-01-06").out
    back = synced("resume")
    assert back.code == 0
    assert "Your first run is on Wed 7 Jan at the earliest." in back.out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("move", "2026-01-06", "2026-01-01"), "is past"),
        (("move", "2026-01-06", "soon"), "is not a date"),
        (("skip", "2026-01-07"), "no session on Wed 7 Jan"),
        (("pin", "2025-12-01"), "is past"),
        (("resume",), "no pause and no illness"),
        (("pause", "--until", "2026-01-01"), "would end before"),
        (("goal", "10m"), "5k, 10k, half, marathon or none"),
        (("goal", "10k", "--priority", "A"), "needs a race"),
        (("goal", "10k", "--race", "2026-05-01", "--priority", "D"), "A, B or C"),
        (("goal", "--race", "2026-05-01"), "give the distance"),
        (("goal", "none", "--race", "2026-05-01"), "needs a distance"),
        (("phase", "slow"), "speed"),
        (("rpe", "1", "11"), "1 to 10"),
        (("undo", "12"), "no change 12"),
        (("result", "5k", "6:00"), "faster than"),
        (("result", "far", "20:00"), "not a distance"),
        (("result", "5k", "24:10", "--date", "2026-02-01"), "still to come"),
    ],
)
def test_what_cannot_be_is_one_line_and_wrong_use(synced, arguments, complaint) -> None:
    said = synced(*arguments)
    assert (said.code, said.out) == (2, "")
    assert complaint in said.err
    assert said.err.count("\n") == 1


def test_rpe_of_a_run_that_is_not_there_matches_nothing(synced) -> None:
    assert synced("rpe", "7", "5").code == 4


def test_goal_and_phase_tell_what_holds(synced) -> None:
    assert synced("goal").out == "The goal is a 5K, without a date.\n"
    assert synced("goal", "10k", "--race", "2026-06-07").code == 0
    assert synced("goal").out == "The goal is a 10K on Sun 7 Jun 2026 (A race).\n"
    assert synced("phase").out == "The phase is chosen by the plan.\n"
    assert synced("phase", "speed").code == 0
    assert synced("phase", "--json").json == {"schema": "syncd.phase/1", "phase": "speed, chosen by you"}
    assert synced("phase", "auto").code == 0


def test_a_result_changes_the_paces_of_zones_and_plan(synced) -> None:
    before = synced("zones", "--json").json["paces"]["5K"]
    said = synced("result", "10k", "50:00", "--date", "2026-01-04")
    assert "Your 5 km is now 24:06 (was 25:00)." in said.out
    zones = synced("zones", "--json").json
    assert zones["paces"]["5K"][0] < before[0]
    assert zones["results"][0]["distance_m"] == 10_000
    assert "10 km" in synced("zones").out


def test_next_easier_swaps_the_hard_session_once(synced) -> None:
    told = synced("next", "--json").json
    assert told["easier"]
    said = synced("next", "--easier")
    assert said.code == 0
    assert told["easier"] in said.out
    again = synced("next", "--easier")
    assert again.code == 2
    assert "easier version already" in again.err
