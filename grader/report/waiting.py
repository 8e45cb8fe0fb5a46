"""Waiting for you to mark: the oldest first; what could not be marked stands apart."""

from __future__ import annotations

from collections.abc import Iterator

from grader.attention import after_failure
from grader.progress import Status
from grader.report import site
from grader.report.seen import Seen

COLUMNS = (
    "participant",
    "mentor",
    "week",
    "status",
    "answers",
    "changed_since_marked",
    "handed_in",
    "hours_waiting",
    "reason",
    "formgrader",
)


def files(seen: Seen) -> site.Files:
    """Make the page and the table."""
    page = site.hub_page(
        seen,
        "marking.html",
        "marking.html",
        to_mark=seen.oldest_first(Status.BY_HAND),
        failed=seen.oldest_first(Status.FAILED),
        unmarked=seen.oldest_first(Status.UNMARKED),
        after_failure=after_failure,
    )
    return {"marking.html": page, "waiting.csv": site.table(COLUMNS, _rows(seen))}


def _rows(seen: Seen) -> Iterator[tuple[object, ...]]:
    for status in (Status.BY_HAND, Status.FAILED, Status.UNMARKED):
        for item in seen.oldest_first(status):
            week = item.standing
            waited = seen.now - week.handed_in if week.handed_in else None
            yield (
                seen.named(item.progress.participant),
                item.mentor,
                week.week.name,
                status.value,
                week.waiting if week.outcome else None,
                week.changed if week.outcome else None,
                week.handed_in,
                round(waited.total_seconds() / 3600, 1) if waited else None,
                week.reason,
                item.link,
            )
