"""The rows of the wire's table for pandas: Series, DataFrame, indexes, scalars and dtypes."""

from __future__ import annotations

from datetime import timezone
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from pandas.api.internals import create_dataframe_from_blocks

from grader.marking.wire import NotPlain, Packing, Refused, Row, Unpacking

_MASKED = {
    "integers": pd.arrays.IntegerArray,
    "floats": pd.arrays.FloatingArray,
    "booleans": pd.arrays.BooleanArray,
}


def _zone(value: Any, packing: Packing) -> Any:
    if value is not None and type(value) not in (ZoneInfo, timezone):
        raise NotPlain
    return packing.node(value)


def _values(column: Any) -> Any:
    """Give what a Series or an index is made of: an ndarray or one of pandas' own arrays."""
    array = column.array
    return array.to_numpy() if type(array) is pd.arrays.NumpyExtensionArray else array


def _sent(array: Any, packing: Packing) -> Any:
    if type(array) not in packing.codec.by_type:  # type: ignore[attr-defined]
        raise NotPlain
    node = packing.node(array)
    if node[0] not in _ARRAY_TAGS and node[0] != "=":
        raise NotPlain
    return node


def _array(node: Any, unpacking: Unpacking) -> Any:
    array = unpacking.value(node)
    if not isinstance(array, np.ndarray | pd.api.extensions.ExtensionArray):
        raise Refused("not an array")
    return array


# Arrays


def _strings(value: Any, packing: Packing) -> list[Any]:
    texts = value.to_numpy(object)
    kinds = set(map(type, texts.tolist()))
    if kinds - {str}:
        texts = np.where(value.isna(), None, texts)
    return [value.dtype.storage, value.dtype.na_value is not pd.NA, *packing.texts(texts.tolist())]


def _strings_from(data: list[Any], unpacking: Unpacking) -> object:
    storage, with_nan, *written = data
    dtype = pd.StringDtype(storage, na_value=np.nan if with_nan else pd.NA)
    texts = unpacking.texts(written)
    return pd.array(np.fromiter(texts, object, len(texts)), dtype=dtype)


def _masked_from(kind: Any, data: list[Any], unpacking: Unpacking) -> object:
    values, mask = (_array(node, unpacking).copy() for node in data)
    return kind(values, mask)


def _categorical(value: Any, packing: Packing) -> list[Any]:
    return [*packing.nodes([value.codes, value.categories]), bool(value.ordered)]


def _categorical_from(data: list[Any], unpacking: Unpacking) -> object:
    codes, categories = unpacking.values(data[:2])
    return pd.Categorical.from_codes(codes, categories, ordered=data[2] is True)


def _moments(value: Any, packing: Packing) -> list[Any]:
    zone = _zone(getattr(value, "tz", None), packing)
    return [packing.node(value.asi8), value.unit, zone]


def _dates_from(data: list[Any], unpacking: Unpacking) -> Any:
    index = pd.DatetimeIndex(_array(data[0], unpacking).view(f"M8[{_unit(data[1])}]"))
    zone = unpacking.value(data[2])
    return (index if zone is None else index.tz_localize("UTC").tz_convert(zone)).array


def _spans_from(data: list[Any], unpacking: Unpacking) -> Any:
    return pd.TimedeltaIndex(_array(data[0], unpacking).view(f"m8[{_unit(data[1])}]")).array


def _unit(text: Any) -> Any:
    if text not in ("s", "ms", "us", "ns"):
        raise Refused("not a unit of time")
    return text


def _periods_from(data: list[Any], unpacking: Unpacking) -> object:
    return pd.PeriodIndex.from_ordinals(_array(data[0], unpacking), freq=str(data[1])).array


def _intervals(value: Any, packing: Packing) -> list[Any]:
    return [*packing.nodes([value.left, value.right]), value.closed]


# Indexes, Series, DataFrame


