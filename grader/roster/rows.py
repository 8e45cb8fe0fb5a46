"""The lines of roster.csv."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader import toml
from grader.errors import Complaint
from grader.roster.places import ROSTER

ROLES = ("participant", "mentor", "instructor", "lead")

_REQUIRED = ("id", "role", "hub", "mentor")
_COLUMNS = (*_REQUIRED, "name", "email")
HEADER = ",".join(_COLUMNS)

Line = tuple[int, list[str]]


@dataclass(frozen=True)
class Row:
    """Hold one line of the roster; a column the file lacks is not in *cells*."""

    line: int
    cells: Mapping[str, str]

    @property
    def id(self) -> str:
        """Give the person's id."""
        return self.cells.get("id", "")

    @property
    def role(self) -> str:
        """Give the person's role as it is written."""
        return self.cells.get("role", "")

    @property
    def mentor(self) -> str:
        """Give the id of the person's mentor."""
        return self.cells.get("mentor", "")

    @property
    def hubs(self) -> tuple[str, ...]:
        """List the person's hubs, each once."""
        named = (hub.strip() for hub in self.cells.get("hub", "").split(";"))
        return tuple(dict.fromkeys(hub for hub in named if hub))

    def complaint(self, what: str, do: str) -> Complaint:
        """Complain of this line."""
        return _complaint(self.line, what, do)


@dataclass(frozen=True)
class Roster:
    """Hold the roster's lines; *readable* is False if it could not be read as a table."""

    rows: tuple[Row, ...] = ()
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
    def by_id(self) -> dict[str, Row]:
        """Find lines by id; the first of an id counts."""
        return {row.id: row for row in reversed(self.rows)}


def read_roster(path: Path) -> Roster:
    """Read the roster; what is wrong with its form is in its complaints."""
    lines = _read_lines(path)
    if isinstance(lines, Complaint):
        return Roster(complaints=(lines,), readable=False)
    (line, columns), *rows = lines or [(1, [])]
    complaints = [*_header_complaints(line, columns), *_length_complaints(columns, rows)]
    padding = [""] * len(columns)
    named = tuple(
        Row(number, dict(zip(columns, cells + padding, strict=False))) for number, cells in rows
    )
    return Roster(named, tuple(complaints), readable="id" in columns)


def _read_lines(path: Path) -> list[Line] | Complaint:
    if not os.path.exists(path):
        do = f"Create it with the line {HEADER}; one more line for each person."
        return Complaint(ROSTER, f"there is no {ROSTER} in {path.parent}", do)
    text = toml.read_text(path, ROSTER)
    return text if isinstance(text, Complaint) else parted(text, ROSTER)


def parted(text: str, file: str) -> list[Line] | Complaint:
    """Part CSV into lines and cells; lines without content are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[Line] = []
    begins = 1
    try:
        for cells in reader:
            lines.append((begins, [cell.strip() for cell in cells]))
            begins = reader.line_num + 1
    except csv.Error as error:
        what = f"the line that begins here is not CSV: {error}"
        return Complaint(f"{file}:{begins}", what, 'Close every quote "like this".')
    return [(line, cells) for line, cells in lines if any(cells)]


def _header_complaints(line: int, columns: list[str]) -> Iterator[Complaint]:
    if len(columns) == 1 and ";" in columns[0]:
        do = "Save the file as CSV with commas between the cells."
        yield _complaint(line, "the cells are parted by semicolons", do)
        return
    for column in _REQUIRED:
        if column not in columns:
            do = f"Begin the file with the line {HEADER}."
            yield _complaint(line, f"the column `{column}` is missing", do)
    for column in dict.fromkeys(columns):
        if column not in _COLUMNS:
            unused = [name for name in _COLUMNS if name not in columns]
            what = f"unknown column `{column[:64]}`{toml.or_similar(column, unused)}"
            yield _complaint(line, what, f"Remove it. Known columns: {', '.join(_COLUMNS)}.")
        elif columns.count(column) > 1:
            yield _complaint(line, f"the column `{column}` is there twice", "Remove one of them.")


def _length_complaints(columns: list[str], rows: list[Line]) -> Iterator[Complaint]:
    for line, cells in rows:
        if len(cells) > len(columns):
            what = f"this line has {len(cells)} cells, and the header {len(columns)}"
            yield _complaint(line, what, 'Put a cell that has a comma in it in "quotes".')


def _complaint(line: int, what: str, do: str) -> Complaint:
    return Complaint(f"{ROSTER}:{line}", what, do)
