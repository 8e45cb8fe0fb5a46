"""What gradebooks, ledgers and handed-in folders say of everybody; nothing here changes any of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from grader import intake, ledger
from grader.engine.tables import GradedCell, Remark, gradebook_at, read_gradebook
from grader.marks import Attempt, Mark, Outcome
from grader.programme import Cohort, Hub, Programme, Week
from grader.progress import Work

Key = tuple[str, str]  # participant, week
AnyRow = TypeVar("AnyRow", GradedCell, Remark, ledger.Entry)


@dataclass(frozen=True)
class Found:
    """
    Hold what one hub's course directory says about each participant's week.

    *again* is when work was handed in that came after feedback had gone back (A3); *history* is every
    marking, oldest first; *hand_ins* counts what came through the exchange; *feedback* names the pages
    that went back.
    """

    handed_in: Mapping[Key, datetime | None] = field(default_factory=dict)
    cells: Mapping[Key, tuple[GradedCell, ...]] = field(default_factory=dict)
    entries: Mapping[Key, ledger.Entry] = field(default_factory=dict)
    released: frozenset[str] = frozenset()
    again: Mapping[Key, datetime] = field(default_factory=dict)
    history: Mapping[Key, tuple[ledger.Entry, ...]] = field(default_factory=dict)
    remarks: Mapping[Key, tuple[Remark, ...]] = field(default_factory=dict)
    hand_ins: Mapping[Key, int] = field(default_factory=dict)
    feedback: Mapping[Key, tuple[Path, ...]] = field(default_factory=dict)

    def over(self, others: Iterable[Found]) -> Found:
        """Add what *others* know of people and weeks that are not known here."""
        merged: dict[str, dict[Key, Any]] = {name: {} for name in _BY_KEY}
        for found in (*reversed(tuple(others)), self):
            for name, known in merged.items():
                known.update(getattr(found, name))
        return Found(**merged, released=self.released)

    @property
    def keys(self) -> set[Key]:
        """List the participants' weeks of which anything is known."""
        return {*self.handed_in, *self.cells, *self.entries}


_BY_KEY = (
    "handed_in", "cells", "entries", "again", "history", "remarks", "hand_ins", "feedback",
)  # fmt: skip


def work_of(found: Found, key: Key) -> Work:
    """
    Put together what folder, gradebook and ledger say of one participant's week.

    The folder says what was handed in. Marks given for another hand-in than that one are old: then
    marking has still to run.
    """
    cells, entry = _newer(found.cells.get(key, ()), found.entries.get(key))
    marked = entry.handed_in if entry else cells[0].handed_in if cells else None
    handed_in = found.handed_in.get(key, marked)
    if not (cells or entry) or not _same_moment(handed_in, marked):
        return Work(handed_in, again=found.again.get(key))
    outcome, reason = _outcome(cells, entry)
    return Work(
        handed_in=handed_in,
        outcome=outcome,
        reason=reason,
        marks=_marks(cells, entry),
        penalty=sum({cell.notebook: cell.penalty for cell in cells}.values()),
        changed=sum(cell.changed for cell in cells),
        looked_at=any(cell.manual is not None for cell in cells),
        unwritten=tuple(cell.cell for cell in cells if _is_blank(cell)),
        again=found.again.get(key),
    )


def gather(cohort: Cohort) -> dict[str, Found]:
    """Read what each hub's course directory says, and give it by the hub's name."""
    return {hub.name: _found(cohort, hub) for hub in cohort.hubs}


def _found(cohort: Cohort, hub: Hub) -> Found:
    home = cohort.home(hub)
    course = hub.name if cohort.is_ordinary else cohort.course_id(hub)
    cells, remarks = read_gradebook(gradebook_at(home), course)
    if cohort.is_ordinary and not cells:  # so nbgrader calls a course that nobody has named
        cells, remarks = read_gradebook(gradebook_at(home), "default_course")
    handed_in = intake.handed_in(home, submitted=cohort.folder(hub, "submitted"))
    attempts = intake.attempts(cohort.exchange, course)
    feedback = intake.pages_back(home)
    history = _by_key(ledger.entries(home / "ledger.db"))
    return Found(
        handed_in=handed_in,
        cells=_by_key(cells),
        entries={key: entries[-1] for key, entries in history.items()},
        released=intake.released(home),
        again=_again(feedback, attempts, handed_in),
        history=history,
        remarks=_by_key(remarks),
        hand_ins=Counter((attempt.participant, attempt.week) for attempt in attempts),
        feedback=feedback,
    )


def _by_key(rows: Iterable[AnyRow]) -> dict[Key, tuple[AnyRow, ...]]:
    found: dict[Key, list[AnyRow]] = defaultdict(list)
    for row in rows:
        found[row.participant, row.week].append(row)
    return {key: tuple(of_one) for key, of_one in found.items()}


def _again(
    back: Mapping[Key, object],
    attempts: Iterable[Attempt],
    handed_in: Mapping[Key, datetime | None],
) -> dict[Key, datetime]:
    """Find the newest work that came after what was collected, where feedback has gone back (A3)."""
    again: dict[Key, datetime] = {}
    for attempt in attempts:
        key = attempt.participant, attempt.week
        collected = handed_in.get(key)
        if key in back and collected and attempt.at > collected:
            again[key] = attempt.at
    return again


def _is_blank(cell: GradedCell) -> bool:
    """Tell whether an answer for a person was left as it was handed out: nought without a person."""
    return cell.by_hand and not cell.needs_person and cell.manual is None and cell.auto == 0


def opened(
    cohort: Cohort, hub: Hub, programme: Programme, found: Found, now: datetime
) -> tuple[Week, ...]:
    """List the weeks *hub* has released; the timetable alone would open weeks nobody has made."""
    people = {person.id for person in cohort.at(hub)}
    worked_on = {week for person, week in found.keys if person in people}
    return tuple(
        week
        for week in programme.weeks
        if week.name in worked_on
        or (week.name in found.released and cohort.timetable.released(week) <= now)
    )


def _same_moment(one: datetime | None, other: datetime | None) -> bool:
    """Compare to the second; where a time is not known, nothing speaks against it."""
    if one is None or other is None:
        return True
    return one.replace(microsecond=0) == other.replace(microsecond=0)


def _newer(
    cells: tuple[GradedCell, ...], entry: ledger.Entry | None
) -> tuple[tuple[GradedCell, ...], ledger.Entry | None]:
    """Drop the older where gradebook and ledger speak of different hand-ins."""
    in_gradebook = cells[0].handed_in if cells else None
    in_ledger = entry.handed_in if entry else None
    if in_gradebook is None or in_ledger is None or _same_moment(in_gradebook, in_ledger):
        return cells, entry
    return ((), entry) if in_ledger > in_gradebook else (cells, None)


def _outcome(cells: Sequence[GradedCell], entry: ledger.Entry | None) -> tuple[Outcome, str]:
    if entry:
        return entry.outcome, entry.reason
    # Without a ledger, a check that left no score is how plain nbgrader looks after a crash.
    if any(cell.undecided for cell in cells):
        return Outcome.COULD_NOT_MARK, "marking broke off before the end"
    return Outcome.FINISHED, ""


def _marks(cells: Sequence[GradedCell], entry: ledger.Entry | None) -> tuple[Mark, ...]:
    """Take points from the gradebook, where mentors change them, and hints from the ledger."""
    recorded = entry.marks if entry else ()
    hints = {(mark.notebook, mark.cell): mark.hint for mark in recorded}
    return tuple(cell.mark(hints.get((cell.notebook, cell.cell))) for cell in cells) or recorded
