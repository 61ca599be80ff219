"""`syncd demo`: a simulated runner up to this morning, left as a profile that can be played with at once."""

from datetime import date
from pathlib import Path

import pytest

from syncd.cli import run_commands
from syncd.paths import locate

pytestmark = pytest.mark.long
# Summer time begins on Sunday 29 March 2026.
NOW, TODAY = "2026-03-31T09:00:00+02:00", date(2026, 3, 31)


@pytest.fixture
def short_demo(syncd, tmp_path, monkeypatch):
    """The demo of one whole week and the days since."""
    monkeypatch.setattr("syncd.sandbox.weeks_on_garmin.WEEKS", 1)
    monkeypatch.setenv("SYNCD_NOW", NOW)
    monkeypatch.setenv("TZ", "Europe/Rome")
    return lambda *arguments: syncd("demo", "--out", tmp_path / "demo", *arguments)


def suggested(out):
    """The commands that it says one could play with, without the program."""
    return [line.split("syncd ", 1)[1].split() for line in out.splitlines() if " --profile demo " in line]


def test_every_command_that_it_suggests_works_on_the_profile_that_it_leaves(short_demo, syncd):
    said = short_demo()
    assert said.code == 0, said.err
    assert "This runner is now the profile 'demo', with folders in place of an account." in said.out
    commands = suggested(said.out)
    assert [command[2] for command in commands] == ["status", "score", "why", "move", "sync", "undo"]
    answers = {command[2]: syncd(*command) for command in commands}
    assert {name: answer.code for name, answer in answers.items()} == dict.fromkeys(answers, 0)
    assert answers["status"].out.startswith("Tue 31 Mar 2026")
    day, free = (date.fromisoformat(text) for text in commands[3][3:])
    assert f"{free:%a} {free.day:2d} {free:%b}: " in answers["move"].out
    assert f"{free:%a} {free.day:2d} {free:%b}" in answers["sync"].out
    assert f"{day:%a} {day.day:2d} {day:%b}: " in answers["undo"].out
    assert any((locate("demo").state / "workouts").glob("*.fit"))


def test_a_second_demo_begins_the_profile_anew(short_demo, syncd):
    first = suggested(short_demo().out)
    assert syncd(*next(command for command in first if command[2] == "move")).code == 0
    said = short_demo("--json")
    assert said.json["profile"] == "demo"
    assert "moved" not in syncd("--profile", "demo", "why").out


def test_a_profile_of_ones_own_called_demo_is_left_alone_and_the_demo_works_all_the_same(short_demo, syncd):
    own = locate("demo").config
    own.parent.mkdir(parents=True)
    own.write_text("# mine")
    said = short_demo("--json")
    assert (said.code, said.json["profile"]) == (0, "")
    assert f"No profile to play with was left: {own} exists and is not from a demo." in said.json["text"]
    assert own.read_text() == "# mine"
    assert Path(said.json["report"]).exists()


def test_the_commands_are_named_so_that_they_can_be_typed_where_one_is(tmp_path, monkeypatch):
    program = tmp_path / ".venv" / "bin" / "syncd"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    monkeypatch.setattr("syncd.service.program.program_path", lambda: program)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.chdir(tmp_path)
    assert run_commands._program() == ".venv/bin/syncd"
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert run_commands._program() == str(program)
    monkeypatch.setenv("PATH", str(program.parent))
    assert run_commands._program() == "syncd"
