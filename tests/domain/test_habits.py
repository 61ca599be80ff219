from datetime import date, timedelta

from syncd.domain.habits import usual_finish

TUESDAY = date(2026, 3, 10)
WEEK = timedelta(weeks=1)


def test_three_runs_on_the_same_weekday_are_a_habit():
    runs = [(TUESDAY - WEEK * week, minute) for week, minute in ((1, 1140), (2, 1150), (3, 1120))]
    assert usual_finish(runs, TUESDAY) == 1140
    assert usual_finish(runs[:2], TUESDAY) is None


def test_where_the_weekday_has_few_all_days_count_when_there_are_five():
    runs = [(TUESDAY - timedelta(days=day), 420 + day) for day in (1, 2, 3, 4, 5)]
    assert usual_finish(runs, TUESDAY) == 423
    assert usual_finish(runs[1:], TUESDAY) is None


def test_what_was_months_ago_or_is_today_is_no_habit():
    old = [(TUESDAY - WEEK * week, 1140) for week in (9, 10, 11)]
    assert usual_finish([*old, (TUESDAY, 600)], TUESDAY) is None
