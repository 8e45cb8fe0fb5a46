"""A hub's week with all kinds of hand-ins, marked by a real command that is stopped or killed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from grader import ledger, notebooks
from grader.engine import gradebook
from grader.processes import system, watching
from tests.conftest import RIGHT, Term

REFLECTS = {"reflection": "The visits."}
LOSES_SIGN = {"t1": "def double(number):\n    return abs(number) * 2"}
KINDS: tuple[dict[str, str] | bytes | None, ...] = (
    RIGHT | REFLECTS,
    RIGHT | LOSES_SIGN,
    {},
    b'{"cells": [',
    RIGHT | {"t2": "import os\nos._exit(3)"},
    None,
    RIGHT | {"t2": "print('word ' * 1_000_000)"} | REFLECTS,
    RIGHT | {"t1": "raise SystemExit"},
    {"t1": RIGHT["t1"], "t2": "def long_words(text):\n    return len(text.split())"} | REFLECTS,
    RIGHT | {"t2": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"},
    RIGHT | {"t1": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\n" + RIGHT["t1"]},
    {"t1": RIGHT["t1"]} | REFLECTS,
)
PEOPLE = tuple(f"p{number:02}" for number in range(1, 15))
AGAIN = PEOPLE[0]  # was marked before, by hand too, and has handed in anew


def make_busy(term: Term) -> Path:
    """Hand in for everybody: a third late, one of them again after a mentor had marked by hand."""
    rows = "".join(
        f"{person},participant,{'london' if number % 3 else 'sheffield'},,,\n"
        for number, person in enumerate(PEOPLE)
    )
    term.edit("roster.csv", "", rows)
    term.syncs(), term.releases()
    _hand_in(term, AGAIN, RIGHT | {"reflection": "First."}, late=False)
    term.marks(AGAIN)
    home = term.home(term.cohort.participant(AGAIN).hub)  # type: ignore[union-attr]
    gradebook.mark_by_hand(home, "week01", AGAIN, "reflection", 2, "Well seen.")
    for number, person in enumerate(PEOPLE):
        _hand_in(term, person, KINDS[number % len(KINDS)], late=number % 3 == 1)
    return term.directory


def _hand_in(term: Term, person: str, what: dict[str, str] | bytes | None, *, late: bool) -> None:
    home = term.home(term.cohort.participant(person).hub)  # type: ignore[union-attr]
    folder = home / "submitted" / person / "week01"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(home / "release" / "week01", folder)
    file = folder / "week01.ipynb"
    if what is None:
        file.unlink()
    elif isinstance(what, bytes):
        file.write_bytes(what)
    else:
        filled = notebooks.with_answers(notebooks.read(file), what)
        file.write_text(notebooks.text(filled), encoding="utf-8")
    at = term.due + timedelta(days=1 if late else -1)
    (folder / "timestamp.txt").write_text(f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC")


def start(term_directory: Path, course: Path, *words: str) -> subprocess.Popen[str]:
    """Start `grader autograde week01 --json` as its own process."""
    scratch = term_directory.parent / "scratch"
    scratch.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "grader", "autograde", "week01", "--json"]
    return subprocess.Popen(
        [*command, "--course", str(course), *words],
        cwd=term_directory,
        env={**os.environ, "COLUMNS": "200", "TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def outcome(directory: Path) -> dict[str, Any]:
    """Give everything that marking leaves: rows, folders, and the newest entry for each person."""
    left: dict[str, Any] = {}
    for hub in ("sheffield", "london"):
        home = directory / hub
        left[f"{hub}: gradebook"] = _rows(home / "gradebook.db")
        left[f"{hub}: folders"] = {
            file.relative_to(home).as_posix(): file.read_bytes()
            for file in sorted((home / "autograded").rglob("*"))
            if file.is_file()
        }
        left[f"{hub}: ledger"] = {key: _lasting(e) for key, e in sorted(_latest(home).items())}
    return left


def _latest(home: Path) -> dict[tuple[str, str], ledger.Entry]:
    return ledger.latest(home / "ledger.db")


def _lasting(entry: ledger.Entry) -> ledger.Entry:
    versions = {name: version for name, version in entry.versions.items() if name != "run"}
    return replace(entry, recorded_at=datetime(2027, 1, 1, tzinfo=UTC), versions=versions)


def _rows(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Read every table; whose row it is instead of an id that is drawn anew each time."""
    with sqlite3.connect(file) as book:
        whose = dict(
            book.execute("select id, student_id || ' ' || assignment_id from submitted_assignment")
        )
        for row, notebook, work in book.execute(
            "select id, notebook_id, assignment_id from submitted_notebook"
        ).fetchall():
            whose[row] = f"{whose[work]} {notebook}"
        tables = [n for (n,) in book.execute("select name from sqlite_master where type = 'table'")]
        return {table: _without_ids(book, table, whose) for table in tables}


def _without_ids(
    book: sqlite3.Connection, table: str, whose: dict[str, str]
) -> list[tuple[object, ...]]:
    found = book.execute(f"select * from {table}")
    names = [column[0] for column in found.description]
    kept = [n for n, name in enumerate(names) if name != "id" or table not in ("grade", "comment")]
    return sorted((tuple(whose.get(row[n], row[n]) for n in kept) for row in found), key=repr)


@contextmanager
def orphans_come_here() -> Iterator[None]:
    """Be the parent of whatever loses its own, so that nothing can be left unseen."""
    system.prctl(system.SUBREAPER, 1)
    try:
        yield
    finally:
        system.prctl(system.SUBREAPER, 0)


def left_running(before: set[int], *, seconds: float = 20) -> set[int]:
    """List what still runs below us and did not *before*, when it has had time to end."""
    until = time.monotonic() + seconds
    while True:
        left = set(watching.tree(os.getpid())) - before
        left -= {row.pid for row in watching.rows() if _never_began(row)}
        for pid in left:
            try:
                os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                continue
        if not left or time.monotonic() > until:
            return left
        time.sleep(0.02)


def _never_began(row: watching.Row) -> bool:
    """Tell whether bubblewrap was killed before it began; the next start ends what is left of it."""
    try:
        name = Path(f"/proc/{row.pid}/comm").read_text()
        return name == "bwrap\n" and not Path(f"/proc/{row.session}").exists()
    except OSError:
        return False


def scratch(directory: Path) -> list[Path]:
    """List the scratch folders that runs in *directory* left."""
    return list((directory.parent / "scratch").iterdir())
