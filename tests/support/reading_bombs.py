"""A process that reads files as an import does, and says what each took."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from syncd.connectors.base import ActivitySource, Foreign, Rejected, Unavailable
from syncd.connectors.exports import is_export, opened_export
from syncd.connectors.folder.source import FolderSource
from syncd.formats.fit import Unreadable
from syncd.formats.recording import read_recordings

SMALL = b"<gpx><trk><trkseg>%s</trkseg></trk></gpx>" % b"".join(
    b'<trkpt lat="10.%03d" lon="20"><time>2026-01-20T17:00:%02dZ</time></trkpt>' % (n, n) for n in range(12)
)


def read(path: Path) -> Counter[str]:
    """How many recordings, and what was said of those that are none."""
    told: Counter[str] = Counter()
    if is_export(path):
        try:
            with opened_export(path) as export:
                _take_all(export, told)
                told.update(sentence[:60] for sentence in export.remarks())
        except (Rejected, Unavailable) as error:
            told[str(error)] += 1
    else:
        _take_all(FolderSource(path, settle_s=0, now=datetime.now(UTC)), told)
    return told


def _take_all(source: ActivitySource, told: Counter[str]) -> None:
    for ref in source.list_since(""):
        try:
            found = read_recordings(source.fetch(ref).content)
        except Foreign as error:
            told[error.what] += 1
        except (Rejected, Unavailable) as error:
            told[str(error)] += 1
        else:
            if isinstance(found, Unreadable):
                told[found.reason] += 1
            else:
                told["read"] += len(found)


def mib(name: str) -> float:
    """`VmHWM`, the peak of this process, or `VmRSS`.

    `ru_maxrss` would be that of the process that started it, where that was greater.
    """
    status = Path("/proc/self/status").read_text()
    return float(status.partition(f"{name}:")[2].split()[0]) / 1024


def main(names: Sequence[str]) -> None:
    """Print a line for each file: what happened, MiB above what was held before, seconds of the processor."""
    read_recordings(SMALL)
    for name in names:
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        before, began = mib("VmRSS"), time.process_time()
        told = read(Path(name))
        sentences = "; ".join(
            f"{count} x {text}" if count > 1 else text for text, count in told.most_common(3)
        )
        took = {"told": sentences, "mib": mib("VmHWM") - before, "seconds": time.process_time() - began}
        sys.stdout.write(json.dumps(took) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
