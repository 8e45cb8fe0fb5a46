"""Time zones, and the hour that clocks skip on a spring night."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

TIMEZONE = "Europe/London"


def zone(name: str) -> ZoneInfo | None:
    """Find the time zone called *name*."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def exists(local: datetime) -> bool:
    """Tell whether clocks show this time at all."""
    there_and_back = local.astimezone(UTC).astimezone(local.tzinfo)
    return there_and_back.replace(tzinfo=None) == local.replace(tzinfo=None)
