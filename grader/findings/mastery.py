"""How secure somebody is in each outcome: words for a person to talk about, never a grade."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from grader.marks import Mark
from grader.programme import LearningOutcome, Week
from grader.thresholds import Reporting


class Level(StrEnum):
    """Say how secure somebody is."""

    SECURE = "secure"
    NEARLY = "nearly"
    REVISIT = "revisit"
    TOO_FEW = "too few to say"


@dataclass(frozen=True)
class Mastery:
    """Say how far somebody is with one outcome: *points* of *out_of* in so many decided *checks*."""

    week: Week
    outcome: LearningOutcome
    level: Level
    points: float = 0.0
    out_of: float = 0.0
    checks: int = 0


def mastery(week: Week, marks: Iterable[Mark], reporting: Reporting) -> tuple[Mastery, ...]:
    """Judge each outcome of *week* that names its tasks by the marks of those tasks."""
    decided: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.points is not None and mark.out_of > 0:
            decided[mark.task].append(mark)
    return tuple(
        _judged(week, outcome, [m for t in outcome.tasks for m in decided.get(t, ())], reporting)
        for outcome in week.outcomes
        if outcome.tasks
    )


def _judged(
    week: Week, outcome: LearningOutcome, marks: list[Mark], reporting: Reporting
) -> Mastery:
    points, out_of = sum(m.points or 0.0 for m in marks), sum(m.out_of for m in marks)
    level = Level.TOO_FEW
    if len(marks) >= reporting.checks:
        share = points / out_of
        level = Level.NEARLY if share >= reporting.nearly else Level.REVISIT
        level = Level.SECURE if share >= reporting.secure else level
    return Mastery(week, outcome, level, points, out_of, len(marks))
