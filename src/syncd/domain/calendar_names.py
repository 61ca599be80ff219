"""Days and months in English: not strftime, whose words follow the locale."""

from __future__ import annotations

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHORT_DAY_NAMES = tuple(name[:3] for name in DAY_NAMES)
WEEKDAYS = tuple(name.lower() for name in DAY_NAMES)  # as they are typed and configured
MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
SHORT_MONTH_NAMES = tuple(name[:3] for name in MONTH_NAMES)
