"""
Mark what was collected: several submissions at once, each with an outcome, none stopping the rest.

What is unchanged since it was marked is left alone: the ledger knows the digest of the work and of
the week's source. Workers execute, this one process records: the marked folder, then the gradebook
in one transaction, then the ledger. A run that is killed is simply started again.
"""

from __future__ import annotations

import contextlib
import json
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

from grader import digests, intake, ledger, notebooks
from grader.engine import gradebook
from grader.engine.marked import write_folder
from grader.engine.recorder import NotebookScores, Recorder
from grader.errors import CohortError
from grader.examination import NOTES, Desk, Examined, Record, read_record, take
from grader.marks import Marked, Outcome
from grader.processes import Tier
from grader.programme import Cohort, Hub, Participant, Week


@dataclass(frozen=True)
class _Work:
    """Name one submission to be looked at, and the digests that tell whether it changed."""

    hub: Hub
    home: Path
    participant: Participant
    handed_in: datetime | None
    digest: str
    source: str

    @property
    def folder(self) -> Path:
        """Give the start of the path of the hand-in, without the week."""
        return self.home / "submitted" / self.participant.id


def autograde(
    cohort: Cohort,
    week: Week,
    hubs: Sequence[Hub],
    *,
    tier: Tier,
    now: Callable[[], datetime],
    only: str | None = None,
    workers: int = 2,
    expect: Callable[[int], None] = lambda total: None,
) -> Iterator[Marked]:
    """
    Mark *week* at *hubs* (or *only* one participant) and record each result as it comes.

    *tier* is the fence around the work; *now* gives the time of recording; *expect* is told how many
    submissions there are. Raises CohortError where the week was never released, or *only* handed
    nothing in.
    """
    queue = [work for hub in hubs for work in _submissions(cohort, week, hub) if _asked(work, only)]
    if only and not queue:
        raise CohortError(
            f"{only} has no collected work for {week.name}",
            do=f"Run `grader collect {week.name}` first.",
        )
    expect(len(queue))
    changed = []
    for work in queue:
        before = _unchanged(week, work)
        if before is None:
            changed.append(work)
        else:
            yield before
    if changed:
        yield from _mark(cohort, week, changed, tier, now, workers)
    for hub in () if cohort.is_ordinary else hubs:
        _write_extensions(cohort, week, hub)


def _asked(work: _Work, only: str | None) -> bool:
    return only is None or work.participant.id == only


def _submissions(cohort: Cohort, week: Week, hub: Hub) -> Iterator[_Work]:
    home = cohort.home(hub)
    there = {
        person: at for (person, name), at in intake.handed_in(home).items() if name == week.name
    }
    if there and not (home / "release" / week.name).is_dir():
        raise CohortError(
            f"{week.name} was never released at {hub.title}",
            do=f"Run `grader release {week.name}` first.",
        )
    source = digests.of_folder(home / "source" / week.name) if there else ""
    for participant in cohort.at(hub):
        if participant.id in there:
            folder = home / "submitted" / participant.id / week.name
            digest = digests.of_folder(folder, ignoring=digests.EXCHANGE_FILES)
            yield _Work(hub, home, participant, there[participant.id], digest, source)


def _unchanged(week: Week, work: _Work) -> Marked | None:
    """Give what the ledger and the gradebook say of work that was marked as it is."""
    last = ledger.latest(work.home / "ledger.db").get((work.participant.id, week.name))
    if last is None or last.outcome is Outcome.COULD_NOT_MARK:
        return None
    if (last.digest, last.versions.get("source"), last.handed_in) != (
        work.digest,
        work.source,
        work.handed_in,
    ):
        return None
    marks = gradebook.marks(work.home, week.name, work.participant.id)
    return Marked(
        work.hub.name, work.participant.id, week.name, last.outcome, marks, last.reason, False
    )


def _mark(
    cohort: Cohort,
    week: Week,
    queue: Sequence[_Work],
    tier: Tier,
    now: Callable[[], datetime],
    workers: int,
) -> Iterator[Marked]:
    records = {work.home: _record(cohort, week, work.home) for work in queue}
    with contextlib.ExitStack() as open_books:
        recorders = {home: open_books.enter_context(Recorder(home)) for home in records}
        desk = open_books.enter_context(Desk(tier, workers=min(workers, len(queue))))
        jobs = [
            (work, partial(take, work.folder / week.name, records[work.home]), records[work.home])
            for work in queue
        ]
        for work, _, examined in desk.examine(jobs):
            _write(week, work, examined, recorders[work.home])
            marked = Marked(
                work.hub.name,
                work.participant.id,
                week.name,
                examined.outcome,
                examined.marks,
                examined.reason,
            )
            ledger.append(work.home / "ledger.db", _entry(marked, work, tier, now()))
            yield marked


def _record(cohort: Cohort, week: Week, home: Path) -> Record:
    modules = None if cohort.is_ordinary else cohort.course / "course" / "weeks" / week.name
    return read_record(
        week.name, home / "source" / week.name, home / "release" / week.name, modules
    )


def _write(week: Week, work: _Work, examined: Examined, recorder: Recorder) -> None:
    if examined.outcome is Outcome.COULD_NOT_MARK:
        return  # what an earlier run left stands; the ledger tells of this one
    texts = {
        f"{name}.ipynb": notebooks.text(notebook).encode()
        for name, notebook in examined.notebooks.items()
    }
    told = {"put_back": list(examined.put_back), "left_out": dict(examined.left_out)}
    files = {**examined.files, **texts, NOTES: json.dumps(told, indent=1).encode()}
    write_folder(work.home, "autograded", week.name, work.participant.id, files)
    recorder.record(week.name, work.participant.id, work.handed_in, list(_scores(examined)))


def _scores(examined: Examined) -> Iterator[NotebookScores]:
    by_notebook: dict[str, dict[str, float | None]] = {}
    for mark in examined.marks:
        by_notebook.setdefault(mark.notebook, {})[mark.cell] = mark.points
    for name, scores in by_notebook.items():
        unanswered: Mapping[str, frozenset[str]] = examined.unanswered
        yield NotebookScores(
            name, scores, unanswered.get(name, frozenset()), missing=name in examined.missing
        )


def _entry(marked: Marked, work: _Work, tier: Tier, now: datetime) -> ledger.Entry:
    return ledger.Entry(
        recorded_at=now,
        hub=marked.hub,
        participant=marked.participant,
        week=marked.week,
        handed_in=work.handed_in,
        digest=work.digest,
        outcome=marked.outcome,
        reason=marked.reason,
        marks=marked.marks,
        versions={
            "grader": version("accelerator-grader"),
            "nbgrader": version("nbgrader"),
            "python": platform.python_version(),
            "source": work.source,
        },
        sandbox=tier.name,
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
