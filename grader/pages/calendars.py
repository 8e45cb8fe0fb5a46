"""Dates as a calendar file (RFC 5545) that any calendar takes in; the same dates, the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import icalendar


@dataclass(frozen=True)
class Event:
    """Hold one moment of the calendar; *uid* stays the same when the moment moves."""

    uid: str
    at: datetime
    title: str
    details: str = ""
    place: str = ""


def calendar_text(title: str, events: Iterable[Event], now: datetime) -> bytes:
    """Write *events* as a calendar called *title*, as of *now*."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Accelerator kit//reports//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", title)
    for event in events:
        calendar.add_component(_component(event, now))
    return bytes(calendar.to_ical())


def _component(event: Event, now: datetime) -> icalendar.Event:
    component = icalendar.Event()
    component.add("uid", f"{event.uid}@accelerator-kit.invalid")
    component.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    component.add("dtstart", event.at.astimezone(UTC))
    component.add("summary", event.title)
    if event.details:
        component.add("description", event.details)
    if event.place:
        component.add("location", event.place)
    return component