def _index(value: Any, packing: Packing) -> list[Any]:
    freq = value.freqstr if isinstance(value, pd.DatetimeIndex | pd.TimedeltaIndex) else None
    return [_sent(_values(value), packing), packing.node(value.name), freq]


def _index_from(data: list[Any], unpacking: Unpacking) -> Any:
    values, name = _array(data[0], unpacking), unpacking.value(data[1])
    index = pd.Index(values, dtype=values.dtype, name=name)
    if data[2] is not None:
        index.freq = str(data[2])
    return index


def _range(value: Any, packing: Packing) -> list[Any]:
    return packing.nodes([value.start, value.stop, value.step, value.name])


def _range_from(data: list[Any], unpacking: Unpacking) -> object:
    start, stop, step, name = unpacking.values(data)
    return pd.RangeIndex(start, stop, step, name=name)


def _levels(value: Any, packing: Packing) -> list[Any]:
    codes = [np.asarray(code) for code in value.codes]
    return [packing.nodes(value.levels), packing.nodes(codes), packing.nodes(value.names)]


def _levels_from(data: list[Any], unpacking: Unpacking) -> object:
    levels, codes, names = (unpacking.values(nodes) for nodes in data)
    return pd.MultiIndex(levels, codes, names=names)


def _series(value: Any, packing: Packing) -> list[Any]:
    column = _sent(_values(value), packing)
    return [column, *packing.nodes([value.index, value.name, dict(value.attrs)])]


def _series_from(data: list[Any], unpacking: Unpacking) -> object:
    values = _array(data[0], unpacking)
    index, name, attrs = unpacking.values(data[1:])
    series = pd.Series(values, index=index, dtype=values.dtype, name=name)
    series.attrs = attrs
    return series


def _frame(value: Any, packing: Packing) -> list[Any]:
    """Write columns of one NumPy type as one block, as pandas keeps them; others one by one."""
    blocks: list[Any] = []
    for block in value._mgr.blocks:
        places, held = block.mgr_locs.as_array.tolist(), block.values
        if type(held) is np.ndarray and held.dtype != object:
            blocks.append([places, packing.node(held)])
        else:
            columns = [_values(value.iloc[:, place]) for place in places]
            pairs = zip(places, columns, strict=True)
            blocks += [[[place], _sent(column, packing)] for place, column in pairs]
    return [blocks, *packing.nodes([value.index, value.columns, dict(value.attrs)])]


def _frame_from(data: list[Any], unpacking: Unpacking) -> Any:
    blocks = [(places, _array(node, unpacking)) for places, node in data[0]]
    index, columns, attrs = unpacking.values(data[1:])
    if not isinstance(index, pd.Index) or not isinstance(columns, pd.Index):
        raise Refused("not an index")
    if sorted(place for places, _ in blocks for place in places) != list(range(len(columns))):
        raise Refused("a column is there twice, or not at all")
    if any(held.shape not in _shapes(held, len(places), len(index)) for places, held in blocks):
        raise Refused("not a column of this table")
    made = [(_block(held), np.array(places, dtype=np.intp)) for places, held in blocks]
    frame = create_dataframe_from_blocks(made, index, columns)
    frame.attrs = attrs
    return frame


_FLAT = (np.ndarray, pd.arrays.DatetimeArray)


def _shapes(held: Any, columns: int, rows: int) -> list[tuple[int, ...]]:
    is_numbers = isinstance(held, np.ndarray) and held.dtype != object
    return [(columns, rows)] if is_numbers else [(rows,)] * (columns == 1)


def _block(held: Any) -> Any:
    """Give a block as pandas keeps it: most lie in two dimensions."""
    return held.reshape(1, -1) if isinstance(held, _FLAT) and held.ndim == 1 else held


# Scalars and dtypes


def _moment(value: Any, packing: Packing) -> list[Any]:
    zone = _zone(getattr(value, "tz", None), packing)
    return [int(value.asm8.view("i8")), value.unit, zone]


