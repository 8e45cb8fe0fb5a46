"""
Hand feedback back: make each participant's page and put it where they can fetch it.

A page is made again when its marks or comments changed, as when a mentor has marked the reflection.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from grader import digests, intake, ledger, notebooks, turns
from grader.course import Hint
from grader.engine import exchange, gradebook
from grader.engine.marked import write_folder
from grader.errors import CohortError, GraderError
from grader.examination import NOTES, Told, record_of, tell
from grader.marks import Mark, Outcome, is_late
from grader.pages import handback
from grader.pages.handback import Shown
from grader.programme import Cohort, Hub, Participant, Week
from grader.progress import how_long

STAMP = "marks.sha256"
_NOTHING = Told((), (), (), "")


@dataclass(frozen=True)
class Returned:
    """
    Say what became of one participant's feedback on *week*.

    *what* is returned, renewed, made (and kept back), unchanged, waiting (for a mentor), not marked
    or failed, for the *reason* given; *open_answers* counts those that wait to be marked by hand.
    """

    hub: str
    participant: str
    week: str
    what: str
    open_answers: int = 0
    reason: str = ""


@dataclass(frozen=True)
class _Work:
    """Be what one participant handed in, and what the ledger last said of it."""

    hub: Hub
    participant: Participant
    handed_in: datetime | None
    last: ledger.Entry | None


def feedback(
    cohort: Cohort,
    week: Week,
    hubs: Sequence[Hub],
    hints: Mapping[str, Hint],
    *,
    now: datetime,
    only: str | None = None,
    keep_back: bool = False,
    expect: Callable[[int], None] = lambda total: None,
) -> Iterator[Returned]:
    """
    Return the feedback of *week* at *hubs*, at once or when a mentor has looked, as the cohort says.

    With *only*, one participant's; with *keep_back* the pages are made and not handed back, which
    formgrader's Release feedback, or this without it, does later. Raises CohortError where *only*
    handed nothing in.
    """
    queue = [
        work
        for hub in hubs
        for work in _queue(cohort, week, hub)
        if only in {None, work.participant.id}
    ]
    if only and not queue:
        raise CohortError(
            f"{only} has no collected work for {week.name}",
            do=f"Run `grader collect {week.name}` first.",
        )
    expect(len(queue))
    with turns.taken(cohort, hubs, f"grader feedback {week.name}"):
        for work in queue:
            try:
                yield _return_one(cohort, week, work, hints, None if keep_back else now)
            except GraderError:
                raise  # the cohort's or the machine's: the others would fare no better
            except Exception as error:
                # Whatever is in one person's work, the others get their feedback.
                reason = f"The kit could not make the page: {type(error).__name__}: {error}"
                yield _failed(week, work, reason)


def _queue(cohort: Cohort, week: Week, hub: Hub) -> Iterator[_Work]:
    there = _handed_in(cohort, hub)
    known = ledger.latest(cohort.home(hub) / "ledger.db")
    for participant in cohort.at(hub):
        name = (participant.id, week.name)
        if name in there:
            yield _Work(hub, participant, there[name], known.get(name))


def _failed(week: Week, work: _Work, reason: str) -> Returned:
    return Returned(work.hub.name, work.participant.id, week.name, "failed", reason=reason)


def _return_one(
    cohort: Cohort,
    week: Week,
    work: _Work,
    hints: Mapping[str, Hint],
    now: datetime | None,
) -> Returned:
    hub, participant, last = work.hub, work.participant, work.last
    home = cohort.home(hub)
    if last is None or last.outcome is Outcome.COULD_NOT_MARK or last.handed_in != work.handed_in:
        return Returned(hub.name, participant.id, week.name, "not marked")
    marks = gradebook.marks(home, week.name, participant.id)
    waiting = sum(mark.points is None for mark in marks)
    if waiting and cohort.feedback == "when a mentor has looked":
        return Returned(hub.name, participant.id, week.name, "waiting", waiting)
    comments = gradebook.comments(home, week.name, participant.id)
    stamp = digests.of_text(repr((last.digest, str(last.handed_in), marks, comments)))
    what = _write(cohort, hub, week, participant, last, hints, stamp, now)
    return Returned(hub.name, participant.id, week.name, what, waiting)


def _write(
    cohort: Cohort,
    hub: Hub,
    week: Week,
    person: Participant,
    entry: ledger.Entry,
    hints: Mapping[str, Hint],
    stamp: str,
    now: datetime | None,
) -> str:
    """Write the pages and hand them back *now*; where that is None, keep them here."""
    home = cohort.home(hub)
    there = cohort.folder(hub, "feedback") / person.id / week.name / STAMP
    before = there.read_text(encoding="utf-8") if there.exists() else None
    if before == stamp:
        return "unchanged"
    pages = dict(_pages(cohort, hub, week, person, entry, hints))
    if now is None:  # without the stamp: the next run hands them back
        write_folder(home, "feedback", week.name, person.id, pages)
        return "made"
    write_folder(home, "feedback", week.name, person.id, {**pages, STAMP: stamp.encode()})
    if not cohort.is_ordinary or exchange.is_there(home):
        exchange.release_feedback(home, week.name, person.id, at=now)
    return "renewed" if before else "returned"


def _pages(
    cohort: Cohort,
    hub: Hub,
    week: Week,
    person: Participant,
    entry: ledger.Entry,
    hints: Mapping[str, Hint],
) -> Iterator[tuple[str, bytes]]:
    """Make the page of each notebook of the week; one that could not be run has a page as well."""
    home = cohort.home(hub)
    record = record_of(cohort, week, hub)
    marked = cohort.folder(hub, "autograded") / person.id / week.name
    marks = gradebook.marks(home, week.name, person.id)
    comments = gradebook.comments(home, week.name, person.id)
    penalties = gradebook.penalties(home, week.name, person.id)
    for name in record.notebooks:
        mine = [mark for mark in marks if mark.notebook == name]
        penalty = penalties.get(name, 0.0)
        told = _NOTHING
        if (marked / f"{name}.ipynb").exists():
            notebook = notebooks.read(marked / f"{name}.ipynb")
            told = tell(name, notebook, record, mine, comments, hints)
        shown = Shown(
            participant=person.id,
            week=week.title,
            hub=hub.title,
            cohort=cohort.title,
            points=_total(mine, penalty),
            out_of=sum(mark.out_of for mark in mine),
            tasks=told.tasks,
            reflections=told.reflections,
            others=told.others,
            outcome=entry.outcome,
            reason=entry.reason,
            stopped_at=told.stopped_at,
            late=_late(entry.handed_in, cohort.due_for(week, person), penalty),
            open_answers=sum(mark.points is None for mark in mine),
            **_notes(marked / NOTES),
        )
        yield f"{name}.html", handback.page(shown).encode()


def _handed_in(cohort: Cohort, hub: Hub) -> dict[tuple[str, str], datetime | None]:
    return intake.handed_in(cohort.home(hub), submitted=cohort.folder(hub, "submitted"))


def _total(marks: Sequence[Mark], penalty: float) -> float | None:
    known = [mark.points for mark in marks if mark.points is not None]
    return max(0.0, sum(known) - penalty) if len(known) == len(marks) else None


def _late(handed_in: datetime | None, due: datetime, penalty: float) -> str:
    if handed_in is None or not is_late(handed_in, due):
        return ""
    costs = f"{penalty:g} points are taken off." if penalty else "It costs no points."
    return f"This was handed in {how_long(handed_in - due)} after it was due. {costs}"


def _notes(file: Path) -> dict[str, Any]:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {"put_back": tuple(told["put_back"]), "left_out": dict(told["left_out"])}
