"""A plan as one readable text file: weeks, dates, workouts in one-line notation, comments.

    # Lines that begin with # are comments; they stay with the line below them.
    week 2026-03-02 distance build
    Tue 2026-03-03  hm_m  15min E + 3x(5min HM + 90s jog) + 10min E | 3 x 5 min   # flat road
    Sun             long  14km E

    week    = "week" MONDAY [phase] [kind]          phase distance, kind build unless said
    session = [weekday] [date] kind workout ["|" title]

One of weekday and date is enough; both must agree. Parsing is strict and all or nothing: the
first wrong line is named with its number. `format_plan(parse_plan(text))` keeps every comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from syncd.domain.calendar_names import SHORT_DAY_NAMES, WEEKDAYS
from syncd.domain.delivery import labels
from syncd.domain.nearest import did_you_mean
from syncd.domain.notation import NotationError, format_workout, parse_workout
from syncd.domain.session import Phase, Session, SessionKind, Week, WeekKind
from syncd.domain.units import Units
from syncd.domain.workout import Workout, WorkoutError

MOST_WEEKS = 104  # our default: two years, as far as the generator plans
MOST_CHARACTERS = 500_000  # our default: ten times what two years of seven sessions take
MOST_TITLE = 80
FIRST_YEAR, LAST_YEAR = 2000, 2099  # our default: anything else is a slip of the pen

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_KIND_WIDTH = max(len(kind) for kind in SessionKind)
_NOT_IN_TITLES = re.compile(r"[#|\x00-\x1f\x7f]+")


class PlanFileError(ValueError):
    """The text is not a plan; the message says in which line, and what was expected there."""

    def __init__(self, line: int, fault: str) -> None:
        self.line, self.fault = line, fault
        super().__init__(f"line {line}: {fault}")


@dataclass(frozen=True, slots=True)
class FileSession:
    """A session line. `comments` are those above it, `note` the one behind it, both without their #."""

    day: date
    kind: SessionKind
    workout: Workout
    title: str = ""
    note: str = ""
    comments: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class FileWeek:
    """A week line and its sessions by day; without sessions it is a week of rest."""

    start: date
    sessions: tuple[FileSession, ...]
    phase: Phase = Phase.DISTANCE
    kind: WeekKind = WeekKind.BUILD
    note: str = ""
    comments: tuple[str, ...] = ()

    @property
    def end(self) -> date:
        """The Sunday."""
        return self.start + timedelta(days=6)


@dataclass(frozen=True, slots=True)
class PlanFile:
    """Weeks in their order, and the comments after the last line."""

    weeks: tuple[FileWeek, ...]
    closing: tuple[str, ...] = ()


def parse_plan(text: str) -> PlanFile:
    """The plan in `text`. Raises PlanFileError for the first line that is wrong."""
    if len(text) > MOST_CHARACTERS:
        raise PlanFileError(1, f"a plan has at most {MOST_CHARACTERS:,} characters")
    weeks: list[FileWeek] = []
    comments: list[str] = []
    number = 0
    for number, raw in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        content, hash_, comment = raw.partition("#")
        content, note = content.strip(), comment.strip()
        if not content:
            comments += [note] if hash_ else []
        elif content.split()[0].lower() == "week":
            weeks.append(_week(number, content, note, tuple(comments), weeks))
            comments.clear()
        else:
            if not weeks:
                raise PlanFileError(number, "expected a week line first, for example: week 2026-03-02")
            session = replace(_session(number, content, weeks[-1]), note=note, comments=tuple(comments))
            weeks[-1] = _with_session(weeks[-1], session)
            comments.clear()
    if not weeks:
        raise PlanFileError(
            max(number, 1), "there is no week in it; a plan begins with a line such as: week 2026-03-02"
        )
    return PlanFile(tuple(weeks), tuple(comments))


def format_plan(plan: PlanFile) -> str:
    """The file, as `parse_plan` reads it."""
    blocks = ["\n".join(_lines(week)) for week in plan.weeks]
    blocks += ["\n".join(map(_comment, plan.closing))] if plan.closing else []
    return "\n\n".join(blocks) + "\n"


def plan_file(weeks: Iterable[Week], units: Units) -> PlanFile:
    """Weeks of the plan as a file, without comments, with lengths in titles in these units."""
    return PlanFile(tuple(_from_week(week, units) for week in weeks))


def title_in_file(session: Session, units: Units) -> str:
    """The title as a file has it: without characters that have a meaning there, and not too long."""
    return " ".join(_NOT_IN_TITLES.sub(" ", labels.title(session, units)).split())[:MOST_TITLE].rstrip()


def with_comments(plan: PlanFile, commented: PlanFile) -> PlanFile:
    """The plan with the comments of another file, where week, day and workout are the same."""
    known = {week.start: week for week in commented.weeks}
    weeks = tuple(_commented(week, known[week.start]) if week.start in known else week for week in plan.weeks)
    return replace(plan, weeks=weeks, closing=commented.closing)


def merged(old: PlanFile, new: PlanFile) -> PlanFile:
    """The weeks of both in order; those of the new file where both have one."""
    weeks = {week.start: week for week in (*old.weeks, *new.weeks)}
    return PlanFile(tuple(weeks[start] for start in sorted(weeks)), new.closing)


