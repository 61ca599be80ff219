"""Values that several tests of the store put into it."""

from datetime import UTC, date, datetime, timedelta

from syncd.domain.activity import Activity, Device
from syncd.domain.notation import parse_workout
from syncd.domain.reason import Reason
from syncd.domain.session import Phase, Session, SessionKind, Week, WeekKind
from syncd.domain.workout import Workout

NOW = datetime(2026, 3, 17, 18, 40, tzinfo=UTC)
MONDAY = date(2026, 3, 16)
SYMBOLIC = parse_workout("15min E + 3x(8min HM + 90s jog) + 10min E", name="3 x 8 min HM")
CONCRETE = parse_workout(
    "15min @6:00-6:30/km + 3x(8min @5:05-5:23/km + 90s jog) + 10min @6:00-6:30/km", name="3 x 8 min HM"
)


def run(**more) -> Activity:
    """An hour in Rome."""
    facts = {
        "start": datetime(2026, 3, 17, 17, 30, 5, tzinfo=UTC),
        "sport": "running",
        "sub_sport": "trail",
        "name": "Evening run",
        "utc_offset": timedelta(hours=1),
        "timer_s": 3484.2,
        "elapsed_s": 3600.0,
        "distance_m": 10_234.5,
        "device": Device("garmin", "fr965", 3_412_345_678),
        "workout": SYMBOLIC,
        "avg_hr_bpm": 152,
        "rpe": 6.0,
    }
    return Activity(**(facts | more))


def session(slot: int = 3, day: date = MONDAY + timedelta(days=1), workout: Workout = SYMBOLIC) -> Session:
    return Session(
        id=f"2026w12-{slot}",
        day=day,
        kind=SessionKind.HM_M,
        title="3 x 8 min at half-marathon",
        workout=workout,
        distance_m=9100.0,
        duration_s=3120.0,
        rpe=(5, 7),
        hard=True,
        purpose="the pace you can hold for an hour",
        family="hm",
        level=2,
        rules=("P3", "A8"),
    )


def week(*sessions: Session) -> Week:
    return Week(
        MONDAY, Phase.DISTANCE, WeekKind.BUILD, sessions, notes=(Reason.legacy("Long run on Sunday – easy"),)
    )
