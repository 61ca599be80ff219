"""Scores given again, and runs linked by hand."""

from dataclasses import replace

from syncd.cycle.rescoring import match, rescore
from syncd.domain.scoring.constants import ALGORITHM
from syncd.domain.session import SessionState
from tests.support.scene import MONDAY, Scene


def first_day(scene: Scene) -> int:
    scene.sync(0, hour=6)
    return (scene.sessions()[0].session.day - MONDAY).days


def test_a_new_version_scores_again_and_keeps_the_old_score_with_its_version(scene: Scene) -> None:
    day = first_day(scene)
    scene.run_session(day)
    scene.sync(day)
    with scene.world(scene.at(day, 21)) as world:
        run = world.store.activities.newest(1)[0]
        old = world.store.scores.newest_of(run.id)
        assert old is not None
        world.store.scores.record(
            replace(old, judgement=replace(old.judgement, card=replace(old.card, algorithm=1, score=12)))
        )
        done = rescore(world, scene.at(day, 21))
        assert [each.before.score for each in done] == [12]
        history = world.store.scores.history_of(run.id)
        assert [each.algorithm for each in history] == [str(ALGORITHM), "1", str(ALGORITHM)]
        assert history[-1].score == old.score
        assert history[-1].session_id == old.session_id
        assert rescore(world, scene.at(day, 21)) == ()
        assert len(rescore(world, scene.at(day, 21), every=True)) == 1


def test_a_manual_link_survives_later_cycles(scene: Scene) -> None:
    day = first_day(scene)
    scene.run_session(day)
    scene.sync(day)
    with scene.world(scene.at(day, 21)) as world:
        run = world.store.activities.newest(1)[0]
        first, other = (each.session.id for each in scene.sessions()[:2])
        linked = match(world, run.id, other, scene.at(day, 21))
        assert linked is not None
        assert linked.method == "manual"
        assert match(world, 999, other, scene.at(day, 21)) is None
        assert match(world, run.id, "2026w02-77", scene.at(day, 21)) is None
    scene.sync(day, hour=22)
    states = {each.session.id: (each.state, each.activity_id) for each in scene.sessions()}
    assert states[other] == (SessionState.DONE, run.id)
    assert states[first] == (SessionState.DUE, None)
