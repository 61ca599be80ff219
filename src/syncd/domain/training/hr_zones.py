"""Heart-rate zones from what was measured: the highest rate, the resting rate, the threshold.

Nothing here estimates: a maximum from an age formula doubles the error of a zone, so without a
measured maximum or threshold there are no heart-rate zones at all. Shares of the maximum and of
the reserve at both lactate thresholds: Nuuttila 2025, 165 amateurs, error 2.8 to 4.9 bpm. Shares
of the threshold rate: Friel. Reserve: Karvonen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from math import floor

from syncd.domain.workout import HeartRateBand, Item, PaceZone, Repeat, Role, Workout, ZoneTarget

LEAST_BAND_BPM = 10  # our default: two devices on one runner differ by 1.4 to 3.1 bpm (1 SD)

# What is believed as a measurement; our defaults, wide enough for every adult runner.
MAX_RANGE_BPM, REST_RANGE_BPM, LTHR_RANGE_BPM = (120, 230), (25, 110), (90, 220)
_LEAST_RESERVE_BPM = 40

_EASY_FLOOR_OF_MAX = 0.65  # Daniels, Running Formula: easy is 65 to 79 % of the maximum
_EASY_FLOOR_OF_LTHR = 0.72  # our default: 65 % of a maximum of which the threshold is 90 %
_FRIEL_LT1 = 0.89  # the top of Friel's zone 2
_FRIEL_5B = 1.06  # the top of Friel's zone 5b: what stands in for an unknown maximum
_FRIEL = (("2", 85), ("3", 90), ("4", 95), ("5a", 100), ("5b", 103), ("5c", 107))  # from, % of LTHR


class HeartRateError(ValueError):
    """Measurements that contradict each other, or that no heart can have; the message is for the runner."""


class Sex(StrEnum):
    """Only because the shares at the thresholds differ."""

    FEMALE = "female"
    MALE = "male"


@dataclass(frozen=True, slots=True)
class _Shares:
    lt1_of_max: float
    lt1_of_reserve: float
    lt2_of_max: float


_MEN = _Shares(lt1_of_max=0.789, lt1_of_reserve=0.713, lt2_of_max=0.899)
_SHARES = {
    Sex.MALE: _MEN,
    Sex.FEMALE: _Shares(lt1_of_max=0.836, lt1_of_reserve=0.765, lt2_of_max=0.917),
    None: _MEN,  # our default: of two ceilings, the lower one cannot make an easy run hard
}


@dataclass(frozen=True, slots=True)
class HeartMeasurements:
    """What was measured, in bpm; None is unknown. Raises HeartRateError on what cannot be.

    `lthr` is the mean rate of the last 20 minutes of 30 minutes alone, as hard as possible.
    """

    hr_max: int | None = None
    hr_rest: int | None = None
    lthr: int | None = None
    sex: Sex | None = None

    def __post_init__(self) -> None:
        _within("highest heart rate", self.hr_max, MAX_RANGE_BPM)
        _within("resting heart rate", self.hr_rest, REST_RANGE_BPM)
        _within("threshold heart rate", self.lthr, LTHR_RANGE_BPM)
        if self.hr_max is not None and self.lthr is not None and self.lthr >= self.hr_max:
            raise HeartRateError(
                f"a threshold of {self.lthr} bpm is not below the highest heart rate of {self.hr_max} bpm"
            )
        known = [rate for rate in (self.hr_max, self.lthr) if rate is not None]
        if self.hr_rest is not None and known and min(known) - self.hr_rest < _LEAST_RESERVE_BPM:
            raise HeartRateError(
                f"a resting heart rate of {self.hr_rest} bpm is too close to {min(known)} bpm: "
                "measure it before getting up"
            )


@dataclass(frozen=True, slots=True)
class HeartRateZones:
    """The ceiling of easy running, both lactate thresholds and the maximum, in whole bpm.

    `max` is None where only the threshold was measured. `source` says what they come from.
    """

    easy_max: int
    lt1: int
    lt2: int
    max: int | None
    source: str

    @property
    def easy(self) -> HeartRateBand:
        """The band of easy and long runs; only its upper end matters, the lower one is free."""
        low = _EASY_FLOOR_OF_MAX * self.max if self.max is not None else _EASY_FLOOR_OF_LTHR * self.lt2
        return at_least_wide(min(round(low), self.easy_max - LEAST_BAND_BPM), self.easy_max)

    @property
    def steady(self) -> HeartRateBand:
        """Between the thresholds: marathon and half-marathon effort."""
        return at_least_wide(self.lt1, self.lt2)

    @property
    def hard(self) -> HeartRateBand:
        """Above the second threshold."""
        top = self.max if self.max is not None else round(_FRIEL_5B * self.lt2)
        return at_least_wide(self.lt2, top)


def heart_rate_zones(measured: HeartMeasurements) -> HeartRateZones | None:
    """The zones; None when neither a maximum nor a threshold was measured.

    LT2 is the threshold itself where it was measured. LT1 comes from the reserve, else from the
    maximum, else from the threshold: the shares of the maximum were measured on amateurs.
    """
    shares, top, rest, lthr = _SHARES[measured.sex], measured.hr_max, measured.hr_rest, measured.lthr
    if top is not None:
        lt2 = lthr if lthr is not None else round(shares.lt2_of_max * top)
        reserve = None if rest is None else karvonen_bpm(shares.lt1_of_reserve, rest=rest, top=top)
        lt1 = shares.lt1_of_max * top if reserve is None else reserve
    elif lthr is not None:
        lt1, lt2 = _FRIEL_LT1 * lthr, lthr
    else:
        return None
    easy_max = min(floor(lt1), lt2 - LEAST_BAND_BPM)
    return HeartRateZones(easy_max=easy_max, lt1=easy_max, lt2=lt2, max=top, source=_source(measured))


def easy_by_heart(workout: Workout, zones: HeartRateZones) -> Workout:
    """The workout with its easy running held below the heart-rate ceiling instead of in a pace band."""

    def held(item: Item) -> Item:
        if isinstance(item, Repeat):
            return replace(item, steps=tuple(held(child) for child in item.steps))
        easy = item.target == ZoneTarget(PaceZone.EASY) and item.role is Role.RUN
        return replace(item, target=zones.easy) if easy else item

    return replace(workout, steps=tuple(held(item) for item in workout.steps))


def karvonen_bpm(fraction: float, *, rest: int, top: int) -> float:
    """The rate at a fraction (0 to 1) of the heart-rate reserve. Source: Karvonen 1957."""
    return rest + fraction * (top - rest)


def friel_zones(lthr: int) -> tuple[tuple[str, int | None, int | None], ...]:
    """Friel's seven running zones of a threshold rate: name, lowest and highest bpm, None for open.

    No gaps and no overlaps: each zone ends one beat below the next.
    """
    names = ("1", *(name for name, _ in _FRIEL))
    starts = [round(lthr * share / 100) for _, share in _FRIEL]
    lows, highs = (None, *starts), (*(start - 1 for start in starts), None)
    return tuple(zip(names, lows, highs, strict=True))


def at_least_wide(low_bpm: int, high_bpm: int) -> HeartRateBand:
    """The band, lowered at its lower end until it spans 10 bpm."""
    return HeartRateBand(min(low_bpm, high_bpm - LEAST_BAND_BPM), high_bpm)


def _within(name: str, value: int | None, allowed: tuple[int, int]) -> None:
    low, high = allowed
    if value is not None and not low <= value <= high:
        raise HeartRateError(f"a {name} of {value} bpm is not possible: expected {low} to {high}")


def _source(measured: HeartMeasurements) -> str:
    threshold = "" if measured.lthr is None else f"threshold {measured.lthr}"
    if measured.hr_max is None:
        return f"measured {threshold}"
    rest = "" if measured.hr_rest is None else f"resting rate {measured.hr_rest}"
    parts = " and ".join(filter(None, (f"measured maximum {measured.hr_max}", rest, threshold)))
    return parts if measured.sex is None else f"{parts} ({measured.sex.value})"
