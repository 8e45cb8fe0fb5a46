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

from grader.engine import gradebook
from grader.engine.settings import config, course_directory
from grader.programme import Cohort, Hub, Participant, Programme, Timetable, Week

# nbgrader's assignments may have no due time; then nobody is ever late.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def read(directory: Path) -> tuple[Cohort, Programme]:
    """Read the course directory as a cohort and a programme; nothing in it is changed."""
    home = directory.resolve()
    settings = config(home)
    course_id = course_directory(settings, week="").course_id or home.name
    weeks = tuple(_weeks(home))
    dues = gradebook.due_times(home) if (home / "gradebook.db").exists() else {}
    hub = Hub(name=course_id, title=course_id)
    exchange = Path(settings.Exchange.root) if "root" in settings.Exchange else home / "exchange"
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
        participants=tuple(Participant(person, hub=hub.name) for person in sorted(_people(home))),
        homes={hub.name: home},
    )
    return cohort, Programme(name=course_id, title=course_id, weeks=weeks)


def _weeks(home: Path) -> Iterator[Week]:
    folders = sorted(folder.name for folder in (home / "source").glob("*") if folder.is_dir())
    for number, name in enumerate(folders, start=1):
        yield Week(name=name, number=number, title=name)


def _people(home: Path) -> set[str]:
    entered = set(gradebook.people(home)) if (home / "gradebook.db").exists() else set()
    handed_in = {
        f.name for f in (home / "submitted").glob("*") if f.is_dir() and not f.is_symlink()
    }
    return entered | handed_in
