"""
The columns that `nbgrader export` writes, repaired: quoted, and missing is not nought.

nbgrader gives 0.0 to who handed nothing in and to what waits for a person, breaks its lines at a
comma in a name, and sums a crashed run as if it were marked. Times are UTC, as there. E-mail
addresses never leave the cohort's own files, so that column is there and empty; names are given
where cohort.toml shows names.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from grader.progress import Status
from grader.report import site
from grader.report.seen import Seen

COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)


def files(seen: Seen) -> site.Files:
    """Make the table."""
    return {"grades.csv": site.table(COLUMNS, _rows(seen))}


def _rows(seen: Seen) -> Iterator[tuple[object, ...]]:
    largest = _largest(seen)
    for item in seen.queued:
        person, standing = item.progress.participant, item.standing
        work = seen.work.get((person.id, standing.week.name))
        known = standing.status is Status.MARKED
        penalty = work.penalty if work and known else None
        first, _, last = (person.name if seen.cohort.shows == "name" else "").partition(" ")
        yield (
            standing.week.name,
            f"{seen.cohort.due(standing.week, seen.hub).astimezone(UTC):%Y-%m-%d %H:%M:%S}",
            f"{standing.handed_in.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
            if standing.handed_in
            else None,
            person.id,
            last,
            first,
            None,
            sum(mark.points or 0.0 for mark in work.marks) if work and known else None,
            penalty,
            standing.points if known else None,
            largest.get(standing.week.name),
        )


def _largest(seen: Seen) -> dict[str, float]:
    """Find what each week is out of, from anybody's work of it."""
    largest: dict[str, float] = {}
    for (_, week), work in seen.work.items():
        out_of = sum(mark.out_of for mark in work.marks)
        if out_of:
            largest[week] = max(out_of, largest.get(week, 0.0))
    return largest
