"""What a user installs holds what the program needs at run time, and nothing of the tests."""

import subprocess
import sys
import tarfile
import zipfile
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
    assert wheel.stat().st_size < 1_000_000


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
