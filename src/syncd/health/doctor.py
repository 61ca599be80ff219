"""All checks, in the order in which one would look."""

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
_WORD = {
    State.OK: StyledText("ok", Tone.GOOD),
    State.WARN: StyledText("warn", Tone.FAIR),
    State.FAIL: StyledText("FAIL", Tone.BAD),
    State.UNKNOWN: StyledText("-", Tone.QUIET),
}


def examine(paths: Paths, now: datetime, *, online: bool) -> list[Check]:
    """Every check that can be made. What cannot be looked at never stops the others."""
    try:
        settings: Settings | None = load(paths.config)
        configuration = ok("configuration", str(paths.config))
    except ConfigError as error:
        there = paths.config.exists()  # else the error says what to run
        remedy = "change that, or run syncd init --force" if there else ""
        settings, configuration = None, fail("configuration", str(error), remedy)
    zone = settings.zone if settings else ZoneInfo("UTC")
    base = files.database(paths)
    checks = [configuration, files.permissions(paths), files.disk(paths), base]
    shut = files.closed(paths)
    if not shut:
        checks.append(files.copies(paths, now.astimezone(zone).date()))
    if settings is not None:
        checks.append(machine.time_zone(settings.athlete.timezone))
        checks += [] if shut else services.logins(settings, paths, now)
        checks += [*services.libraries(settings), *services.folders(settings)]
        if online:
            checks += machine.network(_urls(settings))
        if base.state is State.OK:
            checks += _of_the_store(settings, paths, now)
        checks += services.telling(settings)
    checks += [] if shut else [services.service(paths, now)]
    checks += [machine.connectors(), machine.libraries()]
    return checks


def _of_the_store(settings: Settings, paths: Paths, now: datetime) -> list[Check]:
    try:
        with Store.open(paths.state) as store:
            return [*services.looks(settings, store, now), services.watch(settings, store, now)]
    except StoreError:
        return []


def _urls(settings: Settings) -> list[str]:
    """One address of each service that is used."""
    from syncd.connectors.strava.oauth import places_of

    used = {*settings.sync.sources, settings.sync.sink}
    urls = []
    if "garmin" in used:
        domain = "garmin.cn" if settings.garmin.region == "china" else "garmin.com"
        urls.append(settings.garmin.api_url or f"https://connectapi.{domain}")
    if "strava" in used:
        urls.append(places_of(settings.section_of("strava")).api)
    return urls


def payload(checks: list[Check]) -> dict[str, Any]:
    """`syncd.doctor/1`."""
    return {
        "schema": "syncd.doctor/1",
        "state": worst(checks).value,
        "checks": [
            {
                "name": each.name,
                "state": each.state.value,
                "words": each.words,
                "remedy": each.remedy or None,
            }
            for each in checks
        ],
    }


def sheet(checks: list[Check]) -> Sheet:
    """A line each, the remedy where one is needed."""
    found = Sheet()
    width = max(len(each.name) for each in checks)
    for each in checks:
        word = _WORD[each.state]
        head = replace(word, text=f"{word.text:5} ")
        # lines and no columns: a path stays whole, to be copied
        found.say(head, f"{each.name:{width}}  ", each.words, *_remedy(each.remedy), hang=_HANG)
    return found


def _remedy(remedy: str) -> tuple[StyledOrPlain, ...]:
    """A command is to be run, anything else to be done."""
    if not remedy:
        return ()
    return (". Run: ", StyledText(remedy, Tone.MARK)) if remedy.startswith(_PROGRAMS) else (f": {remedy}",)
