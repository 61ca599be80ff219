"""`doctor`, and what the service does besides syncs: `tidy` at night, `tell` after each sync."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.exits import FAILED, NEEDS_HUMAN, OK, UsageFault
from syncd.cli.options import option
from syncd.cli.output import JsonOption, complain, paths_of, show
from syncd.domain.grammar import counted

if TYPE_CHECKING:
    from syncd.paths import Paths


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(doctor)
    app.command()(tidy)
    app.command("tell", hidden=True)(send_messages)


def doctor(
    context: typer.Context,
    restore: Annotated[
        bool, typer.Option("--restore", help="Restore the newest good copy of the database.")
    ] = False,
    accept: Annotated[
        bool,
        typer.Option("--accept", help="Go on with the database as it is, though its copies have more."),
    ] = False,
    notify: Annotated[bool, typer.Option("--notify", help="Send a test message to your addresses.")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Contact no service; for monitoring.")] = False,
    as_json: JsonOption = False,
) -> int:
    """Check that everything works. Shows each problem and its remedy. Exits with 0, 1, or 3 for a login."""
    from syncd import clock
    from syncd.health.check import State
    from syncd.health.doctor import examine, payload, sheet

    if restore and accept:
        raise UsageFault("--restore puts a copy in place, --accept leaves the database: give one of them")
    if restore:
        return _restore(context, as_json=as_json)
    if accept:
        return _accept(context, as_json=as_json)
    if notify:
        return _test_addresses(context, as_json=as_json)
    checks = examine(paths_of(context), clock.now(), online=not offline)
    show(payload(checks), sheet(checks), as_json)
    failures = [check for check in checks if check.state is State.FAIL]
    if failures and all(check.needs_login for check in failures):
        return NEEDS_HUMAN
    return FAILED if failures else OK


def _restore(context: typer.Context, *, as_json: bool) -> int:
    from syncd import clock
    from syncd.cli.opened import alone
    from syncd.store import Store
    from syncd.store.copies import restore
    from syncd.store.store import DATABASE_NAME

    paths = paths_of(context)
    if not paths.state.is_dir():
        raise UsageFault(f"there is no state folder {paths.state}: nothing to restore")
    with alone(paths):
        copy, kept = restore(paths.state / DATABASE_NAME, paths.state, clock.now())
        with Store.open(paths.state) as store:
            store.installation.restored()
    lines = [f"Restored {copy.name}.", *(f"Kept: {file}" for file in kept)]
    lines.append("Newer runs are read from their sources again. Next: syncd sync")
    show(
        {"schema": "syncd.restore/1", "copy": str(copy), "kept": [str(file) for file in kept]},
        "\n".join(lines),
        as_json,
    )
    return OK


def _accept(context: typer.Context, *, as_json: bool) -> int:
    from syncd.cli.opened import alone
    from syncd.store import Store

    paths = paths_of(context)
    if not paths.state.is_dir():
        raise UsageFault(f"there is no state folder {paths.state}: nothing to accept")
    with alone(paths):
        Store.accept(paths.state)
        with Store.open(paths.state) as store:
            store.installation.restored()
            runs = store.activities.count_runs()
    lines = [f"The database with its {counted(runs, 'run')} is in use as it is; its copies stay for a week."]
    lines.append("Newer runs are read from their sources again. Next: syncd sync")
    show({"schema": "syncd.accept/1", "runs": runs}, "\n".join(lines), as_json)
    return OK


def _test_addresses(context: typer.Context, *, as_json: bool) -> int:
    from syncd.config import load
    from syncd.connectors.messages import call_heartbeat, send

    settings = load(paths_of(context).config)
    heartbeat = settings.daemon.heartbeat_url.get_secret_value()
    if not settings.notifies:
        raise UsageFault("no addresses are set: add [notify] urls or [daemon] heartbeat_url to config.toml")
    if settings.notify.addresses:
        send(
            settings.notify.addresses, "syncd can reach you", "This is what a message from syncd looks like."
        )
    if heartbeat:
        call_heartbeat(heartbeat, "")
    _note_messages(paths_of(context), [])
    sent = {"messages": len(settings.notify.addresses), "heartbeat": bool(heartbeat)}
    show({"schema": "syncd.notify/1", **sent}, "Sent. If nothing arrives, check the address.", as_json)
    return OK


def tidy(context: typer.Context, as_json: JsonOption = False) -> int:
    """Back up the database and free space, as the service does nightly."""
    from dataclasses import asdict

    from syncd import clock
    from syncd.cli.opened import alone
    from syncd.config import load
    from syncd.cycle.housekeeping import tidy as tidy_up
    from syncd.store import Store

    paths = paths_of(context)
    settings = load(paths.config)
    if not paths.state.is_dir():
        raise UsageFault(f"there is no data yet ({paths.state}): run syncd sync first")
    today = clock.now().astimezone(settings.zone).date()
    with alone(paths), Store.open(paths.state) as store:
        outcome = tidy_up(store, today, settings.daemon.raw_mb)
    lines = [f"Backed up the database to backups/{outcome.backup}."] if outcome.backup else []
    if outcome.retired:
        recordings = f"{outcome.retired} old recording{'' if outcome.retired == 1 else 's'}"
        lines.append(f"Removed {recordings} ({outcome.freed_bytes // 2**20} MB); scores stay.")
    show({"schema": "syncd.tidy/1", **asdict(outcome)}, "\n".join(lines), as_json)
    complain(outcome.problems)
    return FAILED if outcome.problems else OK


def send_messages(
    context: typer.Context,
    trouble: Annotated[str, option("--trouble", "TEXT", "What went wrong, for the monitoring service.")] = "",
    human: Annotated[bool, typer.Option("--human", help="Only a person can solve it.")] = False,
    heartbeat_only: Annotated[
        bool, typer.Option("--heartbeat-only", help="Call the monitoring service, send no messages.")
    ] = False,
    as_json: JsonOption = False,
) -> int:
    """Send messages and the heartbeat. The service runs this after each sync."""
    from syncd import clock
    from syncd.config import load
    from syncd.connectors.base import ConnectorError
    from syncd.connectors.messages import call_heartbeat, send
    from syncd.domain.units import units_named
    from syncd.report.messages import due_messages, note_sent
    from syncd.store import Store

    now, paths = clock.now(), paths_of(context)
    settings = load(paths.config)
    problems, sent = [], []
    heartbeat = settings.daemon.heartbeat_url.get_secret_value()
    if heartbeat:
        try:
            call_heartbeat(heartbeat, trouble)
        except ConnectorError as error:
            problems.append(str(error))
    if settings.notify.addresses and not heartbeat_only:
        with Store.open(paths.state) as store:
            due = due_messages(
                store,
                now.astimezone(settings.zone),
                trouble if human else "",
                units_named(settings.athlete.units, settings.athlete.clock),
                changes=settings.notify.changes,
                weekly=settings.notify.weekly,
            )
            for message in due:
                try:
                    send(settings.notify.addresses, message.title, message.text)
                except ConnectorError as error:
                    problems.append(str(error))
                    break
                note_sent(store, message, now)
                sent.append(message.title)
    _note_messages(paths, problems)
    show({"schema": "syncd.tell/1", "heartbeat": bool(heartbeat), "sent": sent}, "\n".join(sent), as_json)
    complain(problems)
    return FAILED if problems else OK


def _note_messages(paths: Paths, problems: list[str]) -> None:
    """Keep how the messages went, for `doctor`; where that cannot be kept, they went all the same."""
    from contextlib import suppress

    from syncd import clock
    from syncd.store import Store, StoreError
    from syncd.store.store import DATABASE_NAME

    if (paths.state / DATABASE_NAME).exists():
        with suppress(StoreError), Store.open(paths.state) as store:
            store.sent_messages.note_problem("; ".join(problems), clock.now())
