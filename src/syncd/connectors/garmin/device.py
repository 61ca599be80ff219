"""The watch that synced last."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from syncd.connectors.base import DeviceSync, Gone, Unavailable
from syncd.connectors.garmin.session import GarminSession

_LAST_USED = "/device-service/deviceservice/mylastused"


def last_device_sync(session: GarminSession) -> DeviceSync | None:
    """One request; None for an account that no watch ever synced with. Raises ConnectorError."""
    try:
        payload = session.get(_LAST_USED)
    except Gone:
        return None
    if not isinstance(payload, Mapping):
        raise Unavailable("Garmin Connect does not say which watch synced; the next sync asks again")
    uploaded_ms = payload.get("lastUsedDeviceUploadTime")
    if not isinstance(uploaded_ms, int) or isinstance(uploaded_ms, bool) or uploaded_ms <= 0:
        return None
    try:
        at = datetime.fromtimestamp(uploaded_ms / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    name = payload.get("lastUsedDeviceName")
    return DeviceSync(name if isinstance(name, str) and name else "the watch", at)
