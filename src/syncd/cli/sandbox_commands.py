"""`sandbox`: stand-ins for Garmin Connect and Strava on this machine, and simulated runs."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncd.cli.choices import chosen, scenarios, time_zones
from syncd.cli.exits import CommandFailed, UsageFault
from syncd.cli.help_pages import CommandGroup
from syncd.cli.options import option
from syncd.cli.output import JsonOption, show
from syncd.domain.nearest import did_you_mean

if TYPE_CHECKING:
    from syncd.sandbox.garmin.service import GarminStandIn
    from syncd.sandbox.strava.service import StravaStandIn

_MOST_SEASONS, _FEWEST_WEEKS, _MOST_WEEKS = 10_000, 4, 104

sandbox = typer.Typer(
    help="Try syncd with stand-ins for Garmin Connect and Strava. They run on this machine.",
    cls=CommandGroup,
    rich_markup_mode=None,
)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(sandbox, name="sandbox")


@sandbox.command()
def serve(
    port: Annotated[
        int, option("--port", "N", "Port on 127.0.0.1; 0 picks a free one.", default=True)
    ] = 8765,
    seed: Annotated[int, option("--seed", "N", "Seed of the simulated runner.", default=True)] = 7,
    faults: Annotated[str, option("--faults", "SPEC", "What should go wrong: 429@5, 500:0.02 ...")] = "",
    state: Annotated[
        Path, option("--state", "FOLDER", "Where the accounts are stored.", default=True)
    ] = Path("syncd-sandbox"),
    timezone: Annotated[
        str, option("--timezone", "ZONE", "The runner's time zone.", choices=time_zones, default=True)
    ] = "Europe/Rome",
    strava: Annotated[
        bool, typer.Option("--strava", help="Also run a Strava, where the same runs appear.")
    ] = False,
    strava_port: Annotated[
        int, option("--strava-port", "N", "Port on 127.0.0.1; 0 picks a free one.", default=True)
    ] = 8766,
    as_json: JsonOption = False,
) -> None:
    """Run the stand-ins until you stop them (Ctrl-C). The printed lines point syncd to them."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from syncd.sandbox.garmin.faults import FaultSpecError, scheduled
    from syncd.sandbox.serving import TOKENS, Sandbox, SandboxError

    try:
        zone = ZoneInfo(timezone)
        plan = scheduled(faults, seed)
        folder = state.expanduser().absolute()
        sandbox_ = Sandbox(folder, seed, zone)
        service, follower = sandbox_.services(port, plan, strava_port if strava else None)
    except FaultSpecError as error:
        raise UsageFault(f"--faults: {error}") from None
    except (ZoneInfoNotFoundError, ValueError):
        near = did_you_mean(timezone, time_zones())
        raise UsageFault(f"--timezone {timezone}: write a name such as Europe/Rome{near}") from None
    except SandboxError as error:
        raise CommandFailed(str(error)) from None
    show(*_served(service, follower, folder / TOKENS), as_json)
    sys.stdout.flush()
    stop = _until_stopped()
    with service.running(), follower.running() if follower else nullcontext():
        stop()


def _served(
    service: GarminStandIn, follower: StravaStandIn | None, tokens: Path
) -> tuple[dict[str, Any], str]:
    """Where the stand-ins are and how to point syncd there: `syncd.sandbox/1`, and as lines."""
    account = service.account
    payload: dict[str, Any] = {
        "schema": "syncd.sandbox/1",
        "url": service.url,
        "tokens": str(tokens),
        "email": account.email,
    }
    lines = [
        f"A stand-in for Garmin Connect at {service.url}",
        f"(e-mail {account.email}, password {account.password}). To point syncd to it:",
        f"  export SYNCD_GARMIN__API_URL={service.url} SYNCD_GARMIN__SPACING_S=0",
        f"  syncd auth garmin --tokens {tokens}",
        "Let the runner live one day:",
        f'  curl -s -d \'{{"date": "2026-01-06"}}\' {service.url}/sandbox/day',
    ]
    if follower is not None:
        app = follower.account.logins
        payload["strava"] = {"url": follower.url, "client_id": app.client_id}
        lines += [
            f"A stand-in for Strava at {follower.url}, where the same runs appear:",
            f"  export SYNCD_STRAVA__API_URL={follower.url}/api/v3",
            f"  export SYNCD_STRAVA__CLIENT_SECRET={app.client_secret}",
            f"  syncd auth strava --client-id {app.client_id} --i-agree --paste",
            "(to get the address to paste, run curl -sw '%{redirect_url}' with the printed address)",
            '  export SYNCD_SYNC__SOURCE=\'["garmin", "strava"]\'',
        ]
    return payload, "\n".join(lines)


