"""What is kept belongs to the athlete: all of it can be taken along, and all of it can be deleted."""

import json
import sqlite3
from contextlib import closing

import pytest

from syncd.config import load
from syncd.connectors.strava.tokens import StravaTokenFile
from syncd.daemon.state_file import only_service
from syncd.paths import locate
from syncd.store import Store
from tests.cli.test_strava_loop import begin, strava  # noqa: F401 - a fixture
from tests.support.watch import run_what_is_on_the_watch


@pytest.fixture
def ran(syncd, initialised, monkeypatch):
    inbox, outbox = initialised
    syncd("sync")
    recording = run_what_is_on_the_watch(outbox, inbox, "2026-01-06")
    monkeypatch.setenv("SYNCD_NOW", "2026-01-06T20:00:00+01:00")
    assert syncd("sync").code == 0
    return recording


def test_an_export_holds_every_row_every_recording_and_the_settings(syncd, ran, tmp_path):
    said = syncd("export", tmp_path / "mine", "--json")
    assert (said.code, said.json["recordings"], said.json["unreadable"]) == (0, 1, [])
    (recording,) = (tmp_path / "mine/recordings").iterdir()
    assert recording.read_bytes() == ran.read_bytes()
    assert recording.name.startswith("2026-01-06-folder-")
    with closing(sqlite3.connect(tmp_path / "mine/syncd.db")) as copy:
        tables = {name for (name,) in copy.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        for name in tables:
            lines = (tmp_path / f"mine/tables/{name}.jsonl").read_text().splitlines()
            assert (
                len(lines)
                == copy.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608
                == said.json["rows"][name]
            )
            assert all(isinstance(json.loads(line), dict) for line in lines)
    assert 'five_k = "25:00"' in (tmp_path / "mine/config.toml").read_text()
    assert "Logins are not included" in (tmp_path / "mine/README.txt").read_text()


def test_an_exported_database_is_a_state_that_goes_on(syncd, ran, tmp_path):
    syncd("export", tmp_path / "mine")
    with Store.open(tmp_path / "mine") as store:
        assert store.activities.count_runs() == 1


def test_nothing_is_overwritten_by_an_export(syncd, ran, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine.txt").write_text("mine")
    said = syncd("export", tmp_path / "full")
    assert said.code == 2
    assert "not an empty folder" in said.err
    assert (tmp_path / "full/mine.txt").read_text() == "mine"


def test_addresses_that_are_secret_stay_out_of_it(syncd, ran, tmp_path):
    config = locate().config
    config.write_text(config.read_text() + '\n[notify]\nurls = ["json://localhost/canary"]\n')
    config.chmod(0o600)
    syncd("export", tmp_path / "mine")
    assert "canary" not in (tmp_path / "mine/config.toml").read_text()


def test_a_list_over_several_lines_stays_out_too_and_the_settings_are_still_valid(syncd, ran, tmp_path):
    config = locate().config
    secret = '[notify]\nurls = [\n  "json://localhost/canary",\n  "json://localhost/canary2",\n]\n'
    config.write_text(config.read_text() + secret)
    config.chmod(0o600)
    said = syncd("export", tmp_path / "mine", "--json")
    assert said.json["left_out"] == ["notify.urls"]
    exported = tmp_path / "mine/config.toml"
    assert "canary" not in exported.read_text()
    assert load(exported).fitness.five_k == "25:00"


def test_settings_that_are_no_toml_are_left_out_with_a_word(syncd, ran, tmp_path):
    locate().config.write_text('[notify]\nurls = ["json://canary"\n')
    said = syncd("export", tmp_path / "mine")
    assert (said.code, said.err) == (
        0,
        "syncd: config.toml cannot be read and was left out: it may hold secrets\n",
    )
    assert not (tmp_path / "mine/config.toml").exists()
    assert "left out" in (tmp_path / "mine/README.txt").read_text()


def test_before_anything_was_kept_there_is_nothing_to_export(syncd, initialised, tmp_path):
    assert syncd("export", tmp_path / "mine").code == 2
    assert not (tmp_path / "mine").exists()


def test_forgetting_everything_leaves_no_file_and_asks_first(syncd, ran, typed):
    typed("no")
    refused = syncd("forget")
    assert (refused.code, locate().state.exists()) == (1, True)
    typed("yes")
    said = syncd("forget")
    assert said.code == 0
    assert not locate().state.exists()
    assert not locate().config.exists()
    assert ran.exists()  # the recording is the athlete's own file
    assert "on your calendar and your watch stay there" in said.out


def test_a_running_service_is_ended_first(syncd, ran):
    with only_service(locate().state):
        said = syncd("forget", "--yes")
    assert said.code == 2
    assert "service uninstall" in said.err
    assert (locate().state / "syncd.db").exists()


def test_garmin_cannot_be_told_and_that_is_said(syncd, on_garmin):
    syncd("sync")
    said = syncd("forget", "--yes")
    assert "Garmin cannot be notified" in said.out
    assert not locate().state.exists()


def test_forgetting_strava_removes_its_runs_its_payloads_and_its_login(syncd, folders, strava):  # noqa: F811
    _, login = strava
    begin(syncd, folders, "strava")
    StravaTokenFile(locate().logins / "strava.json").save(login)
    syncd("sync")
    syncd("tidy")
    assert list((locate().state / "raw").glob("*/*.gz"))
    with Store.open(locate().state) as store:
        (told,) = store.rows("SELECT remote_id, name FROM recordings")
    said = syncd("forget", "strava", "--yes")
    assert said.code == 0, said.err
    assert "Deleted 1 run that came only from strava." in said.out
    assert not (locate().logins / "strava.json").exists()
    assert not list((locate().state / "raw").glob("*/*.gz"))
    with Store.open(locate().state) as store:
        assert store.activities.count_runs() == 0
        tables = dict(store.tables())
        assert [tables[name] for name in ("arrivals", "recordings", "details", "scores")] == [[], [], [], []]
    left = (locate().state / "syncd.db").read_bytes()
    assert told["name"].encode() not in left
    assert told["remote_id"].encode() not in left
    assert len(list((locate().state / "backups").iterdir())) == 1


def test_a_run_that_the_folder_has_too_stays_when_strava_is_forgotten(syncd, ran):
    with Store.open(locate().state) as store:
        before = store.scores.newest_of(1)
    said = syncd("forget", "strava", "--yes")
    assert "Deleted 0 runs" in said.out
    with Store.open(locate().state) as store:
        assert store.scores.newest_of(1) == before


def test_forgetting_the_folder_opens_its_session_again(syncd, ran):
    said = syncd("forget", "folder", "--yes", "--json")
    assert (said.code, said.json["runs"]) == (0, 1)
    with Store.open(locate().state) as store:
        assert store.activities.count_runs() == 0
        assert store.plan.get("2026w02-1").state.value == "due"


def test_with_the_runs_of_a_source_their_pictures_go(syncd, ran):
    locate().pictures.write_text("{}")
    assert syncd("forget", "folder", "--yes").code == 0
    assert not locate().pictures.exists()


def test_a_source_that_does_not_exist_is_refused(syncd, ran):
    assert syncd("forget", "polar", "--yes").code == 2


def test_an_export_moves_to_another_machine_and_goes_on_there(syncd, ran, tmp_path, monkeypatch):
    """As docs/how-to/move-machine.md says."""
    syncd("export", tmp_path / "mine")
    before = syncd("score", "--json").json
    monkeypatch.setenv("HOME", str(tmp_path / "other"))
    paths = locate()
    paths.config.parent.mkdir(parents=True)
    paths.state.mkdir(parents=True, mode=0o700)
    for name, place in (("config.toml", paths.config), ("syncd.db", paths.state / "syncd.db")):
        place.write_bytes((tmp_path / "mine" / name).read_bytes())
    assert syncd("import", tmp_path / "mine/recordings").code == 0
    after = syncd("score", "--json").json
    assert {**after, "recordings": []} == {**before, "recordings": []}
    said = syncd("sync", "--dry-run", "--json")
    assert (said.code, said.json["actions"], said.json["changes"]) == (0, [], [])
    assert syncd("rescore").code == 0
    with Store.open(paths.state) as store:
        assert store.activities.count_runs() == 1
        assert all(
            store.raw.has(str(row["raw_hash"])) for row in store.rows("SELECT raw_hash FROM recordings")
        )
