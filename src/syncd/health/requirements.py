"""What this installation needs, and whether it has it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version

from syncd.health.check import Check, Command, fail
from syncd.health.examination import Examination

_REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*(?P<bounds>[^;]*)(?P<marker>;.*)?")
_BOUND = re.compile(r"\s*(?P<sign>>=|<=|==|!=|<|>)\s*(?P<number>[0-9][0-9.]*)")
_SIGNS = {
    ">=": lambda ours, bound: ours >= bound,
    "<=": lambda ours, bound: ours <= bound,
    "==": lambda ours, bound: ours == bound,
    "!=": lambda ours, bound: ours != bound,
    "<": lambda ours, bound: ours < bound,
    ">": lambda ours, bound: ours > bound,
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """A package, and the bounds of its version: `typer`, `>=0.28,<0.29`."""

    name: str
    bounds: str

    def allows(self, number: str) -> bool:
        """Whether a version lies within the bounds; only plain release numbers are compared."""
        ours = _release(number)
        return all(
            _SIGNS[bound["sign"]](*_padded(ours, _release(bound["number"])))
            for bound in _BOUND.finditer(self.bounds)
        )


def requirements_in(lines: Iterable[str]) -> Iterator[Requirement]:
    """Those that always hold: an extra is somebody's choice."""
    for line in lines:
        found = _REQUIREMENT.fullmatch(line.strip())
        if found is not None and not found["marker"]:
            bounds = sorted(map(str.strip, found["bounds"].split(",")), reverse=True)  # the lower one first
            yield Requirement(found["name"], ",".join(bounds))


def requirements(_: Examination) -> list[Check]:
    """Every package that syncd needs is there, in a version that it was made for."""
    wrong = []
    for requirement in requirements_in(requires("syncd") or ()):
        number = _installed(requirement.name)
        if number and not requirement.allows(number):
            wrong.append((requirement, number))
    if not wrong:
        return []
    text = ", ".join(
        f"{requirement.name} {number} (syncd needs {requirement.bounds})" for requirement, number in wrong
    )
    wanted = (f"{requirement.name}{requirement.bounds}" for requirement, _ in wrong)
    return [fail("requirements", text, Command.installing(*wanted))]


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _release(number: str) -> tuple[int, ...]:
    """`2025.1rc1` is (2025, 1)."""
    found = re.match(r"\d+(\.\d+)*", number)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def _padded(ours: tuple[int, ...], bound: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Equally long: 3.11 is 3.11.0."""
    length = max(len(ours), len(bound))
    return ours + (0,) * (length - len(ours)), bound + (0,) * (length - len(bound))