def _until_stopped() -> Callable[[], bool]:
    """A function that returns when the process is asked to stop."""
    ended = threading.Event()

    def end(_: int, __: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    return ended.wait


@sandbox.command()
def fit(
    workout: Annotated[
        str, option("--workout", "TEXT", "The workout, in one line: 15min E + 3x(8min HM + 90s jog).")
    ],
    out: Annotated[Path, option("--out", "FILE", "The FIT file to write.")],
    five_k: Annotated[
        str, option("--five-k", "TIME", "The runner's 5 km time: mm:ss.", default=True)
    ] = "25:00",
    scenario: Annotated[
        str,
        option(
            "--scenario",
            "WORD",
            "How the run goes: perfect, fading, lights ...",
            choices=scenarios,
            default=True,
        ),
    ] = "perfect",
    seed: Annotated[int, option("--seed", "N", "Another seed gives another run.", default=True)] = 1,
    start: Annotated[
        str, option("--start", "DATE", "Start of the run, an ISO time with offset.", default=True)
    ] = "2026-01-06T18:00:00+01:00",
    as_json: JsonOption = False,
) -> None:
    """Simulate a run of a workout and write its FIT file."""
    from datetime import datetime, timedelta

    from syncd.cli.fitness_commands import zones_from_options
    from syncd.domain.notation import NotationError, parse_workout
    from syncd.durable import write_whole
    from syncd.sandbox.fitfile import write_activity
    from syncd.sandbox.runner import Runner
    from syncd.sandbox.scenario import Scenario
    from syncd.sandbox.simulation import simulate

    zones = zones_from_options(five_k, 0.0)
    if zones is None:
        raise UsageFault("give --five-k mm:ss")
    try:
        planned, moment = parse_workout(workout), datetime.fromisoformat(start)
    except NotationError as error:
        raise UsageFault(f"--workout, {error}") from None
    except ValueError:
        raise UsageFault(f"--start {start}: write 2026-01-06T18:00:00+01:00") from None
    if moment.tzinfo is None:
        raise UsageFault(f"--start {start} has no offset; write {start}+00:00")
    scenario = chosen("--scenario", scenario, scenarios())
    recording = simulate(planned, Runner(vdot=zones.vdot), Scenario(scenario), seed=seed)
    content = write_activity(recording, start=moment, utc_offset=moment.utcoffset() or timedelta(0))
    write_whole(out.expanduser().absolute(), content, mode=0o644)
    payload = {
        "schema": "syncd.sandbox-fit/1",
        "file": str(out),
        "distance_m": recording.distance_m,
        "timer_s": recording.timer_s,
    }
    show(payload, f"{out}: {recording.distance_m / 1000:.1f} km in {recording.timer_s / 60:.0f} min", as_json)


@sandbox.command()
def simulate(
    seasons: Annotated[int, option("--seasons", "N", "How many athletes to simulate.", default=True)] = 14,
    seed: Annotated[int, option("--seed", "N", "Seed of the first athlete.", default=True)] = 0,
    weeks: Annotated[int, option("--weeks", "N", "How many weeks per season.", default=True)] = 52,
    as_json: JsonOption = False,
) -> None:
    """Simulate whole seasons, with the adaptation rules and without."""
    from syncd.sandbox.seasons.summary import seasons_payload, seasons_text
    from syncd.sandbox.seasons.summary import simulate as live_all

    if not 1 <= seasons <= _MOST_SEASONS or not _FEWEST_WEEKS <= weeks <= _MOST_WEEKS:
        raise UsageFault(f"give --seasons 1 to {_MOST_SEASONS} and --weeks {_FEWEST_WEEKS} to {_MOST_WEEKS}")

    def show_progress(done: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{done} of {seasons} seasons", end="", file=sys.stderr, flush=True)  # noqa: T201

    payload = seasons_payload(live_all(seasons, seed, weeks=weeks, on_done=show_progress), seed, weeks)
    if sys.stderr.isatty():
        print("\r", end="", file=sys.stderr)  # noqa: T201
    show(payload, seasons_text(payload), as_json)
