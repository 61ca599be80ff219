"""One word a thing: class names, module names, and the map of the architecture page."""

import ast
import re
from collections import defaultdict
from pathlib import Path

from tests.docs.pages import ROOT

SOURCE = ROOT / "src/syncd"
FILES = sorted(SOURCE.rglob("*.py"))
SHARED_CLASS_NAMES: set[str] = set()  # exceptions: public classes that two modules may define
RETIRED_MODULES = {"words", "standing", "looked", "beats", "told", "morning", "doorbell", "taken_over"}
FILE_BY_FILE = ["cycle", "athlete", "domain/training", "domain/scoring", "daemon"]


def classes(file: Path) -> list[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


def loop_names(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    loops = (node for node in ast.walk(tree) if isinstance(node, ast.For | ast.comprehension))
    return {name.id for loop in loops for name in ast.walk(loop.target) if isinstance(name, ast.Name)}


def test_a_public_class_name_means_one_thing() -> None:
    homes = defaultdict(list)
    for file in FILES:
        for name in classes(file):
            homes[name].append(file.relative_to(SOURCE).as_posix())
    twice = {name: files for name, files in homes.items() if len(files) > 1 and not name.startswith("_")}
    assert set(twice) == SHARED_CLASS_NAMES, twice


def test_no_module_has_a_name_that_only_its_docstring_explains() -> None:
    assert {file.stem for file in FILES} & RETIRED_MODULES == set()


def test_a_loop_variable_says_what_it_is() -> None:
    assert [file.relative_to(SOURCE).as_posix() for file in FILES if "each" in loop_names(file)] == []


def mapped() -> dict[str, set[str]]:
    """The map as a reader finds it: the names of each of its tables, packages under ""."""
    page = (ROOT / "docs/explanation/architecture.md").read_text(encoding="utf-8")
    _, _, text = page.partition("<!-- map: generated -->")
    tables = re.split(r"(?m)^### `?([^`\n]+?)/?`?$", text)
    named = [re.findall(r"(?m)^\| `([^`]+)` \|", table) for table in tables[::2]]
    return {title: set(names) for title, names in zip(["", *tables[1::2]], named, strict=True)}


def test_every_package_is_on_the_map() -> None:
    packages = {f"{file.parent.relative_to(SOURCE).as_posix()}/" for file in SOURCE.glob("*/**/__init__.py")}
    assert mapped()[""] == packages


def test_every_file_of_the_larger_packages_is_on_the_map_and_the_map_names_no_other() -> None:
    tables = mapped()
    for name in FILE_BY_FILE:
        files = {file.name for file in (SOURCE / name).glob("*.py")} - {"__init__.py"}
        assert tables[name] == files


def test_the_architecture_page_leads_to_the_glossary() -> None:
    page = (ROOT / "docs/explanation/architecture.md").read_text(encoding="utf-8")
    assert "](../reference/glossary.md)" in page
    glossary = (ROOT / "docs/reference/glossary.md").read_text(encoding="utf-8")
    words = re.findall(r"(?m)^\| ([^|]+?) \|", glossary)
    words = [word for word in words if word != "word"]
    assert len(words) == len(set(words)) > 50
