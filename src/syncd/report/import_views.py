"""What an import did, as JSON and as text: what it took, what it left and why, a line a kind of trouble."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from syncd.domain.arrival import Arrived, FileOutcome, ImportedFile, PayloadOutcome
from syncd.domain.doubts import Doubt
from syncd.domain.grammar import counted
from syncd.domain.reason import Reason
from syncd.domain.units import KILOMETRES, Units
from syncd.report.sync_views import arrived_payload, arrived_text

_MOST_KINDS = 12  # our default: more lines are a list that nobody reads
_MOST_NAMES = 3  # of the files of one kind
_MOST_ENDINGS = 6
_TROUBLES: dict[FileOutcome, tuple[str, str]] = {
    FileOutcome.DUPLICATE: ("", "{files} of runs you already have"),
    FileOutcome.DOUBTFUL: (
        "set aside, because {reason}: it does not count until you say what it was",
        "{files} set aside, because {reason}: they do not count until you say what they were",
    ),
    FileOutcome.UNREADABLE: ("could not be read: {reason}", "{files} could not be read: {reason}"),
    FileOutcome.WAITING: ("on hold: {reason}", "{files} on hold: {reason}"),
}
_DOUBTS = {
    Doubt.NO_SPORT: "no sport is given, and it does not look like a run",
    Doubt.NAMED_OTHERWISE: "no sport is given, and the name says another",
    Doubt.SUPERHUMAN: "it is faster than anybody has ever run",
    Doubt.TORN: "much of the distance was measured wrongly",
}
_DETAILS = re.compile(r"\s*\([^()]*\)|\d[\d.,:]*")


def import_payload(
    arrived: Iterable[Arrived],
    not_runs: Mapping[str, int],
    known: int,
    remarks: Iterable[str],
    files: Iterable[ImportedFile],
) -> dict[str, Any]:
    """The whole import."""
    return {
        "schema": "syncd.import/1",
        "arrived": [arrived_payload(arrival) for arrival in arrived],
        "not_runs": dict(sorted(not_runs.items())),
        "known": known,
        "remarks": list(remarks),
        "files": [_file_payload(file) for file in files],
    }


def import_text(
    arrived: Iterable[Arrived],
    not_runs: Mapping[str, int],
    known: int,
    remarks: Iterable[str],
    files: Sequence[ImportedFile],
    units: Units = KILOMETRES,
) -> str:
    """The runs together, then a line for each kind of what was left, then what was known or no recording."""
    runs = [arrival for arrival in arrived if arrival.outcome is PayloadOutcome.RUN]
    lines = [arrived_text(runs, units)] if runs else []
    lines += _trouble_texts(files)
    if not_runs:
        lines.append(f"Not runs: {_not_runs_text(not_runs, files)}")
    seen_before = [f"{counted(known, 'file')} already imported"] if known else []
    if not lines:
        seen_before = [": ".join(["Nothing new", *seen_before])]
    return "\n".join([*lines, *seen_before, *_ignored_texts(files), *remarks])


def _file_payload(file: ImportedFile) -> dict[str, Any]:
    return {
        "name": file.name,
        "outcome": file.outcome.value,
        "what": file.what,
        "reason": _reason_text(file),
        "notes": file.notes,
    }


def _trouble_texts(files: Iterable[ImportedFile]) -> list[str]:
    """A line for each kind of trouble, the kinds with most files first in each sort of outcome."""
    kinds: dict[tuple[FileOutcome, str], list[ImportedFile]] = defaultdict(list)
    for file in files:
        if file.outcome in _TROUBLES:
            kinds[file.outcome, _kind_of_trouble(file)].append(file)
    order = list(_TROUBLES)
    ranked = sorted(kinds.items(), key=lambda kind: (order.index(kind[0][0]), -len(kind[1]), kind[0][1]))
    lines = [_trouble_text(outcome, group) for (outcome, _), group in ranked[:_MOST_KINDS]]
    others = sum(len(group) for _, group in ranked[_MOST_KINDS:])
    if others:
        lines.append(f"and {counted(others, 'file')} for other reasons (--json lists all)")
    return lines


def _kind_of_trouble(file: ImportedFile) -> str:
    """What files with the same trouble have in common: numbers and details differ."""
    return "" if file.outcome is FileOutcome.DUPLICATE else _DETAILS.sub("", _reason_text(file))


def _trouble_text(outcome: FileOutcome, files: Sequence[ImportedFile]) -> str:
    one, many = _TROUBLES[outcome]
    reasons = {_reason_text(file) for file in files}
    if len(files) == 1:
        (reason,) = reasons
        name = files[0].name.rpartition("/")[2]
        return f"{name}: {one.format(reason=reason)}" if one else f"{name}: {reason}"
    noun = "recording" if outcome is FileOutcome.DUPLICATE else "file"
    reason = min(reasons, key=len) if len(reasons) == 1 else _DETAILS.sub("", min(reasons, key=len)).strip()
    text = many.format(files=counted(len(files), noun), reason=reason)
    return text if outcome is FileOutcome.DUPLICATE else f"{text} ({_names_text(files)})"


def _reason_text(file: ImportedFile) -> str:
    """Why, without the name of the file, which stands before it."""
    if file.doubt is not None:
        return _doubt_text(file.doubt)
    reason = file.reason
    places = [file.name, *(file.name[at + 1 :] for at, c in enumerate(file.name) if c == "/")]
    name = next((place for place in places if reason.startswith(f"{place}: ")), None)
    return reason if name is None else reason.removeprefix(f"{name}: ")


def _doubt_text(doubt: Reason) -> str:
    return next((text for code, text in _DOUBTS.items() if code == doubt.code), "it may be no run")


def _not_runs_text(not_runs: Mapping[str, int], files: Iterable[ImportedFile]) -> str:
    """`cycling 2 (a.gpx, b.fit), settings file 1 (c.fit)`: with names where they are few."""
    named: dict[str, list[ImportedFile]] = defaultdict(list)
    for file in files:
        if file.outcome is FileOutcome.OTHER:
            named[file.what].append(file)
    most_first = sorted(not_runs.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(
        f"{what} {count:,} ({_names_text(named[what])})" if 0 < count <= _MOST_NAMES else f"{what} {count:,}"
        for what, count in most_first
    )


def _ignored_texts(files: Iterable[ImportedFile]) -> list[str]:
    """What is no recording by its name, by how the names end."""
    names = [file.name for file in files if file.outcome is FileOutcome.IGNORED]
    if not names:
        return []
    endings = Counter(name.rpartition("/")[2].rpartition(".")[2].lower()[:12] for name in names)
    counts = ", ".join(f"{ending} {count:,}" for ending, count in endings.most_common(_MOST_ENDINGS))
    more = "" if len(endings) <= _MOST_ENDINGS else ", ..."
    what = (
        "1 other file, which is no recording"
        if len(names) == 1
        else f"{len(names):,} other files, no recordings"
    )
    return [f"Left alone: {what} ({counts}{more})"]


def _names_text(files: Sequence[ImportedFile]) -> str:
    """`a.fit, b.fit, c.fit and 9 more`."""
    names = list(dict.fromkeys(file.name.rpartition("/")[2] for file in files))
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more:,} more" if more > 0 else "")
