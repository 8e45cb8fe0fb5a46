"""The hubs beside each other, for who leads the programme: in cohort.toml's order, never ranked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from grader.marks import is_late
from grader.programme import Hub, Week
from grader.progress import Status
from grader.report import site
from grader.report.seen import Seen

COLUMNS = (
    "hub",
    "participants",
    "mentors",
    "without_mentor",
    "last_due_week",
    "submitted",
    "need_somebody",
    "answers_waiting",
    "oldest_waits_hours",
    "could_not_be_marked",
)


@dataclass(frozen=True)
class Row:
    """Count one hub's people and what waits there; *small* says that most of it is kept back."""

    hub: Hub
    participants: int
    mentors: int
    without_mentor: int
    week: Week | None
    submitted: int
    needing: int
    waiting: int
    oldest: timedelta | None
    failed: int
    small: bool


def files(seen: Sequence[Seen]) -> site.Files:
    """Make the page and the table."""
    rows = tuple(_row(here) for here in seen)
    page = site.programme_page(seen, "index.html", "hubs.html", rows=rows)
    return {"index.html": page, "hubs.csv": site.table(COLUMNS, _csv(rows))}


def _row(seen: Seen) -> Row:
    due = [week for week in seen.weeks if is_late(seen.now, seen.cohort.due(week, seen.hub))]
    week = max(due, key=lambda week: seen.cohort.due(week, seen.hub), default=None)
    number = seen.weeks.index(week) if week else 0
    to_mark = seen.oldest_first(Status.BY_HAND)
    since = to_mark[0].standing.handed_in if to_mark else None
    return Row(
        hub=seen.hub,
        participants=len(seen.people),
        mentors=len(seen.cohort.mentors_at(seen.hub)),
        without_mentor=sum(not person.participant.mentor for person in seen.people),
        week=week,
        submitted=sum(person.weeks[number].submitted for person in seen.people) if week else 0,
        needing=len(seen.needs),
        waiting=sum(item.standing.waiting for item in to_mark),
        oldest=seen.now - since if since else None,
        failed=len(seen.oldest_first(Status.FAILED)),
        small=0 < len(seen.people) < seen.cohort.reporting.small,
    )


def _csv(rows: Sequence[Row]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        told = (
            row.submitted if row.week else None,
            row.needing,
            row.waiting,
            round(row.oldest.total_seconds() / 3600, 1) if row.oldest else None,
            row.failed,
        )
        kept_back = (None,) * len(told)
        yield (
            row.hub.name,
            row.participants,
            row.mentors,
            row.without_mentor,
            row.week.name if row.week else None,
            *(kept_back if row.small else told),
        )
