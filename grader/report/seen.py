"""One hub as it was at one moment: its weeks, its people and what is known of their work."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import quote

from grader import digests
from grader.attention import Need, who_needs_you
from grader.findings.mastery import Mastery, mastery
from grader.findings.tasks import Answer, TaskKey, answers
from grader.programme import Cohort, Hub, Person, Programme, Week
from grader.progress import Hint, Progress, Standing, Status, Work, progress
from grader.report.gathering import Found, Key, opened, work_of

PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_@-]{0,63}")


@dataclass(frozen=True)
class Queued:
    """Name one participant's week in a list of things to do; *mentor* is empty for none."""

    progress: Progress
    standing: Standing
    mentor: str
    link: str = ""

    def waited_long(self, days: int) -> bool:
        """Tell whether it waits for more than *days*; what has no time may wait for ever."""
        since = self.standing.handed_in
        return since is None or (self.progress.now - since).days >= days


@dataclass(frozen=True)
class Seen:
    """Hold one hub as it was *now*; *work* is by participant and week, of the hub's people alone."""

    cohort: Cohort
    programme: Programme
    hub: Hub
    weeks: tuple[Week, ...]
    people: tuple[Progress, ...]
    work: Mapping[Key, Work]
    found: Found
    hints: Mapping[str, Hint]
    now: datetime

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """List who needs a mentor, the most urgent first."""
        return who_needs_you(self.people, self.cohort.limits)

    @cached_property
    def queued(self) -> tuple[Queued, ...]:
        """List every participant's every week, with a way into formgrader where there is one."""
        return tuple(
            Queued(
                person,
                week,
                self.mentor(person.participant.mentor),
                self.formgrader(person.participant, week.week),
            )
            for person in self.people
            for week in person.weeks
        )

    @cached_property
    def answers(self) -> Mapping[TaskKey, Sequence[Answer]]:
        """Sort the wholly marked answers under their tasks."""
        return answers(self.work)

    @cached_property
    def mastery(self) -> Mapping[Key, tuple[Mastery, ...]]:
        """Judge the outcomes of each participant's week; of work that failed there is nothing to say."""
        weeks = {week.name: week for week in self.programme.weeks}
        return {
            key: mastery(weeks[key[1]], () if work.failed else work.marks, self.cohort.reporting)
            for key, work in self.work.items()
            if key[1] in weeks
        }

    def oldest_first(self, status: Status) -> tuple[Queued, ...]:
        """List what has *status*; a hand-in whose time is not known may be the oldest of all."""
        chosen = [item for item in self.queued if item.standing.status is status]
        return tuple(
            sorted(chosen, key=lambda item: item.standing.handed_in or item.standing.opened)
        )

    def named(self, person: Person) -> str:
        """Call *person* by id or by name, as the cohort says."""
        return person.name if self.cohort.shows == "name" and person.name else person.id

    def mentor(self, mentor: str) -> str:
        """Call the mentor with the id *mentor* as pages call people; nothing for nobody."""
        return self.named(self._mentors.get(mentor, Person(mentor)))

    def formgrader(self, person: Person, week: Week) -> str:
        """Give the address of the first notebook of *person*'s week in formgrader, if it has one."""
        cells = self.found.cells.get((person.id, week.name), ())
        base = self.cohort.reporting.formgrader.replace("{hub}", quote(self.hub.name, safe=""))
        waiting = [cell for cell in cells if cell.needs_person] or list(cells)
        if not base or not waiting or not waiting[0].submission:
            return ""
        return f"{base}/submissions/{quote(waiting[0].submission, safe='')}/"

    @cached_property
    def _mentors(self) -> dict[str, Person]:
        return {mentor.id: mentor for mentor in self.cohort.mentors}


def see(
    cohort: Cohort,
    programme: Programme,
    hub: Hub,
    found: Mapping[str, Found],
    hints: Mapping[str, Hint],
    now: datetime,
) -> Seen:
    """Put together what is known of *hub*; work stays where it was handed in, so all hubs are asked."""
    here = found[hub.name].over(there for name, there in found.items() if name != hub.name)
    weeks = opened(cohort, hub, programme, here, now)
    ids = {person.id for person in cohort.at(hub)}
    work = {key: work_of(here, key) for key in sorted(here.keys) if key[0] in ids}
    people = progress(cohort, hub, weeks, work, hints, now=now)
    return Seen(cohort, programme, hub, weeks, people, work, here, hints, now)


def file_of(person: str) -> str:
    """Name the page of *person*, an id; one that cannot name a file gives way to a digest of it."""
    return f"{person if PLAIN.fullmatch(person) else digests.of_text(person)[:32]}.html"
