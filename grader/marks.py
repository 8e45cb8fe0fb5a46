"""
Submission, Attempt, Outcome, Verdict, Mark: what became of a piece of work, in plain values.

Nothing here reads a file or knows nbgrader. The policies are the numbered cases of
course/handbook/policies.md; the functions name their case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path


class Outcome(StrEnum):
    """Say how the run of one submission ended."""

    FINISHED = "finished"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    TOO_MUCH_OUTPUT = "too_much_output"
    STOPPED_ITSELF = "stopped_itself"
    NOT_A_NOTEBOOK = "not_a_notebook"
    REFUSED = "refused"
    MISSING = "missing"
    COULD_NOT_MARK = "could_not_mark"


class Verdict(StrEnum):
    """Say what one check decided."""

    PASSED = "passed"
    PARTLY = "partly"
    FAILED = "failed"
    NOT_REACHED = "not_reached"
    UNDECIDED = "undecided"
    BY_HAND = "by_hand"


class Giver(StrEnum):
    """Say whose word a mark is."""

    EXAMINER = "examiner"  # a check decided, and signed it
    CANDIDATE = (
        "candidate"  # a check that could not cross: it ran beside the work, and may be forged
    )
    KIT = "kit"  # no check decided: not reached, not handed in, left as released, or for a person
    RECORD = "record"  # read back from a gradebook or a ledger, whoever gave it


@dataclass(frozen=True)
class Attempt:
    """Point at one hand-in: the folder it lies in and when it was handed in (UTC)."""

    participant: str
    week: str
    at: datetime
    folder: Path


@dataclass(frozen=True)
class Mark:
    """
    Give the points of one graded cell.

    *points* is None while a person has still to decide; *hint* is a code such as W01.T2.M1.
    *receipt* is the examiner's signature, without which nothing of its is recorded.
    """

    notebook: str
    cell: str
    points: float | None
    out_of: float
    verdict: Verdict
    hint: str | None = None
    by: Giver = field(default=Giver.RECORD, compare=False)
    receipt: str = field(default="", compare=False, repr=False)

    @property
    def task(self) -> str:
        """Name the task this cell belongs to: t3 for t3_check and t3_more."""
        return self.cell.partition("_")[0]


@dataclass(frozen=True)
class Marked:
    """Sum up what became of one submission."""

    hub: str
    participant: str
    week: str
    outcome: Outcome
    marks: tuple[Mark, ...] = ()
    reason: str = ""
    fresh: bool = True

    @property
    def out_of(self) -> float:
        """Count the points there were to earn."""
        return sum(mark.out_of for mark in self.marks)

    @property
    def points(self) -> float | None:
        """Count the points earned, or None while any mark is undecided or waits for a person."""
        known = [mark.points for mark in self.marks]
        return None if not known or None in known else sum(p for p in known if p is not None)

    @property
    def needs_a_person(self) -> bool:
        """Tell whether something unforeseen happened: planned marking by hand is fine."""
        undecided = any(mark.verdict is Verdict.UNDECIDED for mark in self.marks)
        return undecided or self.outcome is not Outcome.FINISHED


def counting(attempts: Iterable[Attempt], due: datetime) -> Attempt | None:
    """Choose the attempt that counts: the newest on time (A1), else the newest late one (A2)."""
    by_time = sorted(attempts, key=lambda attempt: attempt.at)
    on_time = [attempt for attempt in by_time if not is_late(attempt.at, due)]
    candidates = on_time or by_time
    return candidates[-1] if candidates else None


def is_late(at: datetime, due: datetime) -> bool:
    """Tell whether work handed in *at* is late; the due second itself is on time (L1)."""
    return at.replace(microsecond=0) > due
