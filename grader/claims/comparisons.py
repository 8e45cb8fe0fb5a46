"""
The claims: each compares what a function gave back with one expectation.

The first reason a claim fails is the only one told: kind of value before shape, shape before value.
*wrong* maps the code of a hint to the value that a known mistake would give on the same data; where
that is work, it is a function that gives the map, called only when the answer is not right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd
from pandas.api import types

from grader.claims import differences, likeness
from grader.claims.answers import Answer, Returned
from grader.claims.hints import Hint
from grader.claims.likeness import By, matches
from grader.claims.words import described, shown

Wrong = Mapping[str, object] | Callable[[], Mapping[str, object]]
_NONE: Mapping[str, object] = {}


@dataclass(frozen=True)
class Either:
    """Hold several wrong values that deserve one hint."""

    values: tuple[object, ...]


def either(*values: object) -> Either:
    """Name several wrong values that deserve one hint."""
    return Either(values)


def passed(check: str) -> None:
    """Say in words, on stdout, that a check passed."""
    print(f"{check}: passed.")


def equal_kind(got: Returned, expected: object) -> None:
    """Claim no more than that the value is of the kind of *expected*: shape before value."""
    kind, fits = _kind(expected, got.value)
    if fits:
        return
    if got.value is None:
        cause = "A function gives its answer back with `return`; `print` only shows it."
        plain = Hint(f"`{got.function}` gave nothing back (None).", cause, "Add a `return` line.")
    else:
        plain = Hint(
            f"`{got.function}` gave {described(got.value)}; the task asks for {kind}.",
            "The working may be right and only its last step of another kind.",
            f"Look at what the last line returns and turn it into {kind}.",
        )
    raise got.failed(None, plain)


def equal(
    got: Returned,
    expected: object,
    *,
    wrong: Wrong = _NONE,
    seen: Mapping[str, object] = _NONE,
) -> None:
    """Claim that a number, a text or a list is exactly *expected*."""
    close(got, expected, tolerance=1e-9, wrong=wrong, seen=seen)


def close(
    got: Returned,
    expected: object,
    *,
    tolerance: float,
    wrong: Wrong = _NONE,
    seen: Mapping[str, object] = _NONE,
) -> None:
    """Claim that a number, or each number of a list, is within *tolerance* of *expected*."""
    equal_kind(got, expected)
    if matches(got.value, expected, tolerance=tolerance):
        return
    _known(got, wrong, seen, tolerance=tolerance)
    raise got.failed(None, differences.wrong_value(got, expected), seen)


def same_rows(
    got: Returned,
    expected: pd.DataFrame,
    *,
    by: By = None,
    tolerance: float = 1e-9,
    wrong: Wrong = _NONE,
    seen: Mapping[str, object] = _NONE,
) -> None:
    """Claim that a table holds the rows of *expected*; rows named by *by* in any order."""
    equal_kind(got, expected)
    if matches(got.value, expected, tolerance=tolerance, by=by):
        return
    _known(got, wrong, seen, tolerance=tolerance, by=by)
    table = got.value
    assert isinstance(table, pd.DataFrame)
    raise got.failed(None, differences.first_cell(got, table, expected, tolerance, by), seen)


def same_series(
    got: Returned,
    expected: pd.Series,
    *,
    tolerance: float = 1e-9,
    wrong: Wrong = _NONE,
    seen: Mapping[str, object] = _NONE,
) -> None:
    """Claim that a Series holds the values of *expected*, each found by its index label."""
    equal_kind(got, expected)
    if matches(got.value, expected, tolerance=tolerance):
        return
    _known(got, wrong, seen, tolerance=tolerance)
    raise got.failed(None, differences.first_label(got, expected, tolerance), seen)


def column_is(got: Returned, column: str, kind: str, *, hint: str | None = None) -> None:
    """Claim that a table has *column* and that it holds `dates`, `text` or `numbers`."""
    equal_kind(got, pd.DataFrame())
    table = got.value
    assert isinstance(table, pd.DataFrame)
    if column not in table.columns:
        raise got.failed(None, differences.no_column(got, table, column))
    tests = {
        "dates": types.is_datetime64_any_dtype,
        "text": _is_text,
        "numbers": types.is_numeric_dtype,
    }
    if tests[kind](table[column]):
        return
    first = table[column].iloc[0] if len(table) else None
    saw = f"`{got.function}` gave a table whose `{column}` does not hold {kind}."
    plain = Hint(saw, "", "Look at the `dtypes` of your table.")
    raise got.failed(hint, plain, {"column": column, "first": shown(first)})


def unchanged(got: Returned, *, hint: str | None = None) -> None:
    """Claim that the call left its arguments as they were."""
    for before, after in zip(got.before, got.after, strict=True):
        if isinstance(before, pd.DataFrame) and not _identical(before, after):
            saw = f"The table given to `{got.function}` was different after the call."
            plain = Hint(saw, "The function edits its argument.", "Work on a copy: `df.copy()`.")
            raise got.failed(hint, plain)


def differs(first: Returned, second: Returned, *, hint: str | None = None) -> None:
    """Claim that two inputs with different answers did not get the same one."""
    if first.value is None or not matches(second.value, first.value):
        return
    saw = f"`{first.function}` gave {shown(first.value)} for two tables with different answers."
    plain = Hint(
        saw, "It may not use the table it is given.", "Use its argument, not a fixed name."
    )
    raise second.failed(hint, plain)


def raises(
    kind: type[Exception], answer: Answer, *arguments: object, hint: str | None = None
) -> None:
    """Claim that *answer* refuses *arguments* with an exception of *kind*."""
    returned, stop = answer.attempt(*arguments)
    if isinstance(stop, kind):
        return
    wish = f"Here it should stop with {kind.__name__}: `raise {kind.__name__}(...)`."
    if stop is not None and not isinstance(stop, NotImplementedError):
        saw = f"`{answer.name}` stopped with {type(stop).__name__} when given {returned.given}."
        raise returned.failed(None, Hint(saw, "", wish))
    if stop is not None:
        raise answer.stopped(stop, returned)
    raise returned.failed(hint, Hint(returned.phrase, "", wish))


def holds(
    got: Returned,
    claim: bool,
    saw: str,
    advice: str,
    *,
    hint: str | None = None,
    seen: Mapping[str, object] = _NONE,
) -> None:
    """Claim anything else about a result: *claim* is true, or *saw* and *advice* are told."""
    if not claim:
        raise got.failed(hint, Hint(saw, "", advice), seen)


def _kind(expected: object, got: object) -> tuple[str, bool]:
    if isinstance(expected, pd.DataFrame):
        return "a table (DataFrame)", isinstance(got, pd.DataFrame)
    if isinstance(expected, pd.Series):
        return "a Series", isinstance(got, pd.Series)
    if isinstance(expected, list | tuple):
        return "a list", likeness.as_list(got) is not None
    if isinstance(expected, str):
        return "a text (str)", isinstance(got, str)
    if likeness.is_number(expected):
        return "one number", likeness.is_number(got)
    return f"a value of the type {type(expected).__name__}", got is not None


def _known(
    got: Returned,
    wrong: Wrong,
    seen: Mapping[str, object],
    *,
    tolerance: float,
    by: By = None,
) -> None:
    for code, value in (wrong() if callable(wrong) else wrong).items():
        values = value.values if isinstance(value, Either) else (value,)
        if any(matches(got.value, each, tolerance=tolerance, by=by) for each in values):
            raise got.failed(code, Hint(got.phrase, "", "Ask your mentor about this code."), seen)


def _is_text(column: pd.Series) -> bool:
    return types.is_string_dtype(column) and all(isinstance(v, str) for v in column.dropna())


def _identical(before: pd.DataFrame, after: object) -> bool:
    if not isinstance(after, pd.DataFrame):
        return False
    same_labels = before.index.equals(after.index) and before.columns.equals(after.columns)
    # `equals` is quick and strict; what it calls different may still be the same to a reader.
    return same_labels and (before.equals(after) or matches(after, before, tolerance=0.0))
