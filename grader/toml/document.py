"""What a TOML file says: its content, its lines, and what in it is not TOML."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from grader.errors import Complaint
from grader.toml.lines import Keys, lines_of

_SYNTAX_RULE = (
    'Write text in "quotes", a date as 2027-01-26, a time as 18:00:00 '
    "and both together as 2027-01-26T18:00:00."
)
_ASSIGNMENT = re.compile(r"""\s*(?P<key>[\w"'.-]+)\s*=\s*(?P<value>.*)""")
_MOST_BROKEN_LINES = 30


@dataclass(frozen=True)
class Document:
    """
    Hold what a file says, *name* being how complaints call it.

    A line that is not TOML is in *unreadable*, and its key holds an empty text, so that the
    rest can still be checked. *whole* is False where not even that was possible.
    """

    name: str
    data: Mapping[str, Any]
    text: str = ""
    complaints: tuple[Complaint, ...] = ()
    unreadable: frozenset[int] = frozenset()
    whole: bool = True

    def line(self, keys: Keys) -> int:
        """Find the line of *keys*, or of the nearest table around them."""
        lengths = range(len(keys), 0, -1)
        return next((self._lines[keys[:n]] for n in lengths if keys[:n] in self._lines), 1)

    def where(self, *keys: int | str) -> str:
        """Name the file and the line of *keys*."""
        return f"{self.name}:{self.line(keys)}"

    def tables(self, key: str) -> list[Mapping[str, Any]]:
        """List the `[[key]]` tables as they are written, checked or not."""
        found = self.data.get(key)
        return [t for t in found if isinstance(t, dict)] if isinstance(found, list) else []

    @cached_property
    def _lines(self) -> dict[Keys, int]:
        return lines_of(self.text)


def read_text(path: Path, name: str) -> str | Complaint:
    """Read a UTF-8 file, a byte order mark allowed; a Complaint says why it cannot be read."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Complaint(name, f"there is no {path.name} in {path.parent}", "Create it.")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        return Complaint(name, f"it cannot be read: {reason}", "Make it a file you can open.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        do = "Save the file as UTF-8 (in a spreadsheet: 'CSV UTF-8')."
        return Complaint(f"{name}:{line}", "the file is not UTF-8 text", do)


def read(path: Path, name: str) -> Document:
    """Read a TOML file; what is wrong with it is in the document's complaints."""
    text = read_text(path, name)
    if isinstance(text, Complaint):
        return Document(name, {}, complaints=(text,), whole=False)
    return parse(text, name)


def parse(text: str, name: str) -> Document:
    """Parse TOML; a line that is not TOML is complained of, set aside, and the rest is read."""
    lines = text.replace("\r\n", "\n").split("\n")
    complaints: list[Complaint] = []
    unreadable: set[int] = set()
    while len(complaints) < _MOST_BROKEN_LINES:
        whole = "\n".join(lines)
        try:
            data = tomllib.loads(whole)
        except (ValueError, RecursionError) as error:
            named = _line_named_in(error)
            if named in unreadable:
                break
            number, line = (named, lines[named - 1]) if named else (len(lines), "")
            complaint, mended = _set_aside(line, f"{name}:{number}", error)
            complaints.append(complaint)
            if mended is None:
                break
            lines[number - 1] = mended
            unreadable.add(number)
        else:
            return Document(name, data, whole, tuple(complaints), frozenset(unreadable))
    return Document(name, {}, complaints=tuple(complaints), whole=False)


def _line_named_in(error: Exception) -> int | None:
    found = re.search(r"\(at line (\d+), column \d+\)", str(error))
    return int(found[1]) if found else None


def _set_aside(line: str, where: str, error: Exception) -> tuple[Complaint, str | None]:
    """Say what is wrong with *line*, and give a line to read in its place if there can be one."""
    assignment = _ASSIGNMENT.match(line)
    if assignment is None:
        nested = isinstance(error, RecursionError)
        reason = "too deeply nested" if nested else str(error).partition(" (at ")[0]
        what = f"this is not TOML: {reason[:1].lower()}{reason[1:]}"
        return Complaint(where, what, "Write `key = value`, or a heading in [brackets]."), None
    key, value = assignment["key"], assignment["value"].strip()
    if "overwrite" in str(error):
        return Complaint(where, f"`{key}` is written twice", "Keep one of the two lines."), ""
    what = f"the value of `{key}` cannot be read: {value[:64]}"
    return Complaint(where, what, _SYNTAX_RULE), f'{key} = ""'
