"""The HTML report: one file, nothing loaded, nothing run, every word as it was meant."""

import base64
import hashlib
import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.domain.notation import parse_workout
from syncd.domain.plain_text import one_line
from syncd.domain.units import KILOMETRES, MILES
from syncd.domain.workout import PaceBand
from syncd.report.page.model import (
    Ahead,
    ChangeLine,
    FitnessPoint,
    Month,
    RunCard,
    StepLine,
    Story,
    WeekBar,
    ZoneLine,
)
from syncd.report.page.render import render
from syncd.report.page.run_chart import run_picture
from syncd.report.page.scale import Scale, path, ticks
from syncd.report.page.small_chart import small_picture, trace_of
from syncd.report.page.thinning import thinned
from syncd.report.page.trend_charts import line_picture, weeks_picture
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate

MONDAY, LATER = date(2026, 1, 5), date(2026, 2, 9)
BAND = PaceBand.of_paces(310, 323)
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><script>",
    "{{ 7*7 }}{% raw %}",
    "\u0645\u0631\u062d\u0628\u0627 \u202ednim\u202c",
    "🏃‍♀️ & co",
    "\x1b[31mred",
]


def samples(notation="10min E + 4x(5min HM + 90s jog) + 5min E"):
    return simulate(parse_workout(notation), Runner(vdot=38.3), Scenario.PERFECT, seed=3).samples


def aims():
    return [(600.0, None), *[(300.0, BAND), (90.0, None)] * 4, (300.0, None)]


def card(number=1, name="4 x 5 min HM", picture=None, **more):
    return RunCard(
        anchor=f"run-{number}",
        day="Tue 6 Jan 2026",
        title=name,
        totals="6.8 km in 43:09",
        score=more.get("score", 91),
        band="on plan",
        confidence="high",
        summary="All four reps on pace.",
        flags=("hilly",),
        notes=("Matched to the workout by lap number.",),
        parts=(("pace", "94"), ("structure", "-")),
        steps=(StepLine("1. 5min", "5:10-5:23/km", "5:00, 5:12/km", "165", "ok", True),),
        picture=picture,
        small=more.get("small"),
        no_picture=more.get("no_picture", ""),
        full=more.get("full", True),
    )


def short_card(number=1, **more):
    return card(number, full=False, **more)


def week(number, **more):
    start = MONDAY + timedelta(weeks=number)
    values = {
        "planned_m": 30000.0,
        "done_m": 28000.0 + 100 * number,
        "longest_m": 11000.0,
        "efficiency": 1.05,
    }
    phase = "distance" if number < 6 else "speed"
    return WeekBar(start, f"{start}", phase, "build", **(values | more))


def story(**more):
    values = {
        "title": "Thu 12 Mar 2026: distance phase, build week",
        "as_of": "As of 18:40",
        "status": ("Garmin ok, 12 min ago",),
        "needs": (),
        "ahead": (
            Ahead("Sat 14 Mar", "8 km easy", "8km E", "effort 2-4", "on the watch", ("Easy.",), hard=True),
        ),
        "runs": (card(picture=run_picture(samples(), aims(), KILOMETRES)), card(2, score=None)),
        "earlier": (Month("December 2025", (short_card(3, no_picture="Gone."),), "1 run, 7 km"),),
        "weeks": tuple(week(number) for number in range(10)),
        "this_week": MONDAY + timedelta(weeks=9),
        "zones": (ZoneLine("easy", "6:19-6:57/km", "6:08-7:39/km"),),
        "zones_from": "From 5 km in 25:00",
        "fitness": (FitnessPoint(MONDAY, "5 Jan", 38.3, "test"), FitnessPoint(LATER, "9 Feb", 39, "race")),
        "changes": (ChangeLine("Tue", "3 x 8 min (was: 4 x 5 min)", "On plan.", "rule A8", "syncd undo 4"),),
        "notes": ("2 runs.",),
    }  # fmt: skip
    return Story(**(values | more))


class Page(HTMLParser):
    """What a browser would see of it: tags with attributes, and text."""

    VOID = frozenset({"meta", "path", "rect", "circle", "br", "img"})

    def __init__(self, html):
        super().__init__()
        self.tags, self.text, self.open, self.unbalanced = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.unbalanced.append(tag)

    def handle_data(self, data):
        self.text.append(data)

    def names(self):
        return Counter(tag for tag, _ in self.tags)

    def charts(self):
        """What is announced as a picture; each may hold others that are stretched."""
        return [values for tag, values in self.tags if tag == "svg" and values.get("role") == "img"]

    def words(self):
        return " ".join("".join(self.text).split())


