"""
Write the mentors' pages: for each hub a folder, and one for who leads the programme.

gathering     what gradebooks, ledgers and folders say
seen          one hub as it was at one moment
site          how pages hang together: files, links, what stands on each
needs         who needs you this week, for the hub and for each mentor
everyone      everyone, week by week
waiting       waiting for you to mark
participants  a page for each participant, fit to be shown to them
tasks         how hard each task was and what was misunderstood
hubs          the hubs beside each other, not ranked
dates         release and due dates, and the calendar file
showing       the Show & Tell
export        the columns that nbgrader's own export has, repaired
statements    accessibility and privacy, for the deploying body to fill in

Work of all hubs is read, because it stays where it was handed in when its owner moves to another
hub. Nothing here changes any of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from grader import pages, roster
from grader.programme import Cohort, Programme
from grader.progress import Hint
from grader.report import (
    dates,
    everyone,
    export,
    hubs,
    needs,
    participants,
    showing,
    statements,
    tasks,
    waiting,
)
from grader.report.gathering import gather
from grader.report.seen import Seen, see
from grader.report.site import Files

PROGRAMME = "programme"  # no hub may be called so
EACH_HUB: tuple[Callable[[Seen], Files], ...] = (
    needs.files,
    everyone.files,
    waiting.files,
    participants.files,
    dates.files,
    export.files,
    statements.files,
)


def report(
    cohort: Cohort, programme: Programme, hints: Mapping[str, Hint], *, now: datetime
) -> tuple[Path, ...]:
    """
    Write reports/<hub>/ of *cohort* for each hub, reports/programme/, and give their first pages.

    *hints* holds the hints of all weeks by code. The same input gives the same bytes: *now* is the
    only clock.
    """
    found = gather(cohort)
    projects = roster.read_projects(cohort)
    seen = [see(cohort, programme, hub, found, hints, now) for hub in cohort.hubs]
    beside = tasks.all_hubs(seen)
    written = []
    for here in seen:
        made = [files(here) for files in EACH_HUB]
        made += [tasks.files(here, beside), showing.files(here, projects)]
        written.append(_publish(cohort, here.hub.name, made))
    if not cohort.is_ordinary:
        made = [hubs.files(seen), tasks.programme_files(seen, beside)]
        made += [dates.programme_files(seen), showing.programme_files(seen, projects)]
        written.append(_publish(cohort, PROGRAMME, [*made, statements.programme_files(seen)]))
    return tuple(written)


def _publish(cohort: Cohort, name: str, made: Iterable[Files]) -> Path:
    folder = cohort.directory / "reports" / name
    pages.publish(folder, {path: content for files in made for path, content in files.items()})
    return folder / "index.html"
