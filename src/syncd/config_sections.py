"""The sections of the configuration: the name of each key, its allowed values and its default."""

from __future__ import annotations

import re
from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from syncd.domain.athlete import Goal, RacePriority
from syncd.domain.calendar_names import WEEKDAYS
from syncd.domain.clock_time import parse_race_time
from syncd.domain.nearest import did_you_mean
from syncd.domain.training.hr_zones import (
    LTHR_RANGE_BPM,
    MAX_RANGE_BPM,
    REST_RANGE_BPM,
    HeartMeasurements,
    Sex,
)
from syncd.service_address import check_address, check_base

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
ConcernName = Literal[
    "chest_pain",
    "fainting",
    "palpitations",
    "breathlessness",
    "heart_disease",
    "doctors_advice",
    "surgery",
    "bone_pain",
    "kidney_or_diabetes",
    "missed_periods",
    "stress_fracture",
    "injury",
    "pregnancy",
    "birth",
    "pelvic_floor",
]


def _race_time(value: str) -> str:
    parse_race_time(value)
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = did_you_mean(value, available_timezones())
        raise ValueError(f"must be a time zone such as Europe/Rome{near}") from None
    return value


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AthleteSection(_Section):
    """Who runs, and where the day begins. Heart rates are measured ones, in bpm."""

    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    units: Literal["km", "mi"] = "km"
    clock: Literal["24h", "12h"] = "24h"
    week_start: Literal["monday", "sunday"] = "monday"
    sex: Sex | None = None
    hr_max: int | None = Field(default=None, ge=MAX_RANGE_BPM[0], le=MAX_RANGE_BPM[1])
    hr_rest: int | None = Field(default=None, ge=REST_RANGE_BPM[0], le=REST_RANGE_BPM[1])
    lthr: int | None = Field(default=None, ge=LTHR_RANGE_BPM[0], le=LTHR_RANGE_BPM[1])

    @model_validator(mode="after")
    def _rates_fit_together(self) -> AthleteSection:
        self.heart()
        return self

    def heart(self) -> HeartMeasurements:
        """What was measured. Raises HeartRateError where two measurements contradict each other."""
        return HeartMeasurements(self.hr_max, self.hr_rest, self.lthr, self.sex)


class FitnessSection(_Section):
    """What the paces come from. Without a 5 km everything is by effort until a test."""

    five_k: Annotated[str, AfterValidator(_race_time)] | None = None
    five_k_date: date | None = None


class PlanSection(_Section):
    """When to train and for what. The two distances are used only until there is a history."""

    goal: Goal = Goal.FIVE_K
    days: int = Field(default=4, ge=2, le=7)
    weekdays: tuple[Weekday, ...] = WEEKDAYS  # type: ignore[assignment]
    long_run_day: Weekday = "sunday"
    weekly_km: float = Field(default=0.0, ge=0, le=300)
    longest_km: float = Field(default=0.0, ge=0, le=100)
    race: date | None = None
    race_priority: RacePriority = RacePriority.A
    phase: Literal["auto", "foundation", "distance", "speed", "combine"] = "auto"
    blocked: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _a_race_has_a_distance(self) -> PlanSection:
        if self.race is not None and self.goal is Goal.NONE:
            raise ValueError("a race needs a goal: 5k, 10k, half or marathon")
        return self

    @model_validator(mode="after")
    def _days_can_be_placed(self) -> PlanSection:
        if len(set(self.weekdays)) < self.days:
            raise ValueError(
                f"{self.days} runs a week need {self.days} weekdays, not {len(set(self.weekdays))}"
            )
        if self.long_run_day not in self.weekdays:
            raise ValueError(f"long_run_day {self.long_run_day} is not among the weekdays")
        return self


class HealthSection(_Section):
    """The health questions that were answered with yes, and what outranks every plan.

    `cleared`: a doctor has cleared everything. `gave_birth`: the date of a birth. `birth_year`: your own.
    """

    concerns: tuple[ConcernName, ...] = ()
    cleared: bool = False
    gave_birth: date | None = None
    birth_year: int | None = Field(default=None, ge=1900, le=2100)

    @model_validator(mode="after")
    def _a_date_belongs_to_a_birth(self) -> HealthSection:
        if self.gave_birth is not None and "birth" not in self.concerns:
            raise ValueError('gave_birth is the date of a birth: add "birth" to the concerns')
        return self


SOURCES = ("folder", "garmin", "strava")


