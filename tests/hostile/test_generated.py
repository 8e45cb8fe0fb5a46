"""Generated submissions: family by place by moment, each with its honest mark as the upper bound."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from grader.marks import Outcome
from tests.hostile.generated import Mixed, mixed
from tests.hostile.marking import Batch, School, live_parts
from tests.hostile.submission import Submission
from tests.hostile.week import BY_HAND, HIDDEN, POINTS

numbers = itertools.count()


def _settings(examples: int) -> settings:
    # A batch is slow to mark and as slow to shrink: the failing one is named instead.
    return settings(
        max_examples=examples,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )


def _marked(school: School, mixtures: list[Mixed]) -> tuple[Batch, list[Submission]]:
    submissions = [one.submission(number) for number, one in enumerate(mixtures)]
    return school.batch(submissions, name=f"generated{next(numbers)}"), submissions


def _is_wrong(batch: Batch, submission: Submission) -> list[str]:
    """Say what of *submission* is not as it must be: its marks, its outcome, what it told."""
    marked = batch.of(submission.name)
    found = [
        f"{mark.cell} got {mark.points}"
        for mark in marked.marks
        if mark.cell in POINTS and (mark.points or 0) > (submission.earns[mark.cell] or 0)
    ]
    found += [
        f"{mark.cell} was marked by a machine"
        for mark in marked.marks
        if mark.cell in BY_HAND and mark.points
    ]
    if marked.outcome is Outcome.COULD_NOT_MARK:
        found.append(f"could not mark: {marked.reason}")
    else:
        found += live_parts(batch.page(submission.name))
    kept = "".join(batch.kept(submission.name).values())
    found += [name for name, said in batch.canaries.items() if name != "marker" and said in kept]
    if marked.outcome is not Outcome.COULD_NOT_MARK and HIDDEN in batch.page(submission.name):
        found.append("a hidden check")
    return found


def _holds(school: School, mixtures: list[Mixed]) -> None:
    batch, submissions = _marked(school, mixtures)
    wrong = {s.name: found for s in submissions if (found := _is_wrong(batch, s))}
    assert {} == wrong
    full = {**POINTS, **dict.fromkeys(BY_HAND)}
    assert [full] * len(batch.honest()) == [
        {mark.cell: mark.points for mark in honest.marks} for honest in batch.honest()
    ]
    before, after = batch.around
    changed = [k for k in before.keys() | after.keys() if before.get(k) != after.get(k)]
    assert ([], [], [], []) == (batch.heard, batch.left_running, batch.left_written, changed)


class TestGenerated:
    @_settings(2)
    @given(st.lists(mixed, min_size=12, max_size=12, unique_by=lambda one: one.name))
    def test_no_mixture_earns_more_than_its_answers(
        self, school: School, mixtures: list[Mixed]
    ) -> None:
        """Whatever is tried, where, and when: no mark beyond the right answers, no trace, no harm."""
        _holds(school, mixtures)

    @pytest.mark.sweep
    @pytest.mark.timeout(7200)
    @_settings(40)
    @given(st.lists(mixed, min_size=25, max_size=25, unique_by=lambda one: one.name))
    def test_a_thousand_mixtures_earn_no_more(self, school: School, mixtures: list[Mixed]) -> None:
        """The same with a thousand of them."""
        _holds(school, mixtures)
