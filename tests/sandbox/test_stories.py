"""Stories through the whole program, as the training model wants them (9.1 and 9.3)."""

import shutil
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from syncd.athlete.time_off import resume, sick
from syncd.athlete.undoing import undo
from syncd.domain.session import SessionKind, SessionState
from syncd.sandbox.stories.catalogue import STORIES
from syncd.sandbox.stories.life import MONDAY, RunnersLife
from syncd.sandbox.stories.playing import BEGINS, PlayedStory, lived_before, played
from syncd.sandbox.stories.printed import printed
from syncd.sandbox.stories.recorder import StoryWatch
from syncd.store import Store

Before = tuple[Path, StoryWatch]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Before:
    folder = tmp_path_factory.mktemp("stories") / "before"
    return folder, lived_before(folder)


def told(name: str, before: Before, folder: Path) -> PlayedStory:
    (story,) = (story for story in STORIES if story.name == name)
    return played(story, *before, folder / name)


def test_nothing_is_planned_before_a_doctor_has_cleared_chest_pain(before: Before, tmp_path: Path) -> None:
    story = told("chest-pain", before, tmp_path)
    assert [week.sessions for week in story.weeks] == [(), ()]
    assert "no running until a doctor has cleared you" in printed(story)


def test_a_pregnant_runner_runs_easily_and_never_more_than_usual(before: Before, tmp_path: Path) -> None:
    story = told("pregnancy", before, tmp_path)
    sessions = [planned.session for week in story.weeks for planned in week.sessions]
    assert len(sessions) == 8
    assert not any(session.hard for session in sessions)
    assert max(week.distance_m for week in story.weeks) <= 1.01 * story.usual_m
    assert max(week.longest_m for week in story.weeks) <= story.longest_before_m


def test_the_way_back_from_sixteen_days_hurt_is_even_easy_first_and_over_after_five_weeks(
    before: Before, tmp_path: Path
) -> None:
    story = told("hurt", before, tmp_path)
    back_on, lasts = MONDAY + timedelta(days=BEGINS + 16), 28
    assert story.back is not None
    assert story.back.start < back_on + timedelta(weeks=5)
    sessions = [planned.session for week in story.weeks for planned in week.sessions]
    assert min(session.day for session in sessions if session.hard) >= back_on + timedelta(days=lasts // 2)
    for session in sessions:
        share = min(0.5 + 0.5 * (session.day - back_on).days / lasts, 1.0)
        assert session.distance_m <= share * story.longest_before_m, session
    first_week = [session.day for session in sessions if session.day < back_on + timedelta(days=7)]
    assert all(after - day >= timedelta(days=2) for day, after in pairwise(first_week))
    assert all(session.kind is SessionKind.WALK_RUN for session in sessions[: len(first_week)])


def test_the_undo_of_resume_goes_back_to_hurt(before: Before, tmp_path: Path) -> None:
    state, watch = before
    folder = shutil.copytree(state, tmp_path / "undone")
    with Store.open(folder) as store:
        life = RunnersLife(store, folder / "workouts", next_day=BEGINS, watch=watch.with_its_runs())
        life.say(lambda world, now: sick(world, world.today(now), now, hurt=True))
        life.live_until(BEGINS + 16, running=False)
        life.say(resume)
        life.say(lambda world, now: undo(world, None, now))
        life.live_until(BEGINS + 21, running=False)
        today = MONDAY + timedelta(days=life.next_day)
        ahead = store.plan.between(today, today + timedelta(days=20))
        assert [planned for planned in ahead if planned.state is SessionState.DUE] == []
