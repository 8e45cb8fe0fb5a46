"""Which line of a TOML text a key is on."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

Keys = tuple[int | str, ...]

_KEPT_DEPTH = 4  # no file of ours is nested deeper: hub, 0, due, week02


def lines_of(text: str) -> dict[Keys, int]:
    """Find the line of every key in *text*, which is TOML."""
    lines: dict[Keys, int] = {}
    counts: dict[Keys, int] = {}
    table: Keys = ()
    for line, statement, parsed in _statements(text):
        if statement.lstrip().startswith("["):
            table = _heading(parsed, counts)
            paths = [table[:n] for n in range(1, len(table) + 1)]
        else:
            paths = [table + keys for keys in _paths(parsed)]
        for path in paths:
            lines.setdefault(path, line)
    return lines


def _statements(text: str) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Split TOML into its headings and assignments, each with the line it begins on."""
    pending: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        pending.append(line)
        statement = "\n".join(pending)
        try:
            parsed = tomllib.loads(statement)
        except ValueError:
            continue  # a value that goes on over the next line
        yield number - len(pending) + 1, statement, parsed
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
    inside: Iterator[tuple[int | str, object]] = iter(())
    if isinstance(value, dict):
        inside = iter(value.items())
    elif isinstance(value, list):
        inside = enumerate(value)
    for key, inner in inside:
        yield from _paths(inner, (*above, key))
