"""The lines of show-and-tell.csv: each participant's project, its slot and a line about it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from grader import toml
from grader.errors import CohortError, Complaint
from grader.programme import Cohort, Project
from grader.roster.clocks import exists
from grader.roster.rows import Line, parted

SHOWING = "show-and-tell.csv"
COLUMNS = ("participant", "project", "slot", "summary")


def read_projects(cohort: Cohort) -> tuple[Project, ...]:
    """
    Read what is shown at the Show & Tell; a cohort without the file has no projects yet.

    Every mistake in the file is in the CohortError. Slots are local times of the cohort.
    """
    path = cohort.directory / SHOWING
    if not os.path.exists(path):
        return ()
    text = toml.read_text(path, SHOWING)
    lines = text if isinstance(text, Complaint) else parted(text, SHOWING)
    if isinstance(lines, Complaint):
        raise CohortError([lines])
    (line, columns), *rows = lines or [(1, [])]
    if tuple(columns) != COLUMNS:
        do = f"Begin the file with the line {','.join(COLUMNS)}."
        raise CohortError([Complaint(f"{SHOWING}:{line}", "the columns are not those known", do)])
    complaints = list(_complaints(rows, cohort))
    if complaints:
        raise CohortError(complaints)
    return tuple(_project(_named(cells), cohort) for _, cells in rows)


def _named(cells: Sequence[str]) -> Mapping[str, str]:
    return dict(zip(COLUMNS, (*cells, *COLUMNS), strict=False)) | dict.fromkeys(
        COLUMNS[len(cells) :], ""
    )


def _complaints(rows: Sequence[Line], cohort: Cohort) -> Iterator[Complaint]:
    seen: set[str] = set()
    for line, cells in rows:
        where, named = f"{SHOWING}:{line}", _named(cells)
        if len(cells) > len(COLUMNS):
            do = 'Put a cell that has a comma in it in "quotes".'
            yield Complaint(where, f"this line has {len(cells)} cells, and the header 4", do)
            continue
        if cohort.participant(named["participant"]) is None:
            do = "Correct the id, or add the participant to the roster."
            yield Complaint(where, f"`{named['participant'][:64]}` is no participant", do)
        if named["participant"] in seen:
            yield Complaint(where, "the participant is there twice", "Remove one of the lines.")
        seen.add(named["participant"])
        if not named["project"]:
            yield Complaint(where, "the project has no name", "Write one, or remove the line.")
        if named["slot"] and _slot(named["slot"], cohort) is None:
            do = "Write it as 2027-03-30 14:00, in the cohort's own time, or leave it empty."
            yield Complaint(where, f'the slot "{named["slot"][:64]}" is no time', do)


def _project(named: Mapping[str, str], cohort: Cohort) -> Project:
    slot = _slot(named["slot"], cohort) if named["slot"] else None
    return Project(named["participant"], named["project"], named["summary"], slot)


def _slot(written: str, cohort: Cohort) -> datetime | None:
    try:
        at = datetime.strptime(written, "%Y-%m-%d %H:%M").replace(tzinfo=cohort.timetable.timezone)
    except ValueError:
        return None
    return at if exists(at) else None
