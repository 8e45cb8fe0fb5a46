"""What somebody misunderstood at any time, and what they have overcome since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.marks import Mark
from grader.programme import Week
from grader.progress import Hint, Misconception, misconceptions


@dataclass(frozen=True)
class Met:
    """Name one misconception of one task; *overcome* says that the task has every point now."""

    misconception: Misconception
    overcome: bool


def met(
    week: Week,
    attempts: Iterable[Sequence[Mark]],
    now: Sequence[Mark],
    hints: Mapping[str, Hint],
) -> tuple[Met, ...]:
    """
    List what was met in any of the *attempts* at *week*, oldest first, or stands in the marks of *now*.

    What is no longer seen, in a task that has not every point, is neither: then nothing is said.
    """
    standing = misconceptions(week, now, hints)
    still = {(m.task, m.code) for m in standing}
    earlier = {
        (m.task, m.code): m
        for marks in attempts
        for m in misconceptions(week, marks, hints)
        if (m.task, m.code) not in still
    }
    solved = {mark.task for mark in now} - {mark.task for mark in now if _is_short(mark)}
    overcome = [Met(m, overcome=True) for m in earlier.values() if m.task in solved]
    return (*(Met(m, overcome=False) for m in standing), *overcome)


def _is_short(mark: Mark) -> bool:
    return mark.points is None or mark.points < mark.out_of
