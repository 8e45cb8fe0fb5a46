"""
Programme, Week, Cohort, Hub and its people, and when work is due.

Plain values: nothing here reads a file, runs a notebook, asks for the time or knows nbgrader.
Every datetime is aware; names are checked where they are read (the rooms course and roster).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from grader.thresholds import Limits, Reporting

NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")


@dataclass(frozen=True)
class LearningOutcome:
    """Say what somebody can do after a week, and by which of its tasks that shows; *id* such as W01.O2."""

    id: str
    text: str
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Week:
    """Name one week's teaching; its tasks and points are read from its notebook."""

    name: str
    number: int
    title: str
    question: str = ""
    data: str = ""
    notebook_hours: float = 0
    project_hours: float = 0
    outcomes: tuple[LearningOutcome, ...] = ()
    project: str = ""
    milestone: str = ""


@dataclass(frozen=True)
class Programme:
    """Say what is taught, in order. *pass_at* is the share of points that counts as a pass."""

    name: str
    title: str
    weeks: tuple[Week, ...]
    pass_at: float = 0.6

    def week(self, name: str) -> Week | None:
        """Find the week called *name*."""
        return next((week for week in self.weeks if week.name == name), None)

    def probable_week(self, written: str) -> Week | None:
        """Tell which week was probably meant: the one of that number, else one written alike."""
        number = _number(written)
        best = max(self.weeks, key=lambda week: _nearness(written, number, week), default=None)
        alike = best is not None and (
            number is not None
            or best.name.startswith(written)
            or SequenceMatcher(None, written, best.name).ratio() >= 0.6
        )
        return best if alike else None


def _nearness(written: str, number: int | None, week: Week) -> tuple[float, bool, float]:
    """Rank *week* by its number (in its name, else its place), then by its letters."""
    own = _number(week.name)
    distance = 0 if number is None else abs((week.number if own is None else own) - number)
    named = own is not None and number is not None
    return -distance, named, SequenceMatcher(None, written, week.name).ratio()


def _number(name: str) -> int | None:
    digits = re.search(r"[0-9]{1,9}", name)
    return int(digits[0]) if digits else None


@dataclass(frozen=True)
class Person:
    """Know somebody by id; *name* and *email* never leave the cohort's directory."""

    id: str
    name: str = ""
    email: str = ""


@dataclass(frozen=True)
class Participant(Person):
    """Learn at one *hub*, with one *mentor* (an id; empty while none is assigned)."""

    hub: str = ""
    mentor: str = ""


@dataclass(frozen=True)
class Mentor(Person):
    """Meet participants at one or more *hubs*."""

    hubs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Instructor(Person):
    """Release and mark for one or more *hubs*."""

    hubs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lead(Person):
    """Lead the programme: sees every hub."""


@dataclass(frozen=True)
class Hub:
    """Name a place where people meet. *due* moves a week's due time for everybody here."""

    name: str
    title: str
    due: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Extension:
    """Give one participant until *until* for one week."""

    participant: str
    week: str
    until: datetime


@dataclass(frozen=True)
class Leave:
    """Excuse one participant from being reminded, both days included."""

    participant: str
    first: date
    last: date


@dataclass(frozen=True)
class Project:
    """Announce what *participant* shows at the Show & Tell; *slot* is None until there is one."""

    participant: str
    title: str
    summary: str = ""
    slot: datetime | None = None


@dataclass(frozen=True)
class Timetable:
    """Say when weeks open and close: local times, counted from the first hub day."""

    starts: date
    timezone: ZoneInfo
    release_at: time = time(9)
    due_after_days: int = 6
    due_at: time = time(18)
    due: Mapping[str, datetime] = field(default_factory=dict)

    def released(self, week: Week) -> datetime:
        """Tell when *week* opens."""
        return datetime.combine(self._hub_day(week), self.release_at, self.timezone)

    def due_for_all(self, week: Week) -> datetime:
        """Tell when *week* is due where no hub and nobody has another time."""
        ordinary = self._hub_day(week) + timedelta(days=self.due_after_days)
        return self.due.get(week.name) or datetime.combine(ordinary, self.due_at, self.timezone)

    def _hub_day(self, week: Week) -> date:
        return self.starts + timedelta(weeks=week.number - 1)


