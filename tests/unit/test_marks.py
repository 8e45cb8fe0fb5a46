"""Which attempt counts, what is late, and how points add up: the rules of marks.py."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from grader.marks import Attempt, Mark, Marked, Outcome, Verdict, counting, is_late

DUE = datetime(2027, 1, 17, 18, tzinfo=ZoneInfo("Europe/London"))


def attempt(**after_due: float) -> Attempt:
    """Hand in so long after the due time; a negative time is before it."""
    at = (DUE + timedelta(**after_due)).astimezone(UTC)
    return Attempt("p001", "week01", at, Path(str(at)))


def mark(points: float | None, verdict: Verdict, out_of: float = 2) -> Mark:
    return Mark("week01", "t1_check", points, out_of, verdict)


def marked(*marks: Mark, outcome: Outcome = Outcome.FINISHED) -> Marked:
    return Marked("sheffield", "p001", "week01", outcome, marks)


class TestIsLate:
    def test_l1_the_due_second_is_on_time(self) -> None:
        """L1: work handed in within the due second itself is on time."""
        assert not is_late(DUE, DUE)
        assert not is_late(DUE + timedelta(microseconds=999_999), DUE)

    def test_l1_the_next_second_is_late(self) -> None:
        """L1: one second later is late."""
        assert is_late(DUE + timedelta(seconds=1), DUE)

    def test_l1_holds_between_time_zones(self) -> None:
        """L1: in summer time 17:00 UTC is the due second of 18:00 in London."""
        due = datetime(2027, 7, 4, 18, tzinfo=ZoneInfo("Europe/London"))
        assert not is_late(datetime(2027, 7, 4, 17, tzinfo=UTC), due)
        assert is_late(datetime(2027, 7, 4, 17, 0, 1, tzinfo=UTC), due)


class TestCounting:
    def test_a1_the_newest_on_time_counts(self) -> None:
        """A1: a late attempt does not replace one that was on time, and order does not matter."""
        early, last, late = attempt(hours=-5), attempt(hours=-1), attempt(hours=1)
        assert last == counting([late, last, early], DUE)

    def test_a1_the_due_second_still_replaces(self) -> None:
        """A1: an attempt in the due second is on time and the newest."""
        assert attempt() == counting([attempt(hours=-1), attempt(), attempt(seconds=1)], DUE)

    def test_a2_else_the_newest_late_one(self) -> None:
        """A2: where nothing was on time the newest late attempt counts."""
        assert attempt(hours=2) == counting([attempt(hours=2), attempt(hours=1)], DUE)

    def test_nothing_handed_in_is_none(self) -> None:
        """Without an attempt none counts."""
        assert counting([], DUE) is None


class TestMark:
    @pytest.mark.parametrize("cell", ["t3", "t3_check", "t3_more"])
    def test_cells_of_a_task_share_its_name(self, cell: str) -> None:
        """The answer cell and both check cells belong to one task."""
        assert "t3" == Mark("week01", cell, 1, 1, Verdict.PASSED).task


class TestMarked:
    def test_points_add_up(self) -> None:
        """The points are the sum over all cells, partial ones included."""
        work = marked(mark(2, Verdict.PASSED), mark(0.5, Verdict.PARTLY), mark(0, Verdict.FAILED))
        assert (2.5, 6) == (work.points, work.out_of)

    @pytest.mark.parametrize("verdict", [Verdict.UNDECIDED, Verdict.BY_HAND])
    def test_points_are_none_while_one_is_open(self, verdict: Verdict) -> None:
        """One mark that waits for a person keeps the whole sum open."""
        work = marked(mark(2, Verdict.PASSED), mark(None, verdict))
        assert work.points is None
        assert 4 == work.out_of

    def test_points_are_none_without_marks(self) -> None:
        """Work that could not be marked has no points, which is not the same as 0."""
        assert marked(outcome=Outcome.COULD_NOT_MARK).points is None

    def test_all_failed_is_zero(self) -> None:
        """Work that was marked and failed everything has 0 points, not None."""
        assert 0 == marked(mark(0, Verdict.FAILED)).points

    def test_planned_marking_by_hand_is_foreseen(self) -> None:
        """A reflection waiting for a mentor needs no special attention."""
        assert not marked(mark(None, Verdict.BY_HAND)).needs_a_person

    def test_an_undecided_check_needs_a_person(self) -> None:
        """A check that could not decide needs a person."""
        assert marked(mark(None, Verdict.UNDECIDED)).needs_a_person

    @pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.FINISHED])
    def test_an_unfinished_run_needs_a_person(self, outcome: Outcome) -> None:
        """Any outcome other than finished needs a person."""
        assert marked(mark(2, Verdict.PASSED), outcome=outcome).needs_a_person
