"""An nbgrader course that the kit never made has its pages too, with the marks of its gradebook."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from grader.engine import ordinary
from grader.report import report
from tests.bench.worlds import World
from tests.reports.reading import spreadsheet, words


@pytest.fixture
def course(world: World, tmp_path: Path) -> Path:
    """Copy one hub's course out of its cohort, with a source folder as nbgrader has it."""
    home = tmp_path / "course"
    shutil.copytree(world.cohort.directory / "london", home)
    for week in ("week01", "week02", "week03", "week04"):
        (home / "source" / week).mkdir(parents=True)
    return home


@pytest.mark.parametrize("course_id", ["london-bench", ""])
def test_its_marks_are_the_gradebooks(world: World, course: Path, course_id: str) -> None:
    """Each person's points are what the gradebook says, whether the course has a name or none."""
    if not course_id:
        (course / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")
        with closing(sqlite3.connect(course / "gradebook.db")) as database, database:
            database.execute("PRAGMA foreign_keys = OFF")
            database.execute("UPDATE course SET id = 'default_course'")
            database.execute("UPDATE assignment SET course_id = 'default_course'")
    cohort, programme = ordinary.read(course)
    [page] = report(cohort, programme, {}, now=world.now)
    with closing(sqlite3.connect(course / "gradebook.db")) as database:
        [known] = database.execute(
            "SELECT sum(coalesce(manual_score, auto_score, 0)) FROM grade"
        ).fetchone()
    rows = spreadsheet(page.parent / "everyone.csv")

    assert known == sum(float(row["points"]) for row in rows if row["points"])
    assert "no timetable of its own" in words(page.parent / "calendar.html")
