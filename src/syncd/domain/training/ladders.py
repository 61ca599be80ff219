"""The ladders of the session library: for each family its rungs, from the smallest (0) up.

Families: `hm_m` (distance phase), `race_pace` (the 5K goal ladder: 200s and 400s first, then
800s, mile and 2K), `threshold`, `interval` (VO2max) and `repetition`. The rungs are those of
the coaches behind the model; level 0 of each is our default for small weeks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil

from syncd.domain.athlete import ZoneSet
from syncd.domain.session import SessionKind
from syncd.domain.workout import (
    Duration,
    Item,
    PaceZone,
    Repeat,
    Role,
    Step,
    ZoneTarget,
    covering,
    lasting,
)

HM_M, RACE_PACE, THRESHOLD, INTERVAL, REPETITION = (
    "hm_m",
    "race_pace",
    "threshold",
    "interval",
    "repetition",
)

LONGEST_REP_S = 480.0  # at 5K pace: a longer repetition is a race
REST_OF_REP, REST_OF_LONG_REP = 0.5, 0.4  # S24, the second from a mile on
LONG_REP_M = 1600.0
LONGEST_REST_S = 300.0
_REST_GRAIN_S, _REP_GRAIN_M, _SLACK_S = 15, 100.0, 1.0
_FEWEST_SHARE = 0.5  # of the repetitions: below it the session is another one

_HM, _M, _T = PaceZone.HALF_MARATHON, PaceZone.MARATHON, PaceZone.THRESHOLD
_FIVE_K, _I, _R = PaceZone.FIVE_K, PaceZone.INTERVAL, PaceZone.REPETITION
_TEXTS: Mapping[PaceZone, str] = {
    _HM: "half-marathon pace",
    _M: "marathon pace",
    _T: "threshold",
    _FIVE_K: "5K pace",
    _I: "interval pace",
    _R: "repetition pace",
}


@dataclass(frozen=True, slots=True)
class Block:
    """`count` repetitions of a duration at a zone, each followed by a jog of `rest_s` seconds."""

    count: int
    length: Duration
    zone: PaceZone
    rest_s: float = 0.0

    @property
    def text(self) -> str:
        """`3 x 8 min at half-marathon pace`."""
        reps = f"{self.count} x " if self.count > 1 else ""
        return f"{reps}{_length_text(self.length)} at {_TEXTS[self.zone]}"

    @property
    def items(self) -> tuple[Item, ...]:
        """The steps; one repetition alone has no jog."""
        run = Step(self.length, ZoneTarget(self.zone))
        if self.count == 1:
            return (run,)
        return (Repeat(self.count, (run, Step(lasting(self.rest_s), None, Role.RECOVERY))),)


@dataclass(frozen=True, slots=True)
class Rung:
    """A level of a ladder: its blocks with a jog of `between_s` between them, and what it is good for."""

    purpose: str
    rpe: tuple[int, int]
    blocks: tuple[Block, ...]
    between_s: float = 0.0

    @property
    def title(self) -> str:
        """The texts of the blocks."""
        return " + ".join(block.text for block in self.blocks)

    @property
    def main_set(self) -> tuple[Item, ...]:
        """The steps between warm-up and cool-down."""
        items: list[Item] = []
        for block in self.blocks:
            if items:
                items.append(Step(lasting(self.between_s), None, Role.RECOVERY))
            items.extend(block.items)
        return tuple(items)


@dataclass(frozen=True, slots=True)
class Ladder:
    """A family: its kind of session and its rungs. `rested`: the recoveries of S24 hold for it."""

    kind: SessionKind
    rungs: tuple[Rung, ...]
    rested: bool = True
    trimmed: bool = False

    @property
    def top(self) -> int:
        """The highest level."""
        return len(self.rungs) - 1

    def forms(self, level: int, zones: ZoneSet) -> tuple[Rung, ...]:
        """The rung at these zones, then with fewer repetitions where the ladder allows that.

        The 5K ladder does: with the whole sets alone, 800s and miles would never come below
        33 km a week, and they are what the phase is about (S26).
        """
        rung = self.rungs[level]
        if self.rested:
            rung = replace(rung, blocks=tuple(_rested(block, zones) for block in rung.blocks))
        if not self.trimmed:
            return (rung,)
        block = rung.blocks[0]
        fewest = max(1, ceil(block.count * _FEWEST_SHARE))
        counts = range(block.count, fewest - 1, -1)
        return tuple(replace(rung, blocks=(replace(block, count=count),)) for count in counts)


def _rested(block: Block, zones: ZoneSet) -> Block:
    """No repetition at 5K pace over 8 minutes, and the recovery that S24 asks for."""
    pace = zones.paces[block.zone].fast_s_per_km
    metres, seconds = block.length.metres, block.length.seconds
    rep_s = seconds if seconds is not None else (metres or 0.0) * pace / 1000
    length = block.length
    if metres is not None and rep_s > LONGEST_REP_S + _SLACK_S:
        length = covering((LONGEST_REP_S + _SLACK_S) * 1000 / pace // _REP_GRAIN_M * _REP_GRAIN_M)
        rep_s = (length.metres or 0.0) * pace / 1000
    share = REST_OF_LONG_REP if (length.metres or 0.0) >= LONG_REP_M else REST_OF_REP
    asked = min(ceil(share * rep_s / _REST_GRAIN_S) * _REST_GRAIN_S, LONGEST_REST_S)
    return replace(block, length=length, rest_s=max(block.rest_s, asked))


def _length_text(length: Duration) -> str:
    if length.metres is not None:
        metres = length.metres
        whole_km = metres >= 1000 and metres % 1000 == 0 and metres < 2 * 1000
        return f"{metres / 1000:g} km" if whole_km else f"{metres:g} m"
    seconds = length.seconds or 0.0
    return f"{seconds / 60:g} min" if seconds >= 60 else f"{seconds:g} s"


def _of(zone: PaceZone, count: int, minutes: float, rest_s: float = 0.0) -> Block:
    return Block(count, lasting(minutes * 60), zone, rest_s)


def _over(zone: PaceZone, count: int, metres: float, rest_s: float) -> Block:
    return Block(count, covering(metres), zone, rest_s)


_AT_HM = "Longer repetitions at half-marathon pace: steady, controlled, never a race."
_AT_M = "Marathon pace for minutes on end: it should feel as if you could go on."
_MIXED = "Mostly half-marathon pace, then a few quick steps to remember what fast feels like."
_T_THEN_M = "Threshold first, then marathon pace on legs that have worked."
_AT_T = "A bit slower than 5K pace: comfortably hard, and over before it hurts."
_AT_I = "A bit quicker than 5K pace: it trains how much oxygen you can use."
_AT_R = "Short and quick with a full recovery: it trains form and the finishing kick."
_SHORT = "Short pieces at goal 5K pace, with time to recover: learn how the pace feels."
_MIDDLE = "Goal 5K pace for longer: hold it relaxed, and recover well between."
_LONG = "Long pieces at goal 5K pace: the last step before the race itself."
_CONTROLLED, _COMFORTABLY_HARD, _HARD = (5, 6), (6, 7), (7, 8)

LADDERS: Mapping[str, Ladder] = {
    HM_M: Ladder(
        SessionKind.HM_M,
        (
            Rung(_AT_HM, _CONTROLLED, (_of(_HM, 2, 5, 90),)),
            Rung(_AT_HM, _CONTROLLED, (_of(_HM, 3, 5, 90),)),
            Rung(_AT_M, _CONTROLLED, (_of(_M, 2, 10, 120),)),
            Rung(_MIXED, _CONTROLLED, (_of(_HM, 4, 5, 90), _over(_FIVE_K, 4, 200, 60)), 120),
            Rung(_AT_HM, _CONTROLLED, (_of(_HM, 3, 8, 120),)),
            Rung(_AT_M, _CONTROLLED, (_of(_M, 2, 15, 180),)),
            Rung(_AT_HM, _CONTROLLED, (_of(_HM, 3, 10, 120),)),
            Rung(_T_THEN_M, _COMFORTABLY_HARD, (_over(_T, 3, 1000, 60), _of(_M, 2, 12, 120)), 180),
            Rung(_AT_M, _CONTROLLED, (_of(_M, 2, 20, 180),)),
        ),
        rested=False,
    ),
    RACE_PACE: Ladder(
        SessionKind.RACE_PACE,
        (
            Rung(_SHORT, _HARD, (_over(_FIVE_K, 6, 200, 75),)),
            Rung(_SHORT, _HARD, (_over(_FIVE_K, 8, 200, 75),)),
            Rung(_SHORT, _HARD, (_over(_FIVE_K, 8, 400, 105),)),
            Rung(_SHORT, _HARD, (_over(_FIVE_K, 10, 400, 105),)),
            Rung(_MIDDLE, _HARD, (_over(_FIVE_K, 5, 800, 150),)),
            Rung(_LONG, _HARD, (_over(_FIVE_K, 2, 1600, 210),)),
            Rung(_LONG, _HARD, (_over(_FIVE_K, 2, 2000, 240),)),
            Rung(_LONG, _HARD, (_over(_FIVE_K, 3, 1600, 240),)),
        ),
        trimmed=True,
    ),
    THRESHOLD: Ladder(
        SessionKind.THRESHOLD,
        (
            Rung(_AT_T, _COMFORTABLY_HARD, (_of(_T, 2, 5, 60),)),
            Rung(_AT_T, _COMFORTABLY_HARD, (_of(_T, 3, 5, 60),)),
            Rung(_AT_T, _COMFORTABLY_HARD, (_of(_T, 4, 5, 60),)),
            Rung(_AT_T, _COMFORTABLY_HARD, (_of(_T, 2, 10, 120),)),
            Rung(_AT_T, _COMFORTABLY_HARD, (_of(_T, 1, 20),)),
            Rung(_AT_T, _COMFORTABLY_HARD, (_over(_T, 5, 1000, 60),)),
            Rung(_AT_T, _COMFORTABLY_HARD, (_of(_T, 3, 10, 120),)),
            Rung(_AT_T, _COMFORTABLY_HARD, (_over(_T, 3, 1600, 60),)),
        ),
        rested=False,
    ),
    INTERVAL: Ladder(
        SessionKind.INTERVAL,
        (
            Rung(_AT_I, _HARD, (_of(_I, 4, 1, 60),)),
            Rung(_AT_I, _HARD, (_of(_I, 6, 1, 60),)),
            Rung(_AT_I, _HARD, (_of(_I, 5, 2, 120),)),
            Rung(_AT_I, _HARD, (_of(_I, 4, 3, 120),)),
            Rung(_AT_I, _HARD, (_of(_I, 5, 3, 120),)),
            Rung(_AT_I, _HARD, (_of(_I, 4, 4, 150),)),
            Rung(_AT_I, _HARD, (_over(_I, 5, 1000, 150),)),
            Rung(_AT_I, _HARD, (_of(_I, 5, 4, 150),)),
        ),
    ),
    REPETITION: Ladder(
        SessionKind.REPETITION,
        (
            Rung(_AT_R, _HARD, (_of(_R, 4, 20 / 60, 60),)),
            Rung(_AT_R, _HARD, (_of(_R, 6, 20 / 60, 60),)),
            Rung(_AT_R, _HARD, (_over(_R, 8, 200, 90),)),
            Rung(_AT_R, _HARD, (_over(_R, 6, 300, 150),)),
            Rung(_AT_R, _HARD, (_over(_R, 8, 400, 180),)),
        ),
    ),
}
SINGLE = Rung(_AT_HM, _CONTROLLED, (_of(_HM, 1, 5),))
TOP_LEVEL: Mapping[str, int] = {family: ladder.top for family, ladder in LADDERS.items()}
