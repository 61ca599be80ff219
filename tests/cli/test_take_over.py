"""Two installations on one account, at the command line: told, and settled by one command."""

from pathlib import Path

import pytest

from syncd.connectors.garmin.tokens import GarminTokenFile
from syncd.paths import locate
from tests.connectors.garmin.conftest import log_in


@pytest.fixture
def elsewhere(syncd, on_garmin, tmp_path: Path, monkeypatch):
    """The same runner at another machine, with other answers; the first one has delivered its plan."""
    assert syncd("sync").code == 0
    for name, folder in (("XDG_CONFIG_HOME", "config"), ("XDG_STATE_HOME", "state")):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere" / folder))
    said = syncd(
        *("init", "--yes", "--five-k", "22:30", "--days", 3, "--weekly-km", 30, "--longest-km", 12),
        *("--goal", "10k", "--source", "garmin", "--sink", "garmin", "--timezone", "Europe/Rome"),
    )
    assert said.code == 0, said.err
    kept = GarminTokenFile(locate().logins / "garmin.json")
    log_in(on_garmin, kept)
    return on_garmin


def days(service) -> list[str]:
    return sorted(entry["date"] for entry in service.account.schedules.values())


def test_it_stands_back_with_exit_3_and_names_the_command(syncd, elsewhere):
    before = days(elsewhere)
    said = syncd("sync")
    assert said.code == 3
    assert "another installation of syncd has workouts on Garmin Connect" in said.err
    assert "syncd watch --take-over" in said.err
    assert days(elsewhere) == before
    checked = " ".join(syncd("doctor", "--offline").out.split())
    assert "FAIL workouts of others another installation of syncd" in checked
    assert "syncd watch --take-over" in checked


def test_after_the_command_its_own_plan_is_there_once_a_day(syncd, elsewhere):
    syncd("sync")
    said = syncd("watch", "--take-over", "--json")
    assert (said.code, len(said.json["workouts"])) == (0, len(days(elsewhere)))
    assert syncd("sync").code == 0
    planned = [session["date"] for session in syncd("watch", "--json").json["sessions"]]
    assert days(elsewhere) == planned
    assert len(elsewhere.account.workouts) == len(planned)
    assert "workouts of others" not in syncd("doctor", "--offline").out
    assert "Nothing new" in syncd("sync").out


def test_with_nobody_elsewhere_there_is_nothing_to_take_over(syncd, on_garmin):
    syncd("sync")
    said = syncd("watch", "--take-over")
    assert (said.code, said.out.strip()) == (
        0,
        "Garmin Connect has no workouts of another installation. Next: syncd sync",
    )
    assert "Nothing new" in syncd("sync").out


def test_a_database_that_doctor_restored_goes_on_with_what_is_there(syncd, on_garmin, monkeypatch):
    syncd("sync")
    assert syncd("tidy").code == 0
    syncd("skip", days(on_garmin)[1])
    syncd("sync")
    left = days(on_garmin)
    (locate().state / "syncd.db").unlink()
    assert syncd("doctor", "--restore").code == 0
    said = syncd("sync")
    assert (said.code, said.err) == (0, "")
    planned = [session["date"] for session in syncd("watch", "--json").json["sessions"]]
    assert days(on_garmin) == planned
    assert set(left) < set(planned)  # what was skipped since the copy is due again, and there
