"""The loop from the command line: init, sync, run, sync; what each command then tells."""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from syncd.domain.notation import parse_workout
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from tests.support.scene import fingerprint
from tests.support.watch import run_what_is_on_the_watch


def test_sync_tells_what_came_in_and_what_it_made_of_it(lived) -> None:
    said = lived.json
    assert (lived.code, lived.err, said["schema"]) == (0, "", "syncd.sync/1")
    assert [each["outcome"] for each in said["arrived"]] == ["run"]
    (scored,) = said["scored"]
    assert scored["session"] == "2026w02-1"
    assert scored["method"] == "exact"
    (change,) = said["changes"]
    assert (change["rule"], change["session"], change["date"]) == ("A9", "2026w03-1", "2026-01-13")
    assert {action["action"] for action in said["actions"]} <= {"create", "update"}


def test_a_second_sync_has_nothing_to_say(syncd, lived) -> None:
    assert syncd("sync").out == "Nothing new: the plan and the watch stay as they are.\n"


def test_dry_run_announces_exactly_what_sync_then_does(syncd, initialised) -> None:
    _, outbox = initialised
    announced = syncd("sync", "--dry-run", "--json").json["actions"]
    assert announced
    assert fingerprint(outbox) == {}
    assert syncd("sync", "--json").json["actions"] == announced


def test_dry_run_in_words(syncd, initialised) -> None:
    said = syncd("sync", "--dry-run").out
    assert "would create  Tue  6 Jan  3 x 5 min at half-marathon pace" in said
    assert said.endswith("5 changes for the watch, nothing sent.\n")


def test_status_shows_next_last_and_when_it_looked(syncd, lived) -> None:
    said = syncd("status")
    assert "Tue  6 Jan 2026 · distance phase, build week" in said.out
    assert "written for the watch" in said.out
    assert "Last" in said.out
    assert "Folder ok, just now" in said.out
    told = syncd("status", "--json").json
    assert (told["runs"], told["last_sync_outcome"]) == (1, "ok")
    assert all(each["watch"] == "written for the watch" for each in told["next"])


def test_next_shows_the_workout_with_its_paces(syncd, lived) -> None:
    said = syncd("next", "--json").json
    assert (said["id"], said["kind"]) == ("2026w02-2", "easy")
    assert parse_workout(said["on_watch"])
    assert "/km" in said["on_watch"]


def test_why_tells_the_reason_of_a_change(syncd, lived) -> None:
    said = syncd("why", "2026-01-13")
    assert "rule A9" in said.out
    assert "was      2 x 10 min at marathon pace" in said.out
    assert "of 3 reps on 6 Jan" in said.out


def test_why_has_nothing_to_tell_of_a_day_of_rest(syncd, lived) -> None:
    said = syncd("why", "2026-01-07")
    assert (said.code, "a rest day" in said.err) == (4, True)


@pytest.mark.parametrize("wanted", ["", "1", "2026-01-06"])
def test_score_of_a_stored_run_by_nothing_number_or_date(syncd, lived, wanted: str) -> None:
    said = syncd("score", *([wanted] if wanted else []), "--json")
    assert said.json["schema"] == "syncd.score/1"
    assert said.json["attribution"]["session"] == "2026w02-1"
    assert said.json["reps"]["planned"] == 3


def test_score_of_a_run_that_is_not_there(syncd, lived) -> None:
    assert syncd("score", "2020-01-01").code == 4


def test_the_own_plan_and_zones_need_no_arguments(syncd, lived) -> None:
    weeks = syncd("plan", "--json").json["weeks"]
    assert [week["start"] for week in weeks][:2] == ["2026-01-05", "2026-01-12"]
    assert weeks[1]["sessions"][0]["rules"][-1] == "A9"
    assert "this is a projection" in syncd("plan").out
    assert syncd("zones", "--json").json["source"] == "5 km in 25:00"


def test_import_reads_files_and_folders_and_says_what_they_were(syncd, initialised, tmp_path: Path) -> None:
    more = tmp_path / "old runs"
    more.mkdir()
    recording = simulate(parse_workout("30min @6:20-7:00/km"), Runner(vdot=38), Scenario.IGNORED, seed=1)
    for month in (11, 12):
        start = datetime.fromisoformat(f"2025-{month}-20T18:00:00+01:00")
        content = write_activity(recording, start=start, utc_offset=timedelta(hours=1))
        (more / f"{month}.fit").write_bytes(content)
    (more / "broken.fit").write_bytes(b"no recording")
    said = syncd("import", more, "--json").json
    assert sorted(each["outcome"] for each in said["arrived"]) == ["run", "run", "unreadable"]
    again = syncd("import", more / "11.fit", more)
    assert "already imported" in again.out or "the same recording" in again.out


def test_import_of_nothing(syncd, initialised) -> None:
    said = syncd("import", "/nowhere/at/all")
    assert (said.code, "no such file or folder" in said.err) == (1, True)


@pytest.mark.parametrize("command", ["sync", "status", "plan", "next", "why", "zones", "score"])
def test_without_a_configuration_every_command_says_what_to_run(syncd, command: str) -> None:
    said = syncd(command)
    assert said.code == 2
    assert "run syncd init" in said.err
    assert said.err.count("\n") == 1


