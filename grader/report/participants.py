"""A page for each participant: fit to be shown to them, so it speaks of nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.findings.mastery import Level, Mastery
from grader.findings.misunderstandings import Met, met
from grader.findings.tasks import titled
from grader.progress import Progress, Standing, Status
from grader.report import site
from grader.report.seen import Seen, file_of

OUTCOMES = ("participant", "week", "outcome", "text", "level", "points", "out_of", "checks")
LEVELS = tuple(Level)


@dataclass(frozen=True)
class Remarked:
    """Hold what somebody wrote beside one answer; *task* is what people call it."""

    task: str
    text: str


@dataclass(frozen=True)
class Tried:
    """Sum up one marking: of what was handed in when, and how it ended."""

    handed_in: datetime | None
    ended: str
    points: float | None
    out_of: float


@dataclass(frozen=True)
class Told:
    """Gather what a participant's page says of one week; *feedback* maps titles to files."""

    standing: Standing
    hand_ins: int
    tried: tuple[Tried, ...]
    mastery: tuple[Mastery, ...]
    met: tuple[Met, ...]
    remarks: tuple[Remarked, ...]
    feedback: tuple[tuple[str, str], ...]


def files(seen: Seen) -> site.Files:
    """Make everybody's page, put the feedback that went back beside it, and the table of outcomes."""
    made: dict[str, str | bytes | Path] = {}
    rows: list[tuple[object, ...]] = []
    for person in seen.people:
        name = file_of(person.participant.id)
        weeks = tuple(_told(seen, person, week, made) for week in person.weeks)
        made[f"participants/{name}"] = site.participant_page(
            seen,
            name,
            "participant.html",
            person=person,
            weeks=weeks,
            Status=Status,
            Level=Level,
            titled=titled,
            formgrader={week.standing.week.name: _link(seen, person, week) for week in weeks},
        )
        rows += _rows(seen, person, weeks)
    return {**made, "outcomes.csv": site.table(OUTCOMES, rows)}


def _told(
    seen: Seen, person: Progress, standing: Standing, made: dict[str, str | bytes | Path]
) -> Told:
    key = person.participant.id, standing.week.name
    work, history = seen.work.get(key), seen.found.history.get(key, ())
    marks = work.marks if work else ()
    return Told(
        standing=standing,
        hand_ins=max(seen.found.hand_ins.get(key, 0), int(standing.submitted)),
        tried=tuple(_tries(seen, key)),
        mastery=seen.mastery.get(key, ()),
        met=met(standing.week, [entry.marks for entry in history], marks, seen.hints),
        remarks=tuple(
            Remarked(titled(remark.cell.partition("_")[0]), remark.text)
            for remark in seen.found.remarks.get(key, ())
        ),
        feedback=tuple(_feedback(seen, key, made)),
    )


def _tries(seen: Seen, key: tuple[str, str]) -> Iterator[Tried]:
    """Tell each hand-in that was marked once, by its last marking."""
    last = {entry.handed_in: entry for entry in seen.found.history.get(key, ())}
    for handed_in, entry in last.items():
        known = [mark.points for mark in entry.marks if mark.points is not None]
        out_of = sum(mark.out_of for mark in entry.marks if mark.points is not None)
        yield Tried(handed_in, entry.outcome.value, sum(known) if known else None, out_of)


def _feedback(
    seen: Seen, key: tuple[str, str], made: dict[str, str | bytes | Path]
) -> Iterator[tuple[str, str]]:
    """Put the pages that went back beside the participant's page, and give their titles and links."""
    folder = file_of(key[0]).removesuffix(".html")
    pages = seen.found.feedback.get(key, ())
    for number, page in enumerate(pages, 1):
        target = f"{folder}/{key[1]}-{number}.html"
        made[f"participants/{target}"] = page
        yield "Feedback" if len(pages) == 1 else f"Feedback {number}", target


def _link(seen: Seen, person: Progress, week: Told) -> str:
    return seen.formgrader(person.participant, week.standing.week)


def _rows(seen: Seen, person: Progress, weeks: tuple[Told, ...]) -> Iterator[tuple[object, ...]]:
    for told in weeks:
        for one in told.mastery:
            marked = one.checks > 0
            yield (
                seen.named(person.participant),
                one.week.name,
                one.outcome.id,
                one.outcome.text,
                one.level.value,
                one.points if marked else None,
                one.out_of if marked else None,
                one.checks,
            )
