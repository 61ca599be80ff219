"""Facts of a reason as text, in the reader's units.

A template names its facts, each with the form that it is shown in: `{run_m:distance}`. The forms:

- `distance`: `16.2 km`, to a tenth; `whole`: `16 km`; `course`: `5 km`, for miles `5K`;
  `raced`: the same, to a tenth
- `day`: `Sun 5 Apr`; `date`: `5 Apr`; `days`: `Sun 5 Apr and Tue 7 Apr`; `weekday`: `Sunday`
- `n day`: `1 day`, `4 days`, and so with any noun
- `clock`: `25:00`; `minutes`: `25 min`; `pace`: `threshold pace`
- `shares`: `11% and 12%`; `reps`: `4 of 5 reps on 5 Apr`
- `name`: `8 km easy`; `title`: `8 km easy on Sun 5 Apr`; `result`: `5 km race on Sun 5 Apr in 25:00`;
  `reason`: another reason
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from string import Formatter
from typing import Any

from syncd.domain.calendar_names import DAY_NAMES
from syncd.domain.clock_time import format_clock
from syncd.domain.day_text import date_text, day_text, listed
from syncd.domain.delivery import labels
from syncd.domain.grammar import counted
from syncd.domain.reason import Reason
from syncd.domain.units import KILOMETRES, Units
from syncd.domain.workout import PaceZone

Facts = Mapping[str, Any]
Wording = Callable[[Facts, Units], str]

_PACE_TEXTS = {
    PaceZone.MARATHON: "marathon pace",
    PaceZone.HALF_MARATHON: "half-marathon pace",
    PaceZone.THRESHOLD: "threshold pace",
    PaceZone.FIVE_K: "5K pace",
}
_NAMED_COURSES = {21_097.5: "half-marathon", 42_195.0: "marathon"}
_NUMBER_OF = "n "  # the form of a number with its noun
_LONGEST_IN_K = 10_000.0  # beyond it, a runner who counts in miles says miles


class FactFormatter(Formatter):
    """Fills a template. A format is a form of the module's docstring, or Python's own.

    `reason_text` gives another reason as text.
    """

    def __init__(self, units: Units, reason_text: Callable[[Reason, Units], str]) -> None:
        self._units = units
        self._reason_text = reason_text

    def format_field(self, value: Any, format_spec: str) -> Any:
        """The fact in its form."""
        if format_spec.startswith(_NUMBER_OF):
            return _number_of(value, format_spec.removeprefix(_NUMBER_OF))
        if format_spec == "reason":
            return self._reason_text(Reason.from_json(value), self._units)
        form = _FORMS.get(format_spec)
        return super().format_field(value, format_spec) if form is None else form(value, self._units)


def _number_of(value: float, noun: str) -> str:
    return counted(int(value), noun) if value == int(value) else f"{value:g} {noun}s"


def _distance(metres: float, units: Units) -> str:
    return f"{metres / units.metres:.1f} {units.name}"


def course_text(metres: float, units: Units) -> str:
    """A race distance: nobody calls 5 km 3.1 miles."""
    if units.name == KILOMETRES.name:
        return f"{metres / 1000:g} km"
    if metres <= _LONGEST_IN_K and metres % 1000 == 0:
        return f"{metres / 1000:.0f}K"
    return _NAMED_COURSES.get(metres) or units.distance(metres)


def _raced(metres: float, units: Units) -> str:
    return units.distance(metres) if units.name == KILOMETRES.name else course_text(metres, units)


def _day(day: str, _: Units) -> str:
    return day_text(date.fromisoformat(day))


def _days(days: Sequence[str], _: Units) -> str:
    return listed([day_text(date.fromisoformat(day)) for day in days])


def reps_text(runs: Sequence[Facts], _: Units) -> str:
    """`4 of 5 reps on 5 Apr`, for each run."""
    return ", ".join(
        f"{run['in_band']} of {counted(run['planned'], 'rep')} on {date_text(date.fromisoformat(run['day']))}"
        for run in runs
    )


def _name(session: Facts, units: Units) -> str:
    return labels.titled(session["title"], session["length_m"], units)


def _title(session: Facts, units: Units) -> str:
    return f"{_name(session, units)} on {_day(session['day'], units)}"


def _result(result: Facts, units: Units) -> str:
    origin = f" {result['origin']}" if result["origin"] else ""
    took = format_clock(result["time_s"])
    return f"{course_text(result['distance_m'], units)}{origin} on {_day(result['day'], units)} in {took}"


_FORMS: Mapping[str, Callable[[Any, Units], str]] = {
    "length": lambda metres, units: units.distance(metres),
    "distance": _distance,
    "whole": lambda metres, units: f"{metres / units.metres:.0f} {units.name}",
    "course": course_text,
    "raced": _raced,
    "day": _day,
    "date": lambda day, _: date_text(date.fromisoformat(day)),
    "days": _days,
    "weekday": lambda weekday, _: DAY_NAMES[weekday],
    "clock": lambda seconds, _: format_clock(seconds),
    "minutes": lambda seconds, _: f"{seconds / 60:.0f} min",
    "pace": lambda zone, _: _PACE_TEXTS[PaceZone(zone)],
    "shares": lambda shares, _: listed([f"{share:.0%}" for share in shares]),
    "reps": reps_text,
    "name": _name,
    "title": _title,
    "result": _result,
}
