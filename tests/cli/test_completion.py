"""Tab in a shell: commands, options and values, quickly, and before anything is configured."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = [sys.executable, "-m", "syncd"]


def bash(*words: str) -> list[str]:
    """What bash is offered for the last of the words."""
    env = {
        "COMP_WORDS": " ".join(words),
        "COMP_CWORD": str(len(words) - 1),
        "_SYNCD_COMPLETE": "complete_bash",
    }
    return _asked(env).split()


def zsh(line: str) -> str:
    return _asked({"_TYPER_COMPLETE_ARGS": line, "_SYNCD_COMPLETE": "complete_zsh"})


def fish(line: str) -> dict[str, str]:
    """What fish is offered, with the words beside."""
    env = {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    lines = _asked({**env, "_SYNCD_COMPLETE": "complete_fish"}).splitlines()
    return {word: words for word, _, words in (each.partition("\t") for each in lines)}


def _asked(env: dict[str, str]) -> str:
    done = subprocess.run(PROGRAM, capture_output=True, text=True, env={**os.environ, **env})
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_commands_are_offered_by_how_they_begin():
    assert bash("syncd", "sta") == ["status"]
    assert bash("syncd", "auth", "") == ["garmin", "status", "logout", "strava"]
    assert bash("syncd", "strava", "webhook", "cr") == ["create"]
    assert {"init", "plan", "sync"} <= set(bash("syncd", ""))
    assert "tell" not in bash("syncd", "")  # between our own processes


def test_options_are_offered():
    assert bash("syncd", "plan", "--we") == ["--weekdays", "--weekly-km", "--weeks"]
    assert bash("syncd", "--pro") == ["--profile"]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("plan", "--goal", ""), ["5k", "10k", "half", "marathon", "none"]),
        (("plan", "--goal", "ma"), ["marathon"]),
        (("plan", "--phase", ""), ["foundation", "distance", "speed", "combine", "auto"]),
        (("plan", "--units", ""), ["km", "mi"]),
        (("plan", "ex"), ["export"]),
        (("plan", "--weekdays", "tue,s"), ["tue,sat", "tue,sun"]),
        (("init", "--source", ""), ["garmin", "strava", "folder"]),
        (("init", "--sink", ""), ["garmin", "folder"]),
        (("init", "--long-run-day", "s"), ["saturday", "sunday"]),
        (("init", "--concern", "f"), ["fainting"]),
        (("init", "--timezone", "Europe/Rom"), ["Europe/Rome"]),
        (("goal", "h"), ["half"]),
        (("goal", "10k", "--priority", ""), ["A", "B", "C"]),
        (("phase", "sp"), ["speed"]),
        (("skip", "to"), ["today", "tomorrow"]),
        (("result", "mar"), ["marathon"]),
        (("auth", "logout", ""), ["garmin", "strava"]),
        (("forget", ""), ["garmin", "strava", "folder"]),
        (("sync", "--source", "g"), ["garmin"]),
        (("zones", "--sex", ""), ["female", "male"]),
        (("sandbox", "fit", "--scenario", "fa"), ["fading"]),
    ],
    ids=" ".join,
)
def test_a_value_out_of_a_few_words_is_offered(words, offered) -> None:
    assert bash("syncd", *words) == offered


def test_where_a_file_belongs_the_shell_is_left_to_offer_files():
    assert bash("syncd", "import", "") == []
    assert bash("syncd", "score", "run") == []


def test_fish_and_zsh_say_beside_a_command_what_it_does():
    assert fish("syncd sta") == {"status": "Show what is next, your last run, and when syncd last synced"}
    assert fish("syncd plan --goal ma") == {"marathon": ""}
    assert '"status":"Show what is next, your last run, and when syncd last synced"' in zsh("syncd sta")
    assert '"5k"' in zsh("syncd goal ")


def test_what_is_said_beside_a_command_survives_the_quotes_of_zsh():
    assert "'" not in zsh("syncd ").removeprefix("_arguments '*: :((").removesuffix("))'\n")


def test_completion_loads_nothing_slow():
    code = "import sys; from syncd.cli.main import main\ntry:\n    main([])\n"
    code += "finally:\n    print(*sys.modules, file=sys.stderr)"
    env = {"COMP_WORDS": "syncd plan --goal ", "COMP_CWORD": "3", "_SYNCD_COMPLETE": "complete_bash"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, **env}
    )
    assert done.stdout.split() == ["5k", "10k", "half", "marathon", "none"]
    loaded = {name.split(".")[0] for name in done.stderr.split()}
    assert not loaded & {
        "pydantic",
        "pydantic_settings",
        "sqlite3",
        "garminconnect",
        "stravalib",
        "rich",
        "jinja2",
    }


@pytest.fixture
def on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`syncd` as a shell finds it."""
    program = tmp_path / "bin" / "syncd"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m syncd "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    return program


def test_bash_is_set_up_by_one_command_and_completes_from_then_on(on_the_path, home) -> None:
    done = subprocess.run(["bash", "-c", "syncd --install-completion; :"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert ".bash_completions/syncd.sh" in (home / ".bashrc").read_text()
    script = (
        "source ~/.bashrc; complete -p syncd >/dev/null || exit 9\n"
        "COMP_WORDS=(syncd auth ga); COMP_CWORD=2; _syncd_completion syncd; echo ${COMPREPLY[*]}"
    )
    done = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "garmin"), done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_each_shell_can_be_shown(on_the_path, shell) -> None:
    env = {**os.environ, "_SYNCD_COMPLETE": f"source_{shell}"}
    done = subprocess.run(PROGRAM, capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stderr
    assert re.search(rf"_SYNCD_COMPLETE=complete_{shell}", done.stdout)
