"""What the page is made of: whole weeks, days of rest, the race, time off."""

from dataclasses import replace
from datetime import timedelta

import pytest

from syncd.athlete.time_off import sick
from syncd.cycle.run import run
from syncd.domain.athlete import Goal, Race
from syncd.report.reader import Reader
from syncd.report.story import story_of
from tests.support.scene import MONDAY, Scene


@pytest.fixture
def scene(tmp_path) -> Scene:
    scene = Scene(tmp_path)
    scene.sync(0, hour=6)
    return scene


def story_at(scene: Scene, day: int, hour: int = 7, week_start: int = 0):
    now = scene.at(day, hour)
    with scene.world(now) as world:
        return story_of(world, Reader(week_start=week_start), now)


def planned_m(scene: Scene, first: int) -> float:
    return sum(session.session.distance_m for session in scene.sessions(first, first + 6))


@pytest.mark.parametrize("day", [0, 4, 6])
def test_the_last_week_is_shown_with_all_that_is_planned_in_it(scene: Scene, day: int):
    scene.sync(day)
    weeks = story_at(scene, day, 21).weeks
    assert [week.start for week in weeks] == [MONDAY + timedelta(weeks=n) for n in range(len(weeks))]
    assert [week.planned_m for week in weeks] == [planned_m(scene, 7 * n) for n in range(len(weeks))]
    assert len(weeks) == 2 + (day > 4)


def test_a_week_from_sunday_that_is_not_planned_to_its_end_is_not_shown(scene: Scene):
    weeks = story_at(scene, 0, week_start=6).weeks
    assert [week.start for week in weeks] == [MONDAY - timedelta(days=1), MONDAY + timedelta(days=6)]
    assert weeks[-1].planned_m == planned_m(scene, 6)


def test_the_next_days_are_told_one_by_one_with_the_days_of_rest(scene: Scene):
    days = [(" ".join(day.day.split()), day.title) for day in story_at(scene, 0).ahead]
    assert days[:4] == [
        ("Mon 5 Jan", "rest"),
        ("Tue 6 Jan", "3 x 5 min at half-marathon pace"),
        ("Wed 7 Jan", "rest"),
        ("Thu 8 Jan", "2.9 km easy"),
    ]
    assert days[-1] == ("Tue 13 Jan", "2 x 10 min at marathon pace")
    scene.run_session(1)
    scene.sync(1)
    assert story_at(scene, 1, 21).ahead[0].day == "Wed  7 Jan"


def test_the_race_is_counted_down_to(scene: Scene):
    now = scene.at(0)
    race = Race(MONDAY + timedelta(weeks=30), Goal.TEN_K)
    with scene.world(now) as world:
        racing = replace(world, goal=Goal.TEN_K, race=race)
        run(racing, now)
        assert story_of(racing, Reader(), now).race == "10K on Mon 3 Aug 2026, in 30 weeks (A race)"
        assert story_of(world, Reader(), now).race == ""


def test_an_illness_is_said_and_nothing_is_next(scene: Scene):
    now = scene.at(1, 7)
    with scene.world(now) as world:
        sick(world, world.today(now), now)
    story = story_at(scene, 1)
    assert story.ahead == ()
    assert story.time_off == ("Ill since Tue 6 Jan: no runs are planned. Better? syncd resume",)
