"""
Decide whether two plain values are the same answer in different forms.

int and np.int64, list and array, NaN and None, text held one way or another: the same. Any index of
a table is fine, and columns that nobody asked for are passed over.
"""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
from pandas.api import types

By = str | Sequence[str] | None


def matches(got: object, expected: object, *, tolerance: float = 1e-9, by: By = None) -> bool:
    """Tell whether *got* is *expected*; rows named by the columns *by* may come in any order."""
    if isinstance(expected, pd.DataFrame):
        return isinstance(got, pd.DataFrame) and _same_table(got, expected, tolerance, by)
    if isinstance(expected, pd.Series):
        return isinstance(got, pd.Series) and _same_keyed(got, expected, tolerance)
    if isinstance(expected, list | tuple):
        items = as_list(got)
        return (
            items is not None
            and len(items) == len(expected)
            and all(
                matches(g, e, tolerance=tolerance) for g, e in zip(items, expected, strict=True)
            )
        )
    if is_missing(expected) or is_missing(got):
        return is_missing(expected) and is_missing(got)
    if is_number(expected):
        return is_number(got) and bool(abs(got - expected) <= tolerance)  # type: ignore[operator]
    if isinstance(expected, date) and isinstance(got, date | np.datetime64):
        return pd.Timestamp(got) == pd.Timestamp(expected)
    return bool(types.is_scalar(got)) and bool(got == expected)


def is_number(value: object) -> bool:
    """Tell whether *value* is one number; True and False are not."""
    return isinstance(value, numbers.Real | np.number) and not isinstance(value, bool | np.bool_)


def is_missing(value: object) -> bool:
    """Tell whether *value* is None, NaN, NA or NaT."""
    return value is None or (types.is_scalar(value) and bool(pd.isna(value)))


def as_list(value: object) -> list[object] | None:
    """Read a list, tuple, array, Index or Series as a list, and anything else as None."""
    if isinstance(value, pd.Series | pd.Index | np.ndarray):
        return list(value.tolist()) if value.ndim else None
    return list(value) if isinstance(value, list | tuple) else None


def as_keyed(series: pd.Series) -> dict[object, object]:
    """Read a Series by its index; 2019, 2019.0 and "2019" are the same key."""
    return {_key(label): value for label, value in zip(series.index, series.tolist(), strict=True)}


def in_order(table: pd.DataFrame, by: By) -> pd.DataFrame:
    """Sort *table* by the columns *by* and number its rows; without *by* keep the order."""
    if by is not None:
        names = [by] if isinstance(by, str) else list(by)
        table = table.reset_index(drop=True).sort_values(names, key=_sortable, kind="stable")
    return table.reset_index(drop=True)


def same_cells(got: pd.Series, expected: pd.Series, tolerance: float) -> np.ndarray:
    """Tell cell by cell whether two columns of one length hold the same."""
    got, expected = _plain(got), _plain(expected)
    both_missing = got.isna().to_numpy() & expected.isna().to_numpy()
    if types.is_numeric_dtype(expected) and not types.is_bool_dtype(expected):
        return both_missing | _close(got, expected, tolerance)
    dates = [types.is_datetime64_any_dtype(side) for side in (got, expected)]
    if any(dates):
        # A date is not a text that looks like one, nor a time somewhere the same as one nowhere.
        comparable = all(dates) and (got.dt.tz is None) == (expected.dt.tz is None)
        return both_missing | (np.asarray(got.array == expected.array) if comparable else False)
    left, right = got.to_numpy(dtype=object), expected.to_numpy(dtype=object)
    if _is_all_text(left) and _is_all_text(right):
        return np.asarray(left == right, dtype=bool)
    same = both_missing.copy()
    for row in np.flatnonzero(~same):
        same[row] = left[row] is right[row] or bool(matches(left[row], right[row]))
    return same


def _is_all_text(values: np.ndarray) -> bool:
    return bool(types.infer_dtype(values, skipna=False) == "string")


def _same_table(got: pd.DataFrame, expected: pd.DataFrame, tolerance: float, by: By) -> bool:
    if len(got) != len(expected) or not set(expected.columns) <= set(got.columns):
        return False
    if not got.columns.is_unique:
        return False
    if by is not None and _same_table(got, expected, tolerance, None):
        return True  # as they stand: sorting is most of the work
    got, expected = in_order(got, by), in_order(expected, by)
    return all(same_cells(got[name], expected[name], tolerance).all() for name in expected.columns)


def _same_keyed(got: pd.Series, expected: pd.Series, tolerance: float) -> bool:
    mine, theirs = as_keyed(got), as_keyed(expected)
    return (
        len(got) == len(expected)
        and mine.keys() == theirs.keys()
        and all(matches(mine[key], theirs[key], tolerance=tolerance) for key in theirs)
    )


def _close(got: pd.Series, expected: pd.Series, tolerance: float) -> np.ndarray:
    if not types.is_numeric_dtype(got):
        # Text that looks like numbers is not numbers; None among numbers is a missing number.
        if not all(is_number(value) or is_missing(value) for value in got):
            return np.zeros(len(got), dtype=bool)
        got = pd.to_numeric(got.astype(object).where(got.notna(), np.nan))
    left, right = (side.to_numpy(dtype=float, na_value=np.nan) for side in (got, expected))
    return np.abs(left - right) <= tolerance


def _plain(column: pd.Series) -> pd.Series:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.astype(column.cat.categories.dtype)
    return column


def _sortable(column: pd.Series) -> pd.Series:
    column = _plain(column)
    if types.is_numeric_dtype(column) or types.is_datetime64_any_dtype(column):
        return column
    return column.astype(str)


def _key(label: object) -> object:
    try:
        return int(label)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        return label
