"""The settings: config.toml, over it the environment (`SYNCD_SECTION__KEY`), over it systemd credentials.

Imported where used, never at the top of a command module: pydantic is slow to load.
"""

from __future__ import annotations

import os
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

from syncd.config_faults import explain
from syncd.domain.athlete import Availability, Concern, Goal, Health, Priority, Race, ZoneSet
from syncd.domain.clock_time import parse_race_time
from syncd.domain.session import Phase
from syncd.domain.training.hr_zones import (
    LTHR_RANGE_BPM,
    MAX_RANGE_BPM,
    REST_RANGE_BPM,
    HeartMeasurements,
    Sex,
)
from syncd.domain.training.zones import zones_from_result

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
ConcernWord = Literal[
    "chest_pain", "fainting", "heart_disease", "doctors_advice", "pregnancy", "surgery", "injury"
]


class ConfigError(ValueError):
    """The configuration cannot be used; the message names file, line, key and what is allowed."""


def _race_time(value: str) -> str:
    parse_race_time(value)
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("must be a time zone such as Europe/Rome") from None
    return value


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AthleteSection(_Section):
    """Who runs, and where the day begins. Heart rates are measured ones, in bpm."""

    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    units: Literal["km", "mi"] = "km"
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
    """When and towards what to train. The two distances serve only until there is a history."""

    goal: Goal = Goal.FIVE_K
    days: int = Field(default=4, ge=2, le=7)
    weekdays: tuple[Weekday, ...] = WEEKDAYS  # type: ignore[assignment]
    long_run_day: Weekday = "sunday"
    weekly_km: float = Field(default=0.0, ge=0, le=300)
    longest_km: float = Field(default=0.0, ge=0, le=100)
    race: date | None = None
    race_priority: Priority = Priority.A
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
    """The health questions that were answered with yes, and what outranks every plan."""

    concerns: tuple[ConcernWord, ...] = ()
    cleared: bool = False
    birth_year: int | None = Field(default=None, ge=1900, le=2100)


SOURCES = ("folder", "garmin", "strava")


def _names_of_sources(value: object) -> object:
    """One name, several with commas, or a list; each known, and named once."""
    names = [each.strip() for each in value.split(",")] if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not names:
        raise ValueError(f"must be one or several of {', '.join(SOURCES)}")
    unknown = [each for each in names if each not in SOURCES]
    if unknown:
        raise ValueError(f"there is no {unknown[0]!r}; allowed are {', '.join(SOURCES)}")
    if len(set(names)) < len(names):
        raise ValueError("names a source twice")
    return tuple(names)


class SyncSection(_Section):
    """Where runs come from, the preferred source first, and where workouts go."""

    source: Annotated[tuple[str, ...] | str, BeforeValidator(_names_of_sources)] = ("folder",)
    sink: Literal["folder", "garmin"] = "folder"

    @property
    def sources(self) -> tuple[str, ...]:
        """The names, the preferred one first."""
        return (self.source,) if isinstance(self.source, str) else self.source


class FolderSection(_Section):
    """The two directories of the `folder` connector."""

    inbox: Path | None = None
    outbox: Path | None = None


def _service_url(value: str) -> str:
    parts = urlsplit(value)
    loopback = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    if not value or (parts.scheme == "https" and parts.hostname) or (parts.scheme == "http" and loopback):
        return value
    raise ValueError("must be an https:// address (http:// only on 127.0.0.1: logins travel there)")


ServiceUrl = Annotated[str, AfterValidator(_service_url)]


class GarminSection(_Section):
    """Garmin Connect: which one, and how gently. Empty addresses are the real service's."""

    region: Literal["international", "china"] = "international"
    spacing_s: float = Field(default=1.0, ge=0, le=60)
    history_days: int = Field(default=180, ge=14, le=3650)
    api_url: ServiceUrl = ""
    sso_url: ServiceUrl = ""
    token_url: ServiceUrl = ""

    @model_validator(mode="after")
    def _gentle_with_the_real_service(self) -> GarminSection:
        if self.spacing_s < 1 and urlsplit(self.api_url).scheme != "http":
            raise ValueError("spacing_s below 1 is for a service on this machine only")
        return self


