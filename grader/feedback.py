"""
Hand feedback back: make each participant's page and put it where they can fetch it.

A page is made again when its marks or comments changed, as when a mentor has marked the reflection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader import digests, intake, ledger
from grader.engine import exchange, gradebook
from grader.engine import feedback as page
from grader.marks import Outcome
from grader.programme import Cohort, Hub, Participant, Week

STAMP = "marks.sha256"


@dataclass(frozen=True)
class Returned:
    """
    Say what became of one participant's feedback on *week*.

    *what* is returned, renewed, unchanged, waiting (for a mentor) or not marked; *open_answers*
    counts the answers that wait to be marked by hand.
    """

    hub: str
    participant: str
    week: str
    what: str
    open_answers: int = 0


def feedback(
    cohort: Cohort,
    week: Week,
    hubs: Sequence[Hub],
    *,
    now: datetime,
    expect: Callable[[int], None] = lambda total: None,
) -> Iterator[Returned]:
    """Return the feedback of *week* at *hubs*, at once or when a mentor has looked, as the cohort says."""
    queue = [
        (hub, participant)
        for hub in hubs
        for there in [intake.handed_in(cohort.home(hub))]
        for participant in cohort.at(hub)
        if (participant.id, week.name) in there
    ]
    expect(len(queue))
    for hub, participant in queue:
        yield _return_one(cohort, week, hub, participant, now)


def _return_one(
    cohort: Cohort, week: Week, hub: Hub, participant: Participant, now: datetime
) -> Returned:
    home = cohort.home(hub)
    last = ledger.latest(home / "ledger.db").get((participant.id, week.name))
    handed_in = intake.handed_in(home).get((participant.id, week.name))
    if last is None or last.outcome is not Outcome.FINISHED or last.handed_in != handed_in:
        return Returned(hub.name, participant.id, week.name, "not marked")
    marks = gradebook.marks(home, week.name, participant.id)
    waiting = sum(mark.points is None for mark in marks)
    if waiting and cohort.feedback == "when a mentor has looked":
        return Returned(hub.name, participant.id, week.name, "waiting", waiting)
    comments = gradebook.comments(home, week.name, participant.id)
    stamp = digests.of_text(repr((last.digest, str(last.handed_in), marks, comments)))
    what = _write(home, week, participant, stamp, now)
    return Returned(hub.name, participant.id, week.name, what, waiting)


def _write(home: Path, week: Week, participant: Participant, stamp: str, now: datetime) -> str:
    folder = home / "feedback" / participant.id / week.name
    there = (folder / STAMP).read_text(encoding="utf-8") if (folder / STAMP).exists() else None
    if there == stamp:
        return "unchanged"
    page.make(home, week.name, participant.id)
    exchange.release_feedback(home, week.name, participant.id, at=now)
    (folder / STAMP).write_text(stamp, encoding="utf-8")
    return "renewed" if there else "returned"
