"""The rows of the wire's table for pandas: Series, DataFrame, indexes, scalars and dtypes."""

from __future__ import annotations

from functools import partial
from operator import attrgetter
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.internals import create_dataframe_from_blocks

from grader.marking.plain import Texts
from grader.marking.wire import Refused, Row, parts

_FLAT = (np.ndarray, pd.arrays.DatetimeArray)


def _values(column: Any) -> Any:
    """Give what a Series or an index is made of: an ndarray or one of pandas' own arrays."""
    array = column.array
    return array.to_numpy() if type(array) is pd.arrays.NumpyExtensionArray else array


def _array(value: Any) -> Any:
    if not isinstance(value, np.ndarray | pd.api.extensions.ExtensionArray):
        raise Refused("not an array")
    return value


# Arrays


def _strings(value: Any) -> list[Any]:
    texts = value.to_numpy(object)
    if set(map(type, texts.tolist())) - {str}:
        texts = np.where(value.isna(), None, texts)
    return [value.dtype.storage, value.dtype.na_value is not pd.NA, Texts(texts.tolist())]


def _strings_of(storage: Any, with_nan: Any, texts: Any) -> object:
    dtype = pd.StringDtype(storage, na_value=np.nan if with_nan else pd.NA)
    return pd.array(np.fromiter(texts, object, len(texts)), dtype=dtype)


def _masked(kind: Any, values: Any, mask: Any) -> object:
    return kind(_array(values).copy(), _array(mask).copy())


def _categorical(codes: Any, categories: Any, ordered: Any) -> object:
    return pd.Categorical.from_codes(codes, categories, ordered=ordered is True)


def _dates(count: Any, unit: Any, zone: Any) -> Any:
    index = pd.DatetimeIndex(_array(count).view(f"M8[{_unit(unit)}]"))
    return (index if zone is None else index.tz_localize("UTC").tz_convert(zone)).array


def _spans(count: Any, unit: Any) -> Any:
    return pd.TimedeltaIndex(_array(count).view(f"m8[{_unit(unit)}]")).array


def _unit(text: Any) -> Any:
    if text not in ("s", "ms", "us", "ns"):
        raise Refused("not a unit of time")
    return text


def _periods(count: Any, frequency: Any) -> object:
    return pd.PeriodIndex.from_ordinals(_array(count), freq=str(frequency)).array


def _interval(kind: Any, left: Any, right: Any, closed: Any) -> object:
    return kind(left, right, closed=closed)


# Indexes, Series, DataFrame: a name may be anything, so it goes inside a tuple


def _index(value: Any) -> list[Any]:
    is_regular = isinstance(value, pd.DatetimeIndex | pd.TimedeltaIndex)
    return [_values(value), (value.name,), value.freqstr if is_regular else None]


def _index_of(values: Any, names: Any, frequency: Any) -> Any:
    index = pd.Index(_array(values), dtype=values.dtype, name=names[0])
    if frequency is not None:
        index.freq = str(frequency)
    return index


def _range(start: Any, stop: Any, step: Any, names: Any) -> object:
    return pd.RangeIndex(start, stop, step, name=names[0])


def _levels(value: Any) -> list[Any]:
    return [tuple(value.names), *value.levels, *map(np.asarray, value.codes)]


def _levels_of(names: Any, *halves: Any) -> object:
    count = len(halves) // 2
    return pd.MultiIndex(halves[:count], halves[count:], names=names)


def _series(value: Any) -> list[Any]:
    return [_values(value), value.index, (value.name,), dict(value.attrs)]


def _series_of(values: Any, index: Any, names: Any, attrs: Any) -> object:
    series = pd.Series(_array(values), index=index, dtype=values.dtype, name=names[0])
    series.attrs = attrs
    return series


def _frame(value: Any) -> list[Any]:
    """Take columns of one NumPy type as one block, as pandas keeps them; others one by one."""
    blocks: list[tuple[tuple[int, ...], Any]] = []
    for block in value._mgr.blocks:
        places, held = tuple(block.mgr_locs.as_array.tolist()), block.values
        if type(held) is np.ndarray and held.dtype != object:
            blocks.append((places, held))
        else:
            columns = [held] if held.ndim == 1 else list(held)
            blocks += [((place,), column) for place, column in zip(places, columns, strict=True)]
    where = tuple(places for places, _ in blocks)
    return [value.index, value.columns, dict(value.attrs), where, *(held for _, held in blocks)]


