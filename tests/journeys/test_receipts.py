"""No mark without the examiner's word: what was put in between examiner and gradebook is refused."""

import hashlib
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from grader import ledger, receipts
from grader.examination import desk
from grader.marking.judged import CellResult, Judged
from grader.marks import Giver, Outcome, Verdict
from grader.processes import tier
from tests.conftest import RIGHT, Term

HOUR = timedelta(hours=1)
WRONG = {"t1": "def double(number):\n    return abs(number) * 2", "reflection": "Visits."}
KEY = receipts.Key(hashlib.sha256(b"the key of a test").digest())
# Looks for the key without ever holding it: all bytes are one larger, on both sides.
SEARCH = f"""\
import ctypes
larger = bytes((n + 1) % 256 for n in range(256))
wanted, looked, found = bytes.fromhex("{bytes(n + 1 for n in KEY.secret).hex()}"), 0, 0
for line in open("/proc/self/maps"):
    span, rights = line.split()[:2]
    if rights.startswith("rw"):
        start, end = (int(number, 16) for number in span.split("-"))
        piece = ctypes.string_at(start, end - start)
        looked, found = looked + len(piece), found + piece.translate(larger).count(wanted)
print("enough" if looked > 4_000_000 else "little", "memory; key found:", bool(found))
"""


class Meddling:
    """Stand between the examiner and the recorder, and change what was said of one person's work."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, person: str) -> None:
        self.person, self.honest = person, desk.mark
        self.others: dict[str, CellResult] = {}
        self.change: Callable[[CellResult], CellResult] = lambda said: said
        monkeypatch.setattr(desk, "mark", self.mark)

    def mark(self, *cells: Any, seal: receipts.Seal, **more: Any) -> Judged:
        judged = self.honest(*cells, seal=seal, **more)
        if f"/{self.person}/" not in seal.submission:
            self.others = judged.checks
            return judged
        cells = tuple(self.change(cell) if cell.id == "t1_more" else cell for cell in judged.cells)
        return replace(judged, cells=cells)


@pytest.fixture
def two(term: Term) -> Term:
    term.releases()
    term.participant("ada").hands_in(WRONG, before_due=HOUR)
    term.participant("ben").hands_in(RIGHT, before_due=HOUR)
    term.collects()
    return term


class TestForging:
    @pytest.mark.parametrize(
        "forged",
        [
            lambda said, _: replace(said, verdict=Verdict.PASSED, points=2.0),
            lambda said, _: replace(said, verdict=Verdict.PASSED, points=2.0, receipt=""),
            lambda said, others: others["t1_more"],
        ],
        ids=["an invented pass", "a pass without a receipt", "somebody else's pass"],
    )
    def test_it_is_no_mark(
        self, two: Term, monkeypatch: pytest.MonkeyPatch, forged: Callable[..., CellResult]
    ) -> None:
        """A verdict the examiner did not sign for this work is recorded as could_not_mark."""
        meddling = Meddling(monkeypatch, "ada")
        two.marks("ben")
        meddling.change = lambda said: forged(said, meddling.others)
        marked = two.marks("ada")["ada"]

        assert (Outcome.COULD_NOT_MARK, ()) == (marked.outcome, marked.marks)
        assert "came without the examiner's receipt" in marked.reason

    def test_the_others_are_marked_and_the_next_run_mends_it(
        self, two: Term, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Ben is marked in the same run; once nobody meddles, the next run marks Ada too."""
        with monkeypatch.context() as meddled:
            meddling = Meddling(meddled, "ada")
            meddling.change = lambda said: replace(said, points=2.0)
            first = two.marks()
        second = two.marks()

        assert (Outcome.COULD_NOT_MARK, Outcome.FINISHED) == (
            first["ada"].outcome,
            first["ben"].outcome,
        )
        assert (Outcome.FINISHED, 1) == (
            second["ada"].outcome,
            sum(mark.points or 0 for mark in second["ada"].marks),
        )


class TestWhoseWord:
    def test_the_ledger_says_who_gave_each_mark_and_in_which_run(self, term: Term) -> None:
        """What a check decided is the examiner's word; what waits, or was not reached, the kit's."""
        term.releases()
        leaves = {"t2": "import os\nos._exit(0)", "reflection": "Visits."}
        term.participant("ada").hands_in(RIGHT | leaves, before_due=HOUR)
        term.collects(), term.marks()
        [entry] = ledger.entries(term.home("sheffield") / "ledger.db")

        assert {
            "t1_check": Giver.EXAMINER,
            "t1_more": Giver.EXAMINER,
            "t2_check": Giver.KIT,
            "t2_more": Giver.KIT,
            "reflection": Giver.KIT,
        } == {mark.cell: mark.by for mark in entry.marks}
        assert 16 == len(entry.versions["run"])


class TestKey:
    def test_the_candidate_never_has_it(self, term: Term, monkeypatch: pytest.MonkeyPatch) -> None:
        """The key is nowhere in the memory in which a participant's code runs."""
        if tier().name == "landlock":
            pytest.skip("nobody may look at his own memory there")
        monkeypatch.setattr(receipts, "new_key", lambda: KEY)
        term.releases()
        term.participant("ada").hands_in({"t1": SEARCH, "t2": SEARCH}, before_due=HOUR)
        term.collects(), term.marks()
        marked = term.home("sheffield") / "autograded/ada/week01/week01.ipynb"

        assert 2 == marked.read_text(encoding="utf-8").count("enough memory; key found: False")

    def test_where_it_is_the_search_finds_it(self) -> None:
        """The same search finds the key in a process that has it."""
        code = f"import numpy\nkey = bytes.fromhex('{KEY.secret.hex()}')\n{SEARCH}"
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

        assert told.stdout.endswith("memory; key found: True\n"), told.stderr

    def test_nobody_reads_it_in_a_message(self) -> None:
        """Shown in an error or a log, the key is the name of its run."""
        assert f"Key(of run {KEY.run})" == repr(KEY)
