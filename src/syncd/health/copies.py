"""The copies of the database."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from syncd.domain.day_text import listed
from syncd.domain.grammar import counted
from syncd.health.check import Check, Command, fail, ok, unknown, warn
from syncd.health.examination import Examination
from syncd.store import StoreError
from syncd.store.copies import backups, damaged_copies
from syncd.store.looking import database_as_it_is
from syncd.store.times import from_text

_NAME = "backups"
_OLD_DAYS = 3  # our default: nights on which the machine was off
_FIRST_NIGHT = timedelta(hours=36)  # our default: by then a night has passed, wherever one lives
_TIDY = Command("syncd tidy")


def copies(case: Examination) -> list[Check]:
    """A recent copy that can be used."""
    if not case.state_is_listed:
        return []
    existing = backups(case.paths.state)
    if not existing:
        if not case.database.exists():
            return [unknown(_NAME, "nothing to copy yet")]
        if case.now - _first_sync(case) < _FIRST_NIGHT:
            return [unknown(_NAME, "none yet: the service makes one each night, syncd tidy makes one now")]
        return [warn(_NAME, "there is no copy of the database", _TIDY)]
    newest, age = existing[0], (case.today - _day_of(existing[0])).days
    if age < -1:  # tomorrow's: the athlete travelled
        text = f"{newest} is of a day to come, made while the clock was wrong, and hides newer ones"
        return [warn(_NAME, text, Command.of("rm", newest))]
    if age > _OLD_DAYS:
        return [warn(_NAME, f"the newest copy is {age} days old: the service made none since", _TIDY)]
    if damaged := damaged_copies(case.paths.state):
        good = len(existing) - len(damaged)
        names, is_or_are = listed([copy.name for copy in damaged]), "is" if len(damaged) == 1 else "are"
        text = f"{names} {is_or_are} damaged: {counted(good, 'good copy', 'good copies')} left"
        remedy = _TIDY if newest in damaged else Command.of("rm", damaged[0])
        return [(warn if good else fail)(_NAME, text, remedy)]
    return [ok(_NAME, f"{len(existing)}, the newest from {_day_of(newest).isoformat()}")]


def _first_sync(case: Examination) -> datetime:
    """When the first sync that is remembered began; now where there was none, or nobody can tell."""
    try:
        with database_as_it_is(case.database) as opened:
            found = opened.rows("SELECT min(started_at) FROM cycles")[0][0]
    except StoreError:
        return case.now
    return from_text(found) if found else case.now


def _day_of(copy: Path) -> date:
    return date.fromisoformat(copy.stem.removeprefix("syncd-"))
