"""The status of sources and service, for `status`: what is known without asking a service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from syncd.domain.units import Units
from syncd.store.source_pulls import SourcePull


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A configured source and its last pull; None where it was never asked.

    `budget`: how much of what it allows is used, as text, "" where it does not say.
    """

    name: str
    pull: SourcePull | None
    budget: str = ""


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """The background service: `needs` is what only the athlete can do."""

    running: bool = False
    next_sync: datetime | None = None
    needs: tuple[str, ...] = ()


def sync_status_payload(sources: Sequence[SourceStatus], service: ServiceStatus) -> dict[str, Any]:
    """The part of `syncd.status/1` about sources and service."""
    return {
        "sources": [_source_payload(source) for source in sources],
        "service": {
            "running": service.running,
            "next_look": _iso(service.next_sync),
            "needs": list(service.needs),
        },
    }


def needs_of(sources: Sequence[SourceStatus], service: ServiceStatus) -> tuple[str, ...]:
    """What only the athlete can do, each thing once."""
    problems = (source.pull.problem for source in sources if source.pull and source.pull.needs_human)
    return tuple(dict.fromkeys([*service.needs, *problems]))


def sync_status_text(
    sources: Sequence[SourceStatus], service: ServiceStatus, now: datetime, zone: tzinfo, units: Units
) -> str:
    """The sources, then the service; empty where nothing is known of either."""
    parts = [_source_text(source, now, zone, units) for source in sources]
    if service.running:
        at = service.next_sync
        parts.append(f"next sync about {units.time_of_day(at.astimezone(zone))}" if at else "syncing now")
    elif sources:
        parts.append("no automatic syncs: syncd service install")
    return " · ".join(parts)


def ago_text(moment: datetime, now: datetime) -> str:
    """`just now`, `12 min ago`, `3 h ago`, `4 days ago`."""
    minutes = round((now - moment).total_seconds() / 60)
    if minutes < 1:
        return "just now"
    if minutes < 120:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days ago"


def _source_text(source: SourceStatus, now: datetime, zone: tzinfo, units: Units) -> str:
    name, pull = source.name.capitalize(), source.pull
    if pull is None:
        return f"{name} not checked yet"
    if pull.retry_at is not None and pull.retry_at > now:
        return f"{name} on hold until {units.time_of_day(pull.retry_at.astimezone(zone))}"
    budget = f" ({source.budget})" if source.budget else ""
    if not pull.problem and pull.ok_at is not None:
        return f"{name} ok, {ago_text(pull.ok_at, now)}{budget}"
    since = f", last ok {ago_text(pull.ok_at, now)}" if pull.ok_at else ""
    return f"{name} {'needs you' if pull.needs_human else 'not reached'}{since}{budget}"


def _source_payload(source: SourceStatus) -> dict[str, Any]:
    pull = source.pull
    return {
        "name": source.name,
        "asked_at": _iso(pull.asked_at) if pull else None,
        "ok_at": _iso(pull.ok_at) if pull else None,
        "problem": (pull.problem or None) if pull else None,
        "needs_human": pull.needs_human if pull else False,
        "retry_at": _iso(pull.retry_at) if pull else None,
        "budget": source.budget or None,
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