def _client_id(value: object) -> object:
    """Strava's is a number, and people write it as one."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class StravaWebhookSection(_Section):
    """For those with a public https address: Strava tells at once that there is a new run.

    A reverse proxy passes what comes in at `public_url` on to `listen`:`port`.
    """

    public_url: ServiceUrl = ""
    listen: str = "127.0.0.1"
    port: int = Field(default=8790, ge=1, le=65535)


class StravaSection(_Section):
    """Strava: the athlete's own app. Empty addresses are the real service's."""

    client_id: Annotated[str, BeforeValidator(_client_id), Field(pattern=r"^[0-9]{0,20}$")] = ""
    client_secret: SecretStr = SecretStr("")
    api_url: ServiceUrl = ""
    oauth_url: ServiceUrl = ""
    webhook: StravaWebhookSection = StravaWebhookSection()


class _Credentials(NestedSecretsSettingsSource):
    """The credentials that systemd hands over: files named like the variables, one value each."""

    @classmethod
    def load_secrets(cls, path: Path) -> dict[str, str]:
        """Only what is named for syncd: other credentials need not even be text."""
        files = [each for each in path.iterdir() if each.name.lower().startswith("syncd_") and each.is_file()]
        return {each.name: each.read_text(encoding="utf-8").strip() for each in files}


class Settings(BaseSettings):
    """All settings, validated; unknown keys are refused."""

    model_config = SettingsConfigDict(
        env_prefix="SYNCD_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    athlete: AthleteSection = AthleteSection()
    fitness: FitnessSection = FitnessSection()
    plan: PlanSection = PlanSection()
    health: HealthSection = HealthSection()
    sync: SyncSection = SyncSection()
    folder: FolderSection = FolderSection()
    garmin: GarminSection = GarminSection()
    strava: StravaSection = StravaSection()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Credentials win over the environment, the environment over the file."""
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        credentials = (
            (_Credentials(SecretsSettingsSource(settings_cls, secrets_dir=folder)),) if folder else ()
        )
        return (*credentials, env_settings, init_settings)

    def section_of(self, connector: str) -> dict[str, Any]:
        """The settings of one connector; empty for one that has none."""
        section = getattr(self, connector, None) if connector in type(self).model_fields else None
        return section.model_dump() if isinstance(section, BaseModel) else {}

    @property
    def zone(self) -> ZoneInfo:
        """The athlete's time zone."""
        return ZoneInfo(self.athlete.timezone)

    def zone_set(self) -> ZoneSet | None:
        """The paces of the 5 km, None without one. Raises FitnessError where none can be read from it."""
        if self.fitness.five_k is None:
            return None
        seconds, named = parse_race_time(self.fitness.five_k), f"5 km in {self.fitness.five_k}"
        return zones_from_result(5000, seconds, as_of=self.fitness.five_k_date, source=named)

    def availability(self) -> Availability:
        """When the athlete can run."""
        return Availability(
            days_per_week=self.plan.days,
            weekdays=tuple(sorted(WEEKDAYS.index(day) for day in set(self.plan.weekdays))),
            long_run_day=WEEKDAYS.index(self.plan.long_run_day),
        )

    def goal_race(self) -> Race | None:
        """The race of the plan, over the distance of its goal."""
        if self.plan.race is None:
            return None
        return Race(self.plan.race, self.plan.goal, self.plan.race_priority)

    def goal_phase(self) -> Phase | None:
        """The phase that the athlete chose; None leaves it to the plan."""
        return None if self.plan.phase == "auto" else Phase(self.plan.phase)

    def health_answers(self) -> Health:
        """What was answered, as the planner wants it."""
        concerns = frozenset(Concern[word.upper()] for word in self.health.concerns)
        return Health(concerns, self.health.cleared, self.health.birth_year)


def load(path: Path) -> Settings:
    """The validated settings. Raises ConfigError: one line that says what to change, and where."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"no configuration at {path}: run syncd init (or name one with --config)") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path.name}: not valid TOML: {error}") from None
    if "client_secret" in _table(values, "strava"):
        raise ConfigError(
            f"{path.name}: [strava] client_secret does not belong in a file that others may read: "
            "syncd auth strava asks for it, or set SYNCD_STRAVA__CLIENT_SECRET"
        )
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise ConfigError(explain(error, Settings, path.name, text)) from None
    folder = FolderSection(
        inbox=_beside(path, settings.folder.inbox), outbox=_beside(path, settings.folder.outbox)
    )
    return settings.model_copy(update={"folder": folder})


def _table(values: dict[str, Any], name: str) -> dict[str, Any]:
    found = values.get(name)
    return found if isinstance(found, dict) else {}


def _beside(config: Path, folder: Path | None) -> Path | None:
    """A relative folder is meant from the configuration file: a daemon has no useful working directory."""
    return None if folder is None else config.absolute().parent / folder.expanduser()
