"""
The door to a cohort's directory: `cohort.toml` and `roster.csv`.

All that is wrong with both files is reported at once. The complaints name ids, files and lines,
and never anybody's name or address. Nothing here knows the course's files or nbgrader.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from grader import toml
from grader.errors import CohortError, Complaint, MachineError
from grader.programme import (
    NAME,
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
    Timetable,
    Week,
)

COHORT, ROSTER = "cohort.toml", "roster.csv"
REQUIRED, OPTIONAL = ("id", "role", "hub", "mentor"), ("name", "email")
HEADER = ",".join((*REQUIRED, *OPTIONAL))
ROLES = ("participant", "mentor", "instructor", "lead")
TAKEN = frozenset({"exchange", "reports"})

AnyPerson = TypeVar("AnyPerson", bound=Person)


def read_cohort(directory: Path, programme: Programme | None = None) -> Cohort:
    """
    Read a cohort; every mistake in its two files is in the CohortError.

    Without `course` in cohort.toml the cohort's course is looked for from its own directory.
    Week names are checked where *programme* is given.
    """
    directory = _real(directory)
    if not os.path.exists(directory / COHORT):
        do = "Make one with `grader cohort new DIR`, or name another directory with --cohort DIR."
        raise CohortError(f"there is no {COHORT} in {directory}", do=do)
    document = toml.read(directory / COHORT, COHORT)
    roster = _read_roster(directory / ROSTER)
    file, complaints = _check(document, roster, programme)
    complaints += _check_roster(roster, _hub_names(document))
    if file is None or complaints:
        raise CohortError(toml.in_order(complaints))
    return _cohort(directory, file, roster)


def course_of(directory: Path) -> Path:
    """Tell from where to look for the cohort's course, whatever else may be wrong with it."""
    written = _head(toml.read(directory / COHORT, COHORT)).get("course") or "."
    return _real(directory / written) if written.isprintable() else _real(directory)


def new_cohort(
    directory: Path,
    *,
    starts: date,
    hubs: Sequence[str],
    name: str | None = None,
    course: Path | None = None,
    timezone: str = "Europe/London",
) -> None:
    """Write a commented cohort.toml, an empty roster and a .gitignore; or change nothing."""
    directory = _real(directory)
    if os.path.exists(directory / COHORT):
        do = "Edit it and run `grader cohort sync`, or choose another directory."
        raise CohortError(f"there is a {COHORT} in {directory} already", do=do)
    ignored = directory / ".gitignore"
    if os.path.exists(ignored) and "*" not in str(toml.read_text(ignored, "")).split():
        what = f"{directory} has a .gitignore of its own, so git may see people's data there"
        raise CohortError(what, do="Choose a new directory for the cohort.")
    text = _template(starts, hubs, name, _relative(course, directory), timezone)
    document = toml.parse(text, COHORT)
    _, complaints = _check(document, _Roster(), None)
    if complaints:
        raise CohortError(Complaint("", complaint.what, complaint.do) for complaint in complaints)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        _write(ignored, "*\n")
        if not (directory / ROSTER).exists():
            _write(directory / ROSTER, HEADER + "\n")
        _write(directory / COHORT, text)
    except OSError as error:
        do = "Choose a directory you can write to."
        raise MachineError(f"cannot write to {directory}: {error.strerror}", do=do) from error


# What cohort.toml may say.


@dataclass(frozen=True)
class _Known:
    """Tell the models what the other file and the course say; None where that is not known."""

    zone: tzinfo
    taken: frozenset[str]
    participants: frozenset[str] | None
    weeks: frozenset[str] | None


def _known(info: ValidationInfo) -> _Known:
    known = info.context
    assert isinstance(known, _Known)
    return known


def _folder(value: str) -> str:
    if not value or not all("a" <= c <= "z" or c in "-0123456789" for c in value):
        raise toml.wrong(f'is "{value}", which cannot name folders', "Use a-z, 0-9 and - only.")
    if value.startswith("-") or len(value) > 32:
        do = "Begin with a letter or digit, and use at most 32 characters."
        raise toml.wrong(f'is "{value}", which cannot name folders', do)
    return value


