"""Both files read into a Cohort."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, TypeVar

from grader import toml
from grader.errors import CohortError
from grader.programme import (
    Cohort,
    Extension,
    Hub,
    Instructor,
    Lead,
    Leave,
    Mentor,
    Participant,
    Person,
    Programme,
)
from grader.roster.checking import check_file, hub_names, texts_in_head
from grader.roster.models import CohortFile
from grader.roster.people import check_roster
from grader.roster.places import COHORT, ROSTER, real
from grader.roster.rows import ROLES, Roster, Row, read_roster
from grader.roster.times import check_times

AnyPerson = TypeVar("AnyPerson", bound=Person)


def read_cohort(directory: Path, programme: Programme | None = None) -> Cohort:
    """
    Read a cohort; every mistake in its two files is in the CohortError.

    Without `course` in cohort.toml the cohort's course is looked for from its own directory.
    Week names are checked where *programme* is given.
    """
    directory = real(directory)
    if not os.path.exists(directory / COHORT):
        do = "Make one with `grader cohort new DIR`, or name another directory with --cohort DIR."
        raise CohortError(f"there is no {COHORT} in {directory}", do=do)
    document = toml.read(directory / COHORT, COHORT)
    roster = read_roster(directory / ROSTER)
    file, complaints = check_file(document, roster.participants, programme)
    complaints += check_roster(roster, hub_names(document))
    if file is not None and programme is not None:
        hub_of = {row.id: hub for row in roster.rows for hub in row.hubs}
        complaints += check_times(document, file, programme, hub_of)
    if file is None or complaints:
        raise CohortError(toml.in_order(complaints))
    return _cohort(directory, file, roster)


def course_of(directory: Path) -> Path:
    """Tell from where to look for the cohort's course, whatever else may be wrong with it."""
    document = toml.read(directory / COHORT, COHORT)
    written = texts_in_head(document).get("course", "")
    return real(directory / written) if written.isprintable() else real(directory)


def name_of(directory: Path) -> str:
    """Give the name of the cohort in *directory*, whatever else may be wrong with it, or nothing."""
    return texts_in_head(toml.read(directory / COHORT, COHORT)).get("name", "")


def hubs_of(directory: Path) -> frozenset[str]:
    """Name the hubs of the cohort in *directory*; none where there is no cohort to be read."""
    return hub_names(toml.read(directory / COHORT, COHORT)) or frozenset()


def _cohort(directory: Path, file: CohortFile, roster: Roster) -> Cohort:
    head = file.cohort
    role = {role: [row for row in roster.rows if row.role == role] for role in ROLES}
    return Cohort(
        name=head.name,
        title=head.title or head.name,
        directory=directory,
        course=real(directory / head.course),
        exchange=real(directory / head.exchange),
        timetable=file.timetable,
        hubs=tuple(Hub(hub.name, hub.title or _capitalised(hub.name), hub.due) for hub in file.hub),
        participants=tuple(
            _person(row, Participant, hub=row.hubs[0], mentor=row.mentor)
            for row in role["participant"]
        ),
        mentors=tuple(_person(row, Mentor, hubs=row.hubs) for row in role["mentor"]),
        instructors=tuple(_person(row, Instructor, hubs=row.hubs) for row in role["instructor"]),
        leads=tuple(_person(row, Lead) for row in role["lead"]),
        extensions=tuple(Extension(e.participant, e.week, e.until) for e in file.extension),
        leaves=tuple(Leave(e.participant, e.first, e.last) for e in file.leave),
        feedback=head.feedback,
        undecided=head.undecided,
        shows=head.shows,
        limits=file.attention.limits,
        reporting=file.report.reporting,
    )


def _person(row: Row, kind: type[AnyPerson], **more: Any) -> AnyPerson:
    return kind(row.id, row.cells.get("name", ""), row.cells.get("email", ""), **more)


def _capitalised(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").capitalize()