def _week(
    number: int, content: str, note: str, comments: tuple[str, ...], before: list[FileWeek]
) -> FileWeek:
    words = content.split()
    start = _date(number, words[1] if len(words) > 1 else "")
    if start.weekday() != 0:
        monday = start - timedelta(days=start.weekday())
        raise PlanFileError(
            number, f"{start} is a {SHORT_DAY_NAMES[start.weekday()]}; weeks begin on Monday, {monday}"
        )
    if before and start <= before[-1].start:
        raise PlanFileError(number, f"week {start} comes after week {before[-1].start}: put them in order")
    if len(before) == MOST_WEEKS:
        raise PlanFileError(number, f"a plan has at most {MOST_WEEKS} weeks")
    phase: Phase | None = None
    kind: WeekKind | None = None
    for word in map(str.lower, words[2:]):
        if phase is None and word in tuple(Phase):
            phase = Phase(word)
        elif kind is None and word in tuple(WeekKind):
            kind = WeekKind(word)
        else:
            allowed = f"one phase ({', '.join(Phase)}) and one kind of week ({', '.join(WeekKind)})"
            near = did_you_mean(word, (*Phase, *WeekKind))
            raise PlanFileError(number, f"{word!r} is not allowed here: a week has {allowed}{near}")
    return FileWeek(start, (), phase or Phase.DISTANCE, kind or WeekKind.BUILD, note, comments)


def _session(number: int, content: str, week: FileWeek) -> FileSession:
    left, bar, title = content.partition("|")
    words = left.split()
    day = _day(number, words, week)
    kind = words.pop(0).lower() if words else ""
    if kind not in tuple(SessionKind):
        near = did_you_mean(kind, SessionKind)
        raise PlanFileError(number, f"{kind!r} is not a kind of session: {', '.join(SessionKind)}{near}")
    if bar and not 0 < len(title.strip()) <= MOST_TITLE:
        raise PlanFileError(number, f"a title after | has 1 to {MOST_TITLE} characters")
    if _NOT_IN_TITLES.search(title):
        raise PlanFileError(number, "a title has no |, # or control characters")
    try:
        workout = parse_workout(" ".join(words))
    except NotationError as error:
        raise PlanFileError(number, f"in the workout {error}") from None
    except WorkoutError as error:
        raise PlanFileError(number, str(error)) from None
    return FileSession(day, SessionKind(kind), workout, " ".join(title.split()), line=number)


def _day(number: int, words: list[str], week: FileWeek) -> date:
    """Takes weekday and date off the front of `words`."""
    weekday = _weekday(words[0]) if words else None
    if weekday is not None:
        words.pop(0)
    if not (words and _DATE.fullmatch(words[0])):
        if weekday is None:
            near = did_you_mean(words[0], ("week", *WEEKDAYS)) if words else ""
            raise PlanFileError(
                number, f"expected 'week', a weekday (Mon to Sun) or a date (YYYY-MM-DD){near}"
            )
        return week.start + timedelta(days=weekday)
    day = _date(number, words.pop(0))
    if weekday is not None and day.weekday() != weekday:
        raise PlanFileError(
            number, f"{day} is a {SHORT_DAY_NAMES[day.weekday()]}, not a {SHORT_DAY_NAMES[weekday]}"
        )
    if not 0 <= (day - week.start).days < 7:
        raise PlanFileError(number, f"{day} is not in the week of {week.start}")
    return day


def _weekday(word: str) -> int | None:
    lowered = word.lower()
    matches = [weekday for weekday, name in enumerate(WEEKDAYS) if lowered in (name, name[:3])]
    return matches[0] if matches else None


def _date(number: int, word: str) -> date:
    if not _DATE.fullmatch(word):
        raise PlanFileError(number, f"expected a date as YYYY-MM-DD, not {word!r}")
    try:
        day = date.fromisoformat(word)
    except ValueError:
        raise PlanFileError(number, f"there is no such day: {word}") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise PlanFileError(number, f"{word} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return day


def _with_session(week: FileWeek, session: FileSession) -> FileWeek:
    for other in week.sessions:
        if other.day == session.day:
            raise PlanFileError(
                session.line, f"a second session on {session.day}; the first is in line {other.line}"
            )
    return replace(week, sessions=tuple(sorted((*week.sessions, session), key=lambda planned: planned.day)))


def _lines(week: FileWeek) -> Iterator[str]:
    yield from map(_comment, week.comments)
    yield _noted(f"week {week.start} {week.phase} {week.kind}", week.note)
    for session in week.sessions:
        yield from map(_comment, session.comments)
        when = f"{SHORT_DAY_NAMES[session.day.weekday()]} {session.day}"
        title = f" | {session.title}" if session.title else ""
        text = f"{when}  {session.kind:{_KIND_WIDTH}}  {format_workout(session.workout)}{title}"
        yield _noted(text, session.note)


def _comment(text: str) -> str:
    return f"# {text}" if text else "#"


def _noted(line: str, note: str) -> str:
    return f"{line}  # {note}" if note else line


def _from_week(week: Week, units: Units) -> FileWeek:
    sessions = sorted((_from_session(session, units) for session in week.sessions), key=lambda line: line.day)
    return FileWeek(week.start, tuple(sessions), week.phase, week.kind)


def _from_session(session: Session, units: Units) -> FileSession:
    title = title_in_file(session, units)
    return FileSession(session.day, session.kind, replace(session.workout, name=""), title)


def _commented(week: FileWeek, other: FileWeek) -> FileWeek:
    known = {(session.day, format_workout(session.workout)): session for session in other.sessions}
    sessions = []
    for session in week.sessions:
        commented = known.get((session.day, format_workout(session.workout)))
        sessions.append(
            replace(session, note=commented.note, comments=commented.comments) if commented else session
        )
    return replace(week, sessions=tuple(sessions), note=other.note, comments=other.comments)
