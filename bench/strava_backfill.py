"""Memory and time of reading a history from Strava's stand-in: 100 runs, then 1,000.

    python bench/strava_backfill.py

Each history is read by a process of its own; the service runs in this one. Limits are far away,
so that the figures are those of the reading, 40 runs a cycle.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from syncd.domain.notation import parse_workout
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from syncd.sandbox.strava.account import Meter, StandInStravaAccount
from syncd.sandbox.strava.echo import echo_of
from syncd.sandbox.strava.service import StravaStandIn

ROME = ZoneInfo("Europe/Rome")
FAR = (1_000_000, 1_000_000)


def read(folder: Path, url: str, now: datetime) -> None:
    """The whole history, cycle after cycle, as `syncd sync` pulls it."""
    from syncd.connectors.folder import FolderSink
    from syncd.connectors.strava.budget import BudgetFile
    from syncd.connectors.strava.oauth import Places
    from syncd.connectors.strava.session import StravaSession
    from syncd.connectors.strava.source import StravaSource
    from syncd.connectors.strava.tokens import StravaTokenFile
    from syncd.cycle.arrivals import pull
    from syncd.cycle.world import World
    from syncd.domain.athlete import Availability, Goal
    from syncd.store import Store

    begun, cycles, complete = time.perf_counter(), 0, False
    state, budget = folder / "state", BudgetFile(folder / "budget.json")
    state.mkdir()
    while not complete:
        cycles += 1
        session = StravaSession(StravaTokenFile(folder / "strava.json"), budget, Places(url, f"{url}/api/v3"))
        source = StravaSource(session, state / "strava", now)
        with Store.open(state) as store:
            world = World(
                store=store,
                sources=(source,),
                sink=FolderSink(folder, "me"),
                athlete_key="me",
                zone=ROME,
                availability=Availability(days_per_week=4),
                goal=Goal.FIVE_K,
                zones=None,
                weekly_m=20_000,
                longest_m=8_000,
            )
            complete = pull(source, world, now).complete
            runs = store.activities.count_runs()
    took = time.perf_counter() - begun
    told = {"runs": runs, "cycles": cycles, "seconds": round(took, 1), "peak_mb": round(_peak_mb(), 1)}
    print(json.dumps(told))


def _peak_mb() -> float:
    """Of this program alone: `ru_maxrss` would begin with what its parent had."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def measured(count: int) -> str:
    """One history in one process."""
    now = datetime.now(UTC).replace(microsecond=0)
    recording = simulate(parse_workout("45min E"), Runner(), Scenario.AUTO_LAP, seed=1)
    account = StandInStravaAccount(meter=Meter(FAR, FAR))
    for number in range(count):
        start = now - timedelta(days=1 + number)
        account.add(echo_of(recording, account.new_id(), start, f"run {number}"))
    pair = account.logins.grant(["read", "activity:read_all"], time.time())
    login = {"client_id": "12345", "client_secret": "s", **pair, "scopes": ["activity:read_all"]}
    with StravaStandIn(account).running() as service, tempfile.TemporaryDirectory() as name:
        tokens = Path(name) / "strava.json"
        tokens.write_text(json.dumps(login))
        tokens.chmod(0o600)
        asked = [sys.executable, __file__, name, service.url, now.isoformat()]
        done = subprocess.run(asked, capture_output=True, text=True, check=True)
        return f"{done.stdout.strip()}, {len(service.requests)} requests"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        read(Path(sys.argv[1]), sys.argv[2], datetime.fromisoformat(sys.argv[3]))
    else:
        for size in (100, 1000):
            print(measured(size))
