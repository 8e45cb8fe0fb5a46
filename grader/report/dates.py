"""When weeks open and when they are due, as a page and as a calendar file; nobody's own extension."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from grader.pages.calendars import Event, calendar_text
from grader.programme import Hub, Week
from grader.report import site
from grader.report.seen import Seen

COLUMNS = ("hub", "week", "title", "opens", "due", "milestone")


@dataclass(frozen=True)
class Row:
    """Say when *week* opens and is due at *hub*; *own* says that the hub has a due time of its own."""

    hub: Hub
    week: Week
    opens: datetime
    due: datetime
    own: bool


def files(seen: Seen) -> site.Files:
    """Make a hub's page, its table and its calendar file."""
    rows = tuple(_rows(seen))
    return {
        "calendar.html": site.hub_page(seen, "calendar.html", "calendar.html", rows=rows),
        "calendar.csv": site.table(COLUMNS, map(_csv, rows)),
        "calendar.ics": calendar_text(_title(seen), _events(seen, rows), seen.now),
    }


def programme_files(seen: Sequence[Seen]) -> site.Files:
    """Make the page and the files of all hubs."""
    rows = tuple(row for here in seen for row in _rows(here))
    events = [event for here in seen for event in _events(here, tuple(_rows(here)))]
    title = f"{seen[0].cohort.title}: all hubs"
    return {
        "calendar.html": site.programme_page(seen, "calendar.html", "calendar.html", rows=rows),
        "calendar.csv": site.table(COLUMNS, map(_csv, rows)),
        "calendar.ics": calendar_text(title, events, seen[0].now),
    }


def _rows(seen: Seen) -> Iterator[Row]:
    """List the programme's weeks; nbgrader's own courses have no days on which weeks open."""
    if seen.cohort.is_ordinary:
        return
    for week in seen.programme.weeks:
        timetable, hub = seen.cohort.timetable, seen.hub
        opens, due = timetable.released(week), seen.cohort.due(week, hub)
        yield Row(hub, week, opens, due, own=week.name in hub.due)


def _title(seen: Seen) -> str:
    return f"{seen.hub.title}: {seen.cohort.title}"


def _events(seen: Seen, rows: Sequence[Row]) -> Iterator[Event]:
    for row in rows:
        name = f"week {row.week.number}: {row.week.title}"
        place = f"{seen.cohort.course_id(row.hub)}.{row.week.name}"
        yield Event(
            f"{place}.opens", row.opens, f"Hub day, {name}", row.week.question, row.hub.title
        )
        yield Event(f"{place}.due", row.due, f"Due: {name}", row.week.milestone, row.hub.title)


def _csv(row: Row) -> tuple[object, ...]:
    return row.hub.name, row.week.name, row.week.title, row.opens, row.due, row.week.milestone