def _frame_of(index: Any, columns: Any, attrs: Any, where: Any, *blocks: Any) -> Any:
    if not isinstance(index, pd.Index) or not isinstance(columns, pd.Index):
        raise Refused("not an index")
    if sorted(place for places in where for place in places) != list(range(len(columns))):
        raise Refused("a column is there twice, or not at all")
    pairs = list(zip(where, map(_array, blocks), strict=True))
    if any(held.shape not in _shapes(held, len(places), len(index)) for places, held in pairs):
        raise Refused("not a column of this table")
    made = [(_block(held), np.array(places, dtype=np.intp)) for places, held in pairs]
    frame = create_dataframe_from_blocks(made, index, columns)
    frame.attrs = attrs
    return frame


def _shapes(held: Any, columns: int, rows: int) -> list[tuple[int, ...]]:
    is_numbers = isinstance(held, np.ndarray) and held.dtype != object
    return [(columns, rows)] if is_numbers else [(rows,)] * (columns == 1)


def _block(held: Any) -> Any:
    """Give a block as pandas keeps it: most lie in two dimensions."""
    return held.reshape(1, -1) if isinstance(held, _FLAT) and held.ndim == 1 else held


# Scalars


def _moment(value: Any) -> list[Any]:
    return [int(value.asm8.view("i8")), value.unit]


def _timestamp(count: Any, unit: Any, zone: Any) -> object:
    moment = pd.Timestamp(np.datetime64(int(count), _unit(unit)))
    return moment if zone is None else moment.tz_localize("UTC").tz_convert(zone)


def _span(count: Any, unit: Any) -> object:
    return pd.Timedelta(np.timedelta64(int(count), _unit(unit)))


def _period(ordinal: Any, frequency: Any) -> object:
    return pd.Period(ordinal=ordinal, freq=str(frequency))


_STRINGS = {type(pd.array(["a"], dtype=d)) for d in ("str", "string", "string[python]")}
_MASKED = (pd.arrays.IntegerArray, pd.arrays.FloatingArray, pd.arrays.BooleanArray)
_ENDS = attrgetter("left", "right", "closed")
_INDEXES = (
    pd.Index, pd.DatetimeIndex, pd.TimedeltaIndex, pd.PeriodIndex, pd.IntervalIndex,
    pd.CategoricalIndex,
)  # fmt: skip
_DTYPES = (
    pd.StringDtype, pd.CategoricalDtype, pd.DatetimeTZDtype, pd.PeriodDtype, pd.IntervalDtype,
    pd.BooleanDtype, pd.Float32Dtype, pd.Float64Dtype, pd.Int8Dtype, pd.Int16Dtype, pd.Int32Dtype,
    pd.Int64Dtype, pd.UInt8Dtype, pd.UInt16Dtype, pd.UInt32Dtype, pd.UInt64Dtype,
)  # fmt: skip

_CHANGING: tuple[tuple[Any, ...], ...] = (
    *((kind, "strings", _strings, _strings_of) for kind in _STRINGS),
    *((kind, kind.__name__, attrgetter("_data", "_mask"), partial(_masked, kind))
      for kind in _MASKED),
    (pd.Categorical, "categorical", attrgetter("codes", "categories", "ordered"), _categorical),
    (pd.arrays.DatetimeArray, "dates", attrgetter("asi8", "unit", "tz"), _dates),
    (pd.arrays.TimedeltaArray, "spans", attrgetter("asi8", "unit"), _spans),
    (pd.arrays.PeriodArray, "periods", attrgetter("asi8", "freqstr"), _periods),
    (pd.arrays.IntervalArray, "intervals", _ENDS,
     partial(_interval, pd.arrays.IntervalArray.from_arrays)),
    *((kind, "index", _index, _index_of) for kind in _INDEXES),
    (pd.RangeIndex, "rangeindex", lambda v: [v.start, v.stop, v.step, (v.name,)], _range),
    (pd.MultiIndex, "levels", _levels, _levels_of),
    (pd.Series, "Series", _series, _series_of),
    (pd.DataFrame, "DataFrame", _frame, _frame_of),
)  # fmt: skip

ROWS: tuple[Row, ...] = (
    *(parts(*each, shared=True) for each in _CHANGING),
    parts(pd.Timestamp, "Timestamp", lambda v: [*_moment(v), v.tz], _timestamp),
    parts(pd.Timedelta, "Timedelta", _moment, _span),
    parts(pd.Period, "Period", attrgetter("ordinal", "freqstr"), _period),
    parts(pd.Interval, "Interval", _ENDS),
    parts(type(pd.NA), "NA", lambda v: [], lambda: pd.NA),
    parts(type(pd.NaT), "NaT", lambda v: [], lambda: pd.NaT),
    *(parts(kind, "xdtype", lambda v: [pd.array([], dtype=v)], attrgetter("dtype"))
      for kind in _DTYPES),
)  # fmt: skip
