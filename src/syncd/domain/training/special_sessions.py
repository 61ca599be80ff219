"""Special sessions: tests, races and their week, long runs that speed up, a newcomer's first runs.

All are built on the ladders' `Recipe`. Efforts that must not be held back (or pushed) by a pace
alarm have an RPE target: tests and races.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from syncd.domain.athlete import Goal, ZoneSet
from syncd.domain.notation import parse_workout
from syncd.domain.session import Session, SessionKind
from syncd.domain.training.sessions import (
    EASY_RPE,
    Recipe,
    SessionDescription,
    easy_speed_mps,
    estimate,
    recipe_of,
    shown_length_m,
)
from syncd.domain.workout import (
    EffortTarget,
    Item,
    PaceZone,
    Repeat,
    Role,
    Step,
    Workout,
    ZoneTarget,
    covering,
    lasting,
    steps_of,
)

RACE_M: Mapping[Goal, float] = {
    Goal.FIVE_K: 5000.0,
    Goal.TEN_K: 10_000.0,
    Goal.HALF: 21_097.5,
    Goal.MARATHON: 42_195.0,
}
RACE_ZONE: Mapping[Goal, PaceZone] = {
    Goal.FIVE_K: PaceZone.FIVE_K,
    Goal.TEN_K: PaceZone.TEN_K,
    Goal.HALF: PaceZone.HALF_MARATHON,
    Goal.MARATHON: PaceZone.MARATHON,
}
ESTIMATE = "estimate"
_RACE_TEXTS: Mapping[Goal, str] = {
    Goal.FIVE_K: "5K",
    Goal.TEN_K: "10K",
    Goal.HALF: "Half-marathon",
    Goal.MARATHON: "Marathon",
}
_RACE_EFFORT: Mapping[Goal, tuple[int, int]] = {  # our default, for a finish, not for a time
    Goal.FIVE_K: (8, 9),
    Goal.TEN_K: (8, 9),
    Goal.HALF: (7, 8),
    Goal.MARATHON: (6, 7),
}
_RACE_FRAME: Mapping[Goal, tuple[str, str]] = {  # warm-up and cool-down; a long race is its own
    Goal.FIVE_K: ("15min E + 4x(20s R + 60s jog) + 2min jog", "10min E"),
    Goal.TEN_K: ("12min E + 3x(20s R + 60s jog) + 2min jog", "8min E"),
    Goal.HALF: ("8min E", ""),
    Goal.MARATHON: ("", ""),
}
_FRAMES = (  # a small week cannot hold the whole of it: the frame gives way first
    "15min E + 4x(20s R + 60s jog) + 2min jog + {test} @RPE8-9 + 10min E",
    "8min E + 3x(20s R + 60s jog) + 2min jog + {test} @RPE8-9 + 8min E",
    "8min E + {test} @RPE8-9 + 5min E",
)
MILE_AND_A_HALF_M = 2414.0
_TESTS = (  # then the distance: all of them say what a 5 km would
    ("5km", "5K test", "A 5K as hard as you can hold it evenly: it sets your paces."),
    ("3km", "3K test", "A 3K as hard as you can hold it evenly: it sets your paces like a 5K."),
    (
        f"{MILE_AND_A_HALF_M:.0f}m",
        "1.5-mile test",
        "A mile and a half (2.4 km) as hard as you can hold it evenly: it sets your paces like a 5K.",
    ),
)
_ESTIMATE_FORMS = ("10min E + 3km @RPE6-7 + 8min E", "8min E + 3km @RPE6-7 + 5min E")

_TEST_RPE = (8, 9)
_ESTIMATE = SessionDescription(
    "Controlled 3 km (estimate)",
    "A 3K at a controlled effort: a first estimate of your paces, no test.",
    (6, 7),
)
_SHARPENER = "A little at race pace, so that the race feels familiar; no more than that."
_STEADY = "Easy, and the last quarter of an hour a little quicker: finish feeling strong."
_WITH_M = "Marathon pace on tired legs: the closest thing to the race that training has."
_WALK_RUN = "Running with walking breaks: the breaks are part of the plan, take them before you need them."


@dataclass(frozen=True, slots=True)
class Finish:
    """How a long run speeds up: minutes of each piece, walking none; `zone` None is steady effort."""

    level: int
    text: str
    pieces: int
    minutes: float
    zone: PaceZone | None

    @property
    def seconds(self) -> float:
        """All pieces together."""
        return self.pieces * self.minutes * 60


STEADY_FINISH = Finish(3, "last 15 min steady", 1, 15, None)
FINISHES: tuple[Finish, ...] = (
    STEADY_FINISH,
    Finish(4, "last 20 min at marathon pace", 1, 20, PaceZone.MARATHON),
    Finish(4, "last 30 min at marathon pace", 1, 30, PaceZone.MARATHON),
    Finish(5, "2 x 15 min at marathon pace", 2, 15, PaceZone.MARATHON),
    Finish(6, "40 min at marathon pace", 1, 40, PaceZone.MARATHON),
)
RACE_FINISH: Mapping[Goal, Finish] = {  # level 7: specific to the race
    Goal.HALF: Finish(7, "3 x 12 min at half-marathon pace", 3, 12, PaceZone.HALF_MARATHON),
    Goal.MARATHON: Finish(7, "3 x 20 min at marathon pace", 3, 20, PaceZone.MARATHON),
}
_ALL_OUT_RPE = 8  # from here on the library counts an effort as 5K pace
_LAST_EASY_S = 300.0
_BETWEEN_S = 300.0
_STEADY_RPE, _FINISH_RPE = (3, 4), (4, 6)

# Minutes running and walking, and how often: from walking breaks to 30 minutes without (our default,
# after the common couch-to-5K progressions). The last level is the gate to the distance phase.
WALK_RUN: tuple[tuple[float, float, int], ...] = (
    (1, 2, 8),
    (1.5, 2, 7),
    (2, 2, 6),
    (3, 2, 5),
    (4, 2, 4),
    (6, 2, 3),
    (10, 2, 2),
    (11, 2, 2),
    (25, 0, 1),
    (28, 0, 1),
    (30, 0, 1),
)
WALK_RUN_TOP = len(WALK_RUN)


def five_k_test(zones: ZoneSet) -> Recipe:
    """5 km all out, by effort: no pace alarm holds the runner back (or pushes)."""
    return forms_of_test(zones)[0]


def forms_of_test(zones: ZoneSet) -> tuple[Recipe, ...]:
    """The tests in the order of giving way: 5 km with less and less round it, then 3 km, then 1.5 miles."""
    return tuple(
        recipe_of(
            SessionKind.TEST,
            "test",
            1,
            SessionDescription(title, purpose, _TEST_RPE),
            Workout(parsed(frame.format(test=length))),
            zones,
        )
        for length, title, purpose in _TESTS
        for frame in _FRAMES
    )


def measured_m(session: Session) -> float:
    """The one long distance of a test or a race, in metres; a 5 km where it has none."""
    distances = [step.duration.metres or 0.0 for step in steps_of(session.workout.steps)]
    return max(distances, default=0.0) or RACE_M[Goal.FIVE_K]


def estimate_forms(zones: ZoneSet) -> tuple[Recipe, ...]:
    """A controlled 3 km for somebody who must not run all out yet; marked as an estimate."""
    return tuple(
        recipe_of(SessionKind.THRESHOLD, ESTIMATE, 0, _ESTIMATE, Workout(parsed(form)), zones)
        for form in _ESTIMATE_FORMS
    )


def race(goal: Goal, zones: ZoneSet) -> Recipe:
    """The race with its warm-up and cool-down, by effort: to finish well, not for a time (S4, S5)."""
    before, after = _RACE_FRAME[goal]
    low, high = _RACE_EFFORT[goal]
    run = Step(covering(RACE_M[goal]), EffortTarget(low, high))
    steps = (*(parsed(before) if before else ()), run, *(parsed(after) if after else ()))
    steps = tuple(_framed(step, index, len(steps)) for index, step in enumerate(steps))
    description = SessionDescription(
        f"{_RACE_TEXTS[goal]} race", "The day you trained for: start easy, finish strong.", (low, high)
    )
    recipe = recipe_of(SessionKind.RACE, "race", 1, description, Workout(steps), zones)
    if low >= _ALL_OUT_RPE:
        return recipe
    at_race_pace = zones.paces[RACE_ZONE[goal]].fast_s_per_km / 1000 - 1 / easy_speed_mps(zones)
    return replace(recipe, duration_s=float(round(recipe.duration_s + RACE_M[goal] * at_race_pace)))


def sharpener(goal: Goal, zones: ZoneSet) -> Recipe:
    """Race week, four or five days before: 3 x 1 km, or 2 x 5 min for the long races."""
    zone = RACE_ZONE[goal].value
    short = goal in {Goal.FIVE_K, Goal.TEN_K}
    main = (
        f"3x(1km {zone} + 2min30 jog)".replace("2min30", "150s") if short else f"2x(5min {zone} + 3min jog)"
    )
    title = "3 x 1 km at race pace" if short else "2 x 5 min at race pace"
    workout = Workout(parsed(f"12min E + {main} + 8min E"))
    return recipe_of(
        SessionKind.RACE_PACE, "sharpener", 0, SessionDescription(title, _SHARPENER, (6, 7)), workout, zones
    )


def progression(distance_m: float, finish: Finish, zones: ZoneSet) -> Recipe | None:
    """A long run of `distance_m` that speeds up; None when half of it would not stay easy."""
    target = ZoneTarget(finish.zone) if finish.zone else EffortTarget(4, 4)
    piece = Step(lasting(finish.minutes * 60), target)
    block: Item = piece
    if finish.pieces > 1:
        block = Repeat(finish.pieces, (piece, Step(lasting(_BETWEEN_S), None, Role.RECOVERY)))
    closing = (Step(lasting(_LAST_EASY_S), ZoneTarget(PaceZone.EASY), Role.COOLDOWN),) if finish.zone else ()
    quick_m = estimate(Workout((block, *closing)), zones)[0]
    easy_m = (distance_m - quick_m) // 100 * 100
    if easy_m < distance_m / 2:
        return None
    opening = Step(covering(easy_m), ZoneTarget(PaceZone.EASY), Role.WARMUP if closing else Role.RUN)
    rpe, purpose = (_FINISH_RPE, _WITH_M) if finish.zone else (_STEADY_RPE, _STEADY)
    workout = Workout((opening, block, *closing))
    description = SessionDescription(f"long run, {finish.text}", purpose, rpe, shown_length_m(distance_m))
    return recipe_of(SessionKind.LONG, "long", finish.level, description, workout, zones)


def walk_run(level: int, zones: ZoneSet, *, share: float = 1.0) -> Recipe:
    """A first run, level 1 to 11; `share` cuts the rounds of a lighter week."""
    run_min, walk_min, rounds = WALK_RUN[level - 1]
    rounds = max(1, round(rounds * share))
    return _rounds(level, run_min * (share if rounds == 1 else 1.0), walk_min, rounds, zones)


def run_and_walk(run_min: float, walk_min: float, rounds: int, zones: ZoneSet) -> Recipe:
    """A run with walks in it, in so many rounds: after time off."""
    return _rounds(1, run_min, walk_min, rounds, zones)


def _rounds(level: int, run_min: float, walk_min: float, rounds: int, zones: ZoneSet) -> Recipe:
    run = Step(lasting(run_min * 60), EffortTarget(2, 4))
    walk = Step(lasting(walk_min * 60), EffortTarget(1, 2), Role.RECOVERY) if walk_min else None
    steps: tuple[Item, ...] = (run,)
    if walk is not None and rounds > 1:
        steps = (Repeat(rounds, (run, walk)),)
    minutes = (run.duration.seconds or 0.0) / 60
    title = f"{minutes:g} min easy, without a break"
    if walk is not None:
        title = f"{rounds} x {minutes:g} min running, {walk_min:g} min walking"
    description = SessionDescription(title, _WALK_RUN, EASY_RPE)
    return recipe_of(SessionKind.WALK_RUN, "walk_run", level, description, Workout(steps), zones)


@cache
def parsed(notation: str) -> tuple[Item, ...]:
    """The items of a line of notation."""
    return parse_workout(notation).steps


def _framed(item: Item, index: int, of: int) -> Item:
    """The first easy step of a race is its warm-up, the last its cool-down."""
    if not isinstance(item, Step) or not isinstance(item.target, ZoneTarget):
        return item
    if index == 0:
        return Step(item.duration, item.target, Role.WARMUP)
    return Step(item.duration, item.target, Role.COOLDOWN) if index == of - 1 else item
