"""What the service has of an activity besides its file, and what its owner can do to it."""

from __future__ import annotations

from collections.abc import Callable

from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.answers import Request, StandInReply, as_json

Groups = tuple[str, ...]
_ACTIVITY = "/activity-service/activity"


def _detail(account: StandInGarminAccount, _: Request, ids: Groups) -> StandInReply:
    return as_json(account.activity(ids[0]))


def _splits(account: StandInGarminAccount, _: Request, ids: Groups) -> StandInReply:
    return as_json(
        account.part(ids[0], "splits", {"activityId": int(ids[0]), "lapDTOs": [], "eventDTOs": []})
    )


def _points(account: StandInGarminAccount, _: Request, ids: Groups) -> StandInReply:
    nothing = {"activityId": int(ids[0]), "metricDescriptors": [], "activityDetailMetrics": []}
    return as_json(account.part(ids[0], "details", nothing))


def _weather(account: StandInGarminAccount, _: Request, ids: Groups) -> StandInReply:
    nothing = {"activityId": int(ids[0]), "temp": None, "dewPoint": None}
    return as_json(account.part(ids[0], "weather", nothing))


def _delete(account: StandInGarminAccount, _: Request, ids: Groups) -> StandInReply:
    account.delete_activity(ids[0])
    return StandInReply(204)


ACTIVITY_ROUTES: tuple[
    tuple[str, str, Callable[[StandInGarminAccount, Request, Groups], StandInReply]], ...
] = (
    ("GET", rf"{_ACTIVITY}/(\d+)", _detail),
    ("DELETE", rf"{_ACTIVITY}/(\d+)", _delete),
    ("GET", rf"{_ACTIVITY}/(\d+)/splits", _splits),
    ("GET", rf"{_ACTIVITY}/(\d+)/details", _points),
    ("GET", rf"{_ACTIVITY}/(\d+)/weather", _weather),
)
