"""
The ledger: an append-only record of every attempt at marking, beside each hub's gradebook.

The gradebook keeps the newest marks only; the ledger keeps what was marked, when, with which
versions, and how it ended. It knows nothing of nbgrader. The database itself refuses to change
or delete a line; erasing a person will have to lift those triggers on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    URL,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    NullPool,
    Row,
    Select,
    String,
    Table,
    create_engine,
    event,
    func,
    insert,
    inspect,
    select,
)
from sqlalchemy.exc import DatabaseError, IntegrityError

from grader import storage
from grader.marks import Giver, Mark, Outcome, Verdict

attempt = Table(
    "attempt",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("recorded_at", String, nullable=False),
    Column("hub", String, nullable=False),
    Column("participant", String, nullable=False),
    Column("week", String, nullable=False),
    Column("handed_in", String),
    Column("digest", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("marks", JSON, nullable=False),
    Column("versions", JSON, nullable=False),
    Column("sandbox", String, nullable=False),
    sqlite_autoincrement=True,
)

REFUSE = "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
TRIGGERS = (
    f"CREATE TRIGGER IF NOT EXISTS no_update BEFORE UPDATE ON attempt {REFUSE}",
    f"CREATE TRIGGER IF NOT EXISTS no_delete BEFORE DELETE ON attempt {REFUSE}",
    # INSERT OR REPLACE deletes without asking the trigger above.
    "CREATE TRIGGER IF NOT EXISTS no_replace BEFORE INSERT ON attempt "
    f"WHEN EXISTS (SELECT 1 FROM attempt WHERE id = NEW.id) {REFUSE}",
)


@dataclass(frozen=True)
class Entry:
    """
    Record one attempt at marking one submission.

    *handed_in* is None where the submission did not say when; *digest* is the SHA-256 of the
    submission; *sandbox* names what kept the run apart from the machine.
    """

    recorded_at: datetime
    hub: str
    participant: str
    week: str
    handed_in: datetime | None
    digest: str
    outcome: Outcome
    reason: str = ""
    marks: tuple[Mark, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    sandbox: str = "none"


def append(path: Path, entry: Entry) -> None:
    """Add *entry* in one transaction: whoever kills us leaves all of it or nothing."""
    with _usable(path), _writer(path).begin() as connection:
        _make(connection)
        connection.execute(insert(attempt).values(**_columns(entry)))


def require_writable(path: Path) -> None:
    """Refuse to begin where no entry could be added; makes the ledger if there is none."""
    with _usable(path), _writer(path).begin() as connection:
        _make(connection)


def entries(path: Path) -> tuple[Entry, ...]:
    """Read all entries, in the order in which they were made."""
    return _read(path, select(attempt).order_by(attempt.c.id))


def latest(path: Path) -> dict[tuple[str, str], Entry]:
    """Find the newest entry of each participant and week."""
    newest = select(func.max(attempt.c.id)).group_by(attempt.c.participant, attempt.c.week)
    found = _read(path, select(attempt).where(attempt.c.id.in_(newest)).order_by(attempt.c.id))
    return {(entry.participant, entry.week): entry for entry in found}


def _make(connection: Connection) -> None:
    attempt.create(connection, checkfirst=True)
    for trigger in TRIGGERS:
        connection.exec_driver_sql(trigger)


def _read(path: Path, query: Select[Any]) -> tuple[Entry, ...]:
    if not path.exists():
        return ()
    engine = create_engine(_address(path), poolclass=NullPool)
    with _usable(path), engine.connect() as connection:
        # A run killed in its very first append leaves an empty file.
        if not inspect(connection).has_table(attempt.name):
            return ()
        return tuple(_entry(row) for row in connection.execute(query))


@contextmanager
def _usable(path: Path) -> Iterator[None]:
    """Say it in words where the file cannot be written, is in use, or is no database."""
    try:
        yield
    except IntegrityError:
        raise  # a line that the ledger itself refused
    except DatabaseError as error:
        damaged = (
            "Restore it from your backup. If there is none, move the file away and run "
            "`grader autograde` again: it marks all work anew, and keeps points given by hand."
        )
        raise storage.refusal("the ledger", str(path), error.orig, damaged=damaged) from error


def _address(path: Path) -> URL:
    return URL.create("sqlite", database=str(path))


@cache
def _writer(path: Path) -> Engine:
    """Open *path* for one writer, in transactions that also cover CREATE (Python's do not)."""
    engine = create_engine(_address(path), poolclass=NullPool, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def _leave_transactions_to_us(connection: Any, record: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _columns(entry: Entry) -> dict[str, Any]:
    """Spell *entry* in plain text and JSON, readable with any SQLite browser."""
    return {
        **{name: getattr(entry, name) for name in ("hub", "participant", "week", "digest")},
        "recorded_at": _text(entry.recorded_at),
        "handed_in": _text(entry.handed_in) if entry.handed_in else None,
        "outcome": entry.outcome.value,
        "reason": entry.reason,
        "marks": [_spelled(mark) for mark in entry.marks],
        "versions": dict(entry.versions),
        "sandbox": entry.sandbox,
    }


def _entry(row: Row[Any]) -> Entry:
    values = dict(row._mapping)
    del values["id"]
    handed_in = values.pop("handed_in")
    return Entry(
        recorded_at=datetime.fromisoformat(values.pop("recorded_at")),
        handed_in=datetime.fromisoformat(handed_in) if handed_in else None,
        outcome=Outcome(values.pop("outcome")),
        marks=tuple(_mark(mark) for mark in values.pop("marks")),
        **values,
    )


def _spelled(mark: Mark) -> dict[str, Any]:
    """Spell a mark without its receipt: it was looked at when the mark was recorded."""
    spelled = {**asdict(mark), "verdict": mark.verdict.value, "by": mark.by.value}
    del spelled["receipt"]
    return spelled


def _mark(spelled: Mapping[str, Any]) -> Mark:
    by = Giver(spelled.get("by", Giver.RECORD))  # the first ledgers did not say
    return Mark(**{**spelled, "verdict": Verdict(spelled["verdict"]), "by": by})


def _text(at: datetime) -> str:
    """Write *at* so that the texts sort as the times do."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")
