"""
Word the first difference between what came back and what was expected, where no listed mistake fits.

A hidden check never names the expected value; a visible one, on data made by hand, does.
"""

from __future__ import annotations

import pandas as pd

from grader.claims import likeness
from grader.claims.answers import Returned
from grader.claims.hints import Hint
from grader.claims.likeness import By, matches
from grader.claims.words import counted, described, shown

_BY_HAND = "Work it out by hand for a table of three or four rows and compare."
_UNSEEN = "That is the right kind of answer, but not the one we get on data you have not seen."


def wrong_value(got: Returned, expected: object, saw: str = "") -> Hint:
    """Say that the value is not the one expected."""
    cause = _UNSEEN if got.hidden else f"We expected {shown(expected)}."
    return Hint(saw or got.phrase, cause, _BY_HAND)


def first_cell(
    got: Returned, table: pd.DataFrame, expected: pd.DataFrame, tolerance: float, by: By
) -> Hint:
    """Say what differs first in a table: a column, the number of rows, or one cell."""
    for name in expected.columns:
        if name not in table.columns:
            return no_column(got, table, name)
    if not table.columns.is_unique:
        saw = f"`{got.function}` gave a table in which two columns have the same name."
        return Hint(saw, "", "Look at the `columns` of your table.")
    if len(table) != len(expected):
        return _wrong_length(got, table, len(expected))
    table, expected = likeness.in_order(table, by), likeness.in_order(expected, by)
    for name in expected.columns:
        same = likeness.same_cells(table[name], expected[name], tolerance)
        if not same.all():
            row = int((~same).argmax())
            return _wrong_cell(got, table, name, row, expected[name].iloc[row], by)
    raise AssertionError("two tables that match have no first difference")


def first_label(got: Returned, expected: pd.Series, tolerance: float) -> Hint:
    """Say what differs first in a Series: its index, or the value of one label."""
    assert isinstance(got.value, pd.Series)
    mine, theirs = likeness.as_keyed(got.value), likeness.as_keyed(expected)
    start = f"`{got.function}`, given {got.given}, gave"
    if mine.keys() != theirs.keys() or len(got.value) != len(expected):
        saw = f"{start} a Series with the index {shown(list(got.value.index))}."
        return Hint(saw, "The task asks for another index.", "Read what the task says of it.")
    label = next(k for k in theirs if not matches(mine[k], theirs[k], tolerance=tolerance))
    return wrong_value(got, theirs[label], f"{start} {shown(mine[label])} for {label}.")


def no_column(got: Returned, table: pd.DataFrame, column: str) -> Hint:
    """Say that a column is missing, and whether it is the index instead."""
    saw = f"`{got.function}` gave a table without a column called `{column}`."
    if column in table.index.names:
        return Hint(saw, f"`{column}` is its index instead.", "`reset_index()` makes it a column.")
    return Hint(
        saw, "The name may be spelt in another way.", "Look at the `columns` of your table."
    )


def _wrong_length(got: Returned, table: pd.DataFrame, expected: int) -> Hint:
    cause = "That is not the number of rows we get."
    if not got.hidden:
        cause = f"We expected {counted(expected, 'row')}."
    return Hint(f"`{got.function}`, given {got.given}, gave {described(table)}.", cause, _BY_HAND)


def _wrong_cell(
    got: Returned, table: pd.DataFrame, name: str, row: int, expected: object, by: By
) -> Hint:
    where = f"row {row + 1}"
    if isinstance(by, str) and by != name:
        where = f"the row where `{by}` is {shown(table[by].iloc[row])}"
    cell = shown(table[name].iloc[row])
    saw = f"`{got.function}`, given {got.given}, gave {cell} as `{name}` in {where}."
    return wrong_value(got, expected, saw)
