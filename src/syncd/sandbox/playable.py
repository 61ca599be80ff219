"""What the demo leaves to play with: its runner as a profile, with folders in place of an account."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from syncd.domain.session import SessionState
from syncd.paths import Paths
from syncd.sandbox.demo import DemoError
from syncd.store import Store
from syncd.store.plan import CommittedSession

PROFILE = "demo"
_MARK = ".syncd-demo"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Days to try commands on: one with a session, and a free one to move it to."""

    session: date
    free: date


def require_ours(paths: Paths) -> None:
    """Raises DemoError where the profile is somebody's own: only what an earlier demo left is replaced."""
    existing = next((path for path in (paths.config, paths.state) if path.exists()), None)
    if existing is not None and _configuration_of(paths.state / _MARK) != str(paths.config):
        raise DemoError(f"{existing} exists and is not from a demo")


def _configuration_of(mark: Path) -> str:
    """Which configuration an earlier demo left with that state; "" where none did."""
    try:
        return mark.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def cleared(paths: Paths) -> tuple[Path, Path]:
    """The profile's new inbox and outbox, both empty; what an earlier demo left is gone."""
    require_ours(paths)
    shutil.rmtree(paths.state, ignore_errors=True)
    inbox, outbox = paths.state / "inbox", paths.state / "workouts"
    paths.state.mkdir(mode=0o700, parents=True)
    (paths.state / _MARK).write_text(str(paths.config), encoding="utf-8")
    for folder in (inbox, outbox):
        folder.mkdir(mode=0o700)
    return inbox, outbox


def hand_over(played: Path, paths: Paths) -> None:
    """Copy the state that the demo ended with: the database and the recordings, no login."""
    with Store.open(played) as store:
        store.copy_to(paths.state)
    shutil.copytree(played / "raw", paths.state / "raw")


def suggestion(store: Store, today: date) -> Suggestion | None:
    """The next hard session, or else the next one, and a free day before or after it that lies ahead."""
    ahead = store.plan.between(today + timedelta(days=1), today + timedelta(days=9))
    due = [planned for planned in ahead if planned.state is SessionState.DUE]
    for planned in sorted(due, key=lambda planned: (not planned.session.hard, planned.session.day)):
        day = planned.session.day
        free = _free_day(day, due, today)
        if free is not None:
            return Suggestion(day, free)
    return None


def _free_day(day: date, due: Iterable[CommittedSession], today: date) -> date | None:
    busy = {planned.session.day for planned in due}
    near = (day + timedelta(days=away) for away in (1, -1, 2, -2))
    return next((free for free in near if free not in busy and free > today), None)
