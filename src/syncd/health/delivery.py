"""Workouts on their way: what is on the sink, what is stuck, who else writes there, what the watch has."""

from __future__ import annotations

import json
from datetime import date, timedelta

from syncd.cycle.earlier_sinks import left_on
from syncd.cycle.sink_reading import others_key
from syncd.domain.day_text import day_text, listed
from syncd.domain.delivery.remote import LedgerState
from syncd.domain.delivery.troubles import DeliveryTrouble
from syncd.domain.grammar import counted
from syncd.health.check import Check, Command, fail, ok, unknown, warn
from syncd.health.examination import SYNC, Examination
from syncd.report.delivery_texts import TAKE_OVER, sink_text
from syncd.store import Store

OLD_WATCH_SYNC = timedelta(days=2)  # our default: who runs every other day syncs the watch as often
STUCK_AFTER = timedelta(days=1)  # our default: every sync tries again


def watch(case: Examination, store: Store) -> list[Check]:
    """Workouts reach it only when it syncs."""
    name, sink = "watch", _sink(case)
    at = store.device_syncs.latest(sink)
    if sink == "folder":
        return [unknown(name, "workouts go to a folder: syncd cannot see when a watch fetches them")]
    if at is None:
        return [unknown(name, "last watch sync unknown: run syncd watch")]
    if case.now - at > OLD_WATCH_SYNC:
        return [warn(name, f"last synced {case.ago(at)}", "open Garmin Connect near the watch")]
    return [ok(name, f"synced {case.ago(at)}")]


def stuck(case: Examination, store: Store) -> list[Check]:
    """Requests of which nobody knows whether they were carried out, for longer than a day."""
    waiting = [
        entry
        for entry in store.ledger.in_doubt(_sink(case), case.now - STUCK_AFTER)
        if entry.day >= case.today
    ]
    if not waiting:
        return []
    days = listed([day_text(entry.day) for entry in sorted(waiting, key=lambda entry: entry.day)])
    text = f"for over a day it has not been known whether {sink_text(_sink(case))} has the workouts of {days}"
    return [warn("workouts in doubt", text, SYNC)]


def refused(case: Examination, store: Store) -> list[Check]:
    """Workouts ahead that the service did not accept: they are not sent again unchanged."""
    rows = [
        row
        for row in store.ledger.rows(_sink(case))
        if row.state is LedgerState.REJECTED and row.day >= case.today
    ]
    if not rows:
        return []
    days = listed([day_text(row.day) for row in sorted(rows, key=lambda row: row.day)])
    text = f"{sink_text(_sink(case))} refused {counted(len(rows), 'workout')}: {days}"
    return [warn("refused workouts", text, "run it from syncd next, or change it: syncd next --easier")]


def installations(case: Examination, store: Store) -> list[Check]:
    """Whether another installation of syncd writes to the same calendar, as of the last sync."""
    name = "workouts of others"
    kept = json.loads(store.meta.get(others_key(_sink(case))) or "{}")
    days = [day_text(date.fromisoformat(day)) for day in kept.get("days", ())]
    if not days:
        return []
    where = f"{sink_text(_sink(case))} on {listed(days)}"
    if kept.get("stopped") == DeliveryTrouble.SECOND_COPY:
        text = f"a second copy of this installation writes to {where}"
        return [fail(name, f"{text}: on the one that goes on, take over", Command(TAKE_OVER))]
    text = f"another installation of syncd has workouts on {where}"
    if kept.get("stopped"):
        text = f"{text}: this one sends nothing. If that one is gone, take over"
        return [fail(name, text, Command(TAKE_OVER))]
    return [warn(name, f"{text}. If they are to go, take over", Command(TAKE_OVER))]


def earlier_sinks(case: Examination, store: Store) -> list[Check]:
    """Whether workouts of ours still lie where they no longer go."""
    return [
        warn(
            f"workouts on {name}",
            f"{sink_text(name)} still has workouts that syncd put there",
            SYNC,
        )
        for name in left_on(store, _sink(case))
    ]


def _sink(case: Examination) -> str:
    return case.settings.sync.sink if case.settings else ""
