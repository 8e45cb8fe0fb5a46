"""
Mark what was collected: several submissions at once, each with an outcome, none stopping the rest.

What is unchanged since it was marked is left alone: the ledger knows the digest of the work. Only
`regrade` takes a changed source, and marks again what was marked on another (G1, G2). Workers
execute, this one process records: the marked folder is written aside, then the gradebook in one
transaction, then the folder takes its place, then the ledger tells of it. A run that is killed is
simply started again: what the ledger does not tell of is marked anew.
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

from grader import digests, intake, ledger, notebooks, receipts, sources, storage, turns
from grader.engine import gradebook
from grader.engine.marked import replaced_folder
from grader.engine.recorder import NotebookScores, Recorder
from grader.errors import CohortError, GraderError
from grader.examination import (
    NOTES,
    Desk,
    Examined,
    HandedIn,
    Kept,
    Record,
    Version,
    record_of,
    take,
)
from grader.marks import Mark, Marked, Outcome
from grader.processes import Tier
from grader.programme import Cohort, Hub, Participant, Week


@dataclass(frozen=True)
class Work:
    """Name one submission to be looked at, and the digests that tell what would be marked by what."""

    hub: Hub
    home: Path
    participant: Participant
    folder: Path
    handed_in: datetime | None
    digest: str
    version: Version

    @property
    def name(self) -> str:
        """Say whose work it is and which: what the examiner's receipts are for."""
        return f"{self.hub.name}/{self.participant.id}/{self.digest}"


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
    note: Callable[[str], None] = lambda words: None,
    desk: Callable[..., Desk] = Desk,
) -> Generator[Marked]:
    """
    Mark *week* at *hubs* (or *only* one participant) and record each result as it comes.

    *tier* is the fence around the work; *now* gives the time of recording; *expect* is told how many
    submissions there are, *note* what else somebody should know; *desk* makes the desk, where its
    limits are to be others. Raises CohortError where the week
    was never released, its source is not what was released, or *only* handed nothing in, and
    MachineError where another command is at work at one of them, or where what is to be written
    cannot be.
    """
    with turns.taken(cohort, hubs, f"grader autograde {week.name}"):
        sources.refuse_another(cohort, week, hubs)
        queue = _queue(cohort, week, hubs, only)
        expect(len(queue))
        known = {home: ledger.latest(home / "ledger.db") for home in _homes(queue)}
        changed = []
        for work in queue:
            last = known[work.home].get((work.participant.id, week.name))
            before = _unchanged(week, work, last)
            if before is None:
                changed.append(work)
            else:
                yield before
        for words in sources.notes(cohort, week, hubs, to_mark=bool(changed)):
            note(words)
        if changed:
            there = {work.home: work.hub for work in changed}
            records = {home: record_of(cohort, week, hub) for home, hub in there.items()}
            yield from mark(week, changed, records, tier, now, workers, desk=desk)
        for hub in () if cohort.is_ordinary else hubs:
            _write_extensions(cohort, week, hub)


def _queue(cohort: Cohort, week: Week, hubs: Sequence[Hub], only: str | None) -> list[Work]:
    queue = [work for hub in hubs for work in submissions(cohort, week, hub) if _asked(work, only)]
    if only and not queue:
        raise CohortError(
            f"{only} has no collected work for {week.name}",
            do=f"Run `grader collect {week.name}` first.",
        )
    return queue


def _asked(work: Work, only: str | None) -> bool:
    return only is None or work.participant.id == only


def submissions(cohort: Cohort, week: Week, hub: Hub) -> Iterator[Work]:
    """List what is stored of *week* at *hub*, in the roster's order; CohortError before a release."""
    home, submitted = cohort.home(hub), cohort.folder(hub, "submitted")
    there = {
        person: at
        for (person, name), at in intake.handed_in(home, submitted=submitted).items()
        if name == week.name
    }
    if there and not cohort.is_ordinary and not (home / "release" / week.name).is_dir():
        raise CohortError(
            f"{week.name} was never released at {hub.title}",
            do=f"Run `grader release {week.name}` first.",
        )
    version = Kept(home, week.name).version if there else Version("")
    for participant in cohort.at(hub):
        if participant.id in there:
            folder = submitted / participant.id / week.name
            digest = digests.of_folder(folder, ignoring=digests.EXCHANGE_FILES)
            at = there[participant.id]
            yield Work(hub, home, participant, folder, at, digest, version)


