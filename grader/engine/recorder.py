"""
Write the marks of one submission into the gradebook: through nbgrader's model, in one transaction.

The rows end as nbgrader's own autograde would leave them: hand marks and comments stay, and an
answer that was marked by hand before waits to be looked at again. nbgrader commits once a cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Gradebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import event, text
from traitlets.config import Config

from grader.engine.gradebook import in_words, opened
from grader.engine.settings import config, in_course, log
from grader.marks import Mark
from grader.receipts import Key

# Without these every look at one submission reads whole tables (measured: 14 to 20 times slower).
# They only add; `nbgrader db upgrade` neither needs nor minds them.
INDEXES = (
    "CREATE INDEX IF NOT EXISTS ix_accelerator_grade ON grade (notebook_id)",
    "CREATE INDEX IF NOT EXISTS ix_accelerator_comment ON comment (notebook_id)",
    "CREATE INDEX IF NOT EXISTS ix_accelerator_notebook ON submitted_notebook (assignment_id)",
    "CREATE INDEX IF NOT EXISTS ix_accelerator_submission ON submitted_assignment (student_id)",
)


# How long a gradebook that somebody else is writing is waited for: formgrader takes far less.
PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class NotebookScores:
    """
    Hold what was decided on one notebook of a submission.

    *marks* are those of its graded cells, without points where a person has to decide; *unanswered*
    names the answer cells left as they were released; *missing* says the file was not there.
    """

    name: str
    marks: Sequence[Mark]
    unanswered: frozenset[str] = frozenset()
    missing: bool = False


def add_indexes(home: Path) -> None:
    """Add the four indexes to the hub's gradebook, if they are not there."""
    with opened(home) as gradebook:
        for statement in INDEXES:
            gradebook.db.execute(text(statement))
        gradebook.db.commit()


class Recorder:
    """
    Be the one writer of a hub's gradebook; use it as a context.

    It takes a mark that a check decided only with the examiner's receipt, made with *key*.
    MachineError says why a gradebook cannot be written, before anything is marked for it.
    """

    def __init__(self, home: Path, key: Key) -> None:
        self._home, self._key = home, key
        self._settings = config(home)

    def __enter__(self) -> Recorder:
        self._context = opened(self._home)
        self._gradebook: Gradebook = self._context.__enter__()
        try:
            self._write_at_once()
            with in_words(self._home):
                self._gradebook.db.execute(text("SELECT 1"))
                self._gradebook.db.rollback()
        except BaseException:
            self._context.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *error: Any) -> None:
        self._context.__exit__(*error)

    def record(
        self,
        week: str,
        participant: str,
        handed_in: datetime | None,
        notebooks: Sequence[NotebookScores],
        *,
        submission: str,
        reopen: bool = True,
    ) -> None:
        """
        Record one *submission*: all of it, or nothing where something fails.

        With *reopen* an answer that was marked by hand waits to be looked at again, as after a new
        hand-in; without it the mark by hand stands as it did.
        Raises UnsignedMarkError where a mark has no receipt for this very submission, and
        MachineError where the gradebook cannot be written.
        """
        session = self._gradebook.db
        with in_words(self._home):
            try:
                self._record(week, participant, handed_in, notebooks, submission, reopen)
                session.commit()
            except BaseException:
                session.rollback()
                raise

    def _record(
        self,
        week: str,
        participant: str,
        handed_in: datetime | None,
        notebooks: Sequence[NotebookScores],
        name: str,
        reopen: bool,
    ) -> None:
        session = self._gradebook.db
        with session.no_autoflush:
            submission = self._submission(week, participant)
        submission.timestamp = handed_in and handed_in.astimezone(UTC).replace(tzinfo=None)
        by_name = {notebook.name: notebook for notebook in notebooks}
        for row in submission.notebooks:
            if row.name in by_name:
                decided = by_name[row.name]
                _require_receipts(row, decided, name, self._key)
                _write(row, decided, reopen)
        session.flush()
        for row in submission.notebooks:
            session.refresh(row)
            row.late_submission_penalty = self._penalty(submission, row)

    def _write_at_once(self) -> None:
        """
        Have SQLite hold other writers off from our first look at a submission to the commit.

        Otherwise a mentor may mark in between, and SQLite refuses ours as locked without waiting.
        """
        session, engine = self._gradebook.db, self._gradebook.engine
        if engine.dialect.name != "sqlite":
            return
        session.remove()
        engine.dispose()

        @event.listens_for(engine, "connect")
        def _wait(connection: Any, record: object) -> None:
            connection.isolation_level = None  # BEGIN is ours to say
            connection.execute(f"PRAGMA busy_timeout = {PATIENCE_SECONDS * 1000}")

        @event.listens_for(engine, "begin")
        def _begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    def _submission(self, week: str, participant: str) -> Any:
        session, course = self._gradebook.db, self._gradebook.course_id
        found = (
            session.query(SubmittedAssignment)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .filter(
                Assignment.name == week,
                Assignment.course_id == course,
                SubmittedAssignment.student_id == participant,
            )
            .one_or_none()
        )
        return found or self._new_submission(week, participant)

    def _new_submission(self, week: str, participant: str) -> Any:
        session = self._gradebook.db
        student = session.get(Student, participant)
        if student is None:
            student = Student(id=participant)
            session.add(student)
        assignment = self._gradebook.find_assignment(week)
        submission = SubmittedAssignment(assignment=assignment, student=student)
        session.add(submission)
        for notebook in assignment.notebooks:
            row = SubmittedNotebook(notebook=notebook, assignment=submission)
            session.add(row)
            session.add_all(Grade(cell=cell, notebook=row) for cell in notebook.grade_cells)
            session.add_all(Comment(cell=cell, notebook=row) for cell in notebook.solution_cells)
            for cell in notebook.task_cells:
                session.add_all((Comment(cell=cell, notebook=row), Grade(cell=cell, notebook=row)))
        session.flush()
        return submission

    def _penalty(self, submission: Any, notebook: Any) -> float | None:
        if submission.total_seconds_late <= 0:
            return None
        with in_course(self._home):
            rule = _late_rule(self._settings)
        penalty = rule.plugin_inst.late_submission_penalty(
            submission.student.id, notebook.score, submission.total_seconds_late
        )
        return None if penalty is None else rule._check_late_penalty(notebook, penalty)


def _require_receipts(row: Any, decided: NotebookScores, submission: str, key: Key) -> None:
    answers = {comment.name for comment in row.comments}
    for mark in decided.marks:
        key.require(submission, mark, is_answer=mark.cell in answers)


def _write(row: Any, decided: NotebookScores, reopen: bool) -> None:
    points = {mark.cell: mark.points for mark in decided.marks}
    for grade in row.grades:
        if decided.missing:
            grade.auto_score, grade.needs_manual_grade = 0, False
        elif grade.name in points:
            grade.auto_score = points[grade.name]
            if grade.manual_score is None:
                grade.needs_manual_grade = grade.auto_score is None
            elif reopen:
                grade.needs_manual_grade = True
    for comment in () if decided.missing else row.comments:
        comment.auto_comment = "No response." if comment.name in decided.unanswered else None


def _late_rule(settings: Config) -> AssignLatePenalties:
    rule = AssignLatePenalties(config=settings, log=log)
    rule.init_plugin()
    return rule
