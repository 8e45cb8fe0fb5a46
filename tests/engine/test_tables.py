"""The gradebook is read as nbgrader itself would say it, without nbgrader."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Enum
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator

from grader.engine import schema, tables
from grader.engine.tables import GradedCell, gradebook_at, graded_cells
from grader.errors import EngineError
from grader.marks import Verdict

COURSE = "sheffield-spring2027"
HANDED_IN = datetime(2027, 1, 18, 17, 30, 0, 250000, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a gradebook with nbgrader's own means; tests copy it before they change it."""
    home = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        # nbgrader starts `alembic` by its bare name.
        programs = str(Path(sys.executable).parent)
        patch.setenv("PATH", os.pathsep.join([programs, os.environ["PATH"]]))
        _fill(home)
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """Copy the gradebook into a course directory whose name is awkward for an address."""
    folder = tmp_path / "a hub? 100%"
    shutil.copytree(made, folder)
    return folder


def _fill(home: Path) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{home / 'gradebook.db'}", COURSE) as gradebook:
        gradebook.add_assignment("week01", course_id=COURSE)
        for notebook in ("week01", "extra"):
            gradebook.add_notebook(notebook, "week01")
            place = (notebook, "week01")
            gradebook.add_grade_cell("t1_check", *place, max_score=2, cell_type="code")
            gradebook.add_grade_cell("t2", *place, max_score=3, cell_type="code")
            gradebook.add_solution_cell("t2", *place)
            gradebook.add_grade_cell("reflection", *place, max_score=4, cell_type="markdown")
            gradebook.add_solution_cell("reflection", *place)
            gradebook.add_task_cell("project", *place, max_score=5, cell_type="markdown")
        for person in ("p001", "p002", "p003", "p004"):
            gradebook.add_student(person)
            if person != "p004":
                gradebook.add_submission("week01", person, timestamp=HANDED_IN.replace(tzinfo=None))
        _give_marks(gradebook)
        gradebook.db.commit()


def _give_marks(gradebook: Any) -> None:
    """Mark p001 by check and by hand, p002 only by check, and let p003's marking break off."""
    first = gradebook.find_submission("week01", "p001")
    first.extension = timedelta(days=2, hours=3)
    for notebook in first.notebooks:
        notebook.late_submission_penalty = 1.5
        notebook.comments[0].manual_comment = "Well argued."
        _give(notebook, "t1_check", auto=1.0)
        _give(notebook, "t2", auto=None, manual=2.5, extra=0.5)
        _give(notebook, "reflection", manual=3.0, needs=True)
        _give(notebook, "project", extra=1.0, needs=True)
    for notebook in gradebook.find_submission("week01", "p002").notebooks:
        _give(notebook, "t1_check", auto=2.0)
        _give(notebook, "reflection", auto=0.0)


def _give(
    notebook: Any,
    cell: str,
    auto: float | None = None,
    manual: float | None = None,
    extra: float | None = None,
    needs: bool = False,
) -> None:
    grade = next(grade for grade in notebook.grades if grade.name == cell)
    grade.auto_score, grade.manual_score, grade.extra_credit = auto, manual, extra
    grade.needs_manual_grade = needs


def read(home: Path) -> dict[tuple[str, str, str], GradedCell]:
    """Read the cells by participant, notebook and cell."""
    found = graded_cells(gradebook_at(home), COURSE)
    return {(cell.participant, cell.notebook, cell.cell): cell for cell in found}


