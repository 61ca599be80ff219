"""Generated athletes, and what a plan looks like from outside."""

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import strategies as st

from syncd.domain.athlete import Availability, Goal, PastRun
from syncd.domain.reason import Reason
from syncd.domain.session import Session, SessionKind, Week, monday_of
from syncd.domain.training.weeks import PlanInputs, history_from_summary
from syncd.domain.training.zones import zones_from_result

MONDAY = date(2026, 3, 2)


@st.composite
def availabilities(draw) -> Availability:
    days = draw(st.integers(2, 7))
    weekdays = draw(st.sets(st.integers(0, 6), min_size=max(2, days)))
    return Availability(days, tuple(sorted(weekdays)), draw(st.sampled_from(sorted(weekdays))))


@st.composite
def messy_histories(draw) -> tuple[PastRun, ...]:
    """Runs as people have them: any day of the last ten weeks, any length, gaps included."""
    ages = draw(st.sets(st.integers(1, 70), max_size=30))
    return tuple(
        PastRun(MONDAY - timedelta(days=age), metres, metres * 0.36)
        for age in sorted(ages)
        for metres in [draw(st.integers(800, 28_000).map(float))]
    )


@st.composite
def steady_histories(draw) -> tuple[PastRun, ...]:
    weekly_m = draw(st.integers(8, 90)) * 1000.0
    share = draw(st.floats(0.3, 0.6))
    return history_from_summary(MONDAY, weekly_m, round(weekly_m * share), 4)


@st.composite
def inputs(draw) -> PlanInputs:
    first_day = MONDAY + timedelta(days=draw(st.integers(0, 6)))
    return PlanInputs(
        first_day=first_day,
        availability=draw(availabilities()),
        zones=zones_from_result(
            5000, draw(st.integers(15 * 60, 40 * 60)), as_of=None, source=Reason.legacy("test")
        ),
        history=draw(st.one_of(steady_histories(), messy_histories())),
        weeks=draw(st.integers(5, 22)),
        phase_start=MONDAY - timedelta(weeks=draw(st.integers(0, 8))),
        levels={"hm_m": draw(st.integers(1, 8))},
        goal=draw(st.sampled_from(Goal)),
    )


def article_runner(weeks: int = 20) -> PlanInputs:
    """Four days a week, 5K in 25:00, 20 km a week, longest run 8 km."""
    return PlanInputs(
        first_day=MONDAY,
        availability=Availability(4),
        zones=zones_from_result(5000, 25 * 60, as_of=None, source=Reason.legacy("test")),
        history=history_from_summary(MONDAY, 20_000, 8000, 4),
        weeks=weeks,
        phase_start=MONDAY,
        levels={},
    )


def as_run(session: Session) -> PastRun:
    return PastRun(session.day, session.distance_m, session.duration_s)


def long_of(week: Week) -> Session | None:
    return next((each for each in week.sessions if each.kind is SessionKind.LONG), None)


@dataclass(frozen=True)
class Diary:
    """Every run, the past ones and the planned ones, as if all of them were run."""

    runs: tuple[PastRun, ...]

    @classmethod
    def of(cls, plan_inputs: PlanInputs, weeks: tuple[Week, ...]) -> "Diary":
        planned = tuple(as_run(session) for week in weeks for session in week.sessions)
        return cls((*plan_inputs.history, *planned))

    def before(self, day: date, days: int) -> list[float]:
        return [run.distance_m for run in self.runs if 0 < (day - run.day).days <= days]

    def week_m(self, monday: date) -> float:
        return sum(run.distance_m for run in self.runs if monday_of(run.day) == monday)
