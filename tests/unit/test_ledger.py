"""The ledger keeps every attempt at marking, and lets nobody change one."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from grader.errors import MachineError
from grader.ledger import Entry, append, entries, latest
from grader.marks import Mark, Outcome, Verdict

AT = datetime(2027, 1, 18, 17, 59, 30, 123456, tzinfo=UTC)
ENTRY = Entry(
    recorded_at=AT + timedelta(hours=1),
    hub="sheffield",
    participant="p001",
    week="week01",
    handed_in=AT,
    digest="a" * 64,
    outcome=Outcome.FINISHED,
    reason="",
    marks=(
        Mark("week01", "t1_check", 1.5, 2.0, Verdict.PARTLY, "W01.T1.M1"),
        Mark("week01", "reflection", None, 4.0, Verdict.BY_HAND),
    ),
    versions={"nbgrader": "0.9.6"},
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name a ledger that nobody has written yet."""
    return tmp_path / "ledger.db"


class TestEntries:
    def test_no_file(self, path: Path) -> None:
        """A hub where nothing was marked has no entries, and reading makes no file."""
        assert () == entries(path)
        assert {} == latest(path)
        assert not path.exists()

    def test_comes_back_as_it_was(self, path: Path) -> None:
        """An entry comes back equal, marks, hints and times included."""
        append(path, ENTRY)

        assert (ENTRY,) == entries(path)

    def test_a_hand_in_without_a_time(self, path: Path) -> None:
        """An entry may say that nobody knows when the work was handed in."""
        unknown = replace(ENTRY, handed_in=None, outcome=Outcome.COULD_NOT_MARK, reason="No kernel")
        append(path, unknown)

        assert (unknown,) == entries(path)

    def test_times_are_kept_in_utc(self, path: Path) -> None:
        """A time given in London's summer is the same moment in the ledger, in UTC."""
        summer = datetime(2027, 7, 1, 12, tzinfo=ZoneInfo("Europe/London"))
        append(path, replace(ENTRY, recorded_at=summer))

        (found,) = entries(path)

        assert datetime(2027, 7, 1, 11, tzinfo=UTC) == found.recorded_at
        assert UTC == found.recorded_at.tzinfo

    def test_a_time_without_a_zone_is_refused(self, path: Path) -> None:
        """A time without a zone is refused, because nobody could say when it was."""
        with pytest.raises(ValueError, match="no time zone"):
            append(path, replace(ENTRY, recorded_at=AT.replace(tzinfo=None)))

        assert () == entries(path)


class TestLatest:
    def test_newest_of_each(self, path: Path) -> None:
        """The newest entry of each participant and week counts, and all are kept, in order."""
        again = replace(ENTRY, digest="b" * 64)
        other = replace(ENTRY, participant="p002")
        for entry in (ENTRY, other, again):
            append(path, entry)

        assert {("p001", "week01"): again, ("p002", "week01"): other} == latest(path)
        assert (ENTRY, other, again) == entries(path)


class TestAppendOnly:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE attempt SET outcome = 'finished'",
            "DELETE FROM attempt",
            "INSERT OR REPLACE INTO attempt SELECT * FROM attempt",
        ],
    )
    def test_the_database_refuses(self, path: Path, statement: str) -> None:
        """The database itself refuses to change, delete or replace an entry."""
        append(path, ENTRY)
        connection = sqlite3.connect(path)

        with pytest.raises(sqlite3.DatabaseError, match="append-only"):
            connection.execute(statement)

        connection.close()
        assert (ENTRY,) == entries(path)

    def test_killed_before_the_end(self, path: Path) -> None:
        """A run killed in the middle of its first entry leaves none, and the next one works."""
        code = (
            "import os, signal, sys\n"
            "from pathlib import Path\n"
            "from grader import ledger\n"
            "from tests_entry import ENTRY\n"
            "ledger._columns = lambda entry: os.kill(os.getpid(), signal.SIGKILL)\n"
            "ledger.append(Path(sys.argv[1]), ENTRY)\n"
        )
        (path.parent / "tests_entry.py").write_text(
            "from datetime import datetime, UTC\n"
            "from grader.ledger import Entry\n"
            "from grader.marks import Outcome\n"
            "AT = datetime(2027, 1, 18, tzinfo=UTC)\n"
            "ENTRY = Entry(AT, 'sheffield', 'p001', 'week01', AT, 'a', Outcome.FINISHED)\n"
        )
        root = str(Path(__file__).parents[2])
        places = os.pathsep.join([root, str(path.parent)])

        killed = subprocess.run(
            [sys.executable, "-c", code, str(path)], env={**os.environ, "PYTHONPATH": places}
        )

        assert -signal.SIGKILL == killed.returncode
        assert () == entries(path)
        append(path, ENTRY)
        assert (ENTRY,) == entries(path)


class TestBroken:
    @pytest.mark.parametrize("deed", [lambda path: latest(path), lambda path: append(path, ENTRY)])
    def test_a_file_that_is_no_database(self, path: Path, deed: Callable[[Path], object]) -> None:
        """A ledger that is no database is named with its path and what to do, and left alone."""
        path.write_bytes(b"no database" * 100)

        with pytest.raises(MachineError) as caught:
            deed(path)
        [complaint] = caught.value.complaints
        assert (str(path), True) == (complaint.where, "backup" in complaint.do)
        assert b"no database" * 100 == path.read_bytes()
