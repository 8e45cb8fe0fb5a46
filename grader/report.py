"""
Write the mentors' pages: for each hub who needs whom, how far everybody is, what waits for a mark.

Gradebooks, ledgers and handed-in folders of all hubs are read, because work stays where it was
handed in when its owner moves to another hub. Nothing here changes any of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from grader import intake, ledger, pages
from grader.attention import Need, after_failure, who_needs_you
from grader.engine.tables import GradedCell, gradebook_at, graded_cells
from grader.marks import Mark, Outcome
from grader.programme import Cohort, Hub, Person, Programme, Week
from grader.progress import Hint, Progress, Standing, Status, Work, progress

Key = tuple[str, str]  # participant, week


@dataclass(frozen=True)
class Found:
    """
    Hold what one hub's course directory says about each participant's week.

    *again* is when work was handed in that came after feedback had gone back (A3).
    """

    handed_in: Mapping[Key, datetime | None] = field(default_factory=dict)
    cells: Mapping[Key, tuple[GradedCell, ...]] = field(default_factory=dict)
    entries: Mapping[Key, ledger.Entry] = field(default_factory=dict)
    released: frozenset[str] = frozenset()
    again: Mapping[Key, datetime] = field(default_factory=dict)

    def over(self, others: Iterable[Found]) -> Found:
        """Add what *others* know of people and weeks that are not known here."""
        handed_in, cells, entries = dict(self.handed_in), dict(self.cells), dict(self.entries)
        again = dict(self.again)
        for other in others:
            handed_in = {**other.handed_in, **handed_in}
            cells = {**other.cells, **cells}
            entries = {**other.entries, **entries}
            again = {**other.again, **again}
        return Found(handed_in, cells, entries, self.released, again)

    @property
    def keys(self) -> set[Key]:
        """List the participants' weeks of which anything is known."""
        return {*self.handed_in, *self.cells, *self.entries}


@dataclass(frozen=True)
class Queued:
    """Name one participant's week in a list of things to do; *mentor* is empty for none."""

    progress: Progress
    standing: Standing
    mentor: str


@dataclass(frozen=True)
class Group:
    """
    Gather one mentor's people; *mentor* is empty for those who have none.

    *others* have no need that a rule would see, but misunderstood something worth a word.
    """

    mentor: str
    people: int
    needs: tuple[Need, ...]
    others: tuple[Progress, ...]


def report(
    cohort: Cohort, programme: Programme, hints: Mapping[str, Hint], *, now: datetime
) -> tuple[Path, ...]:
    """
    Write reports/<hub>/index.html of *cohort* for each hub and give the paths.

    *hints* holds the hints of all weeks by code. The same input gives the same bytes: *now* is the
    only clock.
    """
    found = {hub.name: _found(cohort, hub) for hub in cohort.hubs}
    written = []
    for hub in cohort.hubs:
        elsewhere = (there for name, there in found.items() if name != hub.name)
        here = found[hub.name].over(elsewhere)
        weeks = _opened(cohort, hub, programme, here, now)
        ids = {person.id for person in cohort.at(hub)}
        work = {key: work_of(here, key) for key in here.keys if key[0] in ids}
        people = progress(cohort, hub, weeks, work, hints, now=now)
        folder = cohort.directory / "reports" / hub.name
        pages.publish(folder, {"index.html": _page(cohort, programme, hub, weeks, people, now)})
        written.append(folder / "index.html")
    return tuple(written)


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


def _found(cohort: Cohort, hub: Hub) -> Found:
    home = cohort.home(hub)
    cells: dict[Key, list[GradedCell]] = defaultdict(list)
    for cell in graded_cells(gradebook_at(home), cohort.course_id(hub)):
        cells[cell.participant, cell.week].append(cell)
    handed_in = intake.handed_in(home)
    return Found(
        handed_in=handed_in,
        cells={key: tuple(of_one) for key, of_one in cells.items()},
        entries=ledger.latest(home / "ledger.db"),
        released=intake.released(home),
        again=_again(cohort, hub, handed_in),
    )


def _again(
    cohort: Cohort, hub: Hub, handed_in: Mapping[Key, datetime | None]
) -> dict[Key, datetime]:
    """Find the newest work that came after what was collected, where feedback has gone back (A3)."""
    back = intake.handed_back(cohort.home(hub))
    attempts = intake.attempts(cohort.exchange, cohort.course_id(hub)) if back else ()
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


def _opened(
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


def _page(
    cohort: Cohort,
    programme: Programme,
    hub: Hub,
    weeks: Sequence[Week],
    people: Sequence[Progress],
    now: datetime,
) -> str:
    needs = who_needs_you(people)
    queued = [
        Queued(person, week, _mentor(cohort, person.participant.mentor))
        for person in people
        for week in person.weeks
    ]
    return pages.render(
        "mentors.html",
        cohort.timetable.timezone,
        cohort=cohort,
        programme=programme,
        hub=hub,
        weeks=weeks,
        next_week=min(
            (w for w in programme.weeks if w not in weeks), key=lambda w: w.number, default=None
        ),
        people=people,
        groups=_groups(cohort, hub, people, needs),
        needs=needs,
        to_mark=_oldest_first(queued, Status.BY_HAND),
        failed=_oldest_first(queued, Status.FAILED),
        unmarked=_oldest_first(queued, Status.UNMARKED),
        named=lambda person: _named(cohort, person),
        after_failure=after_failure,
        Status=Status,
        now=now,
    )


def _groups(
    cohort: Cohort, hub: Hub, people: Sequence[Progress], needs: Sequence[Need]
) -> tuple[Group, ...]:
    """Group by mentor: those who meet people here, then any other, then people without one."""
    here = [mentor.id for mentor in cohort.mentors_at(hub)]
    theirs: dict[str, list[Progress]] = defaultdict(list)
    for person in people:
        theirs[person.participant.mentor].append(person)
    elsewhere = sorted(mentor for mentor in theirs if mentor and mentor not in here)
    return tuple(
        _group(_mentor(cohort, mentor), theirs[mentor], needs)
        for mentor in (*here, *elsewhere, "")
        if mentor in theirs
    )


def _group(mentor: str, people: Sequence[Progress], needs: Sequence[Need]) -> Group:
    ids = {person.participant.id for person in people}
    needing = tuple(need for need in needs if need.progress.participant.id in ids)
    listed = {need.progress.participant.id for need in needing}
    others = tuple(
        person
        for person in people
        if person.misunderstood and not person.away and person.participant.id not in listed
    )
    return Group(mentor, len(people), needing, others)


def _oldest_first(queued: Iterable[Queued], status: Status) -> tuple[Queued, ...]:
    """List what has *status*; a hand-in whose time is not known may be the oldest of all."""
    chosen = [item for item in queued if item.standing.status is status]
    return tuple(sorted(chosen, key=lambda item: item.standing.handed_in or item.standing.opened))


def _mentor(cohort: Cohort, mentor: str) -> str:
    return _named(cohort, next((m for m in cohort.mentors if m.id == mentor), Person(mentor)))


def _named(cohort: Cohort, person: Person) -> str:
    return person.name if cohort.shows == "name" and person.name else person.id
