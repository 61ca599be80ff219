"""What came of a sync, read from the output of `syncd sync --json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from syncd.daemon.child import Ended
from syncd.daemon.journal import (
    CHANGE_WITHDRAWN,
    NEEDS_HUMAN,
    QUESTION_ASKED,
    QUESTION_SETTLED,
    RECORDING_SET_ASIDE,
    RUN_DOUBTFUL,
    LogPriority,
)

OK, FAILED, USAGE, HUMAN = 0, 1, 2, 3  # the exit codes of the command line, which are a contract


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line for the log."""

    message: str
    priority: LogPriority = LogPriority.INFO
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class SyncOutcome:
    """One sync. `says` is a short summary for `systemctl status`.

    `expected`: when the next runs usually end. `news`: whether there is something new to show.
    `clock_doubted`: nothing was decided, because the clock of this machine cannot be right. `has_report`:
    the sync came to its end, and said what it did.
    """

    code: int
    says: str
    events: tuple[LogLine, ...] = ()
    problems: tuple[str, ...] = ()
    expected: tuple[datetime, ...] = ()
    news: bool = False
    clock_doubted: bool = False
    has_report: bool = False

    @property
    def needs_human(self) -> bool:
        """Whether waiting will not help."""
        return self.code in (HUMAN, USAGE)

    @property
    def failed(self) -> bool:
        """Whether it should be tried again sooner than usual."""
        return self.code not in (OK, HUMAN, USAGE)


def _doubtful(arrival: Mapping[str, Any]) -> LogLine:
    """A recording that waits for the athlete's word."""
    number = arrival.get("activity")
    text = f"{arrival.get('name')}: doubtful, counts nowhere until you say what it was: syncd score {number}"
    return LogLine(text, LogPriority.WARNING, RUN_DOUBTFUL)


def _set_aside(arrival: Mapping[str, Any]) -> LogLine:
    """A recording that broke its reader again and again."""
    return LogLine(
        f"{arrival.get('name')}: {arrival.get('reason')}", LogPriority.WARNING, RECORDING_SET_ASIDE
    )


def _changed(change: Mapping[str, Any]) -> LogLine:
    """A change of the plan; those that take another one back have a kind of their own."""
    evidence = change.get("evidence")
    withdrawing = isinstance(evidence, dict) and "withdrawn" in evidence
    return LogLine(_change(change), LogPriority.NOTICE, CHANGE_WITHDRAWN if withdrawing else "")


def _asked(question: Mapping[str, Any]) -> LogLine:
    """A question that is new."""
    number = question.get("id")
    text = f"question {number}: {question.get('text')} syncd answer {number} yes | no"
    return LogLine(text, LogPriority.WARNING, QUESTION_ASKED)


def _settled(question: Mapping[str, Any]) -> LogLine:
    """A question that nobody answered in time."""
    text = f"question {question.get('id')} was not answered, settled as {question.get('answer')}"
    return LogLine(f"{text}: {question.get('text')}", LogPriority.NOTICE, QUESTION_SETTLED)


def read_sync_outcome(ended: Ended) -> SyncOutcome:
    """Read the report of a sync that has ended, whatever it printed."""
    report = _report(ended.out)
    problems = tuple(dict.fromkeys((*map(str, report.get("problems", ())), *_errors(ended, report))))
    runs = [arrival for arrival in _rows(report, "arrived") if arrival.get("outcome") == "run"]
    scored, changes = _rows(report, "scored"), _rows(report, "changes")
    actions = _rows(report, "actions")
    priority = LogPriority.ERROR if ended.code in (HUMAN, USAGE) else LogPriority.WARNING
    message_id = NEEDS_HUMAN if ended.code in (HUMAN, USAGE) else ""
    counts = [
        _count(len(runs), "run"),
        _count(len(changes), "change"),
        f"{len(actions)} on the watch" if actions else "",
    ]
    summary = ", ".join(count for count in counts if count)
    return SyncOutcome(
        code=ended.code,
        says=summary or ("nothing new" if not problems else "with problems"),
        events=(
            *(LogLine(_scored(row), LogPriority.NOTICE) for row in scored if row.get("score") is not None),
            *map(_changed, changes),
            *(
                _doubtful(arrival)
                for arrival in _rows(report, "arrived")
                if arrival.get("outcome") == "doubtful"
            ),
            *map(_set_aside, (row for row in _rows(report, "arrived") if row.get("set_aside") is True)),
            *map(_asked, _rows(report, "asked")),
            *map(_settled, _rows(report, "settled")),
            *(LogLine(str(remark)) for remark in report.get("remarks", ())),
            *(LogLine(problem, priority, message_id) for problem in problems),
        ),
        problems=problems,
        expected=_moments(report.get("expected", ())),
        has_report=bool(report),
        clock_doubted=report.get("clock_doubted") is True,
        news=bool(runs or scored or changes or actions or _rows(report, "asked")),
    )


def _report(out: str) -> Mapping[str, Any]:
    try:
        report = json.loads(out) if out else {}
    except ValueError:
        report = {}
    return report if isinstance(report, dict) else {}


def _errors(ended: Ended, report: Mapping[str, Any]) -> tuple[str, ...]:
    """What stderr says where there is no report: after a signal or a fault of our own."""
    if ended.code == OK or report:
        return ()
    if ended.code < 0:
        return (f"the sync was ended by signal {-ended.code}; the next one continues from there",)
    lines = [line.removeprefix("syncd: ").strip() for line in ended.err.splitlines() if line.strip()]
    return tuple(lines[-3:]) or (f"the sync ended with code {ended.code} and no message",)


def _rows(report: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    rows = report.get(key, ())
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _scored(row: Mapping[str, Any]) -> str:
    return f"run of {row.get('date')} scored {row.get('score')} {row.get('band')}: {row.get('words')}"


def _change(row: Mapping[str, Any]) -> str:
    after, before, day = row.get("after"), row.get("before"), row.get("date") or row.get("was_on")
    text = f"{day}: " if day else ""
    if after != before:
        text += f"{after or 'dropped'}{f' (was: {before})' if before else ''}, "
    return f"{text}because {row.get('reason')} (rule {row.get('rule')}, syncd undo {row.get('id')})"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""


def _moments(texts: object) -> tuple[datetime, ...]:
    try:
        moments = [datetime.fromisoformat(str(text)) for text in texts] if isinstance(texts, list) else []
    except ValueError:
        return ()
    return tuple(moment for moment in moments if moment.tzinfo is not None)
