"""What is made from the program says what the program is today."""

import re
import runpy
import subprocess
import sys

import pytest

from syncd.cli import exits
from syncd.config_sections import PlanSection
from tests.docs.pages import ROOT

SCRIPTS = [
    *(
        "bill-of-materials",
        "cli-reference",
        "config-reference",
        "doctor-reference",
        "fit-reference",
        "licences",
        "man-page",
    ),
    "module-map",
    "seasons-tables",
]
INTERNAL = {"SYNCD_GOOD_CONFIG", "SYNCD_CYCLE"}  # between our own processes


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_page_is_what_its_script_makes(script: str) -> None:
    """Else: run the script, and commit what it wrote."""
    done = subprocess.run([sys.executable, ROOT / "scripts" / script, "--check"])
    assert done.returncode == 0


def manual() -> str:
    return (ROOT / "docs/reference/man.md").read_text(encoding="utf-8")


def test_the_manual_names_every_exit_status() -> None:
    codes = {value for name, value in vars(exits).items() if name.isupper() and isinstance(value, int)}
    part = manual().partition("## Exit status")[2].partition("## ")[0]
    assert {int(code) for code in re.findall(r"(?m)^`(\d+)`$", part)} == codes


def test_the_manual_names_every_environment_variable_that_is_no_setting() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src/syncd").rglob("*.py"))
    read = set(
        re.findall(r"""(?:environ(?:\.get)?[\[(]|_from_env\(|_VARIABLE = )["'](SYNCD_\w+)["']""", source)
    )
    assert {"SYNCD_CONFIG", "SYNCD_NOW", "SYNCD_LOG"} <= read
    assert {name for name in read - INTERNAL if f"`{name}`" not in manual()} == set()


def test_an_example_that_allows_something_else_than_the_program_is_refused(monkeypatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "scripts")
    script = runpy.run_path(str(ROOT / "scripts/config-reference"))
    days = PlanSection.model_fields["days"]
    assert script["meaning_of"]("runs a week [2 to 7]", days) == "runs a week"
    with pytest.raises(ValueError, match=r"allows \[1 to 7\], the program 2 to 7"):
        script["meaning_of"]("runs a week [1 to 7]", days)
