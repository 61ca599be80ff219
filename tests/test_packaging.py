"""What a user installs holds what the program needs at run time, and nothing of the tests."""

import os
import site
import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NEEDED = (
    "syncd/store/schema/001_begin.sql",
    "syncd/report/page/templates/page.html",
    "syncd/report/page/templates/charts.html",
    "syncd/report/page/templates/style.css",
    "syncd/shipped/systemd/syncd.service",
    "syncd/shipped/systemd/syncd@.service",
    "syncd/shipped/systemd/syncd-user.service",
    "syncd/shipped/config.example.toml",
)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    for kind, builder in (("wheel", "WheelBuilder"), ("sdist", "SdistBuilder")):
        code = f"import sys; from hatchling.builders.{kind} import {builder} as Builder; "
        code += "print(*Builder(sys.argv[1]).build(directory=sys.argv[2]))"
        subprocess.run([sys.executable, "-c", code, ROOT, folder], check=True, capture_output=True)
    return folder


def test_the_wheel_holds_what_the_program_reads(built):
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as content:
        names = content.namelist()
        (metadata,) = [name for name in names if name.endswith("/METADATA")]
        text = content.read(metadata).decode()
    assert set(NEEDED) <= set(names)
    assert not [
        name for name in names if name.startswith(("tests", "bench", "docs")) or "__pycache__" in name
    ]
    assert len({name for name in names if name.startswith("syncd/store/schema/")}) == len(
        list((ROOT / "src/syncd/store/schema").glob("*.sql"))
    )
    assert "Provides-Extra: notify" in text
    assert wheel.stat().st_size < 1_250_000


def test_the_manual_page_lands_where_man_looks(built):
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as content:
        (name,) = [name for name in content.namelist() if name.endswith(".data/data/share/man/man1/syncd.1")]
        assert content.read(name) == (ROOT / "man/syncd.1").read_bytes()


def test_the_source_holds_what_it_takes_to_build_and_test(built):
    (source,) = built.glob("*.tar.gz")
    with tarfile.open(source) as content:
        names = {name.split("/", 1)[1] for name in content.getnames() if "/" in name}
    for name in (
        "pyproject.toml",
        "systemd/syncd.service",
        "man/syncd.1",
        "docs/conf.py",
        "config.example.toml",
        "CONTRIBUTING.md",
        "scripts/test",
        "scripts/man-page",
        "README.md",
    ):
        assert name in names
    assert "tests/test_packaging.py" in names


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """The wheel alone in an environment of its own; what it depends on is borrowed from this one."""
    env = tmp_path_factory.mktemp("env")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", env], check=True)
    (wheel,) = built.glob("*.whl")
    python = env / "bin" / "python"
    install = ["pip", "--python", python, "install", "--quiet", "--no-index", "--no-deps", wheel]
    subprocess.run([sys.executable, "-m", *install], check=True, env=CLEAN)
    (packages,) = env.glob("lib/python*/site-packages")
    (packages / "borrowed.pth").write_text("\n".join(site.getsitepackages()))
    return env / "bin" / "syncd"


CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SYNCD_"))}


def say(program: Path, *words: str, home: Path) -> subprocess.CompletedProcess[str]:
    env = {**CLEAN, "HOME": str(home)}
    return subprocess.run([program, *words], capture_output=True, text=True, cwd=home, env=env)


def test_what_is_installed_runs_by_itself(installed, home) -> None:
    assert say(installed, "--version", home=home).stdout == f"syncd {version('syncd')}\n"
    assert "Every day:" in say(installed, "--help", home=home).stdout
    assert "VDOT" in say(installed, "zones", "--five-k", "25:00", home=home).stdout
    wrong = say(installed, "stauts", home=home)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == "syncd: there is no command stauts; did you mean status? (syncd --help)\n"


def test_what_is_installed_plans_and_writes_workouts(installed, home) -> None:
    for name in ("runs", "workouts"):
        (home / name).mkdir()
    begun = say(
        installed, "init", "--yes", "--five-k", "25:00", "--inbox", "runs", "--outbox", "workouts", home=home
    )
    assert begun.returncode == 0, begun.stderr
    done = say(installed, "sync", home=home)
    assert done.returncode == 0, done.stderr
    assert list((home / "workouts").glob("*.fit"))
    assert say(installed, "report", home=home).returncode == 0


def test_what_is_installed_finds_its_own_files_and_names_a_program_that_stays(installed, home) -> None:
    code = (
        "import syncd; from syncd.service.program import program_path as path; "
        "from syncd.service.shipped import shipped; shipped('systemd/syncd-user.service'); "
        "print(syncd.__file__, path())"
    )
    done = say(installed.with_name("python"), "-c", code, home=home)
    assert done.returncode == 0, done.stderr
    package, program = done.stdout.split()
    assert package.startswith(str(installed.parents[1]))
    assert program == str(installed)  # in the environment: an upgrade with pipx puts the next one there
