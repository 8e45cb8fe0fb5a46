"""
TOML files with line numbers: all that is wrong with a file at once, in plain words.

Nothing here knows what a file is about: the doors bring a model of it (see Table). Validators
complain with `wrong("is empty", "Write ...")`; the key and the line are put in front here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError

from grader.errors import Complaint
from grader.programme import NAME

FORMAT = 1
NAME_RULE = "Use a-z, 0-9, - and _ only; begin with a letter; at most 32 characters."

_SYNTAX_RULE = (
    'Write text in "quotes", a date as 2027-01-26, a time as 18:00:00 '
    "and both together as 2027-01-26T18:00:00."
)
_ASSIGNMENT = re.compile(r"""\s*(?P<key>[\w"'.-]+)\s*=\s*(?P<value>.*)""")
_MOST_BROKEN_LINES = 30
_KEPT_DEPTH = 4  # no file of ours is nested deeper: hub, 0, due, week02
_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "date_type": "a date",
    "time_type": "a time",
    "datetime_type": "a date and a time",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
}

Model = TypeVar("Model", bound=BaseModel)
Keys = tuple[int | str, ...]


class Table(BaseModel):
    """Describe a table: unknown keys and values of another type are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


def wrong(what: str, do: str) -> PydanticCustomError:
    """Make the error a validator raises; *what* follows the key: "is empty"."""
    return PydanticCustomError("complaint", "{what}", {"what": what, "do": do})


def or_similar(word: str, known: Sequence[str] | frozenset[str]) -> str:
    """Ask "; did you mean ...?" when something in *known* looks like *word*."""
    alike = SequenceMatcher(b=word[:64])

    def likeness(candidate: str) -> float:
        alike.set_seq1(candidate)
        return alike.ratio()

    closest = max(sorted(known), key=likeness, default="")
    return f"; did you mean `{closest}`?" if likeness(closest) > 0.6 else ""


def _known_format(value: int) -> int:
    if value != FORMAT:
        do = f"Write `format = {FORMAT}`, or install the grader this file was written for."
        raise wrong(f"is {_described(value)}, and this grader reads format {FORMAT}", do)
    return value


def _name(value: str) -> str:
    if not NAME.fullmatch(value):
        raise wrong(f'is "{value}", which is not a name', NAME_RULE)
    return value


def _text(value: str) -> str:
    if not value.strip():
        raise wrong("is empty", "Write something between the quotes.")
    return value.strip()


Format = Annotated[int, AfterValidator(_known_format)]
Name = Annotated[str, AfterValidator(_name)]
Text = Annotated[str, AfterValidator(_text)]


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
        return _lines_of(self.text)


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
        try:
            data = tomllib.loads("\n".join(lines))
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
            whole = "\n".join(lines)
            return Document(name, data, whole, tuple(complaints), frozenset(unreadable))
    return Document(name, {}, complaints=tuple(complaints), whole=False)


def check(
    document: Document, model: type[Model], context: object = None
) -> tuple[Model | None, list[Complaint]]:
    """Check *document* against *model*: what it says (None if it cannot be used), what is wrong."""
    complaints = list(document.complaints)
    if not document.whole:
        return None, complaints
    try:
        return model.model_validate(document.data, context=context), complaints
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            if document.line(detail["loc"]) not in document.unreadable:
                complaints.append(_in_words(document, model, detail))
    return None, complaints


def repeated(document: Document, table: str, key: str) -> list[Complaint]:
    """Complain of each `[[table]]` whose *key* another one has already."""
    first: dict[str, int] = {}
    complaints = []
    for index, entry in enumerate(document.tables(table)):
        value = entry.get(key)
        if not isinstance(value, str) or not value:
            continue
        if value in first:
            before = document.line((table, first[value], key))
            what = f'`{key}` is "{value}", which line {before} has already'
            do = f"Give each `[[{table}]]` a {key} of its own."
            complaints.append(Complaint(document.where(table, index, key), what, do))
        first.setdefault(value, index)
    return complaints


def in_order(complaints: Sequence[Complaint]) -> list[Complaint]:
    """Order complaints by file and line, each once."""

    def place(complaint: Complaint) -> tuple[str, int]:
        file, _, line = complaint.where.rpartition(":")
        return (file, int(line)) if line.isdecimal() else (complaint.where, 0)

    return sorted(dict.fromkeys(complaints), key=place)


# What is not TOML.


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


# Which line a key is on.


def _lines_of(text: str) -> dict[Keys, int]:
    """Find the line of every key in *text*, which is TOML."""
    lines: dict[Keys, int] = {}
    counts: dict[Keys, int] = {}
    table: Keys = ()
    for line, statement in _statements(text):
        parsed = tomllib.loads(statement)
        if statement.lstrip().startswith("["):
            table = _heading(parsed, counts)
            paths = [table[:n] for n in range(1, len(table) + 1)]
        else:
            paths = [table + keys for keys in _paths(parsed)]
        for path in paths:
            lines.setdefault(path, line)
    return lines


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Split TOML into its headings and assignments, each with the line it begins on."""
    pending: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        pending.append(line)
        statement = "\n".join(pending)
        try:
            tomllib.loads(statement)
        except ValueError:
            continue  # a value that goes on over the next line
        yield number - len(pending) + 1, statement
        pending = []


