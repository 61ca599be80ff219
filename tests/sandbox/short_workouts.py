"""Any shape of workout, short enough to be run in a test."""

from dataclasses import replace

from hypothesis import strategies as st

from syncd.domain.workout import Duration, DurationUnit, Item, Repeat, Step, Workout
from tests.support.workouts import items

_MOST = {DurationUnit.TIME: 40.0, DurationUnit.DISTANCE: 150.0, DurationUnit.LAP_BUTTON: 0.0}
_DEEPEST = 4


def short_workouts() -> st.SearchStrategy[Workout]:
    shapes = st.lists(items().filter(lambda item: _depth(item) <= _DEEPEST), min_size=1, max_size=3)
    return shapes.map(lambda shape: Workout(tuple(_shortened(item) for item in shape)))


def _shortened(item: Item) -> Item:
    if isinstance(item, Repeat):
        return replace(item, count=1 + item.count % 3, steps=tuple(_shortened(step) for step in item.steps))
    return Step(_short(item.duration), item.target, item.role)


def _short(duration: Duration) -> Duration:
    return Duration(duration.unit, min(duration.amount, _MOST[duration.unit]))


def _depth(item: Item) -> int:
    return 1 + max(map(_depth, item.steps)) if isinstance(item, Repeat) else 0
