"""Kill a whole cycle at each thing it does to the disk, run it again, compare with one never killed.

At every fourth of them here, at each with SYNCD_SWEEP=full. Run as a program: it forks, which only a
process without threads should do. The cycle reads a new run, scores it, changes the next quality
session because of it, and delivers the change.
"""

import json
import os
import shutil
import sys
from pathlib import Path

from syncd.sandbox.scenario import Scenario
from tests.connectors.killed_deliveries import arm
from tests.support.scene import Scene, fingerprint
from tests.support.sweep import FULL


def begin(scene: Scene) -> None:
    scene.sync(0, hour=6)
    scene.run_session(1, Scenario.FADING)


def outcome(scene: Scene) -> dict:
    """Everything that must not depend on deaths."""
    with scene.world(scene.at(1)) as world:
        store = world.store
        sessions = [
            (each.session.id, each.state.value, each.version, each.activity_id) for each in scene.sessions()
        ]
        runs = [(run.id, run.raw_hash) for run in store.activities.newest(9)]
        scores = [
            (row.session_id, row.score, row.method) for run in runs for row in store.scores.history_of(run[0])
        ]
        changes = [(change.rule, change.session_id) for change in store.changes.newest(9)]
        ledger = [(row.key.session, row.key.version, row.state.value) for row in store.ledger.rows("folder")]
    parts = {"sessions": sessions, "runs": runs, "scores": scores, "changes": changes, "ledger": ledger}
    # Hidden are the index, which may still name both versions of a file, and files written aside.
    there = {name: digest for name, digest in fingerprint(scene.outbox).items() if not name.startswith(".")}
    return json.loads(json.dumps(parts | {"outbox": there}))


def main(folder: Path) -> None:
    master = Scene(folder / "master")
    begin(master)
    shutil.copytree(master.folder, folder / "never killed")
    reference = Scene(folder / "never killed")
    reference.sync(1)
    expected = outcome(reference)
    points, step, wrong, killed = 0, 1 if FULL else 4, [], True
    while killed:
        home = Scene(Path(shutil.copytree(master.folder, folder / str(points))))
        child = os.fork()
        if child == 0:
            arm(points)
            home.sync(1)
            os._exit(0)
        killed = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
        home.sync(1)
        found = outcome(home)
        wrong += [
            f"point {points}: {name} {found[name]}" for name in expected if found[name] != expected[name]
        ]
        if not home.sync(1).quiet:
            wrong.append(f"point {points}: a further cycle still finds something to do")
        shutil.rmtree(home.folder)
        points += step if killed else 0
    print(json.dumps({"points": points, "wrong": wrong}))  # noqa: T201


if __name__ == "__main__":
    if sys.argv[2:] == ["once"]:
        Scene(Path(sys.argv[1])).sync(1)
    else:
        main(Path(sys.argv[1]))