def test_a_missing_inbox_costs_only_the_reading(syncd, initialised) -> None:
    inbox, outbox = initialised
    inbox.rmdir()
    said = syncd("sync")
    assert said.code == 1
    assert "inbox" in said.err
    assert len(list(outbox.glob("*.fit"))) > 3


def test_an_outbox_that_is_not_there_costs_only_the_writing(syncd, initialised) -> None:
    _, outbox = initialised
    outbox.rmdir()
    said = syncd("sync")
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "outbox" in said.err
    outbox.mkdir()
    assert syncd("sync").code == 0
    assert len(list(outbox.glob("*.fit"))) > 3


def test_a_wrong_configuration_is_one_line_with_its_place(syncd, initialised, home: Path) -> None:
    path = home / ".config/syncd/config.toml"
    path.write_text(path.read_text().replace("days = 4", "days = 9"))
    said = syncd("sync")
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert "[plan] days = 9, must be 2 to 7" in said.err


def test_options_of_the_program_work_before_and_after_the_command(syncd, initialised, home: Path) -> None:
    path = home / ".config/syncd/config.toml"
    assert syncd("--config", path, "zones").code == 0
    assert syncd("zones", "--config", path).code == 0
    assert syncd("zones", f"--config={path}").code == 0
    assert syncd("zones", "--profile", "anna").code == 2


def test_two_processes_at_once_wait_for_each_other_and_nothing_is_done_twice(initialised, home: Path) -> None:
    _, outbox = initialised
    environment = os.environ | {"HOME": str(home)}
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "syncd", "sync", "--json"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    actions = sorted(len(json.loads(out)["actions"]) for out, _ in said)
    assert actions[0] == 0
    assert actions[1] == len(list(outbox.glob("*.fit")))


def test_a_full_disk_is_one_line_and_nothing_stored_is_lost(syncd, initialised, home: Path) -> None:
    inbox, outbox = initialised
    assert syncd("sync").code == 0
    run_what_is_on_the_watch(outbox, inbox, "2026-01-06")
    limited = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096));"
    limited += "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    limited += "from syncd.cli.main import main; sys.exit(main(['sync']))"
    said = subprocess.run(
        [sys.executable, "-c", limited],
        env=os.environ | {"HOME": str(home), "SYNCD_NOW": "2026-01-06T20:00:00+01:00"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (said.returncode, said.stderr.count("\n")) == (1, 1), said
    assert "no room" in said.stderr
    assert syncd("status").code == 0
    assert syncd("sync").code == 0


def test_a_pipe_that_closes_early_is_no_error_message(initialised, home: Path) -> None:
    script = (
        f"{sys.executable} -m syncd plan --five-k 25:00 --weeks 100 --weekly-km 30 --longest-km 9 | head -1"
    )
    said = subprocess.run(
        ["bash", "-c", script],
        env=os.environ | {"HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert said.stdout.startswith("wk ")
    assert said.stderr == ""


def test_names_from_files_cannot_command_the_terminal(syncd, initialised) -> None:
    inbox, _ = initialised
    (inbox / "evil\x1b[2J.fit").write_bytes(b"no recording")
    said = syncd("sync")
    assert "\x1b" not in said.out + said.err
    assert "could not be read" in said.out


def test_a_file_that_is_still_being_copied_is_left_for_the_next_sync_and_said(
    syncd, initialised, monkeypatch
) -> None:
    inbox, _ = initialised
    path = inbox / "run.fit"
    path.write_bytes(b"half of it")
    changed = datetime.fromisoformat("2026-01-05T06:29:58+01:00").timestamp()
    os.utime(path, (changed, changed))
    assert "1 file changed a moment ago: read in the next sync" in syncd("sync").out
    monkeypatch.setenv("SYNCD_NOW", "2026-01-05T06:31:00+01:00")
    assert "run.fit: could not be read" in syncd("sync").out


def test_a_state_folder_that_cannot_be_is_one_line(syncd, initialised, monkeypatch) -> None:
    monkeypatch.setenv("SYNCD_STATE", "/proc/nowhere")
    said = syncd("sync")
    assert (said.code, said.err) == (1, "syncd: /proc/nowhere: there is no such file or folder\n")


def test_an_old_result_widens_the_bands_and_says_so(syncd, initialised, home: Path, monkeypatch) -> None:
    path = home / ".config/syncd/config.toml"
    path.write_text(
        path.read_text().replace('five_k = "25:00"', 'five_k = "25:00"\nfive_k_date = 2025-12-20')
    )
    assert syncd("sync").code == 0
    narrow = syncd("next", "--json").json["on_watch"]
    path.write_text(path.read_text().replace("2025-12-20", "2025-06-20"))
    changes = syncd("sync", "--json").json["changes"]
    assert changes
    assert all("an older result: wider pace ranges" in change["reason"] for change in changes)
    assert syncd("next", "--json").json["on_watch"] != narrow


def test_a_runner_of_miles_reads_miles(syncd, initialised, home: Path) -> None:
    path = home / ".config/syncd/config.toml"
    path.write_text(path.read_text().replace('units = "km"', 'units = "mi"'))
    said = [syncd(command).out for command in ("sync", "status", "plan", "next")]
    assert all(" km" not in text for text in said), said
    assert all(" mi" in text for text in said)
