"""
nbgrader's gradebook, read as typed rows: one query, one row for each graded cell.

nbgrader itself is not imported: that costs seconds, and its objects cost a query each.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import URL, NullPool, Select, and_, case, create_engine, func, make_url, select
from sqlalchemy.exc import DBAPIError
from traitlets.config.loader import PyFileConfigLoader

from grader.engine.schema import (
    assignment,
    base_cell,
    comment,
    grade,
    grade_cells,
    notebook,
    submitted_assignment,
    submitted_notebook,
    task_cells,
)
from grader.errors import EngineError
from grader.marks import Mark, Verdict

CONFIG = "nbgrader_config.py"
PATIENCE = 30.0  # seconds to wait for somebody else's transaction before giving up


class GradedCell(NamedTuple):
    """
    Give one graded cell of one submission; a tuple, because a cohort has tens of thousands.

    *kind* is code, markdown or task; *by_hand* says that a person is meant to mark it; *penalty* is
    its notebook's and must be taken once for each notebook; *commented* says that somebody wrote
    a comment anywhere in the notebook; *submission* is what formgrader calls the notebook handed in.
    """

    participant: str
    week: str
    notebook: str
    cell: str
    kind: str
    by_hand: bool
    auto: float | None
    manual: float | None
    extra: float | None
    needs_person: bool
    out_of: float
    penalty: float
    handed_in: datetime | None
    extension: timedelta | None
    commented: bool
    submission: str = ""

    @property
    def score(self) -> float:
        """Count what nbgrader counts: extra credit alone is worth nothing."""
        given = self.auto if self.manual is None else self.manual
        return 0.0 if given is None else given + (self.extra or 0.0)

    @property
    def changed(self) -> bool:
        """Tell whether the answer changed after a person had marked it; the old mark stays."""
        return self.needs_person and self.manual is not None

    @property
    def undecided(self) -> bool:
        """Tell whether a check, which needs no person, left no score: marking broke off."""
        return not self.by_hand and self.auto is None and self.manual is None

    def mark(self, hint: str | None = None) -> Mark:
        """Say it as a Mark; *hint* is what the ledger knows and the gradebook does not."""
        points = None if self.needs_person or self.undecided else self.score
        return Mark(self.notebook, self.cell, points, self.out_of, self._verdict(points), hint)

    def _verdict(self, points: float | None) -> Verdict:
        if points is None:
            return Verdict.UNDECIDED if self.undecided else Verdict.BY_HAND
        if points >= self.out_of:
            return Verdict.PASSED
        return Verdict.PARTLY if points > 0 else Verdict.FAILED


class Remark(NamedTuple):
    """Give one comment that a person wrote beside an answer; *cell* may be no graded one."""

    participant: str
    week: str
    notebook: str
    cell: str
    text: str


def gradebook_at(home: Path) -> URL:
    """Address the gradebook of the course directory *home*: nbgrader's own file, unless told otherwise."""
    settings = home / CONFIG
    # Reading the configuration runs it, so only one that speaks of a database is read.
    if settings.is_file() and "db_url" in settings.read_text(encoding="utf-8"):
        said = PyFileConfigLoader(CONFIG, path=str(home)).load_config()
        if said.CourseDirectory.get("db_url"):
            return make_url(str(said.CourseDirectory.db_url))
    return URL.create("sqlite", database=str(home / "gradebook.db"))


def graded_cells(url: URL | str, course_id: str) -> tuple[GradedCell, ...]:
    """Read every graded cell of *course_id*; a gradebook that nobody made yet has none."""
    return read_gradebook(url, course_id)[0]


def read_gradebook(
    url: URL | str, course_id: str
) -> tuple[tuple[GradedCell, ...], tuple[Remark, ...]]:
    """Read the graded cells of *course_id* and what people wrote beside them, as of one moment."""
    address = make_url(url)
    if _file(address) and not Path(_file(address)).exists():
        return (), ()
    try:
        with _consistent(address) as steady:
            engine = create_engine(steady, poolclass=NullPool)
            with engine.connect() as connection:
                cells = map(GradedCell._make, connection.execute(_query(course_id)))
                remarks = map(Remark._make, connection.execute(_remarks(course_id)))
                return tuple(cells), tuple(remarks)
    except (sqlite3.Error, DBAPIError) as error:
        what = f"the gradebook could not be read ({str(error).splitlines()[0]})"
        do = "Try again when no marking runs; if it stays, restore the gradebook from a backup."
        raise EngineError(what, where=address.render_as_string(), do=do) from error