def _names_of_sources(value: object) -> object:
    """One name, several with commas, or a list; each known, and named once."""
    names = [name.strip() for name in value.split(",")] if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not names:
        raise ValueError(f"must be one or several of {', '.join(SOURCES)}")
    unknown = [name for name in names if name not in SOURCES]
    if unknown:
        near = did_you_mean(str(unknown[0]), SOURCES)
        raise ValueError(f"there is no {unknown[0]!r}; allowed are {', '.join(SOURCES)}{near}")
    if len(set(names)) < len(names):
        raise ValueError("names a source twice")
    return tuple(names)


class SyncSection(_Section):
    """Where runs come from, the preferred source first, and where workouts go."""

    source: Annotated[tuple[str, ...] | str, BeforeValidator(_names_of_sources)] = ("folder",)
    sink: Literal["folder", "garmin"] = "folder"

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of the sources, the preferred one first."""
        return (self.source,) if isinstance(self.source, str) else self.source


class FolderSection(_Section):
    """The two directories of the `folder` connector, and how often the service reads them."""

    every_min: float = Field(default=10, ge=1, le=1440)
    inbox: Path | None = None
    outbox: Path | None = None


def _service_url(value: str) -> str:
    if value:
        check_base(value)
    return value


ServiceUrl = Annotated[str, AfterValidator(_service_url)]


_GARMIN_LEAST_MIN = 5.0  # our default: what other clients do without being refused


class GarminSection(_Section):
    """Garmin Connect: which one, and how gently. Empty addresses are the real service's."""

    every_min: float = Field(default=15, gt=0, le=1440)
    region: Literal["international", "china"] = "international"
    spacing_s: float = Field(default=1.0, ge=0, le=60)
    history_days: int = Field(default=180, ge=14, le=3650)
    api_url: ServiceUrl = ""
    sso_url: ServiceUrl = ""
    token_url: ServiceUrl = ""

    @model_validator(mode="after")
    def _gentle_with_the_real_service(self) -> GarminSection:
        if urlsplit(self.api_url).scheme == "http":
            return self
        if self.spacing_s < 1:
            raise ValueError("spacing_s below 1 is for a service on this machine only")
        if self.every_min < _GARMIN_LEAST_MIN:
            raise ValueError(
                f"every_min must be at least {_GARMIN_LEAST_MIN:.0f}: Garmin locks out who asks more"
            )
        return self


def _client_id(value: object) -> object:
    """Strava's is a number, and people write it as one."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class StravaWebhookSection(_Section):
    """For those with a public https address: Strava reports a new run at once."""

    public_url: ServiceUrl = ""
    listen: str = "127.0.0.1"
    port: int = Field(default=8790, ge=1, le=65535)


class StravaSection(_Section):
    """Strava: the athlete's own app. Empty addresses are the real service's."""

    every_min: float = Field(default=30, ge=5, le=1440)
    client_id: Annotated[str, BeforeValidator(_client_id), Field(pattern=r"^[0-9]{0,20}$")] = ""
    client_secret: SecretStr = SecretStr("")
    api_url: ServiceUrl = ""
    oauth_url: ServiceUrl = ""
    webhook: StravaWebhookSection = StravaWebhookSection()


_QUIET = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


def _quiet(value: str) -> str:
    if value and not _QUIET.fullmatch(value):
        raise ValueError("must be two times such as 22:30-05:30, or empty for syncs all night")
    return value


class DaemonSection(_Section):
    """The service: its quiet night, an address to call after each sync, how much room recordings may take."""

    quiet: Annotated[str, AfterValidator(_quiet)] = "22:30-05:30"
    heartbeat_url: SecretStr = SecretStr("")
    raw_mb: int = Field(default=2000, ge=0, le=1_000_000)

    @model_validator(mode="after")
    def _a_safe_address(self) -> DaemonSection:
        url = self.heartbeat_url.get_secret_value()
        try:
            if url:
                check_address(url)
        except ValueError as error:
            raise ValueError(f"heartbeat_url {error}") from None
        return self

    def quiet_times(self) -> tuple[time, time] | None:
        """When the quiet night begins and ends, local; None without one."""
        if not self.quiet:
            return None
        start, _, end = self.quiet.partition("-")
        return time.fromisoformat(start), time.fromisoformat(end)


def _urls(value: object) -> object:
    """One address, several with spaces between, or a list."""
    return tuple(value.split()) if isinstance(value, str) else value


class NotifySection(_Section):
    """Where messages go, as addresses of the apprise library; they hold secrets."""

    urls: Annotated[tuple[SecretStr, ...] | SecretStr, BeforeValidator(_urls)] = ()
    changes: bool = True
    weekly: bool = True

    @property
    def addresses(self) -> tuple[str, ...]:
        """In clear."""
        urls = (self.urls,) if isinstance(self.urls, SecretStr) else self.urls
        return tuple(address.get_secret_value() for address in urls)
