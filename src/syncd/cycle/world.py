"""What a sync works on: state, services, and the settings that matter to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from syncd.connectors.base import ActivitySource, WorkoutSink
from syncd.domain.athlete import Availability, Goal, Health, Race, ZoneSet
from syncd.domain.day_text import day_text
from syncd.domain.progress import UNWATCHED, Watching
from syncd.domain.session import Phase
from syncd.domain.training.hr_zones import HeartRateZones
from syncd.domain.units import KILOMETRES, Units
from syncd.formats.reading import HERE, RecordingReader
from syncd.store import Store

HORIZON_DAYS = 10  # what is on the watch: today and the nine days after
AHEAD = timedelta(days=3 * HORIZON_DAYS)  # farther than anything that is committed


@dataclass(frozen=True, slots=True)
class World:
    """One athlete's state and services.

    `sources` in the order of preference. `zones` None: no 5 km is known, everything is by effort.
    The two distances stand in for a history. `phase` None: the plan decides. `heart` None: nothing
    was measured. `units`: those of the labels on the watch and in the calendar.
    `entered`: the paces of the 5 km in the settings, which tests and races outrank.
    `watching`: who is shown the progress of long work. `earlier_sinks`: where workouts went before.
    `reading`: what recordings are read by.
    """

    store: Store
    sources: tuple[ActivitySource, ...]
    sink: WorkoutSink
    athlete_key: str
    zone: tzinfo
    availability: Availability
    goal: Goal
    zones: ZoneSet | None
    weekly_m: float
    longest_m: float
    units: Units = KILOMETRES
    race: Race | None = None
    phase: Phase | None = None
    blocked: frozenset[date] = frozenset()
    heart: HeartRateZones | None = None
    health: Health = field(default_factory=Health)
    entered: ZoneSet | None = None
    watching: Watching = UNWATCHED
    earlier_sinks: tuple[WorkoutSink, ...] = ()
    reading: RecordingReader = HERE

    def today(self, now: datetime) -> date:
        """The athlete's calendar day."""
        return now.astimezone(self.zone).date()

    def time_text(self, moment: datetime) -> str:
        """`Tue 10 Feb 2026 18:00`, on the athlete's clock."""
        local = moment.astimezone(self.zone)
        return f"{day_text(local.date())} {local.year} {self.units.time_of_day(local)}"

    def offset_at(self, moment: datetime) -> timedelta:
        """The athlete's offset from UTC at that moment: for recordings that carry none."""
        return moment.astimezone(self.zone).utcoffset() or timedelta(0)
