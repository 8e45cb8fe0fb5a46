"""Locked, full, read-only, missing or damaged: what is recorded stands, and the next run goes on."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from grader import autograde as journey
from grader import ledger
from grader.engine import gradebook, recorder
from grader.errors import MachineError
from grader.marks import Marked, Outcome
from grader.processes import tier
from tests.conftest import RIGHT, Term

HOUR = timedelta(hours=1)
ANSWERS = RIGHT | {"reflection": "Visits."}


@pytest.fixture
def two(term: Term) -> Term:
    term.releases()
    for name in ("ada", "ben"):
        term.participant(name).hands_in(ANSWERS, before_due=HOUR)
    term.collects()
    return term


def told(term: Term) -> list[Outcome]:
    return [e.outcome for e in ledger.entries(term.home("sheffield") / "ledger.db")]


def book(term: Term) -> Path:
    return term.home("sheffield") / "gradebook.db"


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Be another program that writes to the database and does not come to an end."""
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


class TestGradebook:
    def test_somebody_else_holds_it(self, two: Term, monkeypatch: pytest.MonkeyPatch) -> None:
        """A gradebook that another program does not let go of is told before anything is marked."""
        monkeypatch.setattr(recorder, "PATIENCE_SECONDS", 0)
        with held(book(two)), pytest.raises(MachineError, match="in use by another") as caught:
            two.marks()

        assert str(book(two)) == caught.value.complaints[0].where
        assert [] == told(two)
        assert {Outcome.FINISHED} == {m.outcome for m in two.marks().values()}

    def test_somebody_is_soon_done(self, two: Term) -> None:
        """Another program that writes for a moment is waited for."""
        with sqlite3.connect(book(two), isolation_level=None, check_same_thread=False) as writing:
            writing.execute("BEGIN IMMEDIATE")
            timer = threading.Timer(7, writing.commit)  # SQLite's own patience is five seconds
            timer.start()
            outcomes = {m.outcome for m in two.marks().values()}
            timer.join()

        assert {Outcome.FINISHED} == outcomes

    def test_it_becomes_unusable_on_the_way(
        self, two: Term, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What was recorded before stands, the folder of the other is untouched, the next run goes on."""
        monkeypatch.setattr(recorder, "PATIENCE_SECONDS", 0)
        marking = journey.autograde(
            two.cohort, two.week, two.cohort.hubs, tier=tier(), now=lambda: two.due, workers=1
        )
        first = next(marking)
        with held(book(two)), pytest.raises(MachineError, match="in use by another"):
            list(marking)

        assert [Outcome.FINISHED] == told(two)
        assert [first.participant] == _marked_folders(two)
        second = two.marks()
        assert [False, True] == sorted(m.fresh for m in second.values())

    def test_it_is_no_database(self, two: Term) -> None:
        """A damaged gradebook is named with the way back, and nothing is marked for it."""
        book(two).write_bytes(b"no database " * 100)

        with pytest.raises(MachineError, match="damaged, or no database"):
            two.marks()
        assert [] == told(two)


class TestLedger:
    @pytest.mark.parametrize(
        ("spoil", "words"),
        [
            (lambda file: file.mkdir(), "cannot be opened for writing"),
            (lambda file: file.write_bytes(b"no database " * 100), "damaged, or no database"),
        ],
    )
    def test_it_cannot_be_written(
        self, two: Term, spoil: Callable[[Path], object], words: str
    ) -> None:
        """Where the ledger cannot be written nothing is marked; put right, the same command goes on."""
        file = two.home("sheffield") / "ledger.db"
        spoil(file)
        with pytest.raises(MachineError, match=words):
            two.marks()
        marks = {m.points for m in gradebook.marks(two.home("sheffield"), "week01", "ada")}
        file.rmdir() if file.is_dir() else file.unlink()

        assert set() == marks
        assert {Outcome.FINISHED} == {m.outcome for m in two.marks().values()}

    def test_it_fails_after_the_gradebook_was_written(
        self, two: Term, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A mark of which the ledger could not tell is marked anew by the next run, with the same end."""
        right = ledger.append

        def full(*_: object) -> None:
            raise MachineError("the ledger cannot grow: the disk is full")

        monkeypatch.setattr(ledger, "append", full)
        with pytest.raises(MachineError, match="disk is full"):
            two.marks()
        monkeypatch.setattr(ledger, "append", right)

        assert [True, True] == [m.fresh for m in two.marks().values()]
        assert 2 == len(told(two))


class TestDisk:
    def test_it_is_full(self, two: Term) -> None:
        """On a full disk the run ends with 2 and says what and where; with room again it goes on."""
        full = subprocess.run(
            [sys.executable, "-m", "grader", "autograde", "week01", "--course", str(two.root)],
            cwd=two.directory,
            env={**os.environ, "COLUMNS": "300"},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000)),
            capture_output=True,
            text=True,
            check=False,
        )

        assert (2, True) == (full.returncode, "Traceback" not in full.stderr), full.stderr
        assert "run the same command again" in full.stderr
        assert {Outcome.FINISHED} == {m.outcome for m in two.marks().values()}
        assert {5} == {_points(m) for m in two.marks().values()}

    def test_what_is_wrong_with_one_folder_stops_nobody(self, two: Term) -> None:
        """Where one person's marked folder cannot be made, the other is marked."""
        (two.home("sheffield") / "autograded").mkdir(exist_ok=True)
        (two.home("sheffield") / "autograded" / "ada").write_text("a file, for whatever reason")
        marked = two.marks()

        assert Outcome.COULD_NOT_MARK == marked["ada"].outcome
        assert Outcome.FINISHED == marked["ben"].outcome


class TestMentors:
    def test_no_mark_given_meanwhile_is_lost(self, two: Term) -> None:
        """What a mentor gives by hand, again and again while the work is marked anew, is all there."""
        two.marks()
        for name in ("ada", "ben"):
            folder = two.home("sheffield") / "submitted" / name / "week01"
            (folder / "more.txt").write_text("handed in anew")
        home, given, over = two.home("sheffield"), dict[str, float](), threading.Event()

        def mentor() -> None:
            count = 0
            while not over.is_set() or count < 3:
                for name in ("ada", "ben"):
                    count += 1
                    gradebook.mark_by_hand(
                        home, "week01", name, "reflection", count % 7, f"{count}"
                    )
                    given[name] = count

        writing = threading.Thread(target=mentor)
        writing.start()
        marked = two.marks()
        over.set()
        writing.join()

        assert {True} == {m.fresh for m in marked.values()}
        assert given == {
            name: int(gradebook.comments(home, "week01", name)["reflection"]) for name in given
        }
        assert {name: count % 7 for name, count in given.items()} == {
            name: _by_hand(home, name) for name in given
        }


def _by_hand(home: Path, person: str) -> float:
    with gradebook.opened(home) as opened:
        return opened.find_grade("reflection", "week01", "week01", person).manual_score


def _marked_folders(term: Term) -> list[str]:
    found = term.home("sheffield").glob("autograded/*/*week01*")
    return sorted(folder.parent.name for folder in found)


def _points(marked: Marked) -> float:
    return sum(mark.points or 0 for mark in marked.marks)
