"""How hard each task was, whom it tells apart, what was misunderstood most: this hub beside all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.findings import tasks as findings
from grader.findings.intervals import Estimate
from grader.findings.mastery import Level
from grader.findings.tasks import Answer, Found, TaskKey
from grader.programme import LearningOutcome, Week
from grader.report import site
from grader.report.seen import Seen

COLUMNS = (
    "week",
    "notebook",
    "task",
    "answers",
    "all_points_share",
    "all_points_low",
    "all_points_high",
    "discrimination",
    "discrimination_low",
    "discrimination_high",
    "misconception_code",
    "misconception",
    "misconception_share",
    "all_hubs_answers",
    "all_hubs_all_points_share",
)


@dataclass(frozen=True)
class Row:
    """Say what one task tells at one place; *beside* is all hubs', None where it is kept back."""

    week: Week
    here: Found
    beside: Found | None


@dataclass(frozen=True)
class Outcome:
    """Count how many people are how far with one outcome."""

    week: Week
    outcome: LearningOutcome
    levels: Mapping[Level, int]


Answers = Mapping[TaskKey, Sequence[Answer]]


def all_hubs(seen: Sequence[Seen]) -> Answers:
    """Gather the answers of all hubs under their tasks."""
    together: dict[TaskKey, list[Answer]] = defaultdict(list)
    for here in seen:
        for key, given in here.answers.items():
            together[key] += given
    return together


def files(seen: Seen, everywhere: Answers) -> site.Files:
    """Make the page and the table of a hub."""
    rows = tuple(_rows(seen, seen.answers, everywhere))
    page = site.hub_page(
        seen, "tasks.html", "tasks.html", rows=rows, outcomes=_outcomes([seen]), Level=Level
    )
    return {"tasks.html": page, "tasks.csv": site.table(COLUMNS, map(_csv, rows))}


def programme_files(seen: Sequence[Seen], everywhere: Answers) -> site.Files:
    """Make the page and the table of all hubs together."""
    rows = tuple(_rows(seen[0], everywhere, {}))
    page = site.programme_page(
        seen, "tasks.html", "tasks.html", rows=rows, outcomes=_outcomes(seen), Level=Level
    )
    return {"tasks.html": page, "tasks.csv": site.table(COLUMNS, map(_csv, rows))}


def _rows(seen: Seen, here: Answers, everywhere: Answers) -> Iterator[Row]:
    few = seen.cohort.reporting.few
    for week in seen.programme.weeks:
        for key in sorted((key for key in here if key[0] == week.name), key=findings.order):
            mine = findings.found(key, here[key], seen.hints, few)
            yield Row(week, mine, _beside(seen, key, len(here[key]), everywhere))


def _beside(seen: Seen, key: TaskKey, mine: int, everywhere: Answers) -> Found | None:
    """Give all hubs' numbers, unless taking this hub's away would leave a few people's."""
    others = len(everywhere.get(key, ())) - mine
    if others < seen.cohort.reporting.small:
        return None
    return findings.found(key, everywhere[key], seen.hints, seen.cohort.reporting.few)


def _outcomes(seen: Sequence[Seen]) -> tuple[Outcome, ...]:
    counts: dict[tuple[Week, LearningOutcome], Counter[Level]] = {}
    for here in seen:
        for key, judged in here.mastery.items():
            if not here.work[key].failed and here.work[key].marks:
                for one in judged:
                    counts.setdefault((one.week, one.outcome), Counter())[one.level] += 1
    ordered = sorted(counts.items(), key=lambda item: (item[0][0].number, item[0][1].id))
    return tuple(Outcome(week, outcome, levels) for (week, outcome), levels in ordered)


def _csv(row: Row) -> tuple[object, ...]:
    here, common = row.here, row.here.common
    return (
        here.week,
        here.notebook,
        here.task,
        here.n,
        *_three(here.difficulty),
        *_three(here.discrimination),
        common.code if common else None,
        common.title if common else None,
        round(common.count / common.n, 4) if common else None,
        row.beside.n if row.beside else None,
        _three(row.beside.difficulty)[0] if row.beside else None,
    )


def _three(estimate: Estimate | None) -> tuple[float | None, float | None, float | None]:
    if estimate is None:
        return None, None, None
    return round(estimate.value, 4), round(estimate.low, 4), round(estimate.high, 4)