def _homes(queue: Sequence[Work]) -> list[Path]:
    return list(dict.fromkeys(work.home for work in queue))


def _unchanged(week: Week, work: Work, last: ledger.Entry | None) -> Marked | None:
    """Give what the ledger, in *last*, and the gradebook say of work that was marked as it is."""
    if last is None or last.outcome is Outcome.COULD_NOT_MARK:
        return None
    if (last.digest, last.handed_in) != (work.digest, work.handed_in):
        return None
    marks = gradebook.marks(work.home, week.name, work.participant.id)
    return Marked(
        work.hub.name, work.participant.id, week.name, last.outcome, marks, last.reason, False
    )


def mark(
    week: Week,
    queue: Sequence[Work],
    records: Mapping[Path, Record],
    tier: Tier,
    now: Callable[[], datetime],
    workers: int,
    *,
    again: Callable[[Work], Mapping[str, str]] | None = None,
    keep: bool = True,
    desk: Callable[..., Desk] = Desk,
) -> Generator[Marked]:
    """
    Mark the submissions in *queue* by the *records* of their hubs, as they are ready.

    *again* gives what the ledger is to say of marking the same answers once more: marks by hand then
    stay as they are. Without *keep* nothing is written anywhere.
    """
    key = receipts.new_key()
    with contextlib.ExitStack() as open_books:
        homes = tuple(records) if keep else ()
        for home in homes:
            ledger.require_writable(home / "ledger.db")
        recorders = {home: open_books.enter_context(Recorder(home, key)) for home in homes}
        many = min(workers, len(queue))
        opened = open_books.enter_context(desk(tier, workers=many, key=key))
        jobs = [(work, _taking(work, records), records[work.home]) for work in queue]
        for work, _, examined in opened.examine(jobs):
            if keep:
                reopen = again is None
                examined = _written(week, work, examined, recorders[work.home], reopen=reopen)
            marked = Marked(
                work.hub.name,
                work.participant.id,
                week.name,
                examined.outcome,
                examined.marks,
                examined.reason,
            )
            if keep:
                told = {"run": key.run, **(again(work) if again else {})}
                ledger.append(work.home / "ledger.db", _entry(marked, work, tier, now(), told))
            yield marked


def _taking(work: Work, records: Mapping[Path, Record]) -> Callable[[], HandedIn]:
    return partial(take, work.folder, records[work.home], submission=work.name)


def _written(
    week: Week, work: Work, examined: Examined, recorder: Recorder, *, reopen: bool
) -> Examined:
    """Write what was found; where that fails for this one alone, give that as its outcome."""
    if examined.outcome is Outcome.COULD_NOT_MARK:
        return examined  # what an earlier run left stands; the ledger tells of this one
    try:
        _write(week, work, examined, recorder, reopen=reopen)
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


def _write(week: Week, work: Work, examined: Examined, recorder: Recorder, *, reopen: bool) -> None:
    texts = {
        f"{name}.ipynb": notebooks.dense(notebook) for name, notebook in examined.notebooks.items()
    }
    told = {"put_back": list(examined.put_back), "left_out": dict(examined.left_out)}
    files = {**examined.files, **texts, NOTES: json.dumps(told, indent=1).encode()}
    person = work.participant.id
    with replaced_folder(work.home, "autograded", week.name, person, files):
        scores = list(_scores(examined))
        recorder.record(
            week.name, person, work.handed_in, scores, submission=work.name, reopen=reopen
        )


def _scores(examined: Examined) -> Iterator[NotebookScores]:
    by_notebook: dict[str, list[Mark]] = {}
    for mark in examined.marks:
        by_notebook.setdefault(mark.notebook, []).append(mark)
    for name, marks in by_notebook.items():
        unanswered: Mapping[str, frozenset[str]] = examined.unanswered
        yield NotebookScores(
            name, marks, unanswered.get(name, frozenset()), missing=name in examined.missing
        )


def _entry(
    marked: Marked, work: Work, tier: Tier, now: datetime, told: Mapping[str, str]
) -> ledger.Entry:
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
            **work.version.as_versions,
            **told,
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