def _heading(parsed: Mapping[str, Any], counts: dict[Keys, int]) -> Keys:
    """Give the keys of a heading; each `[[table]]` met so far is counted in *counts*."""
    keys: Keys = ()
    while parsed and len(keys) < _KEPT_DEPTH:
        [(key, inner)] = parsed.items()
        keys += (key,)
        if isinstance(inner, list):
            counts[keys] = counts.get(keys, -1) + 1
        if keys in counts:
            keys += (counts[keys],)
        parsed = inner if isinstance(inner, dict) else {}
    return keys


def _paths(value: object, above: Keys = ()) -> Iterator[Keys]:
    """List the keys of *value* and of what is in it."""
    if above:
        yield above
    if len(above) >= _KEPT_DEPTH:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, (*above, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _paths(inner, (*above, index))


# Pydantic's errors in plain words.


def _in_words(document: Document, model: type[BaseModel], error: ErrorDetails) -> Complaint:
    keys = tuple(key for key in error["loc"] if key != "[key]")
    key = next((str(key) for key in reversed(keys) if isinstance(key, str)), "the file")
    fields = _fields_around(model, keys)
    what, do = _what_and_do(error, key, fields)
    return Complaint(document.where(*keys), what, do)


def _what_and_do(error: ErrorDetails, key: str, fields: Mapping[str, FieldInfo]) -> tuple[str, str]:
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    shown, example = _shown(key, fields.get(key))
    if kind == "complaint":
        return f"{shown} {context['what']}", str(context["do"])
    if kind == "extra_forbidden":
        known = ", ".join(fields)
        return f"unknown key {shown}{or_similar(key, list(fields))}", f"Known here: {known}."
    if kind == "missing":
        return f"{shown} is missing", f"Add {example}."
    if kind == "too_short":
        return f"{shown} is empty", f"Write {example}."
    if kind == "literal_error":
        choices = str(context["expected"]).replace("'", '"')
        return f"{shown} is {_described(given)}", f"Write {choices}."
    if kind == "datetime_type" and isinstance(given, date):
        example = f"`{key} = {given}T18:00:00`"
    if kind in _WANTED:
        what = f"{shown} should be {_WANTED[kind]}, and is {_described(given)}"
        return what, f"Write {example}."
    return error["msg"].replace("Input", shown, 1), f"Write {example}."


def _fields_around(model: type[BaseModel], keys: Keys) -> dict[str, FieldInfo]:
    """Find the fields of the table that holds the last of *keys*; none for a free table."""
    fields = _fields(model)
    names = [key for key in keys if isinstance(key, str)]
    for name in names[:-1]:
        inner = _model_in(fields[name]) if name in fields else None
        fields = _fields(inner) if inner else {}
    return fields


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _model_in(field: FieldInfo) -> type[BaseModel] | None:
    """Find the model of the table, or of the tables, that *field* holds."""
    candidates = [field.annotation, *get_args(field.annotation)]
    models = (c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel))
    return next(models, None)


def _shown(key: str, field: FieldInfo | None) -> tuple[str, str]:
    """Show a key as one writes it, and an example of how to give it."""
    if field is not None and field.examples:
        return f"`{key}`", f"`{key} = {field.examples[0]}`"
    if field is not None and _model_in(field) is not None:
        heading = f"`[{key}]`" if field.annotation is _model_in(field) else f"`[[{key}]]`"
        return heading, f"a {heading} table"
    return f"`{key}`", f"another value for `{key}`"


def _described(given: object) -> str:
    match given:
        case str():
            return f'"{given[:64]}"'
        case bool():
            return str(given).lower()
        case int() | float():
            return str(given) if abs(given) < 1e15 else "a very large number"
        case datetime():
            return f"a date and a time, {given}"
        case date():
            return f"a date without a time, {given}"
        case time():
            return f"a time, {given}"
        case list():
            return "a list"
        case _:
            return "a table"