def _path(value: str) -> str:
    if not value or not value.isprintable():
        raise toml.wrong("is not a path", "Write a path relative to cohort.toml.")
    return value


def _time_zone(value: str) -> str:
    if _zone(value) is None:
        similar = toml.or_similar(value, frozenset(available_timezones()))
        do = "Write a name of the time zone database, such as Europe/London."
        raise toml.wrong(f'is "{value}", a time zone nobody knows{similar}', do)
    return value


def _hub_name(value: str, info: ValidationInfo) -> str:
    if value in _known(info).taken:
        do = "Call the hub otherwise: each hub has a folder of its name beside the others."
        raise toml.wrong(f'is "{value}", a folder the cohort needs for something else', do)
    return value


def _sensible(value: date) -> date:
    if not 2000 <= value.year < 2100:
        raise toml.wrong(f"is in the year {value.year}", "Correct the year.")
    return value


def _local(value: datetime, info: ValidationInfo) -> datetime:
    """Make *value* aware: in the cohort's time zone, unless it says its offset."""
    _sensible(value)
    zone = _known(info).zone
    if value.tzinfo is not None:
        return value.astimezone(zone)
    aware = value.replace(tzinfo=zone)
    if not _exists(aware):
        what = f"is {value}, a time the clocks skip in {zone}"
        raise toml.wrong(what, "Write a time before or after the skipped hour.")
    return aware


def _week_name(value: str, info: ValidationInfo) -> str:
    return _checked_week(value, f'is "{value}", which is no week of the programme', info)


def _week_key(value: str, info: ValidationInfo) -> str:
    return _checked_week(value, "is no week of the programme", info)


def _checked_week(value: str, what: str, info: ValidationInfo) -> str:
    weeks = _known(info).weeks
    if weeks is not None and value not in weeks:
        do = f"Write one of: {', '.join(sorted(weeks))}."
        raise toml.wrong(what + toml.or_similar(value, weeks), do)
    return value


def _participant_id(value: str, info: ValidationInfo) -> str:
    people = _known(info).participants
    if people is not None and value not in people:
        what = f'is "{value}", and {ROSTER} has no participant of that id'
        do = "Correct the id, add the participant to the roster, or remove this table."
        raise toml.wrong(what, do)
    return value


def _time(value: time) -> time:
    return value.replace(microsecond=0)


_Path = Annotated[str, AfterValidator(_path)]
_Date = Annotated[date, AfterValidator(_sensible)]
_Local = Annotated[datetime, AfterValidator(_local)]
_WeekName = Annotated[str, AfterValidator(_week_name)]
_ParticipantId = Annotated[str, AfterValidator(_participant_id)]
_HubName = Annotated[toml.Name, AfterValidator(_hub_name)]
_Due = dict[Annotated[str, AfterValidator(_week_key)], _Local]


class _Head(toml.Table):
    name: Annotated[str, AfterValidator(_folder)] = Field(examples=['"2027-spring"'])
    title: str = Field("", examples=['"Spring 2027"'])
    starts: _Date = Field(examples=["2027-01-11"])
    timezone: Annotated[str, AfterValidator(_time_zone)] = Field(
        "Europe/London", examples=['"Europe/London"']
    )
    course: _Path = Field(".", examples=['"../accelerator"'])
    exchange: _Path = Field("exchange", examples=['"exchange"'])
    feedback: Literal["at once", "when a mentor has looked"] = Field(
        "at once", examples=['"at once"']
    )
    shows: Literal["id", "name"] = Field("id", examples=['"id"'])


class _Weeks(toml.Table):
    release_at: Annotated[time, AfterValidator(_time)] = Field(time(9), examples=["09:00:00"])
    due_after_days: int = Field(6, ge=0, le=366, examples=["6"])
    due_at: Annotated[time, AfterValidator(_time)] = Field(time(18), examples=["18:00:00"])


