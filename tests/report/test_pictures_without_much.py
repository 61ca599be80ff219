"""Where there is little to draw, a picture is left out or drawn with what there is."""

from array import array
from dataclasses import replace
from datetime import date
from math import nan

from syncd.domain.notation import parse_workout
from syncd.domain.units import KILOMETRES
from syncd.report.page.run_chart import run_picture
from syncd.report.page.scale import ticks
from syncd.report.page.small_chart import trace_of
from syncd.report.page.trend_charts import weeks_picture
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate

METRES = (1000.0, "km")


def recorded(notation: str = "20min E"):
    return simulate(parse_workout(notation), Runner(vdot=40), Scenario.PERFECT, seed=1).samples


def test_a_run_without_a_pace_has_neither_a_large_nor_a_small_picture():
    samples = recorded()
    still = array("f", [nan] * len(samples))
    bare = replace(samples, speed_mps=still, distance_m=array("d", [nan] * len(samples)))
    assert run_picture(samples, (), KILOMETRES) is not None
    assert run_picture(bare, (), KILOMETRES) is None
    assert trace_of(bare, ()) is None


def test_a_range_without_a_width_has_one_mark():
    assert ticks(5.0, 5.0, 4) == [5.0]
    assert ticks(0.0, 10.0, 0) == [0.0]


def test_without_a_week_there_is_no_picture_of_weeks():
    assert weeks_picture([], METRES, date(2026, 3, 16)) is None
