"""The documented shapes of `--json`, and what an output has that its shape does not allow."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "reference" / "schemas"
UNNAMED = {"parts.json", "log-line.json"}  # what several shapes share; the log, which is no single object
# in files, printed by nothing
_BETWEEN_OURSELVES = {"syncd.daemon-settings/1", "syncd.outbox/1", "syncd.inbox-archives/1"}

_formats = FormatChecker(formats=())


@_formats.checks("date", raises=ValueError)
def _is_day(value: object) -> bool:
    return not isinstance(value, str) or (len(value) == 10 and bool(date.fromisoformat(value)))


@_formats.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    """A time without an offset is nobody's time."""
    return not isinstance(value, str) or ("T" in value and datetime.fromisoformat(value).tzinfo is not None)


@cache
def schemas() -> dict[str, Any]:
    """Every schema by the name of its file."""
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}


@cache
def _registry() -> Registry:
    resources = ((name, Resource(schema, DRAFT202012)) for name, schema in schemas().items())
    return Registry().with_resources(resources)


def printed_names() -> set[str]:
    """Every name of a shape that the program can print."""
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    return set(re.findall(r"syncd\.[a-z-]+/\d+", source)) - _BETWEEN_OURSELVES


def file_of(name: str) -> str:
    """`score-1.json` of `syncd.score/1`."""
    return f"{name.removeprefix('syncd.').replace('/', '-')}.json"


@cache
def _checker(place: str) -> Draft202012Validator:
    """Checks values against a file, or a part of one: `parts.json#/$defs/evidence`."""
    return Draft202012Validator({"$ref": place}, registry=_registry(), format_checker=_formats)


def part(place: str) -> Any:
    """What stands at a place: `parts.json#/$defs/session`."""
    return _registry().resolver().lookup(place).contents


def faults(value: object, place: str) -> list[str]:
    """What the schema at that place does not allow, a line each."""
    found = (best_match([error]) for error in _checker(place).iter_errors(value))
    return [f"{error.json_path}: {error.message}" for error in found if error is not None]


def objects_in(schema: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every subschema that names properties, with its place. Conditions only refine, and are left out."""
    if isinstance(schema, list):
        for number, each in enumerate(schema):
            yield from objects_in(each, f"{place}/{number}")
    elif isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield place, schema
        for key, each in schema.items():
            if key not in {"if", "then", "else"}:
                yield from objects_in(each, f"{place}/{key}")


def assert_documented(payload: dict[str, Any]) -> None:
    """The output of a command names a shape that is documented, and has it exactly."""
    file = file_of(payload["schema"])
    assert file in schemas(), f"{payload['schema']} has no schema"
    found = faults(payload, file)
    assert not found, "\n".join([file, *found])
