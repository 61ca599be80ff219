"""After `forget SOURCE` nothing of it is in any file that syncd keeps, in whatever form."""

import gzip
from datetime import UTC, datetime

import pytest

from syncd.connectors.strava.tokens import StravaTokenFile
from syncd.paths import locate
from syncd.store import Store
from tests.cli.test_strava_loop import begin, strava  # noqa: F401 - a fixture
from tests.support.traces import traces_of

NAME = "Canary Hill with Alice"


@pytest.fixture
def lived_on_strava(syncd, folders, strava, monkeypatch):  # noqa: F811
    """A run that is in everything that syncd makes of runs; its number."""
    scene, login = strava
    scene.now = datetime(2026, 1, 8, 19, tzinfo=UTC)
    number = scene.runs(0.1, NAME)
    scene.now = datetime.now(UTC)
    begin(syncd, folders, "strava")
    StravaTokenFile(locate().logins / "strava.json").save(login)
    assert syncd("sync").code == 0
    for command in ("report", "calendar", "tidy"):
        assert syncd(command).code == 0, command
    monkeypatch.setenv("SYNCD_NOW", "2026-01-09T20:00:00+01:00")
    syncd("sync")
    state = locate().state
    locate().faults.mkdir(mode=0o700)
    (locate().faults / "syncd-fault-1.txt").write_text(f"ValueError: {NAME}")
    (state / "backups" / "syncd-2026-01-08.db.4711.part").write_bytes((state / "syncd.db").read_bytes())
    (state / "syncd.db.damaged-20260101").write_bytes((state / "syncd.db").read_bytes())
    (state / ".report.html.4711.syncd-part").write_text(f"<p>{NAME}")
    with Store.open(state) as store:
        store.raw.put(f"{NAME}: a kill came before its row".encode())
        damaged = store.raw.put(f"{NAME}: found damaged, and its run is gone".encode())
        store.run("INSERT INTO lost_payloads VALUES (?, 1, '2026-01-08T12:00:00+00:00', NULL)", (damaged,))
    locate().pictures.write_text(f'{{"{NAME}": []}}')
    return str(number)


def test_nothing_of_a_forgotten_source_is_left_in_any_file(syncd, lived_on_strava):
    state = locate().state
    assert len(traces_of(NAME, state)) > 6  # else this proves nothing
    said = syncd("forget", "strava", "--yes")
    assert said.code == 0, said.err
    assert traces_of(NAME, state) == []
    assert traces_of(lived_on_strava, state) == []
    assert "Not deleted: folders that syncd export wrote" in said.out


def test_the_report_and_the_calendar_are_made_anew_without_its_runs(syncd, lived_on_strava):
    paths = locate()
    before = paths.report.read_text()
    said = syncd("forget", "strava", "--yes", "--json")
    after = paths.report.read_text()
    assert after != before
    assert "2 runs of the last two years" in before
    assert "2 runs of the last two years" not in after
    assert (paths.state / "syncd.ics").exists()
    assert any("messages" in stays for stays in said.json["stays"])


def test_where_there_was_no_report_none_is_made(syncd, folders, strava):  # noqa: F811
    begin(syncd, folders, "strava")
    StravaTokenFile(locate().logins / "strava.json").save(strava[1])
    syncd("sync")
    assert syncd("forget", "strava", "--yes").code == 0
    assert not locate().report.exists()
    assert not (locate().state / "connectors/strava/catalogue.json").exists()


def test_what_another_source_has_too_keeps_its_recording(syncd, lived_on_strava):
    with Store.open(locate().state) as store:
        kept = store.raw.put(b"a payload of the folder")
        store.run(
            "INSERT INTO arrivals (source, remote_id, fingerprint, outcome, reason, raw_hash, at)"
            " VALUES ('folder', 'a.fit', 'x', 'unreadable', '', ?, '2026-01-08T12:00:00+00:00')",
            (kept,),
        )
    assert syncd("forget", "strava", "--yes").code == 0
    with Store.open(locate().state) as store:
        assert store.raw.has(kept)


def test_the_search_finds_what_is_packed(tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(NAME.encode()))
    (tmp_path / "b.json").write_text('"Canary \\u00e9"')
    assert traces_of(NAME, tmp_path) == ["a.gz"]
    assert traces_of("Canary \u00e9", tmp_path) == ["b.json"]
