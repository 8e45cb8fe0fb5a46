"""Shares, correlations, mastery and misunderstandings: each number by a named method."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from scipy import stats

from grader.findings.intervals import correlation, share
from grader.findings.mastery import Level, mastery
from grader.findings.misunderstandings import met
from grader.findings.tasks import Answer, answers, found, order, titled
from grader.marks import Mark, Outcome, Verdict
from grader.programme import LearningOutcome, Week
from grader.progress import Work
from grader.thresholds import Reporting

KEY = ("week01", "week01", "t1")


@dataclass(frozen=True)
class Hint:
    """Stand in for a hint of the course."""

    title: str
    talking_point: str = ""


HINTS = {"W01.T1.M1": Hint("Swaps day and month"), "W01.T1.M2": Hint("Loses noughts")}


def mark(
    cell: str,
    points: float | None,
    out_of: float = 2.0,
    hint: str | None = None,
    notebook: str = "n",
) -> Mark:
    return Mark(notebook, cell, points, out_of, Verdict.FAILED, hint)


def answer(share: float, rest: float | None = 0.5, *hints: str) -> Answer:
    return Answer("p001", share, rest, hints)


class TestShare:
    @pytest.mark.parametrize(("count", "n"), [(0, 10), (7, 10), (10, 10), (1, 3), (250, 1000)])
    def test_wilsons_interval(self, count: int, n: int) -> None:
        """The interval is Wilson's, as scipy computes it."""
        ends = stats.binomtest(count, n).proportion_ci(method="wilson")
        ours = share(count, n)

        assert (count / n, n) == (ours.value, ours.n)
        assert (ends.low, ends.high) == pytest.approx((ours.low, ours.high))


class TestCorrelation:
    def test_fishers_interval(self) -> None:
        """The interval is Fisher's, as scipy computes it."""
        pairs = [(0, 0.1), (1, 0.4), (0.5, 0.3), (0.2, 0.9), (0.9, 0.8), (0.4, 0.2), (1, 0.7)]
        r = stats.pearsonr([x for x, _ in pairs], [y for _, y in pairs])
        ends, ours = r.confidence_interval(), correlation(pairs)

        assert ours is not None
        assert (r.statistic, ends.low, ends.high) == pytest.approx(
            (ours.value, ours.low, ours.high)
        )

    def test_nothing_varies(self) -> None:
        """Where everybody has the same mark there is nothing to correlate."""
        assert correlation([(1.0, 0.1), (1.0, 0.5), (1.0, 0.9), (1.0, 0.2)]) is None

    def test_a_straight_line(self) -> None:
        """A perfect correlation has no width, and no error comes of it."""
        ours = correlation([(0.0, 0.0), (0.2, 0.2), (0.6, 0.6), (1.0, 1.0)])

        assert ours is not None
        assert ours.low == pytest.approx(1.0)


class TestTasks:
    def test_too_few_to_say(self) -> None:
        """Nine answers say nothing, ten do."""
        assert found(KEY, [answer(1.0)] * 9, HINTS, few=10).difficulty is None
        assert found(KEY, [answer(1.0)] * 10, HINTS, few=10).difficulty is not None

    def test_partial_points_are_not_all(self) -> None:
        """Difficulty counts the answers that earned every point."""
        said = found(KEY, [answer(1.0)] * 4 + [answer(0.99)] * 6, HINTS, few=10).difficulty

        assert said is not None
        assert said.value == 0.4

    def test_the_commonest(self) -> None:
        """The misconception most answers met is named with its count."""
        given = [answer(0, 0.5, "W01.T1.M2")] * 3 + [answer(0, 0.5, "W01.T1.M1")] * 7
        common = found(KEY, given, HINTS, few=10).common

        assert common is not None
        assert ("Swaps day and month", 7, 10) == (common.title, common.count, common.n)

    def test_the_rest_leaves_the_task_out(self) -> None:
        """What a task is compared with is the rest of the week, without the task itself."""
        work = Work(None, Outcome.FINISHED, marks=(mark("t1_check", 2.0), mark("t2_check", 1.0)))
        [one] = answers({("p001", "week01"): work})["week01", "n", "t1"]

        assert (1.0, 0.5) == (one.share, one.rest)

    def test_what_waits_is_no_answer_yet(self) -> None:
        """An answer that waits for a person, even in part, is not counted."""
        work = Work(None, Outcome.FINISHED, marks=(mark("t1_check", 2.0), mark("t1_more", None)))

        assert {} == answers({("p001", "week01"): work})

    @pytest.mark.parametrize("outcome", [None, Outcome.TIMED_OUT])
    def test_silence_and_failure_are_no_answers(self, outcome: Outcome | None) -> None:
        """Work that is not marked yet, or could not be marked, is no wrong answer."""
        assert {} == answers({("p001", "week01"): Work(None, outcome, marks=(mark("t1", 0.0),))})

    def test_order_and_titles(self) -> None:
        """Tasks stand in their order, task 2 before task 10, and are called by their number."""
        keys = [("w", "n", task) for task in ("t10", "reflection", "t2")]

        assert ["Task 2", "Task 10", "Reflection"] == [
            titled(k[2]) for k in sorted(keys, key=order)
        ]


class TestMastery:
    WEEK = Week("week01", 1, "T", outcomes=(LearningOutcome("W01.O1", "Count", ("t1", "t2")),))

    @pytest.mark.parametrize(
        ("points", "level"),
        [
            ((2.0, 2.0, 1.0), Level.SECURE),  # 5 of 6
            ((2.0, 1.0, 0.0), Level.NEARLY),
            ((1.0, 1.0, 0.0), Level.REVISIT),
            ((2.0, 2.0, None), Level.TOO_FEW),
        ],
    )
    def test_levels(self, points: tuple[float | None, ...], level: Level) -> None:
        """Eight tenths are secure, a half is nearly, less is to revisit; two checks are too few."""
        cells = ("t1_check", "t1_more", "t2_check")
        marks = [mark(cell, got) for cell, got in zip(cells, points, strict=True)]

        assert [level] == [one.level for one in mastery(self.WEEK, marks, Reporting())]

    def test_other_tasks_do_not_count(self) -> None:
        """An outcome rests on its own tasks only."""
        marks = [mark("t1_check", 2.0), *(mark(f"t3_{part}", 0.0) for part in "abcd")]

        assert (2.0, 1) == tuple(
            getattr(mastery(self.WEEK, marks, Reporting())[0], name)
            for name in ("points", "checks")
        )


class TestMisunderstandings:
    WEEK = Week("week01", 1, "T")

    def test_overcome(self) -> None:
        """What an earlier attempt met is overcome once the task has every point."""
        then, now = [mark("t1_check", 0.0, hint="W01.T1.M1")], [mark("t1_check", 2.0)]
        [one] = met(self.WEEK, [then, now], now, HINTS)

        assert (True, "Swaps day and month") == (one.overcome, one.misconception.title)

    def test_another_one_instead(self) -> None:
        """Where another misconception took its place, the first is not called overcome."""
        then = [mark("t1_check", 0.0, hint="W01.T1.M1")]
        now = [mark("t1_check", 0.0, hint="W01.T1.M2")]

        assert [("Loses noughts", False)] == [
            (one.misconception.title, one.overcome)
            for one in met(self.WEEK, [then, now], now, HINTS)
        ]

    def test_still_there(self) -> None:
        """What stands in the newest marks is worth another look, however often it was met."""
        now = [mark("t1_check", 0.0, hint="W01.T1.M1")]

        assert [False] == [one.overcome for one in met(self.WEEK, [now, now], now, HINTS)]