class _HubTable(toml.Table):
    name: _HubName = Field(examples=['"sheffield"'])
    title: str = Field("", examples=['"Sheffield"'])
    due: _Due = Field(default_factory=dict, examples=["{ week02 = 2027-01-26T18:00:00 }"])


class _Extension(toml.Table):
    participant: _ParticipantId = Field(examples=['"p003"'])
    week: _WeekName = Field(examples=['"week01"'])
    until: _Local = Field(examples=["2027-01-20T18:00:00"])


class _Leave(toml.Table):
    participant: _ParticipantId = Field(examples=['"p004"'])
    first: _Date = Field(alias="from", examples=["2027-02-01"])
    last: _Date = Field(alias="until", examples=["2027-02-14"])

    @field_validator("last")
    @classmethod
    def _ends_after_it_begins(cls, value: date, info: ValidationInfo) -> date:
        first = info.data.get("first")
        if first is not None and value < first:
            do = "Exchange the two, or correct the one that is wrong."
            raise toml.wrong(f"is {value}, before the leave begins on {first}", do)
        return value


class _CohortFile(toml.Table):
    format: toml.Format = Field(examples=[str(toml.FORMAT)])
    cohort: _Head
    weeks: _Weeks = Field(default_factory=lambda: _Weeks.model_validate({}))
    due: _Due = Field(default_factory=dict)
    hub: list[_HubTable] = Field(min_length=1)
    extension: list[_Extension] = Field(default_factory=list)
    leave: list[_Leave] = Field(default_factory=list)


def _check(
    document: toml.Document, roster: _Roster, programme: Programme | None
) -> tuple[_CohortFile | None, list[Complaint]]:
    head = _head(document)
    folders = (Path(head[key]).parts[:1] for key in ("exchange", "course") if head.get(key))
    known = _Known(
        zone=_zone(head.get("timezone", "Europe/London")) or UTC,
        taken=TAKEN.union(*folders),
        participants=roster.participants,
        weeks=frozenset(week.name for week in programme.weeks) if programme else None,
    )
    file, complaints = toml.check(document, _CohortFile, known)
    complaints += toml.repeated(document, "hub", "name")
    if file is not None and programme is not None:
        complaints += _skipped_times(document, _timetable(file), programme)
    return file, complaints


def _head(document: toml.Document) -> dict[str, str]:
    """Peek at the texts in `[cohort]`, checked or not."""
    head = document.data.get("cohort")
    written = head.items() if isinstance(head, dict) else ()
    return {key: value for key, value in written if isinstance(value, str)}


def _hub_names(document: toml.Document) -> frozenset[str] | None:
    """Peek at the hubs' names, so that the roster can be checked; None if one cannot be read."""
    names = [hub.get("name") for hub in document.tables("hub")]
    known = frozenset(name for name in names if isinstance(name, str) and name)
    return known if names and len(known) == len(set(names)) else None


def _skipped_times(
    document: toml.Document, timetable: Timetable, programme: Programme
) -> Iterator[Complaint]:
    """Complain where an ordinary week opens or closes in the hour the clocks skip."""
    rules: dict[str, Callable[[Week], datetime]] = {
        "release_at": timetable.released,
        "due_at": timetable.due_for_all,
    }
    for key, when in rules.items():
        for week in programme.weeks:
            if not _exists(when(week)):
                what = f"`{key}` puts {week.name} at {when(week):%d %B %H:%M}, when clocks skip"
                do = f"Choose another `{key}`."
                yield Complaint(document.where("weeks", key), what, do)


# What roster.csv may say.


