"""Six weeks of a simulated runner whose watch hangs on the stand-in for Garmin Connect.

The real connector, over HTTP, through the garminconnect library; only the time is the story's own: it ends
now. On some days something goes wrong on the way, and the next sync has to mend it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
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
from syncd.domain.session import SessionState, monday_of
from syncd.domain.units import KILOMETRES, day_name
from syncd.report.delivery_texts import problem_text
from syncd.report.reasons import reason_text
from syncd.sandbox.demo import (
    DAYS,
    EVENING,
    LONGEST_M,
    MORNING,
    SEED,
    WEEKLY_M,
    WEEKS,
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
_TIMEOUT_S, _HANG_S = 3.0, 3.5  # a busy machine may take a second to answer itself


def first_day_of(today: date) -> date:
    """The Monday that the story begins on: six whole weeks before the present one."""
    return monday_of(today) - timedelta(weeks=WEEKS)


def simulated_weeks(stage: DemoStage, zones: ZoneSet, now: datetime, zone: tzinfo) -> Path:
    """Six weeks up to now, a sync each morning and evening. The path of the report. Raises DemoError."""
    today = now.astimezone(zone).date()
    first = first_day_of(today)
    stage.say("Runs and workouts go through a stand-in for Garmin Connect on this machine, over HTTP.")
    stage.say(
        f"A simulated runner: {reason_text(zones.source, KILOMETRES)}, {WEEKLY_M / 1000:.0f} km a week, "
        f"longest run {LONGEST_M / 1000:.0f} km, {DAYS} days a week. Seed {SEED}."
    )
    account = StandInGarminAccount()
    furnished(account, first)
    athlete = AthleteOnService(account, Runner(vdot=zones.vdot), first, zone, SEED)
    kept = KeptLogin(stage.folder / "state" / "logins")
    kept.tokens.save(account.library_tokens(time()))
    with (
        GarminStandIn(account, hang_s=_HANG_S).running() as service,
        Store.open(stage.folder / "state") as store,
    ):
        weeks = WeeksOnService(stage, service, store, kept, zones, foreign_to(account), first, zone)
        for index in range((today - first).days):
            weeks.live(athlete, first + timedelta(days=index), index)
        with weeks.world(now) as world:
            weeks.sync(world, now)
            _close(weeks, world, now)
    return stage.report()


@dataclass(slots=True)
class WeeksOnService:
    """The stage, the service and the state that all syncs share.

    `foreign`: the athlete's own things. `first`: the Monday of week 1.
    """

    stage: DemoStage
    service: GarminStandIn
    store: Store
    kept: KeptLogin
    zones: ZoneSet
    foreign: str
    first: date
    zone: tzinfo
    timeout_s: float = _TIMEOUT_S
    syncs: int = 0
    wrong: list[str] = field(default_factory=list)

    @contextmanager
    def world(self, now: datetime) -> Iterator[World]:
        """As `syncd sync` builds it, with the time of the story."""
        endpoints = Endpoints(self.service.url, self.service.token_url)
        session = GarminSession(
            self.kept.tokens, endpoints=endpoints, spacing_s=0.0, timeout_s=self.timeout_s
        )
        index = self.stage.folder / "state" / "connectors" / "garmin" / "workouts.json"
        yield World(
            store=self.store,
            sources=(GarminSource(session, now.date()),),
            sink=GarminSink(session, "me", index, now),
            athlete_key="me",
            zone=self.zone,
            availability=Availability(days_per_week=DAYS),
            goal=Goal.FIVE_K,
            zones=self.zones,
            weekly_m=WEEKLY_M,
            longest_m=LONGEST_M,
        )

    def live(self, athlete: AthleteOnService, day: date, index: int, *, troubles: bool = True) -> None:
        """A sync in the morning, then the watch's own, the run, and a sync in the evening."""
        morning = datetime.combine(day, MORNING, tzinfo=self.zone)
        if troubles and index in _TROUBLES:
            self.service.faults.rules.append(_TROUBLES[index][0])
        with self.world(morning) as world:
            before = self.sync(world, morning)
            if day.weekday() == 0:
                open_week(self.stage, world, day, 1 + (day - self.first).days // 7)
                self.service.account.access.clear()  # the login of last week has ended: it is renewed
            say_sent(self.stage, before)
        athlete.morning(day)
        lived = athlete.run(day)
        self._say_unrun(lived)
        if mind := athlete.change_of_mind(day):
            self.stage.say(f"{day_name(day)}  the runner {mind}")
        evening = datetime.combine(day, EVENING, tzinfo=self.zone)
        with self.world(evening) as world:
            report = self.sync(world, evening)
        say_runs(self.stage, report)
        say_sent(self.stage, report)

    def sync(self, world: World, now: datetime) -> SyncReport:
        """One sync; afterwards the calendar must be what the plan wants, unless something broke."""
        faults = self.service.faults
        waiting, before = list(faults.rules), faults.fallen
        report = run(world, now)
        self.syncs += 1
        fallen = faults.fallen > before
        for rule, what in _TROUBLES.values():
            if rule in waiting and rule not in faults.rules:
                self.stage.say(f"    {what}: it may or may not have arrived; the next sync checks")
        if report.problems and not fallen:
            raise DemoError(f"{now:%Y-%m-%d %H:%M}: {problem_text(report.problems[0])}")
        if not fallen:
            self.wrong += calendar_faults(world, self.service.account, now)
            if foreign_to(self.service.account) != self.foreign:
                self.wrong.append(f"{now:%Y-%m-%d %H:%M}: something of the athlete's was touched")
        return report

    def _say_unrun(self, lived: Lived) -> None:
        if lived.scenario is None and lived.name:
            self.stage.say(f"{day_name(lived.day)}  {lived.name}: did not run")


def calendar_faults(world: World, account: StandInGarminAccount, now: datetime) -> list[str]:
    """Where the calendar differs from the plan: each due session of the horizon once, nothing else of ours.

    What the athlete moved, removed or changed is left out: it is theirs.
    """
    today = world.today(now)
    released = {
        row.key.session
        for row in world.store.ledger.rows(world.sink.name)
        if row.state is LedgerState.RELEASED or row.missing_since is not None
    }
    due = {
        (planned.session.day.isoformat(), planned.session.id, planned.version)
        for planned in world.store.plan.between(today, today + timedelta(days=HORIZON_DAYS - 1))
        if planned.state is SessionState.DUE and planned.session.id not in released
    }
    on_calendar = Counter(
        (entry["date"], key.session, key.version)
        for entry in account.schedules.values()
        if (kept := account.workouts.get(str(entry["workoutId"])))
        and (key := find_key(str(kept["description"])))
        and key.session not in released
        and entry["date"] >= today.isoformat()
    )
    done = {
        (planned.session.day.isoformat(), planned.session.id, planned.version)
        for planned in world.store.plan.between(today, today)
        if planned.state is SessionState.DONE
    }
    when = f"{now:%Y-%m-%d %H:%M}"
    twice = [f"{when}: {entry} is there {count} times" for entry, count in on_calendar.items() if count > 1]
    lost = [f"{when}: {entry} is missing" for entry in due - set(on_calendar)]
    spare = [f"{when}: {entry} is not wanted" for entry in set(on_calendar) - due - done]
    return [*twice, *lost, *spare]


def foreign_to(account: StandInGarminAccount) -> str:
    """Everything on the account that is not ours, as text."""
    workouts = {
        number: workout
        for number, workout in account.workouts.items()
        if not find_key(str(workout["description"]))
    }
    entries = {
        number: entry for number, entry in account.schedules.items() if str(entry["workoutId"]) in workouts
    }
    return json.dumps([workouts, entries, account.others], sort_keys=True)


def _close(weeks: WeeksOnService, world: World, now: datetime) -> None:
    close(weeks.stage, world, now)
    requests = Counter(request.split()[0] for request in weeks.service.requests)
    renewals = sum("/oauth/token" in request for request in weeks.service.requests)
    writes = requests.total() - requests["GET"] - renewals
    weeks.stage.say(
        f"Garmin Connect (the stand-in): {weeks.syncs} syncs, {requests.total()} requests, {writes} of them "
        f"writes, {renewals} renewals of the login, {weeks.service.faults.fallen} faults."
    )
    if weeks.wrong:
        raise DemoError(f"the calendar was not what the plan wants: {weeks.wrong[0]}")
    weeks.stage.say(
        "After every sync (after a fault: after the next one) each workout was on the calendar exactly\n"
        "once, and nothing of the runner's own was touched."
    )
