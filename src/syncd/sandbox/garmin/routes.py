"""The routes of the service: which request does what to the account."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from syncd.sandbox.garmin.account import Missing, StandInGarminAccount
from syncd.sandbox.garmin.activity_routes import ACTIVITY_ROUTES
from syncd.sandbox.garmin.answers import Request, StandInReply, as_json, refusal
from syncd.sandbox.garmin.sso import answer_login
from syncd.sandbox.garmin.stored import BadWorkout


def answer(account: StandInGarminAccount, request: Request, now_s: float) -> StandInReply:
    """Carry the request out."""
    login = answer_login(account, request, now_s)
    if login is not None:
        return login
    if not account.accepts(request.authorization.removeprefix("Bearer "), now_s):
        return refusal(401, "NotAuthorized")
    for method, pattern, route in _ROUTES:
        match = re.fullmatch(pattern, request.path)
        if match is None or method != request.method:
            continue
        try:
            return route(account, request, match.groups())
        except Missing:
            return refusal(404, "NotFound")
        except (BadWorkout, ValueError, KeyError, TypeError):
            return refusal(400, "BadRequest")
    return refusal(404, "NotFound")


Groups = tuple[str, ...]
Route = Callable[[StandInGarminAccount, Request, Groups], StandInReply]


def _create(account: StandInGarminAccount, request: Request, _: Groups) -> StandInReply:
    return as_json(account.create_workout(request.sent))


def _workout(account: StandInGarminAccount, _: Request, ids: Groups) -> StandInReply:
    return as_json(account.workout(ids[0]))


def _replace(account: StandInGarminAccount, request: Request, ids: Groups) -> StandInReply:
    account.replace_workout(ids[0], request.sent)
    return StandInReply(204)


def _delete(account: StandInGarminAccount, _: Request, ids: Groups) -> StandInReply:
    account.delete_workout(ids[0])
    return StandInReply(204)


def _library(account: StandInGarminAccount, request: Request, _: Groups) -> StandInReply:
    return as_json(account.library(int(request.query.get("start", 0)), int(request.query.get("limit", 20))))


def _schedule(account: StandInGarminAccount, request: Request, ids: Groups) -> StandInReply:
    return as_json(account.schedule(ids[0], request.sent["date"]))


def _scheduled(account: StandInGarminAccount, _: Request, ids: Groups) -> StandInReply:
    return as_json(account.scheduled(ids[0]))


def _reschedule(account: StandInGarminAccount, request: Request, ids: Groups) -> StandInReply:
    return as_json(account.reschedule(ids[0], request.sent["calendarDate"]))


def _unschedule(account: StandInGarminAccount, _: Request, ids: Groups) -> StandInReply:
    account.unschedule(ids[0])
    return StandInReply(204)


def _month(account: StandInGarminAccount, _: Request, ids: Groups) -> StandInReply:
    return as_json(account.month(int(ids[0]), int(ids[1])))


def _graph(account: StandInGarminAccount, request: Request, _: Groups) -> StandInReply:
    days = re.findall(r"\d{4}-\d{2}-\d{2}", request.sent["query"])
    if "workoutScheduleSummariesScalar" not in request.sent["query"] or len(days) != 2:
        return refusal(400, "BadRequest")
    return as_json({"data": {"workoutScheduleSummariesScalar": account.summaries(*days)}})


def _activities(account: StandInGarminAccount, request: Request, _: Groups) -> StandInReply:
    start, limit = int(request.query.get("start", 0)), int(request.query.get("limit", 20))
    rows = [row for row in account.activities if _asked_for(row, request.query)]
    return as_json(rows[start : start + limit])


def _asked_for(row: Mapping[str, Any], query: Mapping[str, str]) -> bool:
    """Days are local and inclusive; "running" includes its children (parent type 1)."""
    day, kind = str(row["startTimeLocal"])[:10], row["activityType"]
    if not query.get("startDate", day) <= day <= query.get("endDate", day):
        return False
    wanted = query.get("activityType")
    running = wanted == "running" and kind.get("parentTypeId") == 1
    return wanted is None or kind["typeKey"] == wanted or running


def _archive(account: StandInGarminAccount, _: Request, ids: Groups) -> StandInReply:
    return StandInReply(200, account.archive(ids[0]), "application/zip")


def _profile(account: StandInGarminAccount, _: Request, __: Groups) -> StandInReply:
    return as_json(account.profile())


def _user_settings(account: StandInGarminAccount, _: Request, __: Groups) -> StandInReply:
    return as_json({"id": account.owner, "userData": {"measurementSystem": account.measurement_system}})


def _last_used(account: StandInGarminAccount, _: Request, __: Groups) -> StandInReply:
    if not account.device_id or not account.last_upload_ms:
        return as_json({"lastUsedDeviceName": None, "lastUsedDeviceUploadTime": 0})
    name, uploaded_ms = account.device_name, account.last_upload_ms
    return as_json({"lastUsedDeviceName": name, "lastUsedDeviceUploadTime": uploaded_ms})


def _devices(account: StandInGarminAccount, _: Request, __: Groups) -> StandInReply:
    return as_json(account.devices())


def _messages(account: StandInGarminAccount, _: Request, __: Groups) -> StandInReply:
    return as_json(
        {"serviceHost": "sandbox", "numOfMessages": len(account.messages), "messages": account.messages}
    )


def _push(account: StandInGarminAccount, request: Request, _: Groups) -> StandInReply:
    """Queue messages until the watch syncs."""
    queued = [{**message, "messageId": account.new_id(), "messageStatus": "new"} for message in request.sent]
    account.messages += queued
    return as_json(queued)


_WORKOUT, _SCHEDULE = "/workout-service/workout", "/workout-service/schedule"
_ROUTES: tuple[tuple[str, str, Route], ...] = (
    ("POST", _WORKOUT, _create),
    ("GET", rf"{_WORKOUT}/(\d+)", _workout),
    ("PUT", rf"{_WORKOUT}/(\d+)", _replace),
    ("DELETE", rf"{_WORKOUT}/(\d+)", _delete),
    ("GET", "/workout-service/workouts", _library),
    ("POST", rf"{_SCHEDULE}/(\d+)", _schedule),
    ("GET", rf"{_SCHEDULE}/(\d+)", _scheduled),
    ("PUT", rf"{_SCHEDULE}/(\d+)", _reschedule),
    ("DELETE", rf"{_SCHEDULE}/(\d+)", _unschedule),
    ("GET", r"/calendar-service/year/(\d{4})/month/(\d{1,2})", _month),
    ("POST", "/graphql-gateway/graphql", _graph),
    ("GET", "/activitylist-service/activities/search/activities", _activities),
    *ACTIVITY_ROUTES,
    ("GET", r"/download-service/files/activity/(\d+)", _archive),
    ("GET", "/device-service/deviceservice/mylastused", _last_used),
    ("GET", "/device-service/deviceregistration/devices", _devices),
    ("GET", "/device-service/devicemessage/messages", _messages),
    ("POST", "/device-service/devicemessage/messages", _push),
    ("GET", "/userprofile-service/socialProfile", _profile),
    ("GET", "/userprofile-service/userprofile/user-settings", _user_settings),
)
