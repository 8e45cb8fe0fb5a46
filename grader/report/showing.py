"""The Show & Tell: each project, its slot and one line about it; a pack to print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from grader.programme import Participant, Project
from grader.report import site
from grader.report.seen import Seen

COLUMNS = ("slot", "participant", "hub", "project", "summary")
LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Shown:
    """Put a project beside the person who shows it."""

    project: Project
    participant: Participant
    hub: str


def files(seen: Seen, projects: Iterable[Project]) -> site.Files:
    """Make a hub's page and table."""
    shown = _shown([seen], projects)
    missing = _missing([seen], shown)
    page = site.hub_page(seen, "show-and-tell.html", "showing.html", shown=shown, missing=missing)
    return {"show-and-tell.html": page, "show-and-tell.csv": _table(seen, shown)}


def programme_files(seen: Sequence[Seen], projects: Iterable[Project]) -> site.Files:
    """Make the page and table of all hubs."""
    shown = _shown(seen, projects)
    missing = _missing(seen, shown)
    page = site.programme_page(
        seen, "show-and-tell.html", "showing.html", shown=shown, missing=missing
    )
    return {"show-and-tell.html": page, "show-and-tell.csv": _table(seen[0], shown)}


def _shown(seen: Sequence[Seen], projects: Iterable[Project]) -> tuple[Shown, ...]:
    """List the projects of the people of *seen* by slot; those without one come last."""
    here = {
        person.participant.id: (person.participant, one.hub.title)
        for one in seen
        for person in one.people
    }
    shown = [Shown(each, *here[each.participant]) for each in projects if each.participant in here]
    return tuple(sorted(shown, key=lambda one: (one.project.slot or LAST, one.participant.id)))


def _missing(seen: Sequence[Seen], shown: Iterable[Shown]) -> tuple[Participant, ...]:
    announced = {one.participant.id for one in shown}
    everybody = (person.participant for one in seen for person in one.people)
    return tuple(person for person in everybody if person.id not in announced)


def _table(seen: Seen, shown: Iterable[Shown]) -> str:
    rows = (
        (
            one.project.slot,
            seen.named(one.participant),
            one.hub,
            one.project.title,
            one.project.summary,
        )
        for one in shown
    )
    return site.table(COLUMNS, rows)