def _timestamp_from(data: list[Any], unpacking: Unpacking) -> object:
    moment = pd.Timestamp(np.datetime64(int(data[0]), _unit(data[1])))
    zone = unpacking.value(data[2])
    return moment if zone is None else moment.tz_localize("UTC").tz_convert(zone)


def _dtype(value: Any, packing: Packing) -> list[Any]:
    return [_sent(pd.array([], dtype=value), packing)]


def _interval_from(kind: Any, data: list[Any], unpacking: Unpacking) -> object:
    left, right = unpacking.values(data[:2])
    return kind(left, right, closed=data[2])


_STRINGS = tuple({type(pd.array(["a"], dtype=d)) for d in ("str", "string", "string[python]")})
_INDEXES = (
    pd.Index, pd.DatetimeIndex, pd.TimedeltaIndex, pd.PeriodIndex, pd.IntervalIndex,
    pd.CategoricalIndex,
)  # fmt: skip
_DTYPES = (
    pd.StringDtype, pd.CategoricalDtype, pd.DatetimeTZDtype, pd.PeriodDtype, pd.IntervalDtype,
    pd.BooleanDtype, pd.Float32Dtype, pd.Float64Dtype, pd.Int8Dtype, pd.Int16Dtype, pd.Int32Dtype,
    pd.Int64Dtype, pd.UInt8Dtype, pd.UInt16Dtype, pd.UInt32Dtype, pd.UInt64Dtype,
)  # fmt: skip
_ARRAYS = (
    *(Row(kind, "strings", _strings, _strings_from, shared=True) for kind in _STRINGS),
    *(
        Row(kind, tag, lambda v, p: p.nodes([v._data, v._mask]), partial(_masked_from, kind), True)
        for tag, kind in _MASKED.items()
    ),
    Row(pd.Categorical, "categorical", _categorical, _categorical_from, shared=True),
    Row(pd.arrays.DatetimeArray, "dates", _moments, _dates_from, shared=True),
    Row(pd.arrays.TimedeltaArray, "spans", _moments, _spans_from, shared=True),
    Row(pd.arrays.PeriodArray, "periods", lambda v, p: [p.node(v.asi8), v.freqstr],
        _periods_from, shared=True),
    Row(pd.arrays.IntervalArray, "intervals", _intervals,
        lambda d, u: _interval_from(pd.arrays.IntervalArray.from_arrays, d, u), shared=True),
)  # fmt: skip
_ARRAY_TAGS = {"array", *(row.tag for row in _ARRAYS)}

ROWS: tuple[Row, ...] = (
    *_ARRAYS,
    *(Row(kind, "index", _index, _index_from, shared=True) for kind in _INDEXES),
    Row(pd.RangeIndex, "rangeindex", _range, _range_from, shared=True),
    Row(pd.MultiIndex, "levels", _levels, _levels_from, shared=True),
    Row(pd.Series, "Series", _series, _series_from, shared=True),
    Row(pd.DataFrame, "DataFrame", _frame, _frame_from, shared=True),
    Row(pd.Timestamp, "Timestamp", _moment, _timestamp_from),
    Row(pd.Timedelta, "Timedelta", lambda v, p: [int(v.asm8.view("i8")), v.unit],
        lambda d, u: pd.Timedelta(np.timedelta64(int(d[0]), _unit(d[1])))),
    Row(pd.Period, "Period", lambda v, p: [v.ordinal, v.freqstr],
        lambda d, u: pd.Period(ordinal=d[0], freq=str(d[1]))),
    Row(pd.Interval, "Interval", _intervals, lambda d, u: _interval_from(pd.Interval, d, u)),
    Row(type(pd.NA), "NA", lambda v, p: [], lambda d, u: pd.NA),
    Row(type(pd.NaT), "NaT", lambda v, p: [], lambda d, u: pd.NaT),
    *(Row(kind, "xdtype", _dtype, lambda d, u: _array(d[0], u).dtype) for kind in _DTYPES),
)  # fmt: skip
