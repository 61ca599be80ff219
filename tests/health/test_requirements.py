"""Whether a version lies within its bounds, without a library for it."""

from importlib.metadata import requires

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement as Oracle
from packaging.version import Version

from syncd.health.requirements import Requirement, requirements_in

NUMBERS = st.lists(st.integers(0, 30), min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))
SIGNS = st.sampled_from([">=", "<=", "<", ">", "==", "!="])


@given(NUMBERS, st.lists(st.tuples(SIGNS, NUMBERS), min_size=1, max_size=3))
def test_release_numbers_are_compared_as_everybody_does(number, bounds):
    text = ",".join(f"{sign}{bound}" for sign, bound in bounds)
    assert Requirement("x", text).allows(number) == Oracle(f"x{text}").specifier.contains(Version(number))


@pytest.mark.parametrize("number", ["2025.2", "2025.2.post1", "2025.2+local"])
def test_what_follows_a_release_number_does_not_matter(number):
    assert Requirement("tzdata", ">=2025.1").allows(number)


def test_our_own_requirements_are_understood_and_hold():
    found = {requirement.name: requirement for requirement in requirements_in(requires("syncd") or ())}
    assert {"typer", "stravalib", "garmin-fit-sdk", "icalendar"} <= set(found)
    assert "apprise" not in found
    assert not found["typer"].allows("0.29.0")
    assert found["typer"].allows("0.28.3")
