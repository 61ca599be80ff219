"""syncd is upgraded while its service runs: the next sync carries the state over and changes nothing else."""

import sqlite3
from contextlib import closing
from datetime import timedelta

from syncd.paths import locate
from syncd.store import Store
from syncd.store.copies import backups
from syncd.store.copy_sums import SUMS
from syncd.store.migrations import SCHEMA, newest_version
from tests.cli.conftest import syncd  # noqa: F401 - a fixture
from tests.daemon.test_month_for_real import BEGIN, DAY, HOUR, life  # noqa: F401 - a fixture
from tests.support.older_states import as_of_0_7_0

WRITES = ("POST", "PUT", "DELETE")


def planned():
    with Store.open(locate().state) as store:
        committed = store.plan.between(BEGIN.date(), BEGIN.date() + 20 * DAY)
        return [(each.session, each.state, each.version) for each in committed]


def version():
    with closing(sqlite3.connect(locate().state / "syncd.db")) as database:
        return database.execute("PRAGMA user_version").fetchone()[0]


def test_a_running_service_goes_on_with_no_write_and_the_same_plan(life):  # noqa: F811
    stage, service, _ = life
    machine, seen = stage.machine, {}

    def downgrade():
        state = locate().state
        (state / SUMS).unlink(missing_ok=True)
        for database in (state / "syncd.db", *backups(state)):
            as_of_0_7_0(database)
        seen.update(before=len(service.requests), plan=None, old=version(), syncs=len(machine.of("sync")))

    def later():
        seen.update(after=service.requests[seen["before"] :], new=version())
        seen.update(syncs=len(machine.of("sync")) - seen["syncs"], plan_later=planned())

    machine.after(2 * DAY + 2 * HOUR, lambda: seen.update(plan_before=planned()))
    machine.after(2 * DAY + 2 * HOUR + timedelta(minutes=1), downgrade)
    machine.after(2 * DAY + 9 * HOUR, later)
    machine.stop_after(2 * DAY + 10 * HOUR)
    assert stage.run() == 0
    assert (seen["old"], seen["new"]) == (18, newest_version(SCHEMA))
    assert seen["syncs"] >= 1
    assert [line for line in seen["after"] if line.startswith(WRITES) and "oauth" not in line] == []
    assert seen["plan_later"] == seen["plan_before"]
    assert len(seen["plan_before"]) >= 5
    assert "with problems" not in stage.log.getvalue()
