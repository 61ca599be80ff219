"""The one-line notation of a workout: `15min E + 6x(800m I + 2min jog) + 10min E`.

    workout  = item { "+" item }
    item     = duration [role] [target]  |  N "x(" workout ")" ["keep-last"]
    duration = 15min | 90s | 1h05 | 800m | 5km | 1mi | lap
    role     = wu | cd | jog | rest | run
    target   = E | M | HM | T | 10K | 5K | I | R | @4:15-4:25/km | @7:00-7:20/mi
             | @HR140-150 | @Z2 | @RPE4 | @RPE8-9

Roles are inferred when obvious: the first plain easy step before the first hard or repeated
one is the warm-up, the last after it the cool-down. `format_workout` prints the shortest text
that parses back to the same workout. `keep-last` keeps the last recovery of a repeat, which
is otherwise skipped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from syncd.domain.workout import (
    LAP_BUTTON,
    METRES_PER_MILE,
    Duration,
    DurationUnit,
    EffortTarget,
    HeartRateBand,
    HeartRateZone,
    Item,
    PaceBand,
    PaceZone,
    Repeat,
    Role,
    Step,
    Target,
    Workout,
    WorkoutError,
    ZoneTarget,
    covering,
    lasting,
)


class NotationError(WorkoutError):
    """The text is not a workout; the message says what was expected, `pointer` points at the place."""

    def __init__(self, text: str, at: int, expected: str) -> None:
        self.text, self.at, self.expected = text, at, expected
        found = text[at : at + 12].split("+", maxsplit=1)[0].strip()
        super().__init__(
            f"at character {at + 1}, {found!r}: expected {expected}"
            if found
            else f"at the end: expected {expected}"
        )

    def pointer(self) -> str:
        """Two lines: the text, and a caret under the place."""
        return f"{self.text}\n{' ' * self.at}^"


_DURATION = re.compile(
    r"(?P<h>\d{1,2})h(?P<hm>\d{2})?(?![\w.])"
    r"|(?P<minutes>\d+(?:\.\d+)?)min(?P<seconds>\d{1,2})?(?![\w.])"
    r"|(?P<amount>\d+(?:\.\d+)?)(?P<unit>mi|km|m|s)(?![\w.])"
    r"|(?P<lap>lap)(?!\w)"
)
_COUNT = re.compile(r"(\d{1,3})\s*[x×]\s*\(")
_ROLE = re.compile(r"(wu|cd|jog|rest|run)(?!\w)")
_ZONE = re.compile(r"(10K|5K|HM|E|M|T|I|R)(?!\w)")
_PACE = re.compile(r"@(\d{1,2}:\d{2}(?:\.\d+)?)(?:-(\d{1,2}:\d{2}(?:\.\d+)?))?/(km|mi)(?!\w)")
_HR = re.compile(r"@HR(\d{2,3})-(\d{2,3})(?!\w)")
_HR_ZONE = re.compile(r"@Z(\d)(?!\w)")
_RPE = re.compile(r"@RPE(\d{1,2})(?:-(\d{1,2}))?(?!\w)")
_KEEP_LAST = re.compile(r"keep-last(?!\w)")
_METRES_PER = {"km": 1000.0, "m": 1.0, "mi": METRES_PER_MILE}
_TARGETS = "E, M, HM, T, 10K, 5K, I, R, @4:15-4:25/km, @HR140-150, @Z2, @RPE4"
_SPACE = re.compile(r"\s*")

_MAX_LENGTH = 4000
_MAX_DEPTH = 5


@dataclass(frozen=True, slots=True)
class _Draft:
    """A step as written: its role may still be open."""

    duration: Duration
    target: Target | None
    role: Role | None


def parse_workout(text: str, name: str = "") -> Workout:
    """The workout that `text` describes. Raises NotationError, which points at the fault."""
    if len(text) > _MAX_LENGTH:
        raise NotationError(text, _MAX_LENGTH, f"at most {_MAX_LENGTH} characters")
    drafts = _NotationReader(text).items(closing=False, depth=0)
    return Workout(_settle(drafts), name=name)


def format_workout(workout: Workout) -> str:
    """One line that parses back to the same steps."""
    implied = _settle(tuple(_undecided(item) for item in workout.steps))
    return " + ".join(_format_item(item, bare) for item, bare in zip(workout.steps, implied, strict=True))


def _settle(drafts: tuple[_Draft | Repeat, ...]) -> tuple[Item, ...]:
    """Give the open steps of the top level their obvious role.

    The first easy step before something harder is a warm-up, the last one after it a cool-down;
    every other open step is simply run.
    """
    work = [
        place for place, item in enumerate(drafts) if not (isinstance(item, _Draft) and _is_easy(item.target))
    ]

    def role_at(place: int) -> Role:
        if not work or place in work:
            return Role.RUN
        if place == 0:
            return Role.WARMUP
        return Role.COOLDOWN if place == len(drafts) - 1 else Role.RUN

    return tuple(
        item if isinstance(item, Repeat) else Step(item.duration, item.target, item.role or role_at(place))
        for place, item in enumerate(drafts)
    )


def _is_easy(target: Target | None) -> bool:
    return (
        target is None
        or target == ZoneTarget(PaceZone.EASY)
        or (isinstance(target, EffortTarget) and target.high <= 4)
    )


def _undecided(item: Item) -> _Draft | Repeat:
    return item if isinstance(item, Repeat) else _Draft(item.duration, item.target, None)


@dataclass(slots=True)
class _NotationReader:
    text: str
    at: int = 0

    def items(self, *, closing: bool, depth: int) -> tuple[_Draft | Repeat, ...]:
        out = [self._item(depth)]
        while True:
            self._skip_space()
            if self._literal("+"):
                out.append(self._item(depth))
            elif (closing and self._literal(")")) or (not closing and self.at == len(self.text)):
                return tuple(out)
            else:
                pace = "" if _has_target(out[-1]) or self.at == len(self.text) else f"a target ({_TARGETS}), "
                self._fail(f"{pace}'+' or ')'" if closing else f"{pace}'+' or the end")

    def _item(self, depth: int) -> _Draft | Repeat:
        self._skip_space()
        start = self.at
        counted = self._match(_COUNT)
        try:
            if counted is None:
                return self._step()
            if depth == _MAX_DEPTH:
                self.at = start
                self._fail(f"at most {_MAX_DEPTH} repeats inside each other")
            inner = self.items(closing=True, depth=depth + 1)
            steps = tuple(
                item if isinstance(item, Repeat) else Step(item.duration, item.target, item.role or Role.RUN)
                for item in inner
            )
            self._skip_space()
            return Repeat(int(counted[1]), steps, skip_last_recovery=self._match(_KEEP_LAST) is None)
        except NotationError:
            raise
        except WorkoutError as error:
            raise NotationError(self.text, start, f"a possible step ({error})") from None

    def _step(self) -> _Draft:
        duration = self._duration()
        role: Role | None = None
        target: Target | None = None
        while True:
            self._skip_space()
            if role is None and (role_match := self._match(_ROLE)):
                role = Role(role_match[1])
            elif target is None and (read := self._target()):
                target = read
            else:
                break
        return _Draft(duration, target, role)

    def _duration(self) -> Duration:
        found = self._match(_DURATION)
        if found is None:
            self._fail("a duration (15min, 90s, 1h05, 800m, 5km, 1mi, lap) or a repeat such as 6x(...)")
        if found["lap"]:
            return LAP_BUTTON
        if found["h"]:
            return lasting(int(found["h"]) * 3600 + int(found["hm"] or 0) * 60)
        if found["minutes"]:
            return lasting(float(found["minutes"]) * 60 + int(found["seconds"] or 0))
        amount, unit = float(found["amount"]), found["unit"]
        return lasting(amount) if unit == "s" else covering(amount * _METRES_PER[unit])

    def _target(self) -> Target | None:
        if zone := self._match(_ZONE):
            return ZoneTarget(PaceZone(zone[1]))
        if pace := self._match(_PACE):
            per = METRES_PER_MILE / 1000 if pace[3] == "mi" else 1.0
            ends = sorted(_seconds(part) / per for part in (pace[1], pace[2] or pace[1]))
            return PaceBand.of_paces(ends[0], ends[1])
        if hr := self._match(_HR):
            return HeartRateBand(int(hr[1]), int(hr[2]))
        if hr_zone := self._match(_HR_ZONE):
            return HeartRateZone(int(hr_zone[1]))
        if rpe := self._match(_RPE):
            return EffortTarget(int(rpe[1]), int(rpe[2] or rpe[1]))
        if self.text.startswith("@", self.at):
            self._fail("a target: @4:15-4:25/km, @HR140-150, @Z2 or @RPE4")
        return None

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def _literal(self, word: str) -> bool:
        hit = self.text.startswith(word, self.at)
        self.at += len(word) if hit else 0
        return hit

    def _skip_space(self) -> None:
        self._match(_SPACE)

    def _fail(self, expected: str) -> NoReturn:
        raise NotationError(self.text, self.at, expected)


def _has_target(item: _Draft | Repeat) -> bool:
    return isinstance(item, Repeat) or item.target is not None


def _seconds(clock: str) -> float:
    minutes, seconds = clock.split(":")
    return int(minutes) * 60 + float(seconds)


def _format_item(item: Item, implied: Item) -> str:
    if isinstance(item, Repeat):
        inner = " + ".join(
            _format_item(child, Step(child.duration, child.target) if isinstance(child, Step) else child)
            for child in item.steps
        )
        return f"{item.count}x({inner})" + ("" if item.skip_last_recovery else " keep-last")
    role = "" if item == implied else item.role.value
    return " ".join(filter(None, (format_duration(item.duration), role, format_target(item.target))))


def format_duration(duration: Duration) -> str:
    """For example `15min`, `90s`, `1h05`, `800m`, `5km`, `1mi`, `lap`."""
    if duration.unit is DurationUnit.LAP_BUTTON:
        return "lap"
    if duration.unit is DurationUnit.TIME:
        return _format_time(duration.amount)
    miles = round(duration.amount / METRES_PER_MILE)
    if miles and duration == covering(miles * METRES_PER_MILE):
        return f"{miles}mi"
    if duration.amount >= 3000 or duration.amount % 1000 == 0:
        return f"{_shortest(duration.amount / 1000)}km"
    return f"{_shortest(duration.amount)}m"


def _format_time(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    if rest == 0 and 60 <= minutes < 100 * 60:
        return f"{int(minutes) // 60}h{int(minutes) % 60:02d}"
    if rest == 0 and 2 <= minutes < 60:
        return f"{int(minutes)}min"
    return f"{_shortest(seconds)}s"


def format_target(target: Target | None) -> str:
    """The target part of a step, empty when there is none."""
    match target:
        case None:
            return ""
        case ZoneTarget(zone):
            return zone.value
        case PaceBand():
            return f"@{_format_pace(target)}"
        case HeartRateBand(low, high):
            return f"@HR{low}-{high}"
        case HeartRateZone(number):
            return f"@Z{number}"
        case EffortTarget(low, high):
            return f"@RPE{low}" if low == high else f"@RPE{low}-{high}"


def _format_pace(band: PaceBand) -> str:
    """Whole seconds where that loses nothing, else as many decimals as it takes."""
    for unit, per in (("km", 1.0), ("mi", METRES_PER_MILE / 1000)):
        for decimals in (0, 1, 2) if unit == "km" else (0,):
            fast, slow = (round(x * per, decimals) for x in (band.fast_s_per_km, band.slow_s_per_km))
            if fast > 0 and PaceBand.of_paces(fast / per, slow / per) == band:
                return f"{_clock(fast, decimals)}-{_clock(slow, decimals)}/{unit}"
    fast, slow = band.fast_s_per_km, band.slow_s_per_km
    return f"{_clock(fast, 4)}-{_clock(slow, 4)}/km"


def _clock(seconds: float, decimals: int = 0) -> str:
    whole = int(seconds) // 60
    width = 3 + decimals if decimals else 2
    return f"{whole}:{seconds - whole * 60:0{width}.{decimals}f}"


def _shortest(value: float) -> str:
    text = f"{value:.5f}".rstrip("0").rstrip(".")
    return text or "0"
