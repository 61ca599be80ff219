"""A played story as a reader of the docs sees it: week by week, in Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from syncd.domain.session import SessionState
from syncd.domain.units import KILOMETRES, day_name
from syncd.report.reasons import reason_sentence
from syncd.report.training_views import session_text
from syncd.sandbox.stories.life import MONDAY
from syncd.sandbox.stories.playing import BEGINS, SHOWN_BEFORE, LivedWeek, PlayedStory
from syncd.store.changes import REZONED
from syncd.store.plan import CommittedSession


def printed(told: PlayedStory) -> str:
    """What was said, the weeks before and after, and when everything was as before."""
    lines = [f"Before: {_km(told.usual_m)} a week, longest run {_km(told.longest_before_m)}.", ""]
    said = list(_said(told))
    lines += [*said, "", "```"] if said else ["```text"]
    for week in (*told.before[-SHOWN_BEFORE:], *told.weeks):
        lines += _week_lines(week)
    lines += ["```", "", _end(told)]
    return "\n".join(lines).strip()


def _said(told: PlayedStory) -> Iterator[str]:
    for said in told.story.said:
        yield f"- {day_name(MONDAY + timedelta(days=BEGINS + said.day))}: `{said.command}`"
    if told.story.off:
        first = MONDAY + timedelta(days=BEGINS + told.story.off)
        yield f"- no run for {told.story.off} days; from {day_name(first)} on everything as planned"
    if told.story.misses_each:
        yield f"- one of {told.story.misses_each} runs is missed"


def _week_lines(week: LivedWeek) -> Iterator[str]:
    kind = f", {week.kind.value}" if week.kind is not None and week.sessions else ", off"
    name = f"week {week.number}" if week.number > 0 else f"{1 - week.number} before"
    yield f"{name} ({day_name(week.start)}{kind}): {_km(week.distance_m)}, longest {_km(week.longest_m)}"
    for session in week.sessions:
        yield f"    {_session_line(session)}"
    for reason in _reasons(week):
        yield f"  - {reason}"


def _session_line(planned: CommittedSession) -> str:
    missed = " (missed)" if planned.state is SessionState.MISSED else ""
    return f"{day_name(planned.session.day)}  {session_text(planned.session, KILOMETRES)}{missed}"


def _reasons(week: LivedWeek) -> list[str]:
    """Each once, in the order in which they were given."""
    told = (change for change in week.changes if change.rule != REZONED)
    return list(dict.fromkeys(reason_sentence(change.reason, KILOMETRES) for change in told))


def _end(told: PlayedStory) -> str:
    if told.back is not None:
        weeks = told.back.number - (told.story.off // 7)
        return f"**Back after {weeks} week{'' if weeks == 1 else 's'} of running.**"
    if told.story.until_back:
        return f"**Not back within {told.story.weeks} weeks.**"
    return ""


def _km(metres: float) -> str:
    return KILOMETRES.distance(metres)
