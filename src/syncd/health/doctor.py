"""All checks, in the order in which a person would go through them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from syncd.config import ConfigError, Settings, load
from syncd.health import files, machine, services
from syncd.health.check import Check, State, fail, ok, worst
from syncd.paths import Paths
from syncd.report.sheet import Sheet, StyledOrPlain, StyledText, Tone
from syncd.store import Store, StoreError

_HANG = 6  # under the names
_PROGRAMS = ("syncd ", "chmod ", "chown ", "pip ", "timedatectl ")
_LABELS = {
    State.OK: StyledText("ok", Tone.GOOD),
    State.WARN: StyledText("warn", Tone.FAIR),
    State.FAIL: StyledText("FAIL", Tone.BAD),
    State.UNKNOWN: StyledText("-", Tone.QUIET),
}


def examine(paths: Paths, now: datetime, *, online: bool) -> list[Check]:
    """Every check that can be made. One that cannot never stops the others."""
    try:
        settings: Settings | None = load(paths.config)
        configuration = ok("configuration", str(paths.config))
    except ConfigError as error:
        exists = paths.config.exists()  # else the error says what to run
        remedy = "correct it, or run syncd init --force" if exists else ""
        settings, configuration = None, fail("configuration", str(error), remedy)
    zone = settings.zone if settings else ZoneInfo("UTC")
    database = files.database(paths)
    checks = [configuration, files.permissions(paths), files.disk(paths), database]
    unreadable = files.is_unreadable(paths)
    if not unreadable:
        checks.append(files.copies(paths, now.astimezone(zone).date()))
    if settings is not None:
        checks.append(machine.time_zone(settings.athlete.timezone))
        checks += [] if unreadable else services.logins(settings, paths, now)
        checks += [*services.libraries(settings), *services.folders(settings)]
        if online:
            checks += machine.network(_urls(settings))
        if database.state is State.OK:
            checks += _store_checks(settings, paths, now)
        checks += services.notifications(settings)
    checks += [] if unreadable else [services.service(paths, now)]
    checks += [machine.connectors(), machine.libraries()]
    return checks


def _store_checks(settings: Settings, paths: Paths, now: datetime) -> list[Check]:
    try:
        with Store.open(paths.state) as store:
            return [
                *services.pulls(settings, store, now),
                services.watch(settings, store, now),
                *services.installations(settings, store),
                *services.earlier_sinks(settings, store),
                services.doubtful(store),
                files.recordings(store),
            ]
    except StoreError:
        return []


def _urls(settings: Settings) -> list[str]:
    """One address of each service in use."""
    from syncd.connectors.strava.oauth import places_of

    in_use = {*settings.sync.sources, settings.sync.sink}
    urls = []
    if "garmin" in in_use:
        domain = "garmin.cn" if settings.garmin.region == "china" else "garmin.com"
        urls.append(settings.garmin.api_url or f"https://connectapi.{domain}")
    if "strava" in in_use:
        urls.append(places_of(settings.section_of("strava")).api)
    return urls


def payload(checks: list[Check]) -> dict[str, Any]:
    """`syncd.doctor/1`."""
    return {
        "schema": "syncd.doctor/1",
        "state": worst(checks).value,
        "checks": [
            {
                "name": check.name,
                "state": check.state.value,
                "words": check.text,
                "remedy": check.remedy or None,
            }
            for check in checks
        ],
    }


def sheet(checks: list[Check]) -> Sheet:
    """One line per check, with the remedy where one is needed."""
    lines = Sheet()
    width = max(len(check.name) for check in checks)
    for check in checks:
        label = _LABELS[check.state]
        state = replace(label, text=f"{label.text:5} ")
        # lines, not columns: a path stays whole, so that it can be copied
        lines.say(state, f"{check.name:{width}}  ", check.text, *_remedy(check.remedy), hang=_HANG)
    return lines


def _remedy(remedy: str) -> tuple[StyledOrPlain, ...]:
    """A command is introduced by "Run:", anything else by a colon."""
    if not remedy:
        return ()
    return (". Run: ", StyledText(remedy, Tone.MARK)) if remedy.startswith(_PROGRAMS) else (f": {remedy}",)
