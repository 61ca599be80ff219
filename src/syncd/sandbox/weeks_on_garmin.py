"""Six weeks of a simulated runner whose watch hangs on the stand-in for Garmin Connect.

The real connector, over HTTP, through the garminconnect library; only the clock is told what time
it is. On some evenings something goes wrong on the way, and the next cycle has to mend it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from time import time

from syncd.connectors.garmin.kept_login import KeptLogin
from syncd.connectors.garmin.session import Endpoints, GarminSession
from syncd.connectors.garmin.sink import GarminSink
from syncd.connectors.garmin.source import GarminSource
from syncd.cycle.run import SyncReport, run
from syncd.cycle.world import HORIZON_DAYS, World
from syncd.domain.athlete import Availability, Goal, ZoneSet
from syncd.domain.delivery.remote import LedgerState, find_key
from syncd.domain.session import SessionState
from syncd.domain.units import KILOMETRES, day_name
from syncd.report.reasons import reason_text
from syncd.sandbox.demo import (
    DAYS,
    EVENING,
    FIRST_DAY,
    LONGEST_M,
    MORNING,
    SEED,
    WEEKLY_M,
    WEEKS,
    ZONE,
    DemoError,
    DemoStage,
    close,
    open_week,
    say_runs,
    say_sent,
)
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.athlete import AthleteOnService, Lived, furnished
from syncd.sandbox.garmin.faults import Fault, FaultRule
from syncd.sandbox.garmin.service import GarminStandIn
from syncd.sandbox.runner import Runner
from syncd.store import Store

# From that day on, the first request of the kind meets the fault.
_TROUBLES = {
    8: (
        FaultRule(Fault.TIMEOUT_AFTER, pattern="POST /workout-service/schedule/*"),
        "a time-out while scheduling",
    ),
    15: (FaultRule(Fault.ERROR_AFTER, pattern="PUT /workout-service/workout/*"), "an error of the service"),
    22: (FaultRule(Fault.DROPPED_AFTER, pattern="POST /workout-service/workout"), "a connection that broke"),
}
_TIMEOUT_S, _HANG_S = 0.5, 0.7


def simulated_weeks(stage: DemoStage, zones: ZoneSet) -> Path:
    """Six weeks, a cycle each morning and evening. The path of the report. Raises DemoError."""
    stage.say("Runs and workouts go through a stand-in for Garmin Connect on this machine, over HTTP.")
    stage.say(
        f"A simulated runner: {reason_text(zones.source, KILOMETRES)}, {WEEKLY_M / 1000:.0f} km a week, "
        f"longest run {LONGEST_M / 1000:.0f} km, {DAYS} days a week. Seed {SEED}."
    )
    account = StandInGarminAccount()
    furnished(account, FIRST_DAY)
    athlete = AthleteOnService(account, Runner(vdot=zones.vdot), FIRST_DAY, ZONE, SEED)
    kept = KeptLogin(stage.folder / "state" / "logins")
    kept.tokens.save(account.library_tokens(time()))
    with (
        GarminStandIn(account, hang_s=_HANG_S).running() as service,
        Store.open(stage.folder / "state") as store,
    ):
        weeks = WeeksOnService(stage, service, store, kept, zones, foreign_to(account))
        for index in range(7 * WEEKS):
            weeks.live(athlete, FIRST_DAY + timedelta(days=index), index)
        last = datetime.combine(FIRST_DAY + timedelta(days=7 * WEEKS), MORNING, tzinfo=ZONE)
        with weeks.world(last) as world:
            weeks.cycle(world, last)
            _close(weeks, world, last)
    return stage.report()


@dataclass(slots=True)
class WeeksOnService:
    """The stage, the service and the state that all cycles share. `foreign`: the athlete's own things."""

    stage: DemoStage
    service: GarminStandIn
    store: Store
    kept: KeptLogin
    zones: ZoneSet
    foreign: str
    cycles: int = 0
    wrong: list[str] = field(default_factory=list)

    @contextmanager
    def world(self, now: datetime) -> Iterator[World]:
        """As `syncd sync` builds it, with the time of the story."""
        endpoints = Endpoints(self.service.url, self.service.token_url)
        session = GarminSession(self.kept.tokens, endpoints=endpoints, spacing_s=0.0, timeout_s=_TIMEOUT_S)
        index = self.stage.folder / "state" / "connectors" / "garmin" / "workouts.json"
        yield World(
            store=self.store,
            sources=(GarminSource(session, now.date()),),
            sink=GarminSink(session, "me", index, now),
            athlete_key="me",
            zone=ZONE,
            availability=Availability(days_per_week=DAYS),
            goal=Goal.FIVE_K,
            zones=self.zones,
            weekly_m=WEEKLY_M,
            longest_m=LONGEST_M,
        )

    def live(self, athlete: AthleteOnService, day: date, index: int, *, troubles: bool = True) -> None:
        """A morning cycle, the watch syncs, the run, an evening cycle."""
        morning = datetime.combine(day, MORNING, tzinfo=ZONE)
        if troubles and index in _TROUBLES:
            self.service.faults.rules.append(_TROUBLES[index][0])
        with self.world(morning) as world:
            before = self.cycle(world, morning)
            if day.weekday() == 0:
                open_week(self.stage, world, day)
                self.service.account.access.clear()  # the login of last week has ended: it is renewed
            say_sent(self.stage, before)
        athlete.morning(day)
        lived = athlete.run(day)
        self._say_unrun(lived)
        if mind := athlete.change_of_mind(day):
            self.stage.say(f"{day_name(day)}  the runner {mind}")
        evening = datetime.combine(day, EVENING, tzinfo=ZONE)
        with self.world(evening) as world:
            report = self.cycle(world, evening)
        say_runs(self.stage, report)
        say_sent(self.stage, report)

    def cycle(self, world: World, now: datetime) -> SyncReport:
        """One cycle; afterwards the calendar must be what the plan wants, unless something broke."""
        faults = self.service.faults
        waiting, before = list(faults.rules), faults.fallen
        report = run(world, now)
        self.cycles += 1
        fallen = faults.fallen > before
        for rule, what in _TROUBLES.values():
            if rule in waiting and rule not in faults.rules:
                self.stage.say(f"    {what}: nobody knows whether it arrived; the next cycle looks")
        if report.problems and not fallen:
            raise DemoError(f"{now:%Y-%m-%d %H:%M}: {report.problems[0]}")
        if not fallen:
            self.wrong += calendar_faults(world, self.service.account, now)
            if foreign_to(self.service.account) != self.foreign:
                self.wrong.append(f"{now:%Y-%m-%d %H:%M}: something of the athlete's was touched")
        return report

    def _say_unrun(self, lived: Lived) -> None:
        if lived.scenario is None and lived.name:
            self.stage.say(f"{day_name(lived.day)}  {lived.name}: did not run")


