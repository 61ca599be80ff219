"""What the athlete decided about the plan, by command or on the watch's calendar."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from syncd.store.database import Database
from syncd.store.times import from_text, maybe_from_text, to_text


class OverrideKind(StrEnum):
    """What was decided."""

    MOVE = "move"
    SKIP = "skip"
    PIN = "pin"
    PAUSE = "pause"
    ILL = "ill"
    HURT = "hurt"
    GOAL = "goal"
    PHASE = "phase"
    RPE = "rpe"
    EASIER = "easier"
    HEAT = "heat"  # detail: temperature_c and dew_point_c in degrees Celsius; {}: it is over
    RACE = "race"  # the run was a race or an all-out effort; detail: distance_m


HOLDING = frozenset({OverrideKind.MOVE, OverrideKind.SKIP, OverrideKind.PIN, OverrideKind.EASIER})
TIME_OFF = frozenset({OverrideKind.PAUSE, OverrideKind.ILL, OverrideKind.HURT})


@dataclass(frozen=True, slots=True)
class Override:
    """One decision. `last_day` None: open, or a single day. `detail` is JSON-able.

    `id` is 0 until it is kept. `change_id`: the change of the plan that it made.
    """

    kind: OverrideKind
    at: datetime
    first_day: date
    last_day: date | None = None
    session_id: str | None = None
    activity_id: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    change_id: int | None = None
    revoked_at: datetime | None = None
    id: int = 0

    def covers(self, day: date) -> bool:
        """Whether a day is inside; an open one has no end."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def outlasts(self, other: Override) -> bool:
        """Whether it ends no earlier than another."""
        return self.last_day is None or (other.last_day is not None and other.last_day <= self.last_day)


def needs_doctor(override: Override) -> bool:
    """Whether it is an injury that a doctor has to look at before anything is run."""
    return override.kind is OverrideKind.HURT and bool(override.detail.get("doctor"))


def shown_kind(override: Override) -> str:
    """Time off by the name of its texts: pause, ill, hurt, or doctor for one that a doctor has to look at."""
    return "doctor" if needs_doctor(override) else override.kind.value


class Overrides:
    """The only code that knows their table."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, override: Override) -> Override:
        """Keep it; the override with its id."""
        identity = self._db.insert(
            "INSERT INTO words (at, kind, session_id, activity_id, first_day, last_day, detail, change_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                to_text(override.at),
                override.kind.value,
                override.session_id,
                override.activity_id,
                override.first_day.isoformat(),
                None if override.last_day is None else override.last_day.isoformat(),
                json.dumps(dict(override.detail), ensure_ascii=False, sort_keys=True),
                override.change_id,
            ),
        )
        return replace(override, id=identity)

    def of(self, kinds: Iterable[OverrideKind]) -> tuple[Override, ...]:
        """Those of these kinds that are in force, oldest first."""
        wanted = sorted(kind.value for kind in kinds)
        places = ", ".join("?" * len(wanted))
        sql = f"SELECT * FROM words WHERE taken_back_at IS NULL AND kind IN ({places}) ORDER BY id"  # noqa: S608
        return tuple(map(_override, self._db.rows(sql, wanted)))

    def newest(self, kind: OverrideKind) -> Override | None:
        """The last one of a kind that is in force."""
        return next(iter(reversed(self.of([kind]))), None)

    def holding(self) -> frozenset[str]:
        """Sessions that the athlete moved, skipped, pinned or made easier: no rule touches them."""
        return frozenset(
            override.session_id for override in self.of(HOLDING) if override.session_id is not None
        )

    def rpe_of(self, activity_id: int) -> float | None:
        """The effort that the athlete entered for a run."""
        efforts = [
            override for override in self.of([OverrideKind.RPE]) if override.activity_id == activity_id
        ]
        return float(efforts[-1].detail["rpe"]) if efforts else None

    def race_of(self, activity_id: int) -> Override | None:
        """The athlete's word that a run was a race."""
        races = [race for race in self.of([OverrideKind.RACE]) if race.activity_id == activity_id]
        return races[-1] if races else None

    def time_off(self) -> tuple[Override, ...]:
        """Pauses, illness and injuries, over or not, oldest first."""
        return self.of(TIME_OFF)

    def time_off_between(self, first: date, last: date) -> tuple[Override, ...]:
        """Those of them that cover a day between two, both included; no pause that an illness covers."""
        spells = [
            spell
            for spell in self.time_off()
            if spell.first_day <= last and (spell.last_day is None or spell.last_day >= first)
        ]
        troubles = [spell for spell in spells if spell.kind is not OverrideKind.PAUSE]
        return tuple(
            spell
            for spell in spells
            if spell.kind is not OverrideKind.PAUSE
            or not any(
                trouble.covers(max(spell.first_day, first)) and trouble.outlasts(spell)
                for trouble in troubles
            )
        )

    def days_off(self, first: date, last: date) -> frozenset[date]:
        """Days without running between two days, both included."""
        days = (first + timedelta(days=count) for count in range((last - first).days + 1))
        spells = self.time_off()
        return frozenset(day for day in days if any(spell.covers(day) for spell in spells))

    def caused(self, override_id: int, change_id: int) -> None:
        """The change of the plan that it made."""
        self._db.run("UPDATE words SET change_id = ? WHERE id = ?", (change_id, override_id))

    def end(self, override_id: int, last_day: date) -> None:
        """It lasted until that day."""
        self._db.run("UPDATE words SET last_day = ? WHERE id = ?", (last_day.isoformat(), override_id))

    def describe(self, override_id: int, detail: Mapping[str, Any]) -> None:
        """What is known of it is this now."""
        text = json.dumps(dict(detail), ensure_ascii=False, sort_keys=True)
        self._db.run("UPDATE words SET detail = ? WHERE id = ?", (text, override_id))

    def reinstate(self, override_id: int, last_day: date | None) -> None:
        """It holds again, until that day or without an end."""
        until = None if last_day is None else last_day.isoformat()
        self._db.run("UPDATE words SET last_day = ?, taken_back_at = NULL WHERE id = ?", (until, override_id))

    def revoke(self, override_id: int, at: datetime) -> None:
        """It is taken back."""
        self._db.run("UPDATE words SET taken_back_at = ? WHERE id = ?", (to_text(at), override_id))

    def of_change(self, change_id: int) -> tuple[Override, ...]:
        """The overrides that made a change and are still in force."""
        found = self._db.rows(
            "SELECT * FROM words WHERE change_id = ? AND taken_back_at IS NULL ORDER BY id", (change_id,)
        )
        return tuple(map(_override, found))

    def revoke_of_change(self, change_id: int, at: datetime) -> None:
        """Whatever made a change is taken back."""
        self._db.run(
            "UPDATE words SET taken_back_at = ? WHERE change_id = ? AND taken_back_at IS NULL",
            (to_text(at), change_id),
        )


def _override(row: sqlite3.Row) -> Override:
    return Override(
        id=row["id"],
        at=from_text(row["at"]),
        kind=OverrideKind(row["kind"]),
        session_id=row["session_id"],
        activity_id=row["activity_id"],
        first_day=date.fromisoformat(row["first_day"]),
        last_day=None if row["last_day"] is None else date.fromisoformat(row["last_day"]),
        detail=json.loads(row["detail"]),
        change_id=row["change_id"],
        revoked_at=maybe_from_text(row["taken_back_at"]),
    )
