"""What the service tells of an activity beside its file, and what its owner can do to it."""

from __future__ import annotations

from collections.abc import Callable

from syncd.sandbox.garmin.account import Account
from syncd.sandbox.garmin.answers import Answer, Request, as_json

Groups = tuple[str, ...]
_ACTIVITY = "/activity-service/activity"


def _detail(account: Account, _: Request, ids: Groups) -> Answer:
    return as_json(account.activity(ids[0]))


def _splits(account: Account, _: Request, ids: Groups) -> Answer:
    return as_json(
        account.part(ids[0], "splits", {"activityId": int(ids[0]), "lapDTOs": [], "eventDTOs": []})
    )


def _points(account: Account, _: Request, ids: Groups) -> Answer:
    nothing = {"activityId": int(ids[0]), "metricDescriptors": [], "activityDetailMetrics": []}
    return as_json(account.part(ids[0], "details", nothing))


def _weather(account: Account, _: Request, ids: Groups) -> Answer:
    nothing = {"activityId": int(ids[0]), "temp": None, "dewPoint": None}
    return as_json(account.part(ids[0], "weather", nothing))


def _delete(account: Account, _: Request, ids: Groups) -> Answer:
    account.delete_activity(ids[0])
    return Answer(204)


ACTIVITY_ROUTES: tuple[tuple[str, str, Callable[[Account, Request, Groups], Answer]], ...] = (
    ("GET", rf"{_ACTIVITY}/(\d+)", _detail),
    ("DELETE", rf"{_ACTIVITY}/(\d+)", _delete),
    ("GET", rf"{_ACTIVITY}/(\d+)/splits", _splits),
    ("GET", rf"{_ACTIVITY}/(\d+)/details", _points),
    ("GET", rf"{_ACTIVITY}/(\d+)/weather", _weather),
)
