"""A runner on two services: what each of them, and a phone, tell of runs whose truth is known.

Skews as in real pairs: Strava floors times, rounds metres, is up to 9 s later, hides some
starts; a phone starts and ends up to a minute and a half off and measures some per cent else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from math import floor
from random import Random
from zoneinfo import ZoneInfo

from syncd.domain.merging.candidates import Evidence, MergeCandidate
from syncd.domain.merging.same_runs import SameRuns

HOME, TRAVELS = ZoneInfo("Europe/Rome"), (ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo"))
_FIRST = date(2024, 1, 1)


@dataclass(frozen=True)
class Life:
    """All that was told, and of each candidate (by id) which run it really was."""

    candidates: tuple[MergeCandidate, ...]
    truth: dict[str, int]


def life(runs: int, seed: int = 1) -> Life:
    """So many runs in the order they were run: doubles, back-to-back, twice the same loop, travel."""
    rng, told, truth = Random(seed), list[MergeCandidate](), dict[str, int]()
    day, zone, made, over = _FIRST, HOME, 0, datetime.min.replace(tzinfo=UTC)
    while made < runs:
        if rng.random() < 0.05:
            zone = rng.choice((HOME, *TRAVELS))
        really = _day_of(rng, day, zone)[: runs - made]
        if really[0].start < over + timedelta(hours=1):  # flown east: that hour was run already
            day += timedelta(days=1)
            continue
        over = really[-1].end
        for real in really:
            copies = _told(rng, real, made)
            told += copies
            truth |= {each.id: made for each in copies}
            made += 1
        day += timedelta(days=rng.choice((1, 1, 2)))
    return Life(tuple(told), truth)


def errors(life: Life, found: SameRuns) -> tuple[int, int]:
    """False merges (groups of more than one run) and missed ones (runs in more than one group)."""
    groups = [{life.truth[each.id] for each in run.members} for run in found.runs]
    groups += [{life.truth[each.id] for each in aside.run.members} for aside in found.covered]
    places: dict[int, int] = {}
    for group in groups:
        for run in group:
            places[run] = places.get(run, 0) + 1
    return sum(len(group) > 1 for group in groups), sum(count > 1 for count in places.values())


def _day_of(rng: Random, day: date, zone: ZoneInfo) -> list[MergeCandidate]:
    """What was really run that day, as a watch measures it."""
    begin = datetime.combine(day, time(rng.randrange(0, 20), rng.randrange(60), rng.randrange(60)), zone)
    first = _run(rng, begin, day)
    kind = rng.random()
    if kind < 0.70:
        return [first]
    if kind < 0.80:  # a short break, and on in a file of its own, of another length or the same
        other = _run(rng, first.end + timedelta(seconds=rng.randrange(2, 240)), day)
        return [first, other]
    if kind < 0.88:  # repetitions, each recorded alone
        reps = [replace(first, elapsed_s=rng.uniform(65, 95), distance_m=rng.uniform(298, 302))]
        for _ in range(rng.randrange(2, 6)):
            start = reps[-1].end + timedelta(seconds=rng.randrange(1, 90))
            reps.append(replace(reps[0], start=start, elapsed_s=rng.uniform(65, 95)))
        return [replace(rep, day=rep.start.astimezone(zone).date()) for rep in reps]
    later = first.end + timedelta(hours=rng.uniform(0.5, 3))
    if kind < 0.94:  # the same loop again
        again = replace(
            first,
            start=later,
            elapsed_s=first.elapsed_s * rng.gauss(1, 0.01),
            distance_m=(first.distance_m or 0) * rng.gauss(1, 0.003),
            day=later.astimezone(zone).date(),
        )
        return [first, again]
    return [first, _run(rng, later, later.astimezone(zone).date())]


def _run(rng: Random, start: datetime, day: date) -> MergeCandidate:
    metres = rng.choice((3000, 5000, 8000, 10000, 12000, 21097)) * rng.uniform(0.95, 1.05)
    seconds = metres * rng.uniform(0.25, 0.45)
    indoors = rng.random() < 0.05
    return MergeCandidate(
        id="",
        source="",
        family="running",
        start=start.astimezone(UTC),
        day=day,
        elapsed_s=seconds + rng.choice((0, 0, rng.uniform(5, 300))),
        timer_s=seconds,
        distance_m=metres,
        evidence=Evidence.DEVICE_FILE,
        indoors=indoors,
        sensors=frozenset({"heart rate", "cadence"} | (set() if indoors else {"position"})),
        laps=rng.randrange(1, 15),
    )


def _told(rng: Random, real: MergeCandidate, number: int) -> list[MergeCandidate]:
    """On both, on one, or with the phone's own recording beside the watch's."""
    on_garmin = replace(real, id=f"g{number}", source="garmin", start=_whole(real.start))
    on_strava = _on_strava(rng, real, f"s{number}")
    chance = rng.random()
    if chance < 0.04:
        return [on_garmin]
    if chance < 0.08:
        return [on_strava]
    if chance < 0.14 and real.elapsed_s > 600:
        return [on_garmin, on_strava, _by_phone(rng, real, f"p{number}")]
    return [on_garmin, on_strava]


def _on_strava(rng: Random, real: MergeCandidate, identity: str) -> MergeCandidate:
    late_s = rng.choice((0, 0, 0, 0, 4, 9))
    told = replace(
        real,
        id=identity,
        source="strava",
        start=_whole(real.start) + timedelta(seconds=late_s),
        elapsed_s=float(floor(real.elapsed_s - rng.uniform(0, 0.1))),
        distance_m=max(0.0, round((real.distance_m or 0) - rng.uniform(-0.4, 1.7), 1)),
        evidence=Evidence.STREAMS,
    )
    if rng.random() < 0.08 and real.elapsed_s > 600:
        midnight = datetime.combine(real.day, time(0, 0, 1), UTC)
        return replace(told, start=midnight, hidden_start=True)
    return told


def _by_phone(rng: Random, real: MergeCandidate, identity: str) -> MergeCandidate:
    late_s, early_s = rng.uniform(-5, 90), rng.uniform(-20, 60)
    return replace(
        real,
        id=identity,
        source="strava",
        start=_whole(real.start + timedelta(seconds=late_s)),
        elapsed_s=float(floor(real.elapsed_s - late_s - early_s)),
        distance_m=round((real.distance_m or 0) * rng.gauss(1, 0.02), 1),
        evidence=Evidence.STREAMS,
        sensors=real.sensors - {"heart rate"},
    )


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def shuffled(candidates: Iterable[MergeCandidate], seed: int) -> list[MergeCandidate]:
    """In another order."""
    out = list(candidates)
    Random(seed).shuffle(out)
    return out
