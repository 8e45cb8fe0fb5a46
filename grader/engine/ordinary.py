"""
Read an nbgrader course directory that the kit never made as a cohort of one hub.

Its people are those of its gradebook and of its submitted/ folder, its weeks are the assignments in
its source/ folder, and its due times are the gradebook's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from nbgrader.coursedir import CourseDirectory

from grader.engine import gradebook
from grader.engine.settings import CONFIG, SQLITE, config, course_directory
from grader.errors import CohortError
from grader.programme import Cohort, Hub, Participant, Programme, Timetable, Week

# nbgrader's assignments may have no due time; then nobody is ever late.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
STEPS = ("source", "release", "submitted", "autograded", "feedback")


def read(directory: Path) -> tuple[Cohort, Programme]:
    """
    Read the course directory as a cohort and a programme; nothing in it is changed.

    Raises CohortError where its folders are laid out in another order than nbgrader's own.
    """
    home = directory.resolve()
    settings = config(home)
    layout = course_directory(settings, week="")
    if layout.directory_structure != CourseDirectory.directory_structure.default_value:
        raise CohortError(
            f"the course is laid out as {layout.directory_structure}",
            where=str(home / CONFIG),
            do="The kit marks courses in nbgrader's own layout: {step}/{student}/{assignment}.",
        )
    known = _has_gradebook(layout.db_url)
    course_id = layout.course_id or home.name
    folders = {step: getattr(layout, f"{step}_directory") for step in STEPS}
    weeks = tuple(_weeks(home, home / folders["source"], known))
    dues = gradebook.due_times(home) if known else {}
    hub = Hub(name=course_id, title=course_id)
    exchange = Path(settings.Exchange.root) if "root" in settings.Exchange else home / "exchange"
    people = sorted(_people(home, home / folders["submitted"], known))
    cohort = Cohort(
        name=course_id,
        title=course_id,
        directory=home,
        course=home,
        exchange=exchange,
        timetable=Timetable(
            starts=date(2000, 1, 3),
            timezone=ZoneInfo("UTC"),
            due={week.name: dues.get(week.name) or NEVER for week in weeks},
        ),
        hubs=(hub,),
        participants=tuple(Participant(person, hub=hub.name) for person in people),
        homes={hub.name: home},
        folders=folders,
    )
    return cohort, Programme(name=course_id, title=course_id, weeks=weeks)


def _has_gradebook(address: str) -> bool:
    # Only a file can be missing; another database is asked, and says so itself.
    return not address.startswith(SQLITE) or Path(address.removeprefix(SQLITE)).exists()


def _weeks(home: Path, source: Path, known: bool) -> Iterator[Week]:
    names = {folder.name for folder in source.glob("*") if folder.is_dir()}
    if known:
        names |= set(gradebook.due_times(home))  # a source may be gone after its release
    for number, name in enumerate(sorted(names), start=1):
        yield Week(name=name, number=number, title=name)


def _people(home: Path, submitted: Path, known: bool) -> set[str]:
    entered = set(gradebook.people(home)) if known else set()
    handed_in = {
        f.name
        for f in submitted.glob("*")
        if f.is_dir() and not f.is_symlink() and not f.name.startswith(".")
    }
    return entered | handed_in
