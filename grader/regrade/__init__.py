"""
Mark the stored submissions again after a check was mended: first show who would move, then apply it.

mended    what changed in the week, what may not change, and the change at a hub

Cases G1 to G8 of the policies. Without *apply* nothing is written anywhere. Applied, each hub first
takes the mended week, then each submission is marked and recorded as autograde does it; the ledger
keeps the mark before and the mark after. A run that is killed is simply started again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from grader import autograde, intake, ledger, sources, turns
from grader.autograde import Work
from grader.engine import mending
from grader.errors import CohortError
from grader.examination import Record, Version
from grader.marks import Marked, Outcome, Verdict
from grader.moves import Move, Standing, compare
from grader.processes import Tier
from grader.programme import Cohort, Hub, Week
from grader.regrade.mended import Change, Mended

__all__ = ["Change", "Regraded", "Regrading"]


@dataclass(frozen=True)
class Regraded:
    """
    Say what becomes of one participant's marks of *week*.

    *what* is moves, stays, undecided (a check could not decide), could not be marked, not marked
    (by autograde, so far) or not stored (at this hub); *handed_back* says that feedback went back
    already.
    """

    hub: str
    participant: str
    week: str
    what: str
    outcome: Outcome | None = None
    reason: str = ""
    cells: tuple[Move, ...] = ()
    handed_back: bool = False
    applied: bool = False

    @property
    def needs_a_person(self) -> bool:
        """Tell whether something unforeseen happened, as for autograde."""
        return self.outcome not in (None, Outcome.FINISHED) or self.what == "undecided"

    @property
    def by_hand(self) -> tuple[Move, ...]:
        """List the marks that a person gave."""
        return tuple(move for move in self.cells if move.by_hand)


class Regrading:
    """
    Regrade *week* at *hubs* by what the course at *root* holds now; use it as a context.

    Raises CohortError at once, with every reason, where the mended week asks something else than
    was handed out (G5), and CourseError or EngineError where it cannot be read or released.
    """

    def __init__(self, cohort: Cohort, week: Week, hubs: Sequence[Hub], root: Path) -> None:
        self.cohort, self.week = cohort, week
        every = [Mended(cohort, week, hub, root) for hub in hubs]
        self._mended = [mended for mended in every if mended.is_released]
        self._context = ExitStack()

    def __enter__(self) -> Regrading:
        folder = self._context.enter_context(tempfile.TemporaryDirectory(prefix="grader-regrade-"))
        for mended in self._mended:
            mended.build(Path(folder, mended.hub.name))
        complaints = [complaint for mended in self._mended for complaint in mended.refusals()]
        if complaints:
            raise CohortError(complaints)
        return self

    def __exit__(self, *error: object) -> None:
        self._context.close()

    def changes(self) -> tuple[Change, ...]:
        """List what changed in the week since each hub marked by it."""
        return tuple(change for mended in self._mended for change in mended.changes())

    def run(
        self,
        *,
        tier: Tier,
        now: Callable[[], datetime],
        apply: bool = False,
        only: str | None = None,
        workers: int = 2,
        expect: Callable[[int], None] = lambda total: None,
    ) -> Generator[Regraded]:
        """
        Mark again what stands on another version of the week; write it only with *apply*.

        Raises CohortError where one participant *only* is to be written: a mended check counts for
        everybody (G3). MachineError says that another command is at work at a hub.
        """
        if apply and only:
            raise CohortError(
                f"a mended check counts for everybody, not for {only} alone",
                do="Leave --participant out, or leave --apply out to look at one person.",
            )
        hubs = [mended.hub for mended in self._mended]
        doing = f"grader regrade {self.week.name} --apply"
        with turns.taken(self.cohort, hubs, doing) if apply else nullcontext():
            before = {mended.hub.name: _Before(mended) for mended in self._mended}
            for mended in self._mended if apply else ():
                mended.put_in_place(now())
            queue, others = self._sorted_out(before, only, apply)
            expect(len(queue) + len(others))
            yield from others
            if queue:
                yield from self._mark(queue, before, tier, now, workers, apply)

    def _sorted_out(
        self, before: Mapping[str, _Before], only: str | None, apply: bool
    ) -> tuple[list[Work], list[Regraded]]:
        """Tell the work that is to be marked again from the rest."""
        queue: list[Work] = []
        others: list[Regraded] = []
        for mended in self._mended:
            stood = before[mended.hub.name]
            for work in autograde.submissions(self.cohort, self.week, mended.hub):
                if only not in (None, work.participant.id):
                    continue
                what = stood.what(work, mended.wanted)
                if what:
                    others.append(stood.unmoved(work.participant.id, what, apply))
                else:
                    queue.append(work)
            others += stood.elsewhere(self.cohort, only, apply)
        return queue, others

    def _mark(
        self,
        queue: Sequence[Work],
        before: Mapping[str, _Before],
        tier: Tier,
        now: Callable[[], datetime],
        workers: int,
        apply: bool,
    ) -> Iterator[Regraded]:
        busy = {work.hub.name for work in queue}
        records: dict[Path, Record] = {
            mended.home: mended.kept.record(may_be_forged=self.cohort.lets_forge)
            if apply
            else mended.record()
            for mended in self._mended
            if mended.hub.name in busy
        }

        def again(work: Work) -> dict[str, str]:
            return before[work.hub.name].why(work.participant.id)

        marking = autograde.mark(
            self.week, queue, records, tier, now, workers, again=again, keep=apply
        )
        for marked in marking:
            yield before[marked.hub].moved(marked, apply)


class _Before:
    """Remember what stood at one hub before anything is written."""

    def __init__(self, mended: Mended) -> None:
        self.hub, self.week, self.home = mended.hub, mended.week, mended.home
        self.standing = mending.standing(mended.home, mended.week.name)
        self.last = {
            person: entry
            for (person, week), entry in ledger.latest(mended.home / "ledger.db").items()
            if week == mended.week.name
        }
        self.back = {p for p, week in intake.handed_back(mended.home) if week == mended.week.name}
        self.stored = {p for p, week in intake.handed_in(mended.home) if week == mended.week.name}

    def what(self, work: Work, wanted: Version) -> str:
        """Say why *work* is not to be marked again, or nothing."""
        last = self.last.get(work.participant.id)
        if last is None or (last.digest, last.handed_in) != (work.digest, work.handed_in):
            return "not marked"
        done = last.outcome is not Outcome.COULD_NOT_MARK and sources.version_in(last) == wanted
        return "stays" if done else ""

    def why(self, person: str) -> dict[str, str]:
        """Give what the ledger says of a regrade: that it was one, and what the old mark stood on."""
        old = sources.version_in(self.last[person])
        return {"why": "regrade", "source_before": old.source, "checks_before": old.checks}

    def moved(self, marked: Marked, applied: bool) -> Regraded:
        """Compare the new marks of one participant with those that stood."""
        person = marked.participant
        if marked.outcome is Outcome.COULD_NOT_MARK:
            told = self.unmoved(person, "could not be marked", applied)
            return replace(told, outcome=marked.outcome, reason=marked.reason)
        cells = compare(self._stood(person), self.last[person].marks, marked.marks)
        undecided = any(mark.verdict is Verdict.UNDECIDED for mark in marked.marks)
        moves = any(move.moved for move in cells)
        what = "undecided" if undecided else "moves" if moves else "stays"
        return Regraded(
            self.hub.name,
            person,
            self.week.name,
            what,
            marked.outcome,
            marked.reason,
            cells,
            person in self.back,
            applied,
        )

    def unmoved(self, person: str, what: str, applied: bool) -> Regraded:
        """Say of somebody that nothing moves."""
        cells = tuple(
            Move(s.notebook, s.cell, s.points, s.points, s.out_of, s.out_of, by_hand=_given(s))
            for s in self._stood(person)
        )
        return Regraded(
            self.hub.name,
            person,
            self.week.name,
            what,
            cells=cells,
            handed_back=person in self.back,
            applied=applied,
        )

    def elsewhere(self, cohort: Cohort, only: str | None, applied: bool) -> list[Regraded]:
        """List those of the roster who have marks here, and whose work lies at another hub (R3)."""
        here = {person.id for person in cohort.at(self.hub)} & self.standing.keys() - self.stored
        return [
            self.unmoved(person, "not stored", applied)
            for person in sorted(here)
            if only in (None, person)
        ]

    def _stood(self, person: str) -> tuple[Standing, ...]:
        return self.standing.get(person, ())


def _given(standing: Standing) -> bool:
    return standing.by_hand is not None
