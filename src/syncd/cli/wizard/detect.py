"""What need not be asked because the machine knows it."""

from __future__ import annotations

import os
import re
import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

_MILES = ("en_US", "en_GB", "en_LR", "my_MM")
_MOUNTS = ("/media/*/*", "/run/media/*/*", "/media/*", "/Volumes/*", "/mnt/*")
_TERRITORY = re.compile(r"[a-z]{2,3}_([A-Z]{2})\b")
# Our default, following CLDR: countries where people say 6:40 pm.
_TWELVE_HOURS = frozenset(
    {
        *("US", "PR", "GU", "VI", "AS", "MP", "CA", "AU", "NZ", "IN", "PK", "BD", "PH", "MY", "SG"),
        *("EG", "SA", "AE", "JO", "KW", "QA", "BH", "OM", "CO"),
    }
)
_OLD_ZONES = {"US": "US", "Canada": "CA", "Australia": "AU", "Asia/Calcutta": "IN", "NZ": "NZ"}
_LIBRARY_TOKENS = (".garminconnect", ".garth")


@dataclass(frozen=True, slots=True)
class MountedWatch:
    """A watch that is mounted as a disk: its folder of runs, and the one it reads workouts from."""

    root: Path
    runs: Path
    workouts: Path


def local_units(environ: Mapping[str, str] = os.environ) -> str:
    """`mi` where people run miles."""
    locale = next((environ[name] for name in ("LC_ALL", "LC_MEASUREMENT", "LANG") if environ.get(name)), "")
    return "mi" if locale.startswith(_MILES) else "km"


def local_clock(zone: str, environ: Mapping[str, str] = os.environ) -> str:
    """`12h` where people say 6:40 pm: by the locale for times, else by the country of the time zone.

    The language alone comes last: many people with English programs use a 24-hour clock.
    """
    named = next((environ[name] for name in ("LC_ALL", "LC_TIME") if environ.get(name)), "")
    country = _territory(named) or _country_of(zone) or _territory(environ.get("LANG", ""))
    return "12h" if country in _TWELVE_HOURS else "24h"


def _territory(locale: str) -> str:
    match = _TERRITORY.match(locale)
    return match[1] if match else ""


def _country_of(zone: str) -> str:
    """From the table that comes with the time zones; "" without that table or entry."""
    old = _OLD_ZONES.get(zone) or _OLD_ZONES.get(zone.partition("/")[0])
    if old:
        return old
    for folder in zoneinfo.TZPATH:
        try:
            lines = (Path(folder) / "zone.tab").read_text(encoding="utf-8").splitlines()
        except OSError:
            continue
        rows = (line.split("\t") for line in lines if not line.startswith("#"))
        return next((row[0] for row in rows if len(row) > 2 and row[2] == zone), "")
    return ""


def mounted_watch(patterns: Iterable[str] = _MOUNTS) -> MountedWatch | None:
    """The first Garmin watch among the mounted disks."""
    for pattern in patterns:
        for mount in sorted(Path("/").glob(pattern.lstrip("/"))):
            root = _inside(mount, "garmin")
            runs = _inside(root, "activity") if root else None
            if root is not None and runs is not None:
                return MountedWatch(mount, runs, _inside(root, "newfiles") or root / "NEWFILES")
    return None


def library_tokens(home: Path) -> Path | None:
    """A folder of tokens that a Garmin library left: `syncd auth garmin --tokens` can use it."""
    return next((home / name for name in _LIBRARY_TOKENS if any((home / name).glob("*.json"))), None)


def _inside(folder: Path, name: str) -> Path | None:
    """A folder of that name, whatever its case."""
    try:
        return next((path for path in folder.iterdir() if path.name.lower() == name and path.is_dir()), None)
    except OSError:
        return None
