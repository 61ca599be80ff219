"""How sources and service stand, for `status`: what is known without asking anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from syncd.domain.units import Units
from syncd.store.source_pulls import SourcePull


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A configured source and its last look; None where it was never asked.

    `budget`: how much of what it allows is used, in words, "" where it does not say.
    """

    name: str
    look: SourcePull | None
    budget: str = ""


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """The service beside this command: `needs` is what only a person can do."""

    running: bool = False
    next_look: datetime | None = None
    needs: tuple[str, ...] = ()


def sync_status_payload(sources: Sequence[SourceStatus], service: ServiceStatus) -> dict[str, Any]:
    """The part of `syncd.status/1` about looks."""
    return {
        "sources": [_source_payload(each) for each in sources],
        "service": {
            "running": service.running,
            "next_look": _iso(service.next_look),
            "needs": list(service.needs),
        },
    }


def needs_of(sources: Sequence[SourceStatus], service: ServiceStatus) -> tuple[str, ...]:
    """What only a person can do, each thing once."""
    asked = (each.look.problem for each in sources if each.look is not None and each.look.needs_human)
    return tuple(dict.fromkeys([*service.needs, *asked]))


def sync_status_line(
    sources: Sequence[SourceStatus], service: ServiceStatus, now: datetime, zone: tzinfo, units: Units
) -> str:
    """The sources, then the service; empty where nothing is known of either."""
    words = [_source_text(each, now, zone, units) for each in sources]
    if service.running:
        at = service.next_look
        words.append(f"next look about {units.time_of_day(at.astimezone(zone))}" if at else "looking now")
    elif sources:
        words.append("no service runs: syncd service install")
    return " · ".join(words)


def ago(moment: datetime, now: datetime) -> str:
    """`12 min ago`, `3 h ago`, `4 days ago`."""
    minutes = max(round((now - moment).total_seconds() / 60), 0)
    if minutes < 120:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days ago"


def _source_text(each: SourceStatus, now: datetime, zone: tzinfo, units: Units) -> str:
    name, look = each.name.capitalize(), each.look
    if look is None:
        return f"{name} not asked yet"
    if look.retry_at is not None and look.retry_at > now:
        return f"{name} rests until {units.time_of_day(look.retry_at.astimezone(zone))}"
    budget = f" ({each.budget})" if each.budget else ""
    if not look.problem and look.ok_at is not None:
        return f"{name} ok, {ago(look.ok_at, now)}{budget}"
    since = f", as of {ago(look.ok_at, now)}" if look.ok_at else ""
    return f"{name} {'waits for you' if look.needs_human else 'not reached'}{since}{budget}"


def _source_payload(each: SourceStatus) -> dict[str, Any]:
    look = each.look
    return {
        "name": each.name,
        "asked_at": _iso(look.asked_at) if look else None,
        "ok_at": _iso(look.ok_at) if look else None,
        "problem": (look.problem or None) if look else None,
        "needs_human": look.needs_human if look else False,
        "retry_at": _iso(look.retry_at) if look else None,
        "budget": each.budget or None,
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
