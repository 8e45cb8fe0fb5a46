"""A document checked against its model, and its complaints in the order of its lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from grader.errors import Complaint
from grader.toml.document import Document
from grader.toml.wording import in_words

Model = TypeVar("Model", bound=BaseModel)


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
                complaints.append(in_words(document, model, detail))
    return None, complaints


def repeated(document: Document, table: str, key: str, do: str = "") -> list[Complaint]:
    """Complain of each `[[table]]` whose *key* another one has already; *do* may name its {line}."""
    do = do or f"Give each `[[{table}]]` a {key} of its own."
    first: dict[str, int] = {}
    complaints = []
    for index, entry in enumerate(document.tables(table)):
        value = entry.get(key)
        if not isinstance(value, str) or not value:
            continue
        if value in first:
            before = document.line((table, first[value], key))
            what = f'`{key}` is "{value}", which line {before} has already'
            told = do.format(line=before)
            complaints.append(Complaint(document.where(table, index, key), what, told))
        first.setdefault(value, index)
    return complaints


def in_order(complaints: Iterable[Complaint]) -> list[Complaint]:
    """Order complaints by file and line, each once."""
    return sorted(dict.fromkeys(complaints), key=_place)


def _place(complaint: Complaint) -> tuple[str, int]:
    file, _, line = complaint.where.rpartition(":")
    return (file, int(line)) if line.isdecimal() else (complaint.where, 0)
