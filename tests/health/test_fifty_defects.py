"""Whatever breaks, doctor names it with its remedy, changes nothing, and is content once it is mended."""

import pytest

from syncd.health.check import Command
from tests.health.defects import DEFECTS, Defect
from tests.health.lived import contents


def test_a_machine_in_use_has_nothing_to_be_mended(lived):
    assert lived.complaints() == {}


def test_there_are_fifty_defects_of_every_part():
    assert len({defect.name for defect in DEFECTS}) == len(DEFECTS) >= 50
    assert {defect.part for defect in DEFECTS} == {
        *("state", "copies", "permissions", "configuration", "files", "disk", "logins", "services"),
        *("units", "crash reports", "clock", "roads", "versions"),
    }


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_each_is_named_with_its_remedy(defect: Defect, lived, monkeypatch):
    defect.seed(lived, monkeypatch)
    before = contents(lived.home)
    found = lived.complaints()
    assert contents(lived.home) == before
    assert defect.check in found, sorted(found)
    check = found[defect.check]
    remedy = defect.remedy_on(lived)
    assert (check.remedy, defect.says in check.text) == (remedy, True), check
    if defect.heals:
        assert isinstance(check.remedy, Command)
        lived.carry_out(remedy, monkeypatch)
        assert defect.check not in lived.complaints()
