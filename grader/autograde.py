"""
Mark what was collected: one submission after another, each with an outcome, none stopping the rest.

What is unchanged since it was marked is left alone: the ledger knows the digest of the work and of
the week's source. How one submission is run stands behind `engine.execution.run`.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from grader import digests, intake, ledger
from grader.engine import execution, gradebook
from grader.errors import CohortError
from grader.marks import Mark, Marked, Outcome
from grader.programme import Cohort, Hub, Participant, Week


@dataclass(frozen=True)
class _Work:
    """Name one submission to be looked at."""

    hub: Hub
    home: Path
    participant: Participant
    handed_in: datetime | None


def autograde(
    cohort: Cohort,
    week: Week,
    hubs: Sequence[Hub],
    *,
    now: Callable[[], datetime],
    only: str | None = None,
    expect: Callable[[int], None] = lambda total: None,
) -> Iterator[Marked]:
    """
    Mark *week* at *hubs* (or *only* one participant) and record each result as it comes.

    *now* gives the time of recording; *expect* is told how many submissions there are. Raises
    CohortError where the week was never released, or *only* handed nothing in.
    """
    queue = [work for hub in hubs for work in _submissions(cohort, week, hub) if _asked(work, only)]
    if only and not queue:
        raise CohortError(
            f"{only} has no collected work for {week.name}",
            do=f"Run `grader collect {week.name}` first.",
        )
    expect(len(queue))
    for work in queue:
        yield _mark(cohort, week, work, now)
    for hub in () if cohort.is_ordinary else hubs:
        _write_extensions(cohort, week, hub)


def _asked(work: _Work, only: str | None) -> bool:
    return only is None or work.participant.id == only


def _submissions(cohort: Cohort, week: Week, hub: Hub) -> Iterator[_Work]:
    home = cohort.home(hub)
    there = {
        person: at for (person, name), at in intake.handed_in(home).items() if name == week.name
    }
    if there and not (home / "source" / week.name).is_dir():
        raise CohortError(
            f"{week.name} was never released at {hub.title}",
            do=f"Run `grader release {week.name}` first.",
        )
    for participant in cohort.at(hub):
        if participant.id in there:
            yield _Work(hub, home, participant, there[participant.id])


def _mark(cohort: Cohort, week: Week, work: _Work, now: Callable[[], datetime]) -> Marked:
    folder = work.home / "submitted" / work.participant.id / week.name
    digest = digests.of_folder(folder, ignoring=digests.EXCHANGE_FILES)
    source = digests.of_folder(work.home / "source" / week.name)
    last = ledger.latest(work.home / "ledger.db").get((work.participant.id, week.name))
    unchanged = (
        last is not None
        and (last.digest, last.versions.get("source"), last.handed_in)
        == (digest, source, work.handed_in)
        and last.outcome is not Outcome.COULD_NOT_MARK
    )
    if last is not None and unchanged:
        marks = gradebook.marks(work.home, week.name, work.participant.id)
        return _marked(work, week, last.outcome, marks, last.reason, fresh=False)
    run = execution.run(work.home, week.name, work.participant.id)
    marks = gradebook.marks(work.home, week.name, work.participant.id)
    marked = _marked(work, week, run.outcome, marks, run.reason, fresh=True)
    ledger.append(work.home / "ledger.db", _entry(marked, work, digest, source, now()))
    return marked


def _marked(
    work: _Work, week: Week, outcome: Outcome, marks: tuple[Mark, ...], reason: str, *, fresh: bool
) -> Marked:
    return Marked(work.hub.name, work.participant.id, week.name, outcome, marks, reason, fresh)


def _entry(marked: Marked, work: _Work, digest: str, source: str, now: datetime) -> ledger.Entry:
    return ledger.Entry(
        recorded_at=now,
        hub=marked.hub,
        participant=marked.participant,
        week=marked.week,
        handed_in=work.handed_in,
        digest=digest,
        outcome=marked.outcome,
        reason=marked.reason,
        marks=marked.marks,
        versions={
            "grader": version("accelerator-grader"),
            "nbgrader": version("nbgrader"),
            "python": platform.python_version(),
            "source": source,
        },
        sandbox="none",
    )


def _write_extensions(cohort: Cohort, week: Week, hub: Hub) -> None:
    # Only now: nbgrader takes a row made before the hand-in for handed-in work.
    home = cohort.home(hub)
    until = {
        participant.id: extension.until
        for participant in cohort.at(hub)
        if (extension := cohort.extension(week, participant))
    }
    if gradebook.due_times(home).get(week.name):
        gradebook.set_extensions(home, week.name, until)
