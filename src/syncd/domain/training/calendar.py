"""What each week of the plan is for: phase, kind, and its place in the phase.

It depends on dates alone, never on distances: planning again gives the same calendar. At most
three build weeks follow each other, also over a change of phase; tests lie in down weeks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain

from syncd.domain.athlete import Goal, Race, RacePriority
from syncd.domain.session import Phase, WeekKind, monday_of
from syncd.domain.training.phases import PhaseSpan, counted_back, usual

BUILDS = 3  # in a row, at most
TEST_EVERY: Mapping[Phase, int] = {Phase.DISTANCE: 8, Phase.SPEED: 6, Phase.COMBINE: 8}
LEAST_BUILDS_BEFORE_TEST = 2  # a test may bring the down week forward by one
BETWEEN_CYCLES = 0.6  # our default: the week of rest between two macro-cycles
NO_TEST_BEFORE_RACE = timedelta(days=21)  # one all-out effort in three weeks

# Share of the volume in the weeks of the taper, the race week last: 41-60 % less over 8-14 days
# (Wang 2023); for the marathon three weeks, each with less (Smyth 2021).
TAPER: Mapping[Goal, tuple[float, ...]] = {
    Goal.FIVE_K: (0.70, 0.55),
    Goal.TEN_K: (0.70, 0.55),
    Goal.HALF: (0.60, 0.50),
    Goal.MARATHON: (0.80, 0.60, 0.40),
}
AFTER: Mapping[Goal, tuple[float, ...]] = {
    Goal.FIVE_K: (BETWEEN_CYCLES,),
    Goal.TEN_K: (BETWEEN_CYCLES,),
    Goal.HALF: (0.50, 0.75),
    Goal.MARATHON: (0.30, 0.50, 0.75),
}
_LATE_IN_WEEK = 4  # a short race from Friday on: the race week alone is a taper of 5 to 7 days
_SHORT_TAPER = frozenset({Goal.FIVE_K, Goal.TEN_K})


@dataclass(frozen=True, slots=True)
class CalendarWeek:
    """A week of the calendar. `index` counts the weeks of its phase from 0, of `length`.

    `share`: of the full volume, for taper, race and rest weeks. `number` counts from the start.
    """

    number: int
    phase: Phase
    kind: WeekKind
    index: int
    length: int
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Course:
    """All that the calendar depends on.

    `lengths`: of the phases of the first cycle, where they differ from the usual ones.
    `first_test`: the number of the week of a first test, when paces are not known yet; `tests`
    False: none at all. `builds`: the most build weeks in a row. `after_light`: the first test may come
    right after a lighter week.
    """

    start: date
    first: Phase
    lengths: Mapping[Phase, int]
    race: Race | None = None
    newcomer: bool = False
    builds: int = BUILDS
    tests: bool = True
    first_test: int | None = None
    after_light: bool = False


def taper_shares(race: Race) -> tuple[float, ...]:
    """Volume shares of the weeks up to the race, the race week last."""
    shares = TAPER[race.goal]
    if race.goal in _SHORT_TAPER and race.day.weekday() >= _LATE_IN_WEEK:
        return shares[1:]
    return shares


def race_week(race: Race) -> date:
    """The Monday of the week of a race."""
    return monday_of(race.day)


def outline(course: Course) -> Iterator[CalendarWeek]:
    """Phases, tapers, race and rest; all other weeks as build weeks."""
    race = course.race if course.race and course.race.priority is RacePriority.A else None
    if race is None or race_week(race) < course.start:
        yield from _without_race(0, course.first, course.lengths)
        return
    until = (race_week(race) - course.start).days // 7  # the number of the race week
    shares = taper_shares(race)[-(until + 1) :]
    ahead = until + 1 - len(shares)
    foundation = course.lengths.get(Phase.FOUNDATION, 0)
    spans = counted_back(ahead, course.first, foundation, newcomer=course.newcomer)
    yield from chain.from_iterable(_span(number, span) for number, span in _numbered(spans))
    last = spans[-1].phase if spans else Phase.COMBINE
    for place, share in enumerate(shares):
        kind = WeekKind.RACE if place == len(shares) - 1 else WeekKind.TAPER
        yield CalendarWeek(ahead + place, last, kind, place, len(shares), share)
    rest = AFTER[race.goal]
    for place, share in enumerate(rest):
        yield CalendarWeek(until + 1 + place, Phase.DISTANCE, WeekKind.REST, place, len(rest), share)
    yield from _without_race(until + 1 + len(rest), Phase.DISTANCE, {})


def _without_race(number: int, first: Phase, lengths: Mapping[Phase, int]) -> Iterator[CalendarWeek]:
    for span in usual(first, lengths):
        yield from _span(number, span)
        number += span.weeks
        if span.phase is Phase.COMBINE:
            yield CalendarWeek(number, Phase.DISTANCE, WeekKind.REST, 0, 1, BETWEEN_CYCLES)
            number += 1


def _numbered(spans: Sequence[PhaseSpan]) -> Iterator[tuple[int, PhaseSpan]]:
    number = 0
    for span in spans:
        yield number, span
        number += span.weeks


def _span(number: int, span: PhaseSpan) -> Iterator[CalendarWeek]:
    for index in range(span.weeks):
        yield CalendarWeek(number + index, span.phase, WeekKind.BUILD, index, span.weeks)


class Kinds:
    """Down and test weeks, settled one after the other: each depends on what the last ones were."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._builds = 0
        self._last_test = -1
        self._first_test = course.first_test

    def settled(self, stage: CalendarWeek) -> CalendarWeek:
        """The stage with its kind; a build week may become a down, test or race week."""
        return replace(stage, kind=self._kind(stage))

    def record(self, stage: CalendarWeek, kind: WeekKind) -> None:
        """What the week became: a test that had to wait leaves a down week."""
        monday = self._course.start + timedelta(weeks=stage.number)
        self._builds = self._builds + 1 if kind is WeekKind.BUILD else 0
        race = self._course.race
        if kind in {WeekKind.TEST, WeekKind.RACE} or (race is not None and race_week(race) == monday):
            self._last_test = stage.number
        if kind is WeekKind.TEST and stage.number >= (self._first_test or 0):
            self._first_test = None
        elif self._first_test is not None and stage.kind is WeekKind.TEST:
            self._first_test = stage.number + self._course.builds + 1

    def _kind(self, stage: CalendarWeek) -> WeekKind:
        monday = self._course.start + timedelta(weeks=stage.number)
        if stage.kind is not WeekKind.BUILD:
            return stage.kind
        if self._minor_race(monday):
            return WeekKind.RACE
        if self._test_due(stage, monday):
            return WeekKind.TEST
        return WeekKind.DOWN if self._builds >= self._course.builds else WeekKind.BUILD

    def _minor_race(self, monday: date) -> bool:
        race = self._course.race
        return race is not None and race.priority is RacePriority.B and race_week(race) == monday

    def _test_due(self, stage: CalendarWeek, monday: date) -> bool:
        race = self._course.race
        near = race is not None and monday <= race.day < monday + timedelta(days=7) + NO_TEST_BEFORE_RACE
        if near or not self._course.tests or stage.phase is Phase.FOUNDATION:
            return False
        if self._first_test is not None:
            return stage.number >= self._first_test and (self._builds > 0 or self._course.after_light)
        since = stage.number - self._last_test
        if stage.phase is Phase.COMBINE and stage.length - stage.index <= TEST_EVERY[Phase.SPEED]:
            return stage.index == stage.length - 1 and since >= BUILDS  # the end of it has a test
        early = LEAST_BUILDS_BEFORE_TEST if stage.phase is Phase.SPEED else self._course.builds
        return since >= TEST_EVERY[stage.phase] and self._builds >= early