@dataclass(frozen=True)
class Cohort:
    """
    Run a programme once: when, where, with whom; its course is looked for from *course*.

    *homes* and *folders* are an ordinary nbgrader course's: where it lies, and nbgrader's steps
    whose folders it names in its own way.
    """

    name: str
    title: str
    directory: Path
    course: Path
    exchange: Path
    timetable: Timetable
    hubs: tuple[Hub, ...]
    participants: tuple[Participant, ...] = ()
    mentors: tuple[Mentor, ...] = ()
    instructors: tuple[Instructor, ...] = ()
    leads: tuple[Lead, ...] = ()
    extensions: tuple[Extension, ...] = ()
    leaves: tuple[Leave, ...] = ()
    feedback: str = "at once"
    undecided: str = "a person decides"
    shows: str = "id"
    homes: Mapping[str, Path] = field(default_factory=dict)
    folders: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    reporting: Reporting = field(default_factory=Reporting)

    def hub(self, name: str) -> Hub | None:
        """Find the hub called *name*."""
        return next((hub for hub in self.hubs if hub.name == name), None)

    def participant(self, person: str) -> Participant | None:
        """Find the participant with the id *person*."""
        return self._by_id.get(person)

    def at(self, hub: Hub) -> tuple[Participant, ...]:
        """List the participants of *hub*, in the roster's order."""
        return tuple(person for person in self.participants if person.hub == hub.name)

    def mentors_at(self, hub: Hub) -> tuple[Mentor, ...]:
        """List the mentors who meet people at *hub*."""
        return tuple(mentor for mentor in self.mentors if hub.name in mentor.hubs)

    def course_id(self, hub: Hub) -> str:
        """Give nbgrader's course id of *hub*: the exchange's folder and the group suffix."""
        return f"{hub.name}-{self.name}"

    def home(self, hub: Hub) -> Path:
        """Give the nbgrader course directory of *hub*."""
        return self.homes.get(hub.name) or self.directory / hub.name

    def folder(self, hub: Hub, step: str) -> Path:
        """Give the folder of *hub* that nbgrader means by *step*, such as `submitted`."""
        return self.home(hub) / self.folders.get(step, step)

    @property
    def is_ordinary(self) -> bool:
        """Tell whether this is an nbgrader course the kit never made: its gradebook decides all."""
        return bool(self.homes)

    @property
    def lets_forge(self) -> bool:
        """Tell whether a check that cannot cross may run beside the participant's code."""
        return self.undecided == "beside the work"

    def due(self, week: Week, hub: Hub) -> datetime:
        """Tell when *week* is due at *hub*."""
        return hub.due.get(week.name) or self.timetable.due_for_all(week)

    def due_for(self, week: Week, participant: Participant) -> datetime:
        """Tell when *week* is due for *participant*, an extension included (policy X1)."""
        extension = self.extension(week, participant)
        hub = self.hub(participant.hub)
        assert hub is not None, "the roster was checked when it was read"
        return extension.until if extension else self.due(week, hub)

    def extension(self, week: Week, participant: Participant) -> Extension | None:
        """Find the extension of *participant* for *week*; the last one written counts."""
        return self._extension_of.get((participant.id, week.name))

    def on_leave(self, participant: Participant, day: date) -> bool:
        """Tell whether *participant* is on agreed leave on *day*."""
        leaves = self._leaves_of.get(participant.id, ())
        return any(leave.first <= day <= leave.last for leave in leaves)

    @cached_property
    def _by_id(self) -> dict[str, Participant]:
        return {person.id: person for person in self.participants}

    @cached_property
    def _extension_of(self) -> dict[tuple[str, str], Extension]:
        return {(one.participant, one.week): one for one in self.extensions}

    @cached_property
    def _leaves_of(self) -> dict[str, list[Leave]]:
        found: dict[str, list[Leave]] = {}
        for leave in self.leaves:
            found.setdefault(leave.participant, []).append(leave)
        return found
