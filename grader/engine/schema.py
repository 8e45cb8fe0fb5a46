"""The columns of the gradebook that the reports read; a test compares them with nbgrader's models."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    Enum,
    Float,
    Interval,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator


class UTCDateTime(TypeDecorator[datetime]):
    """Give nbgrader's naive times their zone, which is always UTC."""

    impl = DateTime
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Attach UTC to what the database gave."""
        return value.replace(tzinfo=UTC) if value else None


CELL_KIND = Enum("code", "markdown", name="grade_cell_type")
metadata = MetaData()

assignment = Table(
    "assignment",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(128)),
    Column("course_id", String(128)),
)
notebook = Table(
    "notebook",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(128)),
)
base_cell = Table(
    "base_cell",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(128)),
    Column("notebook_id", String(32)),
    Column("type", String(50)),
)
grade_cells = Table(
    "grade_cells",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("max_score", Float),
    Column("cell_type", CELL_KIND),
)
task_cells = Table(
    "task_cells",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("max_score", Float),
)
submitted_assignment = Table(
    "submitted_assignment",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("assignment_id", String(32)),
    Column("student_id", String(128)),
    Column("timestamp", UTCDateTime),
    Column("extension", Interval),
)
submitted_notebook = Table(
    "submitted_notebook",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("assignment_id", String(32)),
    Column("notebook_id", String(32)),
    Column("late_submission_penalty", Float),
)
grade = Table(
    "grade",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("notebook_id", String(32)),
    Column("cell_id", String(32)),
    Column("auto_score", Float),
    Column("manual_score", Float),
    Column("extra_credit", Float),
    Column("needs_manual_grade", Boolean),
)
comment = Table(
    "comment",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("notebook_id", String(32)),
    Column("cell_id", String(32)),
    Column("manual_comment", Text),
)
