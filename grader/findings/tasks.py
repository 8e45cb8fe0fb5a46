"""
How hard a task was, whom it tells apart, and what was misunderstood most.

Difficulty is the share of answers that earned every point. Discrimination is the correlation of a
task's mark with the mark on the rest of the same week (corrected item-rest correlation: the task
itself is not part of the rest). Only answers that are wholly marked are counted.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.findings.intervals import Estimate, correlation, share
from grader.marks import Mark
from grader.progress import Hint, Work

NUMBERED = re.compile(r"t(\d{1,3})")


@dataclass(frozen=True)
class Answer:
    """
    Hold how one participant did in one task.

    *share* is of the task's points, *rest* of the other tasks' of the week (None without any);
    *hints* are the codes that were given, each once.
    """

    participant: str
    share: float
    rest: float | None
    hints: tuple[str, ...] = ()

    @property
    def full(self) -> bool:
        """Tell whether every point was earned."""
        return self.share >= 1


@dataclass(frozen=True)
class Common:
    """Name the misconception most answers met: *count* of *n* answers."""

    code: str
    title: str
    count: int
    n: int


@dataclass(frozen=True)
class Found:
    """Say what is known of one task; what rests on too few answers is None."""

    week: str
    notebook: str
    task: str
    n: int
    difficulty: Estimate | None = None
    discrimination: Estimate | None = None
    common: Common | None = None

    @property
    def title(self) -> str:
        """Call the task what people call it."""
        return titled(self.task)


TaskKey = tuple[str, str, str]  # week, notebook, task


def titled(task: str) -> str:
    """Call *task* what people call it: Task 3 for t3."""
    number = NUMBERED.fullmatch(task)
    return f"Task {int(number[1])}" if number else task.replace("_", " ").capitalize()


def answers(works: Mapping[tuple[str, str], Work]) -> dict[TaskKey, list[Answer]]:
    """Sort the wholly marked answers of *works*, by participant and week, under their tasks."""
    found: dict[TaskKey, list[Answer]] = defaultdict(list)
    for (participant, week), work in works.items():
        if work.outcome is None or work.failed:
            continue
        for (notebook, task), answer in _of_one(participant, work.marks):
            found[week, notebook, task].append(answer)
    return found


def found(key: TaskKey, given: Sequence[Answer], hints: Mapping[str, Hint], few: int) -> Found:
    """Say what *given*, the answers of one task, tell; fewer than *few* tell nothing."""
    n = len(given)
    if n < few:
        return Found(*key, n)
    return Found(
        *key,
        n,
        difficulty=share(sum(answer.full for answer in given), n),
        discrimination=_discrimination(given, few),
        common=_commonest(given, hints),
    )


def order(key: TaskKey) -> tuple[str, str, int, str]:
    """Sort tasks as they stand in their notebook: t2 before t10, and the unnumbered last."""
    number = NUMBERED.fullmatch(key[2])
    return key[0], key[1], int(number[1]) if number else 1000, key[2]


def _discrimination(given: Iterable[Answer], few: int) -> Estimate | None:
    pairs = [(answer.share, answer.rest) for answer in given if answer.rest is not None]
    return correlation(pairs) if len(pairs) >= few else None


def _commonest(given: Sequence[Answer], hints: Mapping[str, Hint]) -> Common | None:
    """Find the commonest; of two that are as common, the first by its code."""
    counts = Counter(code for answer in given for code in answer.hints)
    if not counts:
        return None
    code = min(counts, key=lambda code: (-counts[code], code))
    title = hints[code].title if code in hints else code
    return Common(code, title, counts[code], len(given))


def _of_one(participant: str, marks: Iterable[Mark]) -> Iterator[tuple[tuple[str, str], Answer]]:
    tasks: dict[tuple[str, str], list[Mark]] = defaultdict(list)
    for mark in marks:
        tasks[mark.notebook, mark.task].append(mark)
    whole = {}
    for key, of_task in tasks.items():
        given, worth = [mark.points for mark in of_task], sum(mark.out_of for mark in of_task)
        if worth > 0 and None not in given:
            whole[key] = sum(points or 0.0 for points in given), worth
    points, out_of = (sum(pair[side] for pair in whole.values()) for side in (0, 1))
    for key, (earned, worth) in whole.items():
        rest = (points - earned) / (out_of - worth) if out_of > worth else None
        short = (m for m in tasks[key] if (m.points or 0.0) < m.out_of)
        codes = dict.fromkeys(mark.hint for mark in short if mark.hint)
        yield key, Answer(participant, earned / worth, rest, tuple(codes))
