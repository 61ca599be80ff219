"""What need not be asked, because the machine knows."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

_MILES = ("en_US", "en_GB", "en_LR", "my_MM")
_MOUNTS = ("/media/*/*", "/run/media/*/*", "/media/*", "/Volumes/*", "/mnt/*")
_LIBRARY_TOKENS = (".garminconnect", ".garth")


@dataclass(frozen=True, slots=True)
class Watch:
    """A watch that is mounted as a disk: where its runs are, and where it takes workouts from."""

    root: Path
    runs: Path
    workouts: Path


def local_units(environ: Mapping[str, str] = os.environ) -> str:
    """`mi` where people run miles."""
    found = next((environ[name] for name in ("LC_ALL", "LC_MEASUREMENT", "LANG") if environ.get(name)), "")
    return "mi" if found.startswith(_MILES) else "km"


def mounted_watch(patterns: Iterable[str] = _MOUNTS) -> Watch | None:
    """The first Garmin watch among the mounted disks."""
    for pattern in patterns:
        for mount in sorted(Path("/").glob(pattern.lstrip("/"))):
            root = _inside(mount, "garmin")
            runs = _inside(root, "activity") if root else None
            if root is not None and runs is not None:
                return Watch(mount, runs, _inside(root, "newfiles") or root / "NEWFILES")
    return None


def library_tokens(home: Path) -> Path | None:
    """A folder of tokens that a Garmin library left: `syncd auth garmin --tokens` takes it over."""
    return next((home / name for name in _LIBRARY_TOKENS if any((home / name).glob("*.json"))), None)


def _inside(folder: Path, name: str) -> Path | None:
    """A folder of that name, whatever its case."""
    try:
        return next((each for each in folder.iterdir() if each.name.lower() == name and each.is_dir()), None)
    except OSError:
        return None
