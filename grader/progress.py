"""
How far everybody is: each participant's weeks in words that keep silence, zero and failure apart.

Pure arithmetic on plain values. Nothing here reads a file or a gradebook; the roster is the left
side of every join, so that somebody who never handed anything in is still there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from grader.marks import Mark, Outcome, is_late
from grader.programme import Cohort, Hub, Participant, Week


class Hint(Protocol):
    """Describe what is read of a misconception's hint."""

    @property
    def title(self) -> str:
        """Name the misconception for a mentor."""

    @property
    def talking_point(self) -> str:
        """Say how a mentor may open the conversation."""


class Status(StrEnum):
    """Say where one participant's week stands."""

    NOT_DUE = "not due yet"
    NOTHING = "nothing submitted"
    UNMARKED = "submitted, waiting for marking to run"
    FAILED = "could not be marked"
    BY_HAND = "waiting for you to mark"
    MARKED = "marked"


ENDED_WITH = {
    Outcome.TIMED_OUT: "it ran longer than is allowed",
    Outcome.OUT_OF_MEMORY: "it needed more memory than is allowed",
    Outcome.TOO_MUCH_OUTPUT: "it printed more than is allowed",
    Outcome.STOPPED_ITSELF: "the notebook stopped its own kernel",
    Outcome.NOT_A_NOTEBOOK: "the file handed in is not a notebook",
    Outcome.REFUSED: "what was handed in was refused",
    Outcome.MISSING: "the notebook was not in what was handed in",
    Outcome.COULD_NOT_MARK: "marking itself broke down, which is not the participant's fault",
}


@dataclass(frozen=True)
class Misconception:
    """
    Name what somebody misunderstood in one task of one week.

    *code* is the hint's, as the handbook and the participant quote it.
    """

    week: Week
    task: str
    title: str
    talking_point: str
    code: str = ""


@dataclass(frozen=True)
class Work:
    """
    Hold what is known of the work one participant handed in for one week.

    *outcome* is None while marking has not run on this hand-in; *changed* counts answers that
    changed after a person had marked them; *looked_at* says that a person gave marks; *unwritten*
    names answers for a person that were left blank; *again* is when newer work came that is kept
    and not marked (A3).
    """

    handed_in: datetime | None
    outcome: Outcome | None = None
    reason: str = ""
    marks: tuple[Mark, ...] = ()
    penalty: float = 0.0
    changed: int = 0
    looked_at: bool = False
    unwritten: tuple[str, ...] = ()
    again: datetime | None = None

    @property
    def waiting(self) -> int:
        """Count the answers that wait for a person."""
        return sum(mark.points is None for mark in self.marks)

    @property
    def failed(self) -> bool:
        """Tell whether marking ended badly and no person has put it right since."""
        ended_badly = self.outcome not in (None, Outcome.FINISHED)
        return ended_badly and (self.waiting > 0 or not self.looked_at)


@dataclass(frozen=True)
class Standing:
    """
    Say how one participant stands in one week.

    *points* are those given so far, the penalty taken off, and *of_marked* what they are out of;
    both leave out answers that wait for a person, *out_of* does not. *excused* says in words what
    keeps us from asking about this week: leave, or a running extension. *outcome*, *unwritten* and
    *again* are those of the work.
    """

    week: Week
    status: Status
    opened: datetime
    due: datetime
    excused: str = ""
    handed_in: datetime | None = None
    late: timedelta | None = None
    points: float | None = None
    of_marked: float = 0.0
    out_of: float = 0.0
    waiting: int = 0
    changed: int = 0
    reason: str = ""
    misconceptions: tuple[Misconception, ...] = ()
    outcome: Outcome | None = None
    unwritten: tuple[str, ...] = ()
    again: datetime | None = None

    @property
    def heard(self) -> datetime | None:
        """Tell when anything was handed in last, work that is kept and not marked included."""
        return self.again or self.handed_in

    @property
    def submitted(self) -> bool:
        """Tell whether anything was handed in."""
        return self.status not in (Status.NOT_DUE, Status.NOTHING)

    @property
    def share(self) -> float | None:
        """Give the points as a share of what was marked, or None while nothing is."""
        return None if self.points is None or not self.of_marked else self.points / self.of_marked


