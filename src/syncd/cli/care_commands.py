"""`doctor`, and what the service does beside looks: `tidy` at night, `tell` after them."""

from __future__ import annotations

from typing import Annotated

import typer

from syncd.cli.exits import FAILED, NEEDS_HUMAN, OK, UsageFault
from syncd.cli.options import option
from syncd.cli.output import JsonOption, complain, paths_of, show


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(doctor)
    app.command()(tidy)
    app.command(hidden=True)(tell)


def doctor(
    context: typer.Context,
    restore: Annotated[bool, typer.Option("--restore", help="Put the newest good copy in place.")] = False,
    notify: Annotated[bool, typer.Option("--notify", help="Send a message to try the addresses.")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no service; for monitoring.")] = False,
    as_json: JsonOption = False,
) -> int:
    """Is everything well? Each thing that can be wrong, with what to do. Exit 0, 1, or 3 for a login."""
    from syncd import clock
    from syncd.health.check import State
    from syncd.health.doctor import examine, payload, sheet

    if restore:
        return _restore(context, as_json=as_json)
    if notify:
        return _try_addresses(context, as_json=as_json)
    checks = examine(paths_of(context), clock.now(), online=not offline)
    show(payload(checks), sheet(checks), as_json)
    bad = [each for each in checks if each.state is State.FAIL]
    if bad and all(each.needs_login for each in bad):
        return NEEDS_HUMAN
    return FAILED if bad else OK


def _restore(context: typer.Context, *, as_json: bool) -> int:
    from syncd import clock
    from syncd.cli.opened import alone
    from syncd.store.copies import restore
    from syncd.store.store import DATABASE_NAME

    paths = paths_of(context)
    if not paths.state.is_dir():
        raise UsageFault(f"there is no state in {paths.state}: nothing to restore")
    with alone(paths):
        copy, aside = restore(paths.state / DATABASE_NAME, paths.state, clock.now())
    lines = [f"{copy.name} is in place.", *(f"Kept: {each}" for each in aside)]
    lines.append("What came since is read from its source again. Next: syncd sync")
    show(
        {"schema": "syncd.restore/1", "copy": str(copy), "kept": [str(each) for each in aside]},
        "\n".join(lines),
        as_json,
    )
    return OK


def _try_addresses(context: typer.Context, *, as_json: bool) -> int:
    from syncd.config import load
    from syncd.connectors.messages import call_heartbeat, send

    settings = load(paths_of(context).config)
    heartbeat = settings.daemon.heartbeat_url.get_secret_value()
    if not settings.notifies:
        raise UsageFault("nobody is to be told: set [notify] urls or [daemon] heartbeat_url in config.toml")
    if settings.notify.addresses:
        send(
            settings.notify.addresses, "syncd can reach you", "This is what a message from syncd looks like."
        )
    if heartbeat:
        call_heartbeat(heartbeat, "")
    told = {"messages": len(settings.notify.addresses), "heartbeat": bool(heartbeat)}
    show({"schema": "syncd.notify/1", **told}, "Sent. If nothing arrives, look at the address.", as_json)
    return OK


def tidy(context: typer.Context, as_json: JsonOption = False) -> int:
    """Copy the database and make room, as the service does every night."""
    from dataclasses import asdict

    from syncd import clock
    from syncd.cli.opened import alone
    from syncd.config import load
    from syncd.cycle.housekeeping import tidy as tidy_up
    from syncd.store import Store

    paths = paths_of(context)
    settings = load(paths.config)
    if not paths.state.is_dir():
        raise UsageFault(f"nothing here yet ({paths.state}): run syncd sync first")
    today = clock.now().astimezone(settings.zone).date()
    with alone(paths), Store.open(paths.state) as store:
        done = tidy_up(store, today, settings.daemon.raw_mb)
    lines = [f"Copied the database to backups/{done.backup}."] if done.backup else []
    if done.retired:
        lines.append(f"Removed {done.retired} old recordings ({done.freed_bytes // 2**20} MB); scores stay.")
    show({"schema": "syncd.tidy/1", **asdict(done)}, "\n".join(lines), as_json)
    complain(done.problems)
    return FAILED if done.problems else OK


def tell(
    context: typer.Context,
    trouble: Annotated[str, option("--trouble", "TEXT", "What went wrong, for the monitor.")] = "",
    human: Annotated[bool, typer.Option("--human", help="Only a person can help.")] = False,
    as_json: JsonOption = False,
) -> int:
    """What the service runs after a look where somebody wants to be told."""
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
    if settings.notify.addresses:
        with Store.open(paths.state) as store:
            due = due_messages(
                store,
                now.astimezone(settings.zone),
                trouble if human else "",
                units_named(settings.athlete.units, settings.athlete.clock),
                changes=settings.notify.changes,
                weekly=settings.notify.weekly,
            )
            for each in due:
                try:
                    send(settings.notify.addresses, each.title, each.text)
                except ConnectorError as error:
                    problems.append(str(error))
                    break
                note_sent(store, each, now)
                sent.append(each.title)
    show({"schema": "syncd.tell/1", "heartbeat": bool(heartbeat), "sent": sent}, "\n".join(sent), as_json)
    complain(problems)
    return FAILED if problems else OK
