"""What a service allows outlives the process, and a newer version goes on with what an older one kept."""

import json

import pytest

from syncd.connectors.budget_file import BudgetFile
from syncd.connectors.garmin.budget import GarminBudget
from syncd.connectors.strava.budget import Count, StravaBudget

OF_GARMIN = (
    '{"last_request_s": 1764475200.5, "closed_until_s": 1764477000.0, "trips": 2, "refused": "9f86d081884c",'
    ' "refused_s": 1764475100.0}'
)
OF_STRAVA = (
    '{"quarter": {"limit": 200, "used": 7}, "day": {"limit": 2000, "used": 40},'
    ' "quarter_reads": {"limit": 100, "used": 6}, "day_reads": {"limit": 1000, "used": 39},'
    ' "counted_s": 1764475200.0, "closed_until_s": 1764475207.0, "refused": "9f86d081884c",'
    ' "refused_s": 1764475100.0, "refused_why": "pay"}'
)
KEPT = {
    OF_GARMIN: GarminBudget(
        last_request_s=1764475200.5,
        closed_until_s=1764477000.0,
        trips=2,
        refused="9f86d081884c",
        refused_s=1764475100.0,
    ),
    OF_STRAVA: StravaBudget(
        quarter=Count(200, 7),
        day=Count(2000, 40),
        quarter_reads=Count(100, 6),
        day_reads=Count(1000, 39),
        counted_s=1764475200.0,
        closed_until_s=1764475207.0,
        refused="9f86d081884c",
        refused_s=1764475100.0,
        refused_why="pay",
    ),
}
kinds = pytest.mark.parametrize(("text", "budget"), KEPT.items(), ids=["garmin", "strava"])


@kinds
def test_the_file_of_an_earlier_version_is_read_and_written_in_its_format(tmp_path, text, budget):
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(text)
    assert BudgetFile(type(budget), old).read() == budget
    BudgetFile(type(budget), new).update(lambda _: budget)
    assert json.loads(new.read_text()) == json.loads(text)


@kinds
def test_without_a_path_a_budget_lives_with_its_object(budget, text):
    kept = BudgetFile(type(budget))
    kept.update(lambda _: budget)
    assert kept.read() == budget
    assert BudgetFile(type(budget)).read() == type(budget)()


@kinds
def test_a_change_that_is_refused_changes_nothing(tmp_path, budget, text):
    kept = BudgetFile(type(budget), tmp_path / "budget.json")
    kept.update(lambda _: budget)
    with pytest.raises(ZeroDivisionError):
        kept.update(lambda _: 1 / 0)
    assert kept.read() == budget