@dataclass(frozen=True)
class Progress:
    """Follow one participant through the released weeks; *away* says on agreed leave today."""

    participant: Participant
    weeks: tuple[Standing, ...]
    now: datetime
    away: bool = False

    @property
    def due(self) -> tuple[Standing, ...]:
        """List the weeks whose due time has passed; an excused one counts only if handed in."""
        return tuple(
            week
            for week in self.weeks
            if is_late(self.now, week.due) and (week.submitted or not week.excused)
        )

    @property
    def last(self) -> Standing | None:
        """Find what was handed in last; a time that is not known counts as the oldest."""
        handed_in = [week for week in self.weeks if week.submitted]
        return max(handed_in, key=lambda week: week.heard or week.opened, default=None)

    @property
    def misunderstood(self) -> tuple[Misconception, ...]:
        """List the misconceptions of the newest work that has any, each title once."""
        weeks = reversed(self.weeks)
        met = next((week.misconceptions for week in weeks if week.misconceptions), ())
        return tuple({misconception.title: misconception for misconception in met}.values())


def progress(
    cohort: Cohort,
    hub: Hub,
    weeks: Sequence[Week],
    work: Mapping[tuple[str, str], Work],
    hints: Mapping[str, Hint],
    *,
    now: datetime,
) -> tuple[Progress, ...]:
    """Follow everybody on the roster of *hub* through *weeks*, the released ones."""
    today = now.astimezone(cohort.timetable.timezone).date()
    return tuple(
        Progress(
            person,
            tuple(
                _standing(cohort, person, week, work.get((person.id, week.name)), hints, now)
                for week in weeks
            ),
            now,
            away=cohort.on_leave(person, today),
        )
        for person in cohort.at(hub)
    )


def how_long(span: timedelta) -> str:
    """Say *span* in whole hours below a day, from there on in whole days."""
    hours = int(span.total_seconds() // 3600)
    if hours < 1:
        return "less than an hour"
    return counted(hours, "hour") if hours < 24 else counted(hours // 24, "day")


def counted(number: int, thing: str, things: str = "") -> str:
    """Count *thing*: 1 answer, 2 answers."""
    return f"{number} {thing if number == 1 else things or thing + 's'}"


def _standing(
    cohort: Cohort,
    participant: Participant,
    week: Week,
    work: Work | None,
    hints: Mapping[str, Hint],
    now: datetime,
) -> Standing:
    due = cohort.due_for(week, participant)
    opened = cohort.timetable.released(week)
    excused = _excuse(cohort, participant, week, now)
    status = _status(work, due, now)
    if work is None:
        return Standing(week, status, opened, due, excused)
    marked = [mark for mark in work.marks if mark.points is not None]
    earned = sum(mark.points or 0.0 for mark in marked)
    late = work.handed_in is not None and is_late(work.handed_in, due)
    return Standing(
        week=week,
        status=status,
        opened=opened,
        due=due,
        excused=excused,
        handed_in=work.handed_in,
        late=work.handed_in - due if late and work.handed_in else None,
        points=max(0.0, earned - work.penalty) if marked and not work.failed else None,
        of_marked=sum(mark.out_of for mark in marked),
        out_of=sum(mark.out_of for mark in work.marks),
        waiting=work.waiting,
        changed=work.changed,
        reason=_reason(work) if status is Status.FAILED else "",
        misconceptions=misconceptions(week, work.marks, hints),
        outcome=work.outcome,
        unwritten=work.unwritten,
        again=work.again,
    )


def _status(work: Work | None, due: datetime, now: datetime) -> Status:
    if work is None:
        return Status.NOTHING if is_late(now, due) else Status.NOT_DUE
    if work.outcome is None:
        return Status.UNMARKED
    if work.failed:
        return Status.FAILED
    return Status.BY_HAND if work.waiting else Status.MARKED


def _reason(work: Work) -> str:
    ended = ENDED_WITH.get(work.outcome) if work.outcome else None
    return work.reason.strip().rstrip(".") or ended or "nobody knows why"


def _excuse(cohort: Cohort, participant: Participant, week: Week, now: datetime) -> str:
    """Say why not to ask: a running extension, or leave on the hub day or on the day it is due."""
    opened, due = cohort.timetable.released(week), cohort.due_for(week, participant)
    if cohort.extension(week, participant) and not is_late(now, due):
        return "has more time"
    days = (moment.astimezone(cohort.timetable.timezone).date() for moment in (opened, due))
    return "on agreed leave" if any(cohort.on_leave(participant, day) for day in days) else ""


def misconceptions(
    week: Week, marks: Iterable[Mark], hints: Mapping[str, Hint]
) -> tuple[Misconception, ...]:
    """
    List what was misunderstood, once for each task.

    A code without a hint shows itself; where a mentor gave full marks, nothing was misunderstood.
    """
    short = [mark for mark in marks if mark.points is None or mark.points < mark.out_of]
    met = dict.fromkeys((mark.task, mark.hint) for mark in short if mark.hint)
    return tuple(
        Misconception(week, task, hints[code].title, hints[code].talking_point, code)
        if code in hints
        else Misconception(week, task, code, "", code)
        for task, code in met
    )
