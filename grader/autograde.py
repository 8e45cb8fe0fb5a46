"""
Mark what was collected: several submissions at once, each with an outcome, none stopping the rest.

What is unchanged since it was marked is left alone: the ledger knows the digest of the work and of
the week's source. Workers execute, this one process records: the marked folder is written aside, then
the gradebook in one transaction, then the folder takes its place, then the ledger tells of it. A run
that is killed is simply started again: what the ledger does not tell of is marked anew.
"""

from __future__ import annotations

import contextlib
import json
import platform
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

from grader import digests, intake, ledger, notebooks, receipts, storage, turns
from grader.engine import gradebook
from grader.engine.marked import replaced_folder
from grader.engine.recorder import NotebookScores, Recorder
from grader.errors import CohortError, GraderError
from grader.examination import NOTES, Desk, Examined, HandedIn, Record, read_record, take
from grader.marks import Mark, Marked, Outcome
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
    def name(self) -> str:
        """Say whose work it is and which: what the examiner's receipts are for."""
        return f"{self.hub.name}/{self.participant.id}/{self.digest}"

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
) -> Generator[Marked]:
    """
    Mark *week* at *hubs* (or *only* one participant) and record each result as it comes.

    *tier* is the fence around the work; *now* gives the time of recording; *expect* is told how many
    submissions there are. Raises CohortError where the week was never released, or *only* handed
    nothing in, and MachineError where another command is at work at one of them, or where what is to
    be written cannot be.
    """
    with turns.taken(cohort, hubs, f"grader autograde {week.name}"):
        queue = _queue(cohort, week, hubs, only)
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


def _queue(cohort: Cohort, week: Week, hubs: Sequence[Hub], only: str | None) -> list[_Work]:
    queue = [work for hub in hubs for work in _submissions(cohort, week, hub) if _asked(work, only)]
    if only and not queue:
        raise CohortError(
            f"{only} has no collected work for {week.name}",
            do=f"Run `grader collect {week.name}` first.",
        )
    return queue


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
) -> Generator[Marked]:
    records = {work.home: _record(cohort, week, work.home) for work in queue}
    key = receipts.new_key()
    with contextlib.ExitStack() as open_books:
        for home in records:
            ledger.require_writable(home / "ledger.db")
        recorders = {home: open_books.enter_context(Recorder(home, key)) for home in records}
        desk = open_books.enter_context(Desk(tier, workers=min(workers, len(queue)), key=key))
        jobs = [(work, _taking(week, work, records), records[work.home]) for work in queue]
        for work, _, found in desk.examine(jobs):
            examined = _written(week, work, found, recorders[work.home])
            marked = Marked(
                work.hub.name,
                work.participant.id,
                week.name,
                examined.outcome,
                examined.marks,
                examined.reason,
            )
            entry = _entry(marked, work, tier, now(), key.run)
            ledger.append(work.home / "ledger.db", entry)
            yield marked


def _taking(week: Week, work: _Work, records: Mapping[Path, Record]) -> Callable[[], HandedIn]:
    folder = work.folder / week.name
    return partial(take, folder, records[work.home], submission=work.name)


def _record(cohort: Cohort, week: Week, home: Path) -> Record:
    modules = None if cohort.is_ordinary else cohort.course / "course" / "weeks" / week.name
    return read_record(
        week.name, home / "source" / week.name, home / "release" / week.name, modules
    )


def _written(week: Week, work: _Work, examined: Examined, recorder: Recorder) -> Examined:
    """Write what was found; where that fails for this one alone, give that as its outcome."""
    if examined.outcome is Outcome.COULD_NOT_MARK:
        return examined  # what an earlier run left stands; the ledger tells of this one
    try:
        _write(week, work, examined, recorder)
    except GraderError:
        raise  # the machine's: no other submission would fare better
    except OSError as error:
        if storage.is_of_the_disk(error):
            raise storage.refusal("the folder of marked work", str(work.home), error) from error
        return _failed(error)
    except Exception as error:
        return _failed(error)
    return examined


def _failed(error: Exception) -> Examined:
    reason = f"The kit could not record it: {type(error).__name__}: {error}"
    return Examined(Outcome.COULD_NOT_MARK, reason, ())


def _write(week: Week, work: _Work, examined: Examined, recorder: Recorder) -> None:
    texts = {
        f"{name}.ipynb": notebooks.text(notebook).encode()
        for name, notebook in examined.notebooks.items()
    }
    told = {"put_back": list(examined.put_back), "left_out": dict(examined.left_out)}
    files = {**examined.files, **texts, NOTES: json.dumps(told, indent=1).encode()}
    person = work.participant.id
    with replaced_folder(work.home, "autograded", week.name, person, files):
        scores = list(_scores(examined))
        recorder.record(week.name, person, work.handed_in, scores, submission=work.name)


def _scores(examined: Examined) -> Iterator[NotebookScores]:
    by_notebook: dict[str, list[Mark]] = {}
    for mark in examined.marks:
        by_notebook.setdefault(mark.notebook, []).append(mark)
    for name, marks in by_notebook.items():
        unanswered: Mapping[str, frozenset[str]] = examined.unanswered
        yield NotebookScores(
            name, marks, unanswered.get(name, frozenset()), missing=name in examined.missing
        )


def _entry(marked: Marked, work: _Work, tier: Tier, now: datetime, run: str) -> ledger.Entry:
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
            "run": run,
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
