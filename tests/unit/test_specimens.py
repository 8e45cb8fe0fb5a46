"""Specimens say what they must earn in their heads."""

from pathlib import Path

import pytest

from grader.errors import CourseError
from grader.marks import Outcome
from grader.specimens import Share, read_specimens
from tests.conftest import MINIATURE


class TestSpecimens:
    def test_a_head_says_points_and_hint(self) -> None:
        """The head gives the points of the task and the hint that must be shown."""
        found = {s.name: s for s in read_specimens(MINIATURE / "course/weeks/week01/specimens")}
        specimen = found["t1_m2_loses_sign"]

        assert {"t1": Share(1, "W01.T1.M2")} == specimen.earns
        assert ("t1", Outcome.FINISHED) == (specimen.task, specimen.outcome)
        assert "return abs(number) * 2" in specimen.cells["t1"]

    def test_prose_is_read_from_comments(self) -> None:
        """A reflection's text stands in comments and arrives as plain text."""
        found = {s.name: s for s in read_specimens(MINIATURE / "course/weeks/week01/specimens")}

        assert found["reflection_good"].cells["reflection"].startswith("I would double")

    def test_one_file_may_answer_two_tasks(self, tmp_path: Path) -> None:
        """Shares and cells of several tasks may stand in one file."""
        head = '"""\nBoth.\n\nearns: t1 2, t2 1 W01.T2.M1; outcome: timed_out\n"""\n'
        (tmp_path / "both.py").write_text(head + "# %% t1\na = 1\n# %% t2\nb = 2\n")
        [specimen] = read_specimens(tmp_path)

        assert {"t1": "a = 1", "t2": "b = 2"} == specimen.cells
        assert {"t1": Share(2), "t2": Share(1, "W01.T2.M1")} == specimen.earns
        assert Outcome.TIMED_OUT == specimen.outcome

    def test_a_specimen_may_hold_a_syntax_error(self, tmp_path: Path) -> None:
        """An answer that is not Python is read all the same."""
        (tmp_path / "broken.py").write_text('"""\nBroken.\n\nearns: t1 0\n"""\n# %% t1\ndef f(:\n')
        [specimen] = read_specimens(tmp_path)

        assert "def f(:" == specimen.cells["t1"]

    def test_all_heads_that_say_nothing_are_named_at_once(self, tmp_path: Path) -> None:
        """Every file without an `earns` line or a cell is complained of."""
        (tmp_path / "a.py").write_text("x = 1\n")
        (tmp_path / "b.py").write_text('"""\nB.\n\nearns: t1 0\n"""\n')
        with pytest.raises(CourseError) as refused:
            read_specimens(tmp_path)

        assert 2 == len(refused.value.complaints)