def test_it_is_one_whole_page_with_every_section_and_charts_that_say_what_they_show():
    page = Page(render(story()))
    assert page.open == page.unbalanced == []
    assert [values["id"] for tag, values in page.tags if tag == "section"] == [
        "ahead", "runs", "weeks", "fitness", "changes", "earlier", "data"
    ]  # fmt: skip
    charts = page.charts()
    assert len(charts) == 5
    identities = [values["id"] for _, values in page.tags if "id" in values]
    assert len(identities) == len(set(identities))
    assert all(set(values["aria-labelledby"].split()) <= set(identities) for values in charts)
    assert page.names()["title"] == 1 + len(charts) == 1 + page.names()["desc"]


def test_nothing_is_loaded_run_or_sent():
    html = render(story())
    page = Page(html)
    assert page.names()["script"] == page.names()["link"] == page.names()["img"] == page.names()["form"] == 0
    assert not [values for _, values in page.tags if "src" in values or "style" in values]
    assert not [name for _, values in page.tags for name in values if name.startswith("on")]
    (policy,) = [v["content"] for tag, v in page.tags if v.get("http-equiv") == "Content-Security-Policy"]
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "http" not in re.sub(r"http-equiv", "", html)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_only_a_name(name):
    harmless, hostile = (
        Page(render(story(runs=(card(),)))),
        Page(render(story(runs=(card(name=name),), needs=(name,)))),
    )
    added = hostile.names() - harmless.names()
    assert set(added) <= {"p", "strong"}
    assert hostile.unbalanced == []
    assert one_line(name) in "".join(hostile.text)
    assert not {"\u202e", "\x1b"} & set("".join(hostile.text))


@settings(max_examples=40)
@given(st.text(max_size=40))
def test_whatever_a_run_is_called_the_page_stays_whole(name):
    page = Page(render(story(runs=(card(name=name),), earlier=(), weeks=(), fitness=())))
    assert page.open == page.unbalanced == []
    assert page.names()["script"] == 0


@pytest.mark.parametrize("hard", [True, False])
def test_the_mark_of_hard_sessions_is_explained_only_where_there_is_one(hard):
    ahead = tuple(replace(day, hard=hard) for day in story().ahead)
    assert ahead
    assert ("● a hard session" in render(story(ahead=ahead))) == hard


def test_the_days_of_rest_and_the_race_are_on_the_page():
    rest = Ahead("Sun 15 Mar", "rest", rest=True)
    race = "10K on Sun 6 Sep 2026, in 25 weeks (A race)"
    page = Page(render(story(ahead=(*story().ahead, rest), race=race)))
    assert "Sun 15 Mar rest" in page.words()
    assert f"Race: {race}" in page.words()
    assert sum("rest" in values.get("class", "").split() for _, values in page.tags) == 1


def test_time_off_is_said_in_the_place_of_a_plan():
    ill = "Ill since Wed 11 Mar: no runs are planned. Better? syncd resume"
    text = Page(render(story(ahead=(), time_off=(ill,)))).words()
    assert ill in text
    assert "Nothing is planned yet" not in text


def test_a_run_of_an_earlier_month_may_be_there_in_full():
    months = (Month("March 2026", (card(3), short_card(4, small=small())), "2 runs, 14 km"),)
    page = Page(render(story(runs=(card(),), earlier=months, weeks=(), fitness=())))
    assert page.open == page.unbalanced == []
    cards = [values["id"] for tag, values in page.tags if tag == "details" and "id" in values]
    assert cards == ["run-1", "run-3"]


def test_without_a_run_without_a_plan_without_paces_there_is_still_a_page():
    empty = story(
        ahead=(), runs=(), earlier=(), weeks=(), zones=(), fitness=(), changes=(), notes=(), zones_from=""
    )
    page = Page(render(empty))
    text = " ".join("".join(page.text).split())
    assert page.names()["svg"] == 0
    assert "No runs yet." in text
    assert "No paces yet: everything is by effort until a test or a race." in text


LONG = "15min E + 10x(2min I + 1min jog) + 10min E"
LONG_AIMS = [(900.0, None), *[(120.0, BAND), (60.0, None)] * 10, (600.0, None)]


def small(notation=LONG, targets=LONG_AIMS, units=KILOMETRES):
    return small_picture(trace_of(samples(notation), targets), units)


