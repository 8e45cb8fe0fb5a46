"""The one writer leaves the gradebook as nbgrader's own autograde would, in one transaction."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from grader.engine import gradebook
from grader.engine.recorder import INDEXES, NotebookScores, Recorder, add_indexes
from grader.marks import Giver, Mark, Verdict
from grader.receipts import Key, UnsignedMarkError, new_key
from tests.conftest import RIGHT, Term

TABLES = {
    "submitted_assignment": "student_id, timestamp, extension",
    "submitted_notebook": "late_submission_penalty, flagged",
    "grade": "auto_score, manual_score, extra_credit, needs_manual_grade",
    "comment": "auto_comment, manual_comment",
}
ALL_RIGHT = {"t1_check": 1.0, "t1_more": 2.0, "t2_check": 1.0, "t2_more": 1.0, "reflection": None}
KEY, WORK = new_key(), "sheffield/ada/digest"


def rows(home: Path) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(home / "gradebook.db") as database:
        return {
            table: sorted(database.execute(f"select {columns} from {table}").fetchall(), key=repr)
            for table, columns in TABLES.items()
        }


def signed(cell: str, points: float | None, *, submission: str = WORK, key: Key = KEY) -> Mark:
    """Give a mark as the examiner, or for an answer that waits the kit, would give it."""
    if points is None:
        return Mark("week01", cell, None, 2, Verdict.BY_HAND, by=Giver.KIT)
    receipt = key.sign(submission, "week01", cell, Verdict.PASSED, points, None)
    return Mark("week01", cell, points, points, Verdict.PASSED, None, Giver.EXAMINER, receipt)


def right() -> NotebookScores:
    return NotebookScores("week01", [signed(cell, points) for cell, points in ALL_RIGHT.items()])


def handed_in(term: Term, *, before_due: timedelta = timedelta(hours=1)) -> None:
    term.releases()
    term.participant("ada").hands_in(RIGHT | {"reflection": "Visits."}, before_due=before_due)
    term.collects()


class TestRecorder:
    def test_its_rows_are_those_of_nbgraders_autograde(self, term: Term, tmp_path: Path) -> None:
        """For the same marks the gradebook holds the same values, column by column."""
        handed_in(term)
        home = term.home("sheffield")
        at = term.collects()["ada"].at
        before = (home / "gradebook.db").read_bytes()
        term.marks()
        theirs = rows(home)
        (home / "gradebook.db").write_bytes(before)
        with Recorder(home, KEY) as recorder:
            recorder.record("week01", "ada", at, [right()], submission=WORK)

        assert theirs == rows(home)

    def test_a_hand_mark_stays_and_waits_to_be_looked_at(self, term: Term) -> None:
        """Marking again keeps a mentor's points and comment, as nbgrader does."""
        handed_in(term)
        home = term.home("sheffield")
        scores = [right()]
        with Recorder(home, KEY) as recorder:
            recorder.record("week01", "ada", term.due, scores, submission=WORK)
            gradebook.mark_by_hand(home, "week01", "ada", "reflection", 2, "Yes.")
            recorder.record("week01", "ada", term.due, scores, submission=WORK)

        with gradebook.opened(home) as book:
            grade = book.find_grade("reflection", "week01", "week01", "ada")
            assert (2.0, True) == (grade.manual_score, grade.needs_manual_grade)
        assert {"reflection": "Yes."} == gradebook.comments(home, "week01", "ada")

    def test_a_missing_notebook_earns_nothing_and_waits_for_nobody(self, term: Term) -> None:
        """A notebook that was not handed in is zero in every cell, as in nbgrader."""
        handed_in(term)
        home = term.home("sheffield")
        with Recorder(home, KEY) as recorder:
            nothing = NotebookScores("week01", (), missing=True)
            recorder.record("week01", "ada", None, [nothing], submission=WORK)

        assert {0} == {mark.points for mark in gradebook.marks(home, "week01", "ada")}

    def test_a_failure_leaves_nothing_behind(
        self, term: Term, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where recording fails half-way, the gradebook is as it was."""
        handed_in(term)
        home = term.home("sheffield")
        before = rows(home)

        def breaks(*_: object) -> float:
            raise RuntimeError("pulled the plug")

        monkeypatch.setattr(Recorder, "_penalty", breaks)
        with Recorder(home, KEY) as recorder, pytest.raises(RuntimeError):
            recorder.record("week01", "ada", term.due, [right()], submission=WORK)

        assert before == rows(home)

    def test_a_late_penalty_by_plug_in_is_applied(self, term: Term) -> None:
        """A course whose configuration takes all marks of late work gets just that."""
        handed_in(term, before_due=timedelta(hours=-1))
        home = term.home("sheffield")
        with (home / "nbgrader_config.py").open("a") as file:
            file.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
        with Recorder(home, KEY) as recorder:
            at = term.collects()["ada"].at
            recorder.record("week01", "ada", at, [right()], submission=WORK)

        with sqlite3.connect(home / "gradebook.db") as database:
            assert [(5.0,)] == database.execute(
                "select late_submission_penalty from submitted_notebook"
            ).fetchall()


class TestReceipts:
    @pytest.mark.parametrize(
        "mark",
        [
            replace(signed("t1_more", 1.0), points=2.0),
            replace(signed("t1_more", 2.0), receipt=""),
            replace(signed("t1_more", 2.0), by=Giver.KIT),
            replace(signed("t1_more", 2.0), by=Giver.RECORD),
            replace(signed("t1_more", 2.0), verdict=Verdict.PARTLY),
            replace(signed("t1_more", 2.0), hint="W01.T1.M1"),
            replace(signed("t1_more", 2.0), receipt="é"),
            replace(signed("t1_check", 1.0), cell="t1_more"),
            signed("t1_more", 2.0, submission="sheffield/ben/digest"),
            signed("t1_more", 2.0, key=new_key()),
            Mark("week01", "t1_more", 0, 2, Verdict.FAILED, by=Giver.KIT),
            Mark("week01", "t1_more", None, 2, Verdict.PASSED, by=Giver.KIT),
        ],
        ids=[
            "other points", "no receipt", "the kit's own", "read somewhere", "another verdict",
            "another hint", "nonsense", "another check", "another's work", "another run",
            "a failure nobody saw", "a pass without points",
        ],
    )  # fmt: skip
    def test_a_mark_is_refused_without_its_receipt(self, term: Term, mark: Mark) -> None:
        """A mark that the examiner did not sign as it stands is not recorded, nor what came with it."""
        handed_in(term)
        home = term.home("sheffield")
        before = rows(home)
        scores = [NotebookScores("week01", [signed("t1_check", 1.0), mark])]
        with Recorder(home, KEY) as recorder, pytest.raises(UnsignedMarkError, match="t1_more"):
            recorder.record("week01", "ada", term.due, scores, submission=WORK)

        assert before == rows(home)

    def test_the_kit_may_say_that_nobody_decided(self, term: Term) -> None:
        """A check not reached and an answer left as released are 0 by the kit's own word."""
        handed_in(term)
        home = term.home("sheffield")
        marks = [
            Mark("week01", "t1_more", 0, 2, Verdict.NOT_REACHED, by=Giver.KIT),
            Mark("week01", "reflection", 0, 2, Verdict.FAILED, by=Giver.KIT),
        ]
        with Recorder(home, KEY) as recorder:
            scores = [NotebookScores("week01", marks)]
            recorder.record("week01", "ada", term.due, scores, submission=WORK)

        given = {mark.cell: mark.points for mark in gradebook.marks(home, "week01", "ada")}
        assert (0, 0) == (given["t1_more"], given["reflection"])


class TestIndexes:
    def test_they_are_there_once(self, term: Term) -> None:
        """Adding the four indexes twice gives four indexes."""
        home = term.home("sheffield")
        add_indexes(home), add_indexes(home)
        with sqlite3.connect(home / "gradebook.db") as database:
            found = database.execute(
                "select count(*) from sqlite_master where type = 'index' and name like 'ix_accelerator%'"
            ).fetchone()

        assert (len(INDEXES),) == found
