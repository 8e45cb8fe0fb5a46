"""
The door to .ipynb files: read them, hold them to the canonical form, find their tasks.

Nothing here runs a cell or knows a participant. The canonical form is what makes a diff of a
notebook readable and its release the same bytes each time.
"""

from grader.notebooks.parts import (
    BEGIN_HIDDEN,
    BEGIN_SOLUTION,
    END_HIDDEN,
    END_SOLUTION,
    secrets,
    secrets_of,
    visible,
    with_answers,
    with_known_marks,
    with_outputs,
)
from grader.notebooks.reading import (
    METADATA,
    Cell,
    Notebook,
    canonical,
    dense,
    foreign,
    grade_id,
    is_answer,
    is_graded,
    parse,
    quiet,
    read,
    text,
)
from grader.notebooks.rebuilding import Rebuilt, rebuild
from grader.notebooks.tasks import Task, tasks

__all__ = [
    "BEGIN_HIDDEN",
    "BEGIN_SOLUTION",
    "END_HIDDEN",
    "END_SOLUTION",
    "METADATA",
    "Cell",
    "Notebook",
    "Rebuilt",
    "Task",
    "canonical",
    "dense",
    "foreign",
    "grade_id",
    "is_answer",
    "is_graded",
    "parse",
    "quiet",
    "read",
    "rebuild",
    "secrets",
    "secrets_of",
    "tasks",
    "text",
    "visible",
    "with_answers",
    "with_known_marks",
    "with_outputs",
]
