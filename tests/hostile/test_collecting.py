"""The way in: what lies in the exchange was made by anybody, and is collected by the instructor."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from grader.marks import Outcome
from tests.conftest import RIGHT, Term

STAMP = "2027-01-12 10:00:00.000000 UTC"


def _inbound(term: Term) -> Path:
    cohort = term.cohort
    return cohort.exchange / cohort.course_id(cohort.hub("sheffield")) / "inbound"


def _attempt(term: Term, person: str) -> Path:
    """Make the folder of an attempt by hand, as anybody can who may write to the exchange."""
    folder = _inbound(term) / f"{person}+{term.week.name}+{STAMP}+made-by-hand"
    folder.mkdir()
    (folder / "timestamp.txt").write_text(STAMP)
    return folder


def _fills(term: Term, folder: Path, what: str) -> None:
    name, secret = f"{term.week.name}.ipynb", term.directory / "secret.txt"
    released = term.home("sheffield") / "release" / term.week.name / name
    secret.write_text("CANARY of the instructor")
    makers: dict[str, Callable[[], object]] = {
        "a link to a secret": lambda: (folder / "notes.txt").symlink_to(secret),
        "a link to a folder": lambda: (folder / "all").symlink_to(term.home("sheffield")),
        "a pipe": lambda: os.mkfifo(folder / "pipe"),
        "a terabyte of nothing": lambda: os.truncate(folder / "huge", 1 << 40),
        "a closed folder": lambda: (folder / "closed").mkdir(mode=0),
    }
    (folder / "huge").write_bytes(b"")
    (folder / name).write_bytes(released.read_bytes())
    makers[what]()


@pytest.fixture
def opened(term: Term) -> Term:
    """Have the week released, and honest work of Ben's handed in."""
    term.releases()
    term.participant("ben").hands_in(RIGHT, before_due=timedelta(hours=2))
    return term


class TestCollecting:
    @pytest.mark.parametrize(
        "what",
        [
            "a link to a secret",
            "a link to a folder",
            "a pipe",
            "a terabyte of nothing",
            "a closed folder",
        ],
    )
    def test_what_is_no_file_stops_nobody(self, opened: Term, what: str) -> None:
        """An attempt with something odd in it is collected and marked, and so is everybody else."""
        _fills(opened, _attempt(opened, "ada"), what)
        opened.collects()
        marked = opened.marks()
        assert {"ada": Outcome.FINISHED, "ben": Outcome.FINISHED} == {
            person: marked[person].outcome for person in ("ada", "ben")
        }

    def test_no_link_is_followed(self, opened: Term) -> None:
        """Nothing of the instructor's comes into submitted/ through a participant's link."""
        _fills(opened, _attempt(opened, "ada"), "a link to a secret")
        opened.collects()
        file = opened.home("sheffield") / "submitted/ada" / opened.week.name / "notes.txt"
        assert (True, []) == (file.is_symlink(), [f for f in file.parent.iterdir() if f.is_file()
                                                  and not f.is_symlink() and b"CANARY" in f.read_bytes()[:99]])  # fmt: skip

    def test_a_link_instead_of_an_attempt_is_none(self, opened: Term) -> None:
        """Whoever hands in a link to the instructor's source has handed in nothing."""
        source = opened.home("sheffield") / "source" / opened.week.name
        (_inbound(opened) / f"ada+{opened.week.name}+{STAMP}+x").symlink_to(source)
        assert {"ben"} == set(opened.collects())

    @pytest.mark.parametrize("name", ["ada+week01+never+x", "+week01+", "a+week01+b"])
    def test_a_name_without_a_time_is_passed_over(self, opened: Term, name: str) -> None:
        """A folder in the exchange whose name says no time stops no collect."""
        (_inbound(opened) / name).mkdir()
        assert {"ben"} == set(opened.collects())

    def test_a_hand_in_without_a_secret_stops_no_feedback(self, opened: Term) -> None:
        """nbgrader files feedback under the hand-in's secret; one without has its page, and so have all."""
        _fills(opened, _attempt(opened, "ada"), "a link to a secret")
        opened.collects()
        opened.marks()
        assert {"ada": "returned", "ben": "returned"} == {
            person: returned.what for person, returned in opened.hands_back().items()
        }