def calendar_faults(world: World, account: StandInGarminAccount, now: datetime) -> list[str]:
    """How the calendar differs from the plan: each due session of the horizon once, nothing else of ours.

    What the athlete moved, removed or changed is left out: it is theirs.
    """
    today = world.today(now)
    released = {
        row.key.session
        for row in world.store.ledger.rows(world.sink.name)
        if row.state is LedgerState.RELEASED or row.missing_since is not None
    }
    due = {
        (each.session.day.isoformat(), each.session.id, each.version)
        for each in world.store.plan.between(today, today + timedelta(days=HORIZON_DAYS - 1))
        if each.state is SessionState.DUE and each.session.id not in released
    }
    there = Counter(
        (entry["date"], key.session, key.version)
        for entry in account.schedules.values()
        if (kept := account.workouts.get(str(entry["workoutId"])))
        and (key := find_key(str(kept["description"])))
        and key.session not in released
        and entry["date"] >= today.isoformat()
    )
    done = {
        (each.session.day.isoformat(), each.session.id, each.version)
        for each in world.store.plan.between(today, today)
        if each.state is SessionState.DONE
    }
    when = f"{now:%Y-%m-%d %H:%M}"
    twice = [f"{when}: {entry} is there {count} times" for entry, count in there.items() if count > 1]
    lost = [f"{when}: {entry} is missing" for entry in due - set(there)]
    spare = [f"{when}: {entry} is not wanted" for entry in set(there) - due - done]
    return [*twice, *lost, *spare]


def foreign_to(account: StandInGarminAccount) -> str:
    """Everything on the account that is not ours, as text."""
    workouts = {
        number: each for number, each in account.workouts.items() if not find_key(str(each["description"]))
    }
    entries = {
        number: entry for number, entry in account.schedules.items() if str(entry["workoutId"]) in workouts
    }
    return json.dumps([workouts, entries, account.others], sort_keys=True)


def _close(weeks: WeeksOnService, world: World, now: datetime) -> None:
    close(weeks.stage, world, now)
    asked = Counter(each.split()[0] for each in weeks.service.requests)
    refreshed = sum("/oauth/token" in each for each in weeks.service.requests)
    writes = asked.total() - asked["GET"] - refreshed
    weeks.stage.say(
        f"Garmin Connect (the stand-in): {weeks.cycles} cycles, {asked.total()} requests, {writes} of them "
        f"writes, {refreshed} renewals of the login, {weeks.service.faults.fallen} faults."
    )
    if weeks.wrong:
        raise DemoError(f"the calendar was not what the plan wants: {weeks.wrong[0]}")
    weeks.stage.say(
        "After each cycle, and after the first one behind a fault, every workout was on the calendar once,\n"
        "and nothing of the runner's own was touched."
    )
