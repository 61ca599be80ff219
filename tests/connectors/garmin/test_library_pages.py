"""The library is read whole, also while somebody works on it: no row is hidden between two pages."""

import pytest

from syncd.connectors.base import Unavailable
from syncd.connectors.garmin.listing import library


class Shelf:
    """A library of numbered workouts, newest first; `between` is done after each page that was read."""

    def __init__(self, numbers, between=lambda shelf: None):
        self.numbers, self.between, self.asked = list(numbers), between, 0

    def get(self, path, *, start, limit):
        assert path == "/workout-service/workouts"
        page = [{"workoutId": number} for number in self.numbers[start : start + limit]]
        self.asked += 1
        self.between(self)
        return page


def read(shelf: Shelf) -> set[int]:
    return {int(row.workout_id) for row in library(shelf)}


def once(change):
    """The change, after the first page only."""
    return lambda shelf: change(shelf.numbers) if shelf.asked == 1 else None


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 198, 199, 200, 297, 298, 350])
def test_every_workout_is_listed_however_many_pages_there_are(count):
    assert read(Shelf(range(1, count + 1))) == set(range(1, count + 1))


def test_a_workout_deleted_between_two_pages_hides_no_other():
    shelf = Shelf(range(1, 251), once(lambda numbers: numbers.pop(0)))
    assert read(shelf) == set(range(2, 251))


def test_a_workout_created_between_two_pages_hides_no_other():
    shelf = Shelf(range(1, 251), once(lambda numbers: numbers.insert(0, 999)))
    assert read(shelf) >= set(range(1, 251))


def test_a_page_that_is_suddenly_empty_is_read_again():
    shelf = Shelf(range(1, 151), once(lambda numbers: numbers.__delitem__(slice(0, 60))))
    assert read(shelf) == set(range(61, 151))


def test_a_library_that_never_stands_still_is_not_known():
    shelf = Shelf(range(1, 351), lambda shelf: shelf.numbers.pop(0))
    with pytest.raises(Unavailable, match="changes while it is read"):
        library(shelf)
