"""
A hub's gradebook through nbgrader's own model: people, due times, extensions and marks.

Everybody is entered before they hand in; a submission never (a row made before the hand-in looks
like handed-in work to nbgrader). nbgrader's times are naive UTC; the kit's are aware.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from sqlalchemy.exc import DatabaseError, IntegrityError

from grader import storage
from grader.engine.settings import config, course_directory, folder
from grader.marks import Mark, Verdict
from grader.programme import Participant

HINT = re.compile(r"\[([A-Z][A-Z0-9_.]*)\]\s*$", re.MULTILINE)


@contextmanager
def in_words(home: Path) -> Iterator[None]:
    """Raise MachineError, in words, where the hub's gradebook cannot be read or written."""
    try:
        yield
    except IntegrityError:
        raise  # two rows that exclude each other: a fault of ours, not of the file
    except DatabaseError as error:
        address = course_directory(config(home), week="").db_url
        where = address.removeprefix("sqlite:///")
        raise storage.refusal("the gradebook", where, error.orig) from error


@contextmanager
def opened(home: Path) -> Iterator[Gradebook]:
    """Open the hub's gradebook, making it on first use; MachineError where it cannot be used."""
    settings = config(home)
    directory = course_directory(settings, week="")
    with in_words(home), Gradebook(directory.db_url, directory.course_id) as gradebook:
        yield gradebook


def require_readable(home: Path) -> None:
    """Refuse to go on where the hub's gradebook cannot be opened."""
    with opened(home):
        pass


def people(home: Path) -> dict[str, tuple[str, str]]:
    """List who is entered: id to name and e-mail."""
    with opened(home) as gradebook:
        return {
            student.id: (_full_name(student), student.email or "") for student in gradebook.students
        }


def enter(home: Path, participants: Iterable[Participant]) -> None:
    """Enter or update *participants*; nobody is ever taken out."""
    with opened(home) as gradebook:
        for person in participants:
            first, _, last = person.name.partition(" ")
            gradebook.update_or_create_student(
                person.id,
                first_name=first or None,
                last_name=last or None,
                email=person.email or None,
            )


def due_times(home: Path) -> dict[str, datetime | None]:
    """Give the due time of each week the gradebook knows."""
    with opened(home) as gradebook:
        return {
            assignment.name: assignment.duedate and assignment.duedate.replace(tzinfo=UTC)
            for assignment in gradebook.assignments
        }


def set_due(home: Path, week: str, due: datetime) -> None:
    """Set when *week* is due at this hub."""
    with opened(home) as gradebook:
        gradebook.update_or_create_assignment(week, duedate=_naive(due))


def set_extensions(home: Path, week: str, until: Mapping[str, datetime]) -> None:
    """Write the extensions of those who handed in; *until* names the others' too, who are skipped."""
    with opened(home) as gradebook:
        for submission in gradebook.assignment_submissions(week):
            end = until.get(submission.student.id)
            due = submission.assignment.duedate
            submission.extension = _naive(end) - due if end and due else None
        gradebook.db.commit()


def handed_in(home: Path) -> dict[str, tuple[str, ...]]:
    """List whose work the gradebook holds: id to the names of the weeks."""
    found: dict[str, tuple[str, ...]] = {}
    with opened(home) as gradebook:
        for assignment in gradebook.assignments:
            for submission in assignment.submissions:
                person = submission.student.id
                found[person] = (*found.get(person, ()), assignment.name)
    return found


def has_submissions(home: Path, week: str) -> bool:
    """Tell whether anybody's work of *week* is in the gradebook."""
    with opened(home) as gradebook:
        return bool(gradebook.assignment_submissions(week))


def marks(home: Path, week: str, participant: str) -> tuple[Mark, ...]:
    """Read the marks of one submission, in the order of its cells, with the hints that were given."""
    with opened(home) as gradebook:
        try:
            submission = gradebook.find_submission(week, participant)
        except MissingEntry:
            return ()
        return tuple(
            mark
            for notebook in submission.notebooks
            for mark in _notebook_marks(home, week, participant, notebook)
        )


def comments(home: Path, week: str, participant: str) -> dict[str, str]:
    """Read what mentors wrote beside the answers of one submission, cell to text."""
    with opened(home) as gradebook:
        submission = gradebook.find_submission(week, participant)
        return {
            remark.name: remark.manual_comment
            for notebook in submission.notebooks
            for remark in notebook.comments
            if remark.manual_comment
        }


