"""What the demo leaves to play with: only what an earlier demo made is replaced, and no login goes along."""

from dataclasses import replace
from datetime import timedelta

import pytest

from syncd.domain.session import SessionState
from syncd.paths import Paths
from syncd.sandbox.demo import DemoError
from syncd.sandbox.playable import cleared, hand_over, suggestion
from syncd.store import Store
from tests.support.scene import MONDAY, Scene


@pytest.fixture
def paths(tmp_path):
    return Paths("demo", tmp_path / "config" / "demo" / "config.toml", tmp_path / "state" / "demo")


def configured(paths):
    cleared(paths)
    paths.config.parent.mkdir(parents=True)
    paths.config.write_text("# the demo's")


def test_an_earlier_demo_makes_way_for_the_next(paths):
    configured(paths)
    (paths.state / "inbox" / "run.fit").touch()
    inbox, outbox = cleared(paths)
    assert list(inbox.iterdir()) == list(outbox.iterdir()) == []
    assert inbox.stat().st_mode & 0o777 == 0o700


def test_a_profile_of_that_name_which_is_no_demo_is_left_alone(paths):
    paths.state.mkdir(parents=True)
    (paths.state / "syncd.db").touch()
    with pytest.raises(DemoError, match="state/demo exists and is not from a demo"):
        cleared(paths)
    assert (paths.state / "syncd.db").exists()


def test_a_configuration_that_an_earlier_demo_did_not_write_is_left_alone(paths):
    configured(paths)
    own = paths.config.parent / "mine.toml"
    own.write_text("# mine")
    with pytest.raises(DemoError, match=r"mine\.toml exists and is not from a demo"):
        cleared(replace(paths, config=own))


def test_runs_and_plan_go_along_and_logins_stay_behind(paths, tmp_path):
    played = tmp_path / "played"
    (played / "logins").mkdir(parents=True)
    (played / "logins" / "garmin.json").touch()
    with Store.open(played) as store:
        hash_ = store.raw.put(b"a recording")
    cleared(paths)
    hand_over(played, paths)
    with Store.open(paths.state) as store:
        assert store.raw.get(hash_) == b"a recording"
    assert not (paths.state / "logins").exists()


def test_the_session_to_try_is_the_next_hard_one_and_the_day_to_move_it_to_is_free(tmp_path):
    scene = Scene(tmp_path)
    scene.sync(0, 6)
    with Store.open(scene.state) as store:
        ahead = store.plan.between(MONDAY, MONDAY + timedelta(days=9))
        days = {planned.session.day: planned for planned in ahead if planned.state is SessionState.DUE}
        tried = suggestion(store, MONDAY)
        assert tried is not None
        assert days[tried.session].session.hard
        assert tried.free not in days
        assert tried.free > MONDAY
        assert suggestion(store, MONDAY + timedelta(days=60)) is None