def test_two_years_of_running_with_a_picture_of_every_run_are_less_than_a_megabyte():
    picture = run_picture(samples(LONG), LONG_AIMS, KILOMETRES)
    steps = tuple(
        StepLine(f"{n}. 800m", "5:10-5:23/km", "4:00, 5:12/km", "165", "ok", True) for n in range(24)
    )
    line = small()
    many = story(
        runs=tuple(replace(card(n, picture=picture), steps=steps) for n in range(60)),
        earlier=tuple(
            Month(f"{month}", tuple(short_card(60 + 32 * month + n, small=line) for n in range(32)))
            for month in range(20)
        ),
        weeks=tuple(week(n) for n in range(105)),
        changes=tuple(story().changes * 200),
    )
    page = render(many)
    assert len(Page(page).charts()) == 60 + 640 + 4
    assert len(page.encode()) < 1_000_000


def test_earlier_runs_are_told_by_month_each_with_its_picture_or_why_there_is_none():
    months = (
        Month(
            "February 2026",
            (short_card(3, small=small()), short_card(4, no_picture="No picture: it is gone.")),
            "2 runs, 14 km",
        ),
        Month("January 2026", (short_card(5, small=small()),), "1 run, 7 km"),
    )
    page = Page(render(story(runs=(card(),), earlier=months, weeks=(), fitness=())))
    text = " ".join("".join(page.text).split())
    assert page.open == page.unbalanced == []
    assert "February 2026 2 runs, 14 km" in text
    assert "January 2026 1 run, 7 km" in text
    assert text.count("No picture: it is gone.") == 1
    names = [values["aria-label"] for tag, values in page.tags if tag == "svg"]
    assert len(names) == 2
    assert all("of the time with a target was inside it." in name for name in names)


def test_a_run_that_is_told_whole_says_too_why_it_has_no_picture():
    text = "".join(Page(render(story(runs=(card(no_picture="No picture: it is gone."),)))).text)
    assert "No picture: it is gone." in text


def test_miles_are_miles_everywhere():
    page = render(story(unit=(MILES.metres, "mi")))
    assert "17.4 mi" in page
    assert " km</td>" not in page


# --- pictures


def test_a_picture_of_a_run_shows_its_targets_its_pace_and_its_heart_rate():
    picture = run_picture(samples(), aims(), KILOMETRES)
    assert len(picture.bands) == 4
    assert picture.pace.startswith("M")
    assert picture.heart.startswith("M")
    assert "of the time with a target was inside it, and heart rate below." in picture.description
    assert [mark.label for mark in picture.minutes][:3] == ["0", "5", "10"]


def test_without_heart_rate_the_picture_says_so():
    from array import array
    from math import nan

    bare = replace(samples(), heart_rate_bpm=array("f", [nan] * len(samples())))
    picture = run_picture(bare, aims(), KILOMETRES)
    assert picture.heart == ""
    assert picture.description.endswith("Heart rate was not recorded.")


def test_every_place_of_a_picture_is_on_it():
    picture = run_picture(samples(), aims(), KILOMETRES)
    for x, y in [*places(picture.pace), *places(picture.heart)]:
        assert 0 <= x <= 600
        assert 0 <= y <= 252
    assert all(band.x >= 0 and band.x + band.width <= 600.2 for band in picture.bands)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(1, 12))
def test_marks_are_round_few_and_within_the_range(low, span, most):
    marks = ticks(low, low + span, most)
    assert len(marks) <= most + 1
    assert all(
        low - 1e-6 * abs(low) - 1e-6 <= mark <= low + span + 1e-6 * (abs(low) + span) for mark in marks
    )


@given(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4), st.floats(-2e4, 2e4))
def test_nothing_is_drawn_outside_its_frame(low, high, value):
    assert 8 <= Scale(low, high, 8, 150).clamped(value) <= 150


def places(drawn):
    """The points of a path, wherever the pen goes."""
    points = []
    for stroke in re.findall(r"M[^M]*", drawn):
        numbers = [float(number) for number in re.findall(r"-?(?:\d*\.)?\d+", stroke)]
        steps = list(zip(numbers[::2], numbers[1::2], strict=True))
        points += [
            (sum(x for x, _ in steps[:n]), sum(y for _, y in steps[:n])) for n in range(1, len(steps) + 1)
        ]
    return points


