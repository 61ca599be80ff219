"""Strava behind a watch's own service: each run appears there a little later and a little different."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from syncd.sandbox.recording import WatchRecording
from syncd.sandbox.strava.account import StandInStravaAccount
from syncd.sandbox.strava.echo import echo_of
from syncd.sandbox.strava.webhooks import Post, activity_event, deliver, post_by_http

_SKEWED = 0.15  # of the runs, as in 2 of 13 real pairs; ours begin up to 9 s late, as those do
_MOST_SKEW_S = 9


@dataclass(slots=True)
class Follower:
    """Copies what the watch uploads. `until_s` is the latest moment that it knows of."""

    account: StandInStravaAccount
    seed: int
    post: Post = post_by_http
    until_s: float = 0.0

    def take_over(self, recording: WatchRecording, start: datetime, name: str) -> int:
        """Keep the run as Strava shows it, and notify subscribers; its id there."""
        number = self.account.new_id()
        rng = Random(f"follow:{self.seed}:{start.isoformat()}")
        skew_s = rng.randint(1, _MOST_SKEW_S) if rng.random() < _SKEWED else 0
        self.account.add(echo_of(recording, number, start, name, seed=self.seed, skew_s=skew_s))
        ended = start + timedelta(seconds=recording.elapsed_s + 120)
        self.until_s = max(self.until_s, ended.timestamp())
        owner = int(self.account.logins.athlete["id"])
        for subscription in list(self.account.subscriptions.rows):
            event = activity_event(int(subscription), owner, number, "create", ended.timestamp())
            deliver(self.post, self.account.subscriptions, event)
        return number
