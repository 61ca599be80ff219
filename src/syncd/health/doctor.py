"""All checks, in the order in which a person would go through them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from syncd.config import ConfigError, load
from syncd.connectors.base import ConnectorError
from syncd.credentials import CredentialError
from syncd.health import (
    answers,
    clock,
    copies,
    database,
    delivery,
    disk,
    faults,
    logins,
    machine,
    pages,
    permissions,
    recordings,
    requirements,
    service,
    set_aside,
    sources,
    telling,
    units,
)
from syncd.health.check import Check, Command, State, fail, ok, unknown, worst
from syncd.health.examination import RESTORE, Examination
from syncd.paths import Paths
from syncd.report.sheet import Sheet, StyledOrPlain, StyledText, Tone
from syncd.service.systemd import Systemctl, is_there
from syncd.store import Store, StoreError
from syncd.store.looking import state_as_it_is

_HANG = 6  # under the names
_LABELS = {
    State.OK: StyledText("ok", Tone.GOOD),
    State.WARN: StyledText("warn", Tone.FAIR),
    State.FAIL: StyledText("FAIL", Tone.BAD),
    State.UNKNOWN: StyledText("-", Tone.QUIET),
}
_OF_FILES: tuple[Callable[[Examination], list[Check]], ...] = (
    permissions.permissions,
    disk.disk,
    disk.temporary_files,
    database.database,
    copies.copies,
    machine.time_zones,
    clock.pinned_clock,
    logins.garmin_login,
    logins.strava_login,
    logins.strava_webhook,
    logins.garmin_library,
    sources.inbox,
    answers.dates_in_file,
    sources.outbox,
)
_OF_THE_STORE: tuple[Callable[[Examination, Store], list[Check]], ...] = (
    clock.clock_behind,
    answers.kept_dates,
    sources.pulls,
    sources.syncs,
    recordings.recordings,
    recordings.unreadable,
    set_aside.set_aside,
    delivery.watch,
    delivery.stuck,
    delivery.refused,
    delivery.installations,
    delivery.earlier_sinks,
    recordings.doubtful,
    pages.report,
    pages.calendar,
    telling.undelivered,
)
_OF_THE_SINK = frozenset(  # which one, only the settings say
    {delivery.watch, delivery.stuck, delivery.refused, delivery.installations, delivery.earlier_sinks}
)
_OF_THE_MACHINE: tuple[Callable[[Examination], list[Check]], ...] = (
    telling.addresses,
    service.service,
    service.hung_sync,
    units.units,
    units.lingering,
    faults.faults,
    machine.installed_connectors,
    machine.installed_libraries,
    requirements.requirements,
)
_UNEXPECTED = (
    *(StoreError, ConnectorError, CredentialError, OSError, ValueError, LookupError, TypeError),
    *(AttributeError, ArithmeticError, RecursionError, sqlite3.Error),
)


def examine(
    paths: Paths, now: datetime, *, online: bool, managers: Sequence[Systemctl] | None = None
) -> list[Check]:
    """Every check that can be made; nothing is changed. One that cannot be made never stops the others.

    `managers`: the service managers to ask, those of this machine where None.
    """
    case = Examination(paths, now, managers=_managers() if managers is None else managers)
    try:
        settings = load(paths.config)
        case, configuration = replace(case, settings=settings), ok("configuration", str(paths.config))
    except ConfigError as error:
        configuration = fail("configuration", str(error), _correction(paths, error))
    checks = [configuration, *(check for look in _OF_FILES for check in _guarded(look, case))]
    if online and case.settings is not None:
        checks += machine.network(_urls(case))
    if _is_well(checks, "database"):
        checks += _store_checks(case)
    return checks + [check for look in _OF_THE_MACHINE for check in _guarded(look, case)]


def _managers() -> tuple[Systemctl, ...]:
    return tuple(Systemctl(user) for user in (True, False) if is_there(user))


def _correction(paths: Paths, error: ConfigError) -> str:
    """The error says what to run where there is no file."""
    if error.command:
        return Command(error.command)
    return "correct it, or run syncd init --force" if paths.config.exists() else ""


def _is_well(checks: Sequence[Check], name: str) -> bool:
    return any(check.name == name and check.state is State.OK for check in checks)


def _guarded(look: Callable[[Examination], list[Check]], case: Examination) -> list[Check]:
    try:
        return look(case)
    except _UNEXPECTED as error:
        return [_unexplained(look.__name__, error, "look at that file, or restore it")]


def _store_checks(case: Examination) -> list[Check]:
    """What the state says; a table that holds what syncd never wrote costs its own check."""
    checks: list[Check] = []
    try:
        with state_as_it_is(case.paths.state) as store:
            for look in _OF_THE_STORE:
                if case.settings is None and look in _OF_THE_SINK:
                    continue
                try:
                    checks += look(case, store)
                except _UNEXPECTED as error:
                    checks.append(_unexplained(look.__name__, error, RESTORE))
    except StoreError as error:
        checks.append(_unexplained("state", error, RESTORE))
    return checks


def _unexplained(name: str, error: Exception, remedy: str) -> Check:
    if isinstance(error, PermissionError):
        return unknown(name.replace("_", " "), f"cannot be checked: no permission for {error.filename}")
    reason = str(error) or type(error).__name__
    return fail(name.replace("_", " "), f"what is kept cannot be understood ({reason})", remedy)


def _urls(case: Examination) -> list[str]:
    """One address of each service in use."""
    from syncd.connectors.strava.oauth import places_of

    settings, urls = case.settings, []
    if settings is not None and "garmin" in case.services_in_use:
        domain = "garmin.cn" if settings.garmin.region == "china" else "garmin.com"
        urls.append(settings.garmin.api_url or f"https://connectapi.{domain}")
    if settings is not None and "strava" in case.services_in_use:
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
                "command": check.command,
                "needs_login": check.needs_login,
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
        lines.say(state, f"{check.name:{width}}  ", check.text, *_remedy(check), hang=_HANG)
    return lines


def _remedy(check: Check) -> tuple[StyledOrPlain, ...]:
    """A command is introduced by "Run:", anything else by a colon."""
    if not check.remedy:
        return ()
    if check.command:
        return (". Run: ", StyledText(check.command, Tone.MARK))
    return (f": {check.remedy}",)
