"""The container is built from the project's own files alone, and runs without root.

No engine is needed here, and none has run it: what can be read is read, and hadolint judges it where
it is installed.
"""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINES = re.sub(r"\\\n\s*", " ", (ROOT / "Containerfile").read_text()).splitlines()


def instructions(word):
    return [line.split(maxsplit=1)[1] for line in LINES if line.startswith(f"{word} ")]


def test_only_files_of_the_project_go_in_and_the_build_may_see_them():
    allowed = {
        line.removeprefix("!")
        for line in (ROOT / ".containerignore").read_text().splitlines()
        if line.startswith("!")
    }
    copied = {name for line in instructions("COPY") if "--from" not in line for name in line.split()[:-1]}
    assert copied == allowed
    assert all((ROOT / name).exists() for name in copied)
    assert instructions("ADD") == []
    assert (ROOT / ".dockerignore").read_text() == (ROOT / ".containerignore").read_text()


def test_it_runs_as_nobody_in_particular_and_starts_the_service():
    (user,) = instructions("USER")
    assert user.split(":")[0].isdigit()
    assert user.split(":")[0] != "0"
    assert LINES.index(f"USER {user}") < LINES.index('ENTRYPOINT ["syncd"]')
    assert instructions("CMD") == ['["run"]']
    assert "syncd doctor --offline" in "".join(instructions("HEALTHCHECK"))


def test_what_runs_in_it_is_pinned_with_hashes():
    lock = (ROOT / "constraints-run.txt").read_text()
    names = set(re.findall(r"^([a-z0-9._-]+)==", lock, re.MULTILINE))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["notify"]]
    assert {re.match(r"[a-z0-9-]+", each).group() for each in wanted} <= names
    assert "pytest" not in names
    assert lock.count("--hash=sha256:") >= len(names)


def test_both_locks_agree():
    pins = [
        dict(re.findall(r"^([a-z0-9._-]+)==([^ ;]+)", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("constraints.txt", "constraints-run.txt")
    ]
    assert {name: pins[0].get(name) for name in pins[1]} == pins[1]


@pytest.mark.skipif(shutil.which("hadolint") is None, reason="hadolint is not installed")
def test_hadolint_has_nothing_to_say():
    done = subprocess.run(["hadolint", ROOT / "Containerfile"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
