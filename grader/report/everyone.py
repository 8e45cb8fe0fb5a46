"""Everyone, week by week: silence, zero and failure look and read differently."""

from __future__ import annotations

from collections.abc import Iterator

from grader.progress import Status
from grader.report import site
from grader.report.seen import Seen

COLUMNS = (
    "participant",
    "mentor",
    "week",
    "status",
    "handed_in",
    "hours_late",
    "points",
    "out_of_marked",
    "out_of",
    "answers_waiting",
    "reason",
    "excused",
)


def files(seen: Seen) -> site.Files:
    """Make the page and the table."""
    return {
        "everyone.html": site.hub_page(
            seen,
            "everyone.html",
            "everyone.html",
            weeks=seen.weeks,
            people=seen.people,
            Status=Status,
        ),
        "everyone.csv": site.table(COLUMNS, _rows(seen)),
    }


def _rows(seen: Seen) -> Iterator[tuple[object, ...]]:
    """One row a participant and week; what is not known is left empty, and is not nought."""
    for item in seen.queued:
        week = item.standing
        marked = week.points is not None
        yield (
            seen.named(item.progress.participant),
            item.mentor,
            week.week.name,
            week.status.value,
            week.handed_in,
            round(week.late.total_seconds() / 3600, 1) if week.late else None,
            week.points,
            week.of_marked if marked else None,
            week.out_of or None,
            week.waiting if week.outcome else None,
            week.reason,
            week.excused,
        )
