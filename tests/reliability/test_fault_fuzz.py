"""Seeded episodes of faults, deaths, losses and the athlete's hand; and faults in the code that they find.

250 episodes here (about 700 faults); SYNCD_SWEEP=full runs 4,000 (more than 10,000 faults).
"""

import os
from contextlib import suppress

import pytest

from syncd.connectors.base import ConnectorError, Listing, OutcomeUnknown
from syncd.connectors.garmin.codec import encode
from syncd.connectors.garmin.sink import GarminSink, _remotes
from tests.reliability.fault_fuzz import fuzz

EPISODES = 4000 if os.environ.get("SYNCD_SWEEP") == "full" else 250
pytestmark = pytest.mark.long


def test_nothing_is_lost_doubled_or_left_behind_whatever_goes_wrong():
    told = fuzz(0, EPISODES)
    assert told["wrong"] == []
    assert told["faults"] > 2 * EPISODES


class Forgetful(GarminSink):
    """An open create is forgotten with the process."""

    def _save(self, index):
        index.pending = False
        super()._save(index)


class Twofold(GarminSink):
    """A changed workout is made anew, and the old one goes only afterwards."""

    def update(self, remote_id, day, workout, key):
        with self._index() as index:
            number = self._create(index, encode(workout, key), key)
            entry = self._scheduled(index, number, index.workouts[number], day)
        self.remove(remote_id)
        return f"{number}.{entry}"


class Stubborn(GarminSink):
    """A create without an answer is sent again at once."""

    def _create(self, index, body, key):
        with suppress(OutcomeUnknown):
            return super()._create(index, body, key)
        return super()._create(index, body, key)


class Deaf(GarminSink):
    """A listing that failed is an empty one."""

    def list_owned(self, window):
        try:
            return super().list_owned(window)
        except ConnectorError:
            return ()


class Careless(GarminSink):
    """A workout counts as removed once its entry was asked to go: it stays in the library."""

    def remove(self, remote_id):
        number, _, entry = remote_id.partition(".")
        with self._index() as index:
            index.workouts.pop(number, None)
            self._session.delete(f"/workout-service/schedule/{entry}")


class Greedy(GarminSink):
    """What the calendar shows is taken for ours, whoever made it."""

    def remove(self, remote_id):
        for number in list(self._session.account.workouts)[:1]:
            self._session.delete(f"/workout-service/workout/{number}")
        super().remove(remote_id)


class Lazy(GarminSink):
    """The calendar is not read: what was known of it is believed."""

    def listing(self, window, *, whole):
        with self._index() as index:
            return Listing(tuple(_remotes(index, window)))


class Double(GarminSink):
    """A moved workout gets its new day, and keeps the old one."""

    def _unschedule(self, index, known, entry):
        known.entries.pop(entry, None)
        self._save(index)


@pytest.mark.parametrize("planted", [Forgetful, Twofold, Stubborn, Deaf, Careless, Greedy, Lazy, Double])
def test_the_episodes_find_planted_faults(planted):
    assert fuzz(0, 400, planted, until_wrong=True)["wrong"]