class TestGradedCells:
    def test_one_row_a_graded_cell(self, home: Path) -> None:
        """Each graded cell of each submission is there once, and nobody without a submission."""
        people, notebooks = ("p001", "p002", "p003"), ("week01", "extra")
        cells = ("t1_check", "t2", "reflection", "project")
        expected = {(p, n, c) for p in people for n in notebooks for c in cells}

        assert expected == set(read(home))
        assert len(expected) == len(graded_cells(gradebook_at(home), COURSE))

    def test_field_by_field_as_nbgrader_says(self, home: Path) -> None:
        """Scores, maxima, penalties and what waits are what nbgrader's own objects say."""
        from nbgrader.api import Gradebook

        ours = read(home)
        with Gradebook(f"sqlite:///{home / 'gradebook.db'}", COURSE) as gradebook:
            for submission in gradebook.assignment_submissions("week01"):
                of_one = [cell for key, cell in ours.items() if key[0] == submission.student.id]
                penalties = {cell.notebook: cell.penalty for cell in of_one}
                assert submission.score == sum(cell.score for cell in of_one)
                assert submission.max_score == sum(cell.out_of for cell in of_one)
                assert submission.late_submission_penalty == sum(penalties.values())
                assert submission.needs_manual_grade == any(cell.needs_person for cell in of_one)
                assert submission.extension == of_one[0].extension
                for notebook in submission.notebooks:
                    for grade in notebook.grades:
                        cell = ours[submission.student.id, notebook.name, grade.name]
                        assert grade.auto_score == cell.auto
                        assert grade.manual_score == cell.manual
                        assert grade.extra_credit == cell.extra
                        assert grade.score == cell.score
                        assert grade.max_score == cell.out_of
                        assert grade.needs_manual_grade == cell.needs_person
                        assert grade.cell_type == cell.kind.replace("task", "markdown")

    def test_types(self, home: Path) -> None:
        """Times come back in UTC, extensions as a time span, claims as true or false."""
        cell = read(home)["p001", "week01", "t1_check"]

        assert HANDED_IN == cell.handed_in
        assert cell.handed_in is not None
        assert UTC == cell.handed_in.tzinfo
        assert timedelta(days=2, hours=3) == cell.extension
        assert (False, False, True) == (cell.needs_person, cell.by_hand, cell.commented)
        assert read(home)["p002", "week01", "t1_check"].commented is False

    def test_what_a_person_is_meant_to_mark(self, home: Path) -> None:
        """Answers and tasks are marked by hand, checks are not."""
        found = read(home)
        expected = {
            "t1_check": ("code", False),
            "t2": ("code", True),
            "reflection": ("markdown", True),
            "project": ("task", True),
        }

        assert expected == {
            key[2]: (cell.kind, cell.by_hand)
            for key, cell in found.items()
            if key[:2] == ("p001", "week01")
        }

    def test_another_course_in_the_same_gradebook(self, home: Path) -> None:
        """Only the course that was asked for is read."""
        assert () == graded_cells(gradebook_at(home), "london-spring2027")

    def test_reading_changes_nothing(self, home: Path) -> None:
        """Not a byte of the gradebook changes, and no default course is added."""
        before = (home / "gradebook.db").read_bytes()

        graded_cells(gradebook_at(home), "not-there")

        assert before == (home / "gradebook.db").read_bytes()

    def test_no_gradebook_yet(self, tmp_path: Path) -> None:
        """A hub without a gradebook has no marks, and reading makes none."""
        assert () == graded_cells(gradebook_at(tmp_path), COURSE)
        assert [] == list(tmp_path.iterdir())

    def test_not_a_gradebook(self, tmp_path: Path) -> None:
        """A file that is no gradebook is a clear complaint with its address."""
        (tmp_path / "gradebook.db").write_text("This is no database, however long it may be.")

        with pytest.raises(EngineError, match=r"gradebook\.db: the gradebook could not be read"):
            graded_cells(gradebook_at(tmp_path), COURSE)

    def test_somebody_else_is_writing(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Behind a writer who does not finish, the complaint says to try again later."""
        monkeypatch.setattr(tables, "PATIENCE", 0.1)
        writer = sqlite3.connect(home / "gradebook.db", isolation_level=None)
        writer.execute("BEGIN EXCLUSIVE")

        with pytest.raises(EngineError, match="Try again when no marking runs"):
            graded_cells(gradebook_at(home), COURSE)

        writer.close()


class TestMark:
    def test_changed_since_marked(self, home: Path) -> None:
        """An answer that changed after a person marked it waits again, without its old mark."""
        cell = read(home)["p001", "week01", "reflection"]

        assert cell.changed
        assert (None, Verdict.BY_HAND) == (cell.mark().points, cell.mark().verdict)

    def test_marking_broke_off(self, home: Path) -> None:
        """A check without a score is undecided; an answer without one waits for a person."""
        found = read(home)

        assert Verdict.UNDECIDED == found["p003", "week01", "t1_check"].mark().verdict
        assert Verdict.BY_HAND == found["p003", "week01", "t2"].mark().verdict

    def test_points(self, home: Path) -> None:
        """Points by hand count before those of a check, extra credit is added."""
        found = read(home)

        assert 3.0 == found["p001", "week01", "t2"].mark().points
        assert Verdict.PASSED == found["p001", "week01", "t2"].mark().verdict
        assert Verdict.PARTLY == found["p001", "week01", "t1_check"].mark("W01.T1.M1").verdict
        assert "W01.T1.M1" == found["p001", "week01", "t1_check"].mark("W01.T1.M1").hint
        assert Verdict.FAILED == found["p002", "week01", "reflection"].mark().verdict


def kind(column: Column[Any]) -> tuple[str, Any]:
    """Say a column's type in a way that two models can be compared by."""
    sort = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    detail = tuple(sort.enums) if isinstance(sort, Enum) else getattr(sort, "length", None)
    return type(sort).__name__, detail


class TestSchema:
    @pytest.mark.parametrize("table", schema.metadata.sorted_tables, ids=str)
    def test_as_nbgrader_has_it(self, table: Any) -> None:
        """Each column we read has the type that nbgrader's own model gives it."""
        from nbgrader.api import Base

        theirs = Base.metadata.tables[table.name].columns

        assert {column.name: kind(theirs[column.name]) for column in table.columns} == {
            column.name: kind(column) for column in table.columns
        }

    def test_postgresql(self) -> None:
        """The query can be said in PostgreSQL's words too."""
        dialect: Any = postgresql.dialect  # SQLAlchemy gives it no types

        words = str(tables._query(COURSE).compile(dialect=dialect()))

        assert words.startswith("SELECT submitted_assignment.student_id")


class TestImports:
    def test_the_report_loads_neither_nbgrader_nor_pandas(self) -> None:
        """Writing the mentors' pages does not wait for libraries it has no use for."""
        code = "import sys, grader.report; print(*{name.split('.')[0] for name in sys.modules})"
        root = Path(__file__).parents[2]

        loaded = subprocess.run(
            [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
        ).stdout.split()

        assert set() == {"nbgrader", "pandas", "numpy", "nbconvert", "nbclient"} & set(loaded)