@dataclass(frozen=True)
class _Row:
    """Hold one line of the roster; a column the file lacks is not in *cells*."""

    line: int
    cells: Mapping[str, str]

    @property
    def id(self) -> str:
        return self.cells.get("id", "")

    @property
    def role(self) -> str:
        return self.cells.get("role", "")

    @property
    def mentor(self) -> str:
        return self.cells.get("mentor", "")

    @property
    def hubs(self) -> tuple[str, ...]:
        named = (hub.strip() for hub in self.cells.get("hub", "").split(";"))
        return tuple(dict.fromkeys(hub for hub in named if hub))

    def complaint(self, what: str, do: str) -> Complaint:
        return Complaint(f"{ROSTER}:{self.line}", what, do)


@dataclass(frozen=True)
class _Roster:
    """Hold the roster's lines; *readable* is False if it could not be read as a table."""

    rows: tuple[_Row, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    readable: bool = True

    @property
    def participants(self) -> frozenset[str] | None:
        """List who may be a participant: a line with a role that is misspelt counts too."""
        if not self.readable:
            return None
        others = ROLES[1:]
        return frozenset(row.id for row in self.rows if row.role not in others)

    @property
    def by_id(self) -> dict[str, _Row]:
        return {row.id: row for row in reversed(self.rows)}


def _read_roster(path: Path) -> _Roster:
    if not os.path.exists(path):
        do = f"Create it with the line {HEADER}; one more line for each person."
        complaint = Complaint(ROSTER, f"there is no {ROSTER} in {path.parent}", do)
        return _Roster(complaints=(complaint,), readable=False)
    text = toml.read_text(path, ROSTER)
    if isinstance(text, Complaint):
        return _Roster(complaints=(text,), readable=False)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for cells in reader:
            lines.append((begins, [cell.strip() for cell in cells]))
            begins = reader.line_num + 1
    except csv.Error as error:
        what = f"the line that begins here is not CSV: {error}"
        complaint = Complaint(f"{ROSTER}:{begins}", what, 'Close every quote "like this".')
        return _Roster(complaints=(complaint,), readable=False)
    filled = [(line, cells) for line, cells in lines if any(cells)]
    header, rows = (filled[0], filled[1:]) if filled else ((1, []), [])
    return _with_header(header, rows)


def _with_header(header: tuple[int, list[str]], rows: list[tuple[int, list[str]]]) -> _Roster:
    line, columns = header
    complaints = list(_header_complaints(f"{ROSTER}:{line}", columns))
    for number, cells in rows:
        if len(cells) > len(columns):
            what = f"this line has {len(cells)} cells, and the header {len(columns)}"
            do = 'Put a cell that has a comma in it in "quotes".'
            complaints.append(Complaint(f"{ROSTER}:{number}", what, do))
    padding = [""] * len(columns)
    named = tuple(
        _Row(number, dict(zip(columns, cells + padding, strict=False))) for number, cells in rows
    )
    return _Roster(named, tuple(complaints), readable="id" in columns)


def _header_complaints(where: str, columns: list[str]) -> Iterator[Complaint]:
    if len(columns) == 1 and ";" in columns[0]:
        do = "Save the file as CSV with commas between the cells."
        yield Complaint(where, "the cells are parted by semicolons", do)
        return
    known = (*REQUIRED, *OPTIONAL)
    for column in REQUIRED:
        if column not in columns:
            do = f"Begin the file with the line {HEADER}."
            yield Complaint(where, f"the column `{column}` is missing", do)
    for column in dict.fromkeys(columns):
        if column not in known:
            unused = [name for name in known if name not in columns]
            what = f"unknown column `{column[:64]}`{toml.or_similar(column, unused)}"
            yield Complaint(where, what, f"Remove it. Known columns: {', '.join(known)}.")
        elif columns.count(column) > 1:
            yield Complaint(where, f"the column `{column}` is there twice", "Remove one of them.")


def _check_roster(roster: _Roster, hubs: frozenset[str] | None) -> list[Complaint]:
    """Check every line; hubs are not checked where *hubs*, those of cohort.toml, is None."""
    complaints = list(roster.complaints)
    if not roster.readable:
        return complaints
    people = roster.by_id
    for row in roster.rows:
        complaints += _id_complaints(row, people)
        complaints += _role_complaints(row)
        complaints += _hub_complaints(row, hubs)
        if row.role == "participant" and row.mentor:
            complaints += _mentor_complaints(row, people, hubs)
    return complaints


def _id_complaints(row: _Row, people: Mapping[str, _Row]) -> Iterator[Complaint]:
    if not NAME.fullmatch(row.id):
        what = f'"{row.id[:64]}" is not an id' if row.id else "the id is empty"
        yield row.complaint(what, toml.NAME_RULE)
        return
    first = people[row.id]
    if first is row:
        return
    if {row.role, first.role} == {"participant"} and row.hubs != first.hubs:
        what = (
            f"`{row.id}` is in two hubs: {_listed(first.hubs)} on line {first.line}, "
            f"{_listed(row.hubs)} on line {row.line}"
        )
        do = "Keep the line of the hub they go to; after a move, run `grader cohort sync`."
        yield row.complaint(what, do)
    else:
        what = f"`{row.id}` is on line {first.line} already"
        yield row.complaint(what, "Remove one of the lines, or give somebody another id.")


def _role_complaints(row: _Row) -> Iterator[Complaint]:
    if "role" not in row.cells:
        return
    if row.role not in ROLES:
        what = f'the role of `{row.id}` is "{row.role[:64]}"{toml.or_similar(row.role, ROLES)}'
        yield row.complaint(what, f"Write one of: {', '.join(ROLES)}.")
    elif row.role != "participant" and row.mentor:
        what = f"the {row.role} `{row.id}` has a mentor"
        yield row.complaint(what, "Leave the cell empty: only participants have a mentor.")


def _hub_complaints(row: _Row, hubs: frozenset[str] | None) -> Iterator[Complaint]:
    if "hub" not in row.cells or row.role not in ROLES:
        return
    if row.role == "lead":
        if row.hubs:
            yield row.complaint(f"the lead `{row.id}` has a hub", "Leave it empty: leads see all.")
        return
    if not row.hubs:
        do = f"Write one of: {_listed(sorted(hubs))}." if hubs else "Write the hub's name."
        yield row.complaint(f"the {row.role} `{row.id}` has no hub", do)
    if row.role == "participant" and len(row.hubs) > 1:
        what = f"`{row.id}` is in two hubs: {_listed(row.hubs)}, on line {row.line}"
        yield row.complaint(what, "Keep the hub they go to.")
    for hub in row.hubs:
        if hubs is not None and hub not in hubs:
            what = f"{COHORT} has no hub `{hub[:64]}`{toml.or_similar(hub, hubs)}"
            yield row.complaint(what, f"Write one of: {_listed(sorted(hubs))}; or add a `[[hub]]`.")


def _mentor_complaints(
    row: _Row, people: Mapping[str, _Row], hubs: frozenset[str] | None
) -> Iterator[Complaint]:
    mentor = people.get(row.mentor)
    if mentor is None:
        what = f"`{row.mentor[:64]}`, the mentor of `{row.id}`, is not in the roster"
        do = "Correct the id, give the mentor a line, or leave the cell empty."
        yield row.complaint(what, do)
    elif mentor.role != "mentor":
        if mentor.role in ROLES:  # else line *mentor* has its own complaint
            kind = f"an {mentor.role}" if mentor.role == "instructor" else f"a {mentor.role}"
            what = f"`{mentor.id}`, the mentor of `{row.id}`, is {kind} (line {mentor.line})"
            yield row.complaint(what, "Choose a mentor, or give them an id and a line as one.")
    elif mentor.hubs and len(row.hubs) == 1 and row.hubs[0] not in mentor.hubs:
        if hubs is not None and row.hubs[0] not in hubs:
            return  # an unknown hub has its own complaint
        what = (
            f"the mentor `{mentor.id}` is not at {row.hubs[0]}, where `{row.id}` is, "
            f"but at {_listed(mentor.hubs)} (line {mentor.line})"
        )
        do = f"Choose another mentor, or add ;{row.hubs[0]} to the hubs on line {mentor.line}."
        yield row.complaint(what, do)


# From the files' words to ours.


def _cohort(directory: Path, file: _CohortFile, roster: _Roster) -> Cohort:
    head = file.cohort
    role = {role: [row for row in roster.rows if row.role == role] for role in ROLES}
    return Cohort(
        name=head.name,
        title=head.title or head.name,
        directory=directory,
        course=_real(directory / head.course),
        exchange=_real(directory / head.exchange),
        timetable=_timetable(file),
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
        shows=head.shows,
    )


def _timetable(file: _CohortFile) -> Timetable:
    weeks, head = file.weeks, file.cohort
    return Timetable(
        starts=head.starts,
        timezone=ZoneInfo(head.timezone),
        release_at=weeks.release_at,
        due_after_days=weeks.due_after_days,
        due_at=weeks.due_at,
        due=file.due,
    )


def _person(row: _Row, kind: type[AnyPerson], **more: Any) -> AnyPerson:
    return kind(row.id, row.cells.get("name", ""), row.cells.get("email", ""), **more)


def _capitalised(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").capitalize()


def _listed(names: Sequence[str]) -> str:
    return " and ".join(names) if names else "no hub"


# Time and paths.


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def _exists(local: datetime) -> bool:
    """Tell whether clocks show this time at all: on a spring night they skip an hour."""
    there_and_back = local.astimezone(UTC).astimezone(local.tzinfo)
    return there_and_back.replace(tzinfo=None) == local.replace(tzinfo=None)


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _relative(course: Path | None, directory: Path) -> str | None:
    return None if course is None else Path(os.path.relpath(_real(course), directory)).as_posix()


# A new cohort.

_TEMPLATE = """\
# A cohort: when the programme runs, where, and for whom. The people are in roster.csv.
# After a change run `grader cohort sync`; it shows what will change first and loses no mark.
format = 1

[cohort]
name = {name}
title = {title}
starts = {starts}            # the first hub day; week 2 opens seven days later, and so on
timezone = {timezone}     # times below are local to it
{course}
exchange = "exchange"          # where work is handed out and in; relative to this file
feedback = "at once"           # or "when a mentor has looked"
shows = "id"                   # what mentors' pages call people: "id" or "name"

[weeks]
release_at = 09:00:00          # on the hub day
due_after_days = 6
due_at = 18:00:00

# [due]                        # where a week has another due time, for everybody
# week05 = {example}

{hubs}
# [[extension]]                # more time for one participant and one week
# participant = "p003"
# week = "week01"
# until = {example}

# [[leave]]                    # agreed leave: no reminders on these days, both included
# participant = "p004"
# from = {starts}
# until = {starts}
"""

_COURSE = "course = {course}      # relative to this file"
_NO_COURSE = "# course = ...               # where the course is; else looked for from here upwards"


def _template(
    starts: date, hubs: Sequence[str], name: str | None, course: str | None, timezone: str
) -> str:
    """Fill in the template; the caller checks what comes out as it would check any cohort.toml."""
    season = _season(starts)
    title = name or f"{season.capitalize()} {starts.year}"
    course_line = _COURSE.format(course=_quoted(course)) if course is not None else _NO_COURSE
    return _TEMPLATE.format(
        name=_quoted(name or f"{starts.year}-{season}"),
        title=_quoted(title),
        starts=starts.isoformat(),
        timezone=_quoted(timezone),
        course=course_line,
        example=f"{starts.isoformat()}T18:00:00",
        hubs="\n".join(f"[[hub]]\nname = {_quoted(hub)}\n" for hub in hubs),
    )


def _season(starts: date) -> str:
    """Name the term that begins in this month, as colleges do: spring begins in January."""
    terms = {1: "spring", 4: "summer", 8: "autumn", 11: "winter"}
    return terms[max(month for month in terms if month <= starts.month)]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(path)