def _query(course_id: str) -> Select[Any]:
    """Select one row a graded cell; a grade belongs to a grade cell or to a task cell."""
    answer = base_cell.alias("answer")
    commented = select(comment.c.notebook_id).where(comment.c.manual_comment != "")
    is_task = task_cells.c.id.is_not(None)
    return (
        select(
            submitted_assignment.c.student_id,
            assignment.c.name,
            notebook.c.name,
            base_cell.c.name,
            case((is_task, "task"), (grade_cells.c.cell_type == "code", "code"), else_="markdown"),
            is_task | answer.c.id.is_not(None),
            grade.c.auto_score,
            grade.c.manual_score,
            grade.c.extra_credit,
            grade.c.needs_manual_grade,
            func.coalesce(grade_cells.c.max_score, task_cells.c.max_score, 0.0),
            func.coalesce(submitted_notebook.c.late_submission_penalty, 0.0),
            submitted_assignment.c.timestamp,
            submitted_assignment.c.extension,
            submitted_notebook.c.id.in_(commented),
            submitted_notebook.c.id,
        )
        .select_from(assignment)
        .join(submitted_assignment, submitted_assignment.c.assignment_id == assignment.c.id)
        .join(submitted_notebook, submitted_notebook.c.assignment_id == submitted_assignment.c.id)
        .join(notebook, notebook.c.id == submitted_notebook.c.notebook_id)
        .join(grade, grade.c.notebook_id == submitted_notebook.c.id)
        .join(base_cell, base_cell.c.id == grade.c.cell_id)
        .outerjoin(grade_cells, grade_cells.c.id == base_cell.c.id)
        .outerjoin(task_cells, task_cells.c.id == base_cell.c.id)
        # An answer that a person marks is a grade cell and a solution cell of the same name.
        .outerjoin(
            answer,
            and_(
                answer.c.notebook_id == base_cell.c.notebook_id,
                answer.c.name == base_cell.c.name,
                answer.c.type == "SolutionCell",
            ),
        )
        .where(assignment.c.course_id == course_id)
        .order_by(
            submitted_assignment.c.student_id, assignment.c.name, notebook.c.name, base_cell.c.name
        )
    )


def _remarks(course_id: str) -> Select[Any]:
    """Select the comments that people wrote; most notebooks have none."""
    return (
        select(
            submitted_assignment.c.student_id,
            assignment.c.name,
            notebook.c.name,
            base_cell.c.name,
            comment.c.manual_comment,
        )
        .select_from(comment)
        .join(submitted_notebook, submitted_notebook.c.id == comment.c.notebook_id)
        .join(notebook, notebook.c.id == submitted_notebook.c.notebook_id)
        .join(submitted_assignment, submitted_assignment.c.id == submitted_notebook.c.assignment_id)
        .join(assignment, assignment.c.id == submitted_assignment.c.assignment_id)
        .join(base_cell, base_cell.c.id == comment.c.cell_id)
        .where(assignment.c.course_id == course_id, comment.c.manual_comment != "")
        .order_by(
            submitted_assignment.c.student_id, assignment.c.name, notebook.c.name, base_cell.c.name
        )
    )


@contextmanager
def _consistent(address: URL) -> Iterator[URL]:
    """Copy an SQLite gradebook, so that one moment is read and no writer is held up."""
    if not _file(address):
        yield address
        return
    with tempfile.TemporaryDirectory(prefix="grader-report-") as folder:
        copy = Path(folder) / "gradebook.db"
        # Never creates a file; may write only to undo what a killed writer left half done.
        source_uri = f"{Path(_file(address)).absolute().as_uri()}?mode=rw"
        with (
            closing(sqlite3.connect(source_uri, uri=True, timeout=PATIENCE)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            # backup() would wait for a lock for ever; a query waits only as long as we say.
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            source.backup(target)
        yield URL.create("sqlite", database=str(copy))


def _file(address: URL) -> str:
    """Name the file of an SQLite address, or nothing for a server or a database in memory."""
    is_file = address.get_backend_name() == "sqlite" and address.database != ":memory:"
    return (address.database or "") if is_file else ""
