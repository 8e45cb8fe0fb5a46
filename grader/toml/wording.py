"""Pydantic's errors in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from grader.errors import Complaint
from grader.toml.document import Document
from grader.toml.lines import Keys
from grader.toml.phrases import described, or_similar

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


def in_words(document: Document, model: type[BaseModel], error: ErrorDetails) -> Complaint:
    """Say what *error* found in *document*, on which line, and what to write instead."""
    keys = tuple(key for key in error["loc"] if key != "[key]")
    key = next((str(key) for key in reversed(keys) if isinstance(key, str)), "the file")
    what, do = _what_and_do(error, key, _fields_around(model, keys))
    return Complaint(document.where(*keys), what, do)


def _what_and_do(error: ErrorDetails, key: str, fields: Mapping[str, FieldInfo]) -> tuple[str, str]:
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    shown, example = _shown(key, fields.get(key))
    if kind == "complaint":
        return f"{shown} {context['what']}", str(context["do"])
    if kind == "extra_forbidden":
        return f"unknown key {shown}{or_similar(key, fields)}", f"Known here: {', '.join(fields)}."
    if kind == "missing":
        return f"{shown} is missing", f"Add {example}."
    if kind == "literal_error":
        choices = str(context["expected"]).replace("'", '"')
        return f"{shown} is {described(given)}", f"Write {choices}."
    if kind == "datetime_type" and isinstance(given, date):
        example = f"`{key} = {given}T18:00:00`"
    return _fault(error, shown), f"Write {example}."


def _fault(error: ErrorDetails, shown: str) -> str:
    """Say what is wrong with a value whose remedy is to write another."""
    kind = error["type"]
    if kind == "too_short":
        return f"{shown} is empty"
    if kind in _WANTED:
        return f"{shown} should be {_WANTED[kind]}, and is {described(error['input'])}"
    return error["msg"].replace("Input", shown, 1)


def _shown(key: str, field: FieldInfo | None) -> tuple[str, str]:
    """Show a key as one writes it, and an example of how to give it."""
    if field is not None and field.examples:
        return f"`{key}`", f"`{key} = {field.examples[0]}`"
    model = _model_in(field) if field is not None else None
    if field is not None and model is not None:
        heading = f"`[{key}]`" if field.annotation is model else f"`[[{key}]]`"
        return heading, f"a {heading} table"
    return f"`{key}`", f"another value for `{key}`"


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