def test_a_gap_lifts_the_pen():
    assert path([(0, 1), (2, 3.5), (2.5, 3.1), None, (4, 5), (5, 6)]) == "M0 1l2 2.5 .5-.4M4 5l1 1"
    assert path([(0, 1.4), (2, 3.6), (3, 2)], decimals=0) == "M0 1l2 3 1-2"
    assert path([]) == ""


@given(st.lists(st.tuples(st.floats(0, 640), st.floats(0, 252)), min_size=1), st.sampled_from([0, 1]))
def test_a_long_line_never_drifts_from_its_points(points, decimals):
    for (x, y), (at_x, at_y) in zip(points, places(path(points, decimals)), strict=True):
        assert abs(x - at_x) <= 0.5 / 10**decimals + 1e-9
        assert abs(y - at_y) <= 0.5 / 10**decimals + 1e-9


@given(st.lists(st.floats(0, 100), min_size=1, max_size=200), st.integers(2, 60))
def test_a_thinned_line_keeps_its_ends_its_order_and_no_more_points_than_asked(heights, most):
    points = list(enumerate(heights))
    kept = thinned(points, most)
    assert len(kept) == min(most, len(points))
    assert (kept[0], kept[-1]) == (points[0], points[-1])
    assert kept == sorted(set(kept))
    assert set(kept) <= set(points)


def test_a_thinned_line_keeps_a_peak_of_one_point():
    points = [(float(x), 5.0 if x == 37 else 0.0) for x in range(120)]
    assert (37.0, 5.0) in thinned(points, 20)


def test_a_small_picture_shows_each_repetition_in_few_bytes_within_its_frame():
    picture = small()
    assert picture.targets.count("M") == 10
    assert len(picture.pace) + len(picture.targets) < 500
    drawn = places(picture.pace)
    assert all(0 <= x < 120 and 1 <= y <= 35 for x, y in drawn)
    up_and_down = [a < b for (_, a), (_, b) in pairwise(drawn) if abs(a - b) > 8]
    assert sum(a != b for a, b in pairwise(up_and_down)) >= 18


def test_a_small_picture_speaks_the_athletes_unit():
    assert "/km; " in small().description
    assert "/mi; " in small(units=MILES).description


def test_steps_one_after_the_other_with_the_same_target_are_one_stretch():
    picture = run_picture(
        samples(), [(600.0, None), (300.0, BAND), (300.0, BAND), (1260.0, None)], KILOMETRES
    )
    assert len(picture.bands) == 1


def test_weeks_have_an_outline_for_the_plan_a_bar_for_the_run_and_a_strip_for_each_phase():
    picture = weeks_picture([week(n) for n in range(9)] + [week(9, planned_m=None)], (1000.0, "km"), MONDAY)
    assert len(picture.bars) == 10
    assert [bar.planned_y is None for bar in picture.bars] == [False] * 9 + [True]
    assert [(strip.name, strip.alternate) for strip in picture.phases] == [
        ("distance", False),
        ("speed", True),
    ]
    assert [bar.now for bar in picture.bars] == [True] + [False] * 9


def test_a_phone_shows_fewer_months_and_only_phases_that_have_room():
    weeks = [week(n, planned_m=None) for n in range(-20, 80)]
    picture = weeks_picture(weeks, (1000.0, "km"), MONDAY)
    everywhere = [mark for mark in picture.months if not mark.wide_only]
    for shown, width_px in ((picture.months, 840), (everywhere, 270)):
        apart = [(b.at - a.at) * width_px / 600 for a, b in pairwise(shown)]
        assert min(apart) >= 8 * 7  # eight characters
        assert max(mark.at for mark in shown) * width_px / 600 <= width_px - 8 * 7
    assert len(picture.months) > len(everywhere) >= 2
    short = weeks_picture([week(n) for n in range(4, 60)], (1000.0, "km"), MONDAY)
    assert [(strip.name, bool(strip.shown), strip.wide_only) for strip in short.phases] == [
        ("distance", False, True),
        ("speed", True, False),
    ]


def test_a_month_without_a_value_is_a_hole_in_the_line():
    days = [(MONDAY + timedelta(weeks=week), 1.0 + week) for week in (0, 1, 8, 9)]
    picture = line_picture(days, (MONDAY, MONDAY + timedelta(weeks=10)), "x")
    assert picture.line.count("M") == 2
    assert len(picture.dots) == 4


def test_one_value_is_no_line():
    assert line_picture([(MONDAY, 1.0)], (MONDAY, MONDAY), "x") is None
    assert line_picture([(MONDAY, 1.0)], (MONDAY, MONDAY + timedelta(days=9)), "x", steps=True) is not None
