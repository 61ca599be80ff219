"""The settings: config.toml, over it the environment (`SYNCD_SECTION__KEY`), over it systemd credentials.

Imported where used, never at the top of a command module: pydantic is slow to load.
"""

from __future__ import annotations

import os
import stat
import tomllib
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError
from pydantic_settings import (
    BaseSettings,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

from syncd.config_faults import explain
from syncd.config_sections import (
    AthleteSection,
    DaemonSection,
    FitnessSection,
    FolderSection,
    GarminSection,
    HealthSection,
    NotifySection,
    PlanSection,
    StravaSection,
    SyncSection,
)
from syncd.domain.athlete import Availability, Concern, Health, HealthAnswer, Race, ZoneSet
from syncd.domain.calendar_names import WEEKDAYS
from syncd.domain.clock_time import parse_race_time
from syncd.domain.health_dates import require_likely_birth_year, require_past_birth
from syncd.domain.session import Phase
from syncd.domain.training.reasons import entered_result
from syncd.domain.training.zones import zones_from_result
from syncd.durable import read_small
from syncd.paths import GOOD_CONFIG_VARIABLE


class ConfigError(ValueError):
    """The configuration cannot be used; the message names file, line, key and what is allowed.

    `command` mends it, "" where only an editor can.
    """

    def __init__(self, message: str, command: str = "") -> None:
        super().__init__(message)
        self.command = command


class _Credentials(NestedSecretsSettingsSource):
    """The credentials that systemd hands over: files named like the variables, one value each."""

    @classmethod
    def load_secrets(cls, path: Path) -> dict[str, str]:
        """Only those named for syncd: other credentials need not even be text."""
        files = [file for file in path.iterdir() if file.name.lower().startswith("syncd_") and file.is_file()]
        return {file.name: file.read_text(encoding="utf-8").strip() for file in files}


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
    daemon: DaemonSection = DaemonSection()
    notify: NotifySection = NotifySection()

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

    def every_min(self, source: str) -> float:
        """Minutes between two pulls of a source."""
        return float(getattr(self, source).every_min)

    @property
    def notifies(self) -> bool:
        """Whether messages or calls to a monitor are wanted after syncs."""
        return bool(self.daemon.heartbeat_url.get_secret_value() or self.notify.addresses)

    @property
    def zone(self) -> ZoneInfo:
        """The athlete's time zone."""
        return ZoneInfo(self.athlete.timezone)

    @property
    def week_start(self) -> int:
        """The first weekday of the weeks in reports; 0 is Monday."""
        return WEEKDAYS.index(self.athlete.week_start)

    def zone_set(self) -> ZoneSet | None:
        """The paces of the 5 km, None without one. Raises FitnessError where none can be read from it."""
        if self.fitness.five_k is None:
            return None
        seconds, named = parse_race_time(self.fitness.five_k), entered_result(5000.0, self.fitness.five_k)
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

    def health_answers(self, today: date) -> Health:
        """The answers to the health questions as if first read today. Raises HealthDateError.

        A birth has its own date; without one it counts from today, which is the cautious side.
        """
        require_likely_birth_year(self.health.birth_year, today)
        require_past_birth(self.health.gave_birth, today)
        cleared = today if self.health.cleared else None
        concerns = dict.fromkeys(Concern[concern.upper()] for concern in self.health.concerns)
        answers = (
            HealthAnswer(
                concern,
                (concern is Concern.BIRTH and self.health.gave_birth) or today,
                easy_from=cleared,
                free_from=cleared,
                in_file=True,
            )
            for concern in concerns
        )
        return Health(tuple(answers), self.health.birth_year)


def load(path: Path) -> Settings:
    """The validated settings. Raises ConfigError: one line that says what to change, and where.

    A child of the service reads the copy that the service checked, so that a file which is being
    edited, or was broken, changes nothing until it was read as a whole.
    """
    good = os.environ.get(GOOD_CONFIG_VARIABLE, "")
    read = Path(good) if good and Path(good).exists() else path
    try:
        text = read_small(read).decode("utf-8")
    except FileNotFoundError:
        raise ConfigError(f"no configuration at {path}: run syncd init (or name one with --config)") from None
    except IsADirectoryError:
        raise ConfigError(f"{path} is a folder: name the file config.toml in it") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not a text file: write it in UTF-8") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror}): check who owns it") from None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path.name}: not valid TOML: {error}") from None
    if "client_secret" in _table(values, "strava"):
        raise ConfigError(
            f"{path.name}: [strava] client_secret does not belong in a file that others may read: "
            "syncd auth strava asks for it, or set SYNCD_STRAVA__CLIENT_SECRET"
        )
    _refuse_open_secrets(read, path.name, values)
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise ConfigError(explain(error, Settings, path.name, text)) from None
    folder = settings.folder.model_copy(
        update={
            "inbox": _beside(path, settings.folder.inbox),
            "outbox": _beside(path, settings.folder.outbox),
        }
    )
    return settings.model_copy(update={"folder": folder})


def without_file() -> Settings:
    """What holds before there is a configuration: the environment, else the defaults. Raises ConfigError."""
    try:
        return Settings()
    except ValidationError as error:
        raise ConfigError(explain(error, Settings, "environment", "")) from None


_SECRETS = (("notify", "urls"), ("daemon", "heartbeat_url"))


def _refuse_open_secrets(file: Path, name: str, values: dict[str, Any]) -> None:
    """Anybody who knows these addresses can use them: only in a file that nobody else can read."""
    secret = next(((table, key) for table, key in _SECRETS if key in _table(values, table)), None)
    if secret is None or not file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return
    table, key = secret
    raise ConfigError(
        f"{name}: [{table}] {key} is a secret, and others can read this file: run `chmod 600 {file}`, "
        f"or set SYNCD_{table.upper()}__{key.upper()}",
        f"chmod 600 {file}",
    )


def _table(values: dict[str, Any], name: str) -> dict[str, Any]:
    table = values.get(name)
    return table if isinstance(table, dict) else {}


def _beside(config: Path, folder: Path | None) -> Path | None:
    """A relative folder is meant from the configuration file: a daemon has no useful working directory."""
    return None if folder is None else config.absolute().parent / folder.expanduser()
