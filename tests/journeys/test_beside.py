"""A check that cannot cross, and leave to run it beside the work: from the cohort to the page."""

import json
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from grader import ledger, notebooks
from grader.marks import Giver, Mark, Verdict
from tests.conftest import RIGHT, Term

PATCHING = (
    "from unittest.mock import patch\nwith patch('builtins.print'):\n"
    "    assert 1 == long_words('three two')"
)
FORGEABLE = "this mark can be forged"


@pytest.fixture
def own(tmp_path: Path, spring: Path, miniature: Path) -> Term:
    """Give a term with a course of its own, one of whose checks cannot cross."""
    shutil.copytree(spring, tmp_path / "spring")
    shutil.copytree(miniature, tmp_path / "course")
    term = Term(tmp_path / "spring", tmp_path / "course")
    _edits_check(term, PATCHING, [])
    return term


def _edits_check(term: Term, source: str, tags: list[str]) -> None:
    path = term.root / "solutions/week01/week01.ipynb"
    notebook = notebooks.read(path)
    cell = next(c for c in notebook.cells if notebooks.grade_id(c) == "t2_check")
    cell.source, cell.metadata["tags"] = source, tags
    path.write_text(notebooks.text(notebook), encoding="utf-8")


def _is_marked(term: Term) -> dict[str, object]:
    """Have Ada hand in right work; give what `grader autograde --json` says of the check."""
    term.releases()
    term.participant("ada").hands_in(RIGHT, before_due=timedelta(hours=1))
    term.collects()
    command = ["autograde", "week01", "--json", "--course", str(term.root)]
    done = subprocess.run(
        [sys.executable, "-m", "grader", *command],
        cwd=term.directory,
        capture_output=True,
        text=True,
        check=False,
    )
    [told] = [json.loads(line) for line in done.stdout.splitlines()]
    found: dict[str, object] = next(t for t in told["tasks"] if t["task"] == "t2_check")
    return found


def _mark(term: Term) -> Mark:
    entries = ledger.latest(term.home("sheffield") / "ledger.db")
    [entry] = [e for e in entries.values() if e.participant == "ada"]
    return next(mark for mark in entry.marks if mark.cell == "t2_check")


def _page(term: Term) -> str:
    term.hands_back()
    [page] = (term.home("sheffield") / "feedback/ada/week01").glob("*.html")
    return page.read_text(encoding="utf-8")


def _lets_the_cohort(term: Term) -> None:
    term.edit("cohort.toml", 'undecided = "a person decides"', 'undecided = "beside the work"')


def _lets_the_author(term: Term) -> None:
    _edits_check(term, PATCHING, ["may-be-forged"])


class TestBesideTheWork:
    @pytest.mark.parametrize("leave", [_lets_the_cohort, _lets_the_author])
    def test_the_mark_says_everywhere_that_it_can_be_forged(self, own: Term, leave: object) -> None:
        """By the cohort's leave or the author's: in the JSON, in the ledger and on the page."""
        assert callable(leave)
        leave(own)
        told = _is_marked(own)

        assert ("passed", True) == (told["verdict"], told["may_be_forged"])
        assert Giver.CANDIDATE is _mark(own).by
        assert FORGEABLE in _page(own)

    def test_without_leave_a_person_decides(self, own: Term) -> None:
        """The same check waits for a mentor, and nothing says that it could be forged."""
        told = _is_marked(own)

        assert ("undecided", False) == (told["verdict"], told["may_be_forged"])
        assert Verdict.UNDECIDED is _mark(own).verdict
        assert FORGEABLE not in _page(own)