def penalties(home: Path, week: str, participant: str) -> dict[str, float]:
    """Read what a late-work rule took off each notebook of one submission, in points."""
    with opened(home) as gradebook:
        submission = gradebook.find_submission(week, participant)
        return {
            notebook.name: float(notebook.late_submission_penalty)
            for notebook in submission.notebooks
            if notebook.late_submission_penalty
        }


def mark_by_hand(
    home: Path, week: str, participant: str, cell: str, points: float, comment: str = ""
) -> None:
    """Record what a mentor would give in formgrader: points and a comment for one answer."""
    with opened(home) as gradebook:
        submission = gradebook.find_submission(week, participant)
        notebook = next(n for n in submission.notebooks if any(g.name == cell for g in n.grades))
        grade = next(g for g in notebook.grades if g.name == cell)
        grade.manual_score, grade.needs_manual_grade = points, False
        for remark in notebook.comments:
            if remark.name == cell and comment:
                remark.manual_comment = comment
        gradebook.db.commit()


def copy_work(old: Path, new: Path, person: str, week: str) -> bool:
    """
    Copy one person's marks of *week* from the gradebook of *old* to that of *new* (policy R3).

    Returns False, changing nothing, where *new* does not know the week yet or has work already.
    """
    with opened(old) as source, opened(new) as target:
        theirs = source.find_submission(week, person)
        try:
            target.find_assignment(week)
        except MissingEntry:
            return False
        try:
            target.find_submission(week, person)
        except MissingEntry:
            mine = target.add_submission(week, person, timestamp=theirs.timestamp)
            _copy_rows(theirs, mine)
            target.db.commit()
            return True
        return False


def _copy_rows(theirs: Any, mine: Any) -> None:
    mine.extension = theirs.extension
    for notebook in mine.notebooks:
        twin = next((n for n in theirs.notebooks if n.name == notebook.name), None)
        if twin is None:
            continue
        notebook.late_submission_penalty, notebook.flagged = (
            twin.late_submission_penalty,
            twin.flagged,
        )
        grades = {grade.name: grade for grade in twin.grades}
        for grade in notebook.grades:
            _copy(grades.get(grade.name), grade, _GRADE_FIELDS)
        comments = {comment.name: comment for comment in twin.comments}
        for comment in notebook.comments:
            _copy(comments.get(comment.name), comment, ("auto_comment", "manual_comment"))


_GRADE_FIELDS = ("auto_score", "manual_score", "extra_credit", "needs_manual_grade")


def _copy(source: Any, target: Any, fields: tuple[str, ...]) -> None:
    for field in fields if source is not None else ():
        setattr(target, field, getattr(source, field))


def _notebook_marks(home: Path, week: str, participant: str, notebook: Any) -> Iterator[Mark]:
    marked = folder(home, "autograded") / participant / week / f"{notebook.name}.ipynb"
    cells = _graded_cells(marked)
    grades = {grade.name: grade for grade in notebook.grades}
    order = [name for name in cells if name in grades] + [n for n in grades if n not in cells]
    for name in order:
        grade = grades[name]
        points = None if grade.needs_manual_grade else float(grade.score)
        out_of = float(grade.max_score)
        yield Mark(
            notebook=notebook.name,
            cell=name,
            points=points,
            out_of=out_of,
            verdict=_verdict(points, out_of),
            hint=_hint(cells.get(name)) if points != out_of else None,
        )


def _graded_cells(marked: Path) -> dict[str, Any]:
    if not marked.exists():
        return {}
    notebook = nbformat.read(marked, as_version=4)
    return {
        cell.metadata["nbgrader"]["grade_id"]: cell
        for cell in notebook.cells
        if "grade_id" in cell.metadata.get("nbgrader", {})
    }


def _verdict(points: float | None, out_of: float) -> Verdict:
    if points is None:
        return Verdict.BY_HAND
    if points >= out_of:
        return Verdict.PASSED
    return Verdict.PARTLY if points > 0 else Verdict.FAILED


def _hint(cell: Any) -> str | None:
    errors = [o for o in (cell or {}).get("outputs", ()) if o.output_type == "error"]
    found = [HINT.search(error.evalue) for error in errors]
    return next((match.group(1) for match in found if match), None)


def _full_name(student: Any) -> str:
    return " ".join(part for part in (student.first_name, student.last_name) if part)


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
