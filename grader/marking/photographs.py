"""Tell cheaply and exactly whether a list, dict, set, array or table changed in place."""

from __future__ import annotations

import operator
from collections import Counter, OrderedDict, defaultdict, deque
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import infer_dtype

MAPPINGS = (dict, Counter, OrderedDict, defaultdict)
_COLLECTIONS = (list, set, deque)
CHANGING = frozenset(
    (*MAPPINGS, *_COLLECTIONS, bytearray, np.ndarray, np.ma.MaskedArray, pd.Series, pd.DataFrame)
)
_LOOKED_INTO = CHANGING | {tuple}
_INSIDE = ("_ndarray", "_data", "_mask", "_left", "_right")  # of pandas' own arrays


def can_change(value: object) -> bool:
    """Tell whether *value* is plain data that can be changed in place."""
    return type(value) in CHANGING


def _is_text(value: Any) -> bool:
    return infer_dtype(value, skipna=True) == "string"


class Photograph:
    """
    Remember what a value held, without a copy of its objects.

    Elements are told apart by identity, numbers by their bytes. A table's columns are told by where
    they lie: pandas writes to a copy while another holds them, and this one does.
    """

    def __init__(self, value: object) -> None:
        self._objects: list[object] = []
        self._contents: list[object] = []
        self._held: list[object] = []
        self._look(value, set())

    def shows(self, value: object) -> bool:
        """Tell whether *value* is as it was."""
        now = Photograph(value)
        return (
            len(now._objects) == len(self._objects)
            and all(map(operator.is_, now._objects, self._objects))
            and now._contents == self._contents
        )

    def _look(self, value: Any, seen: set[int]) -> None:
        if id(value) in seen:
            return
        seen.add(id(value))
        if type(value) in MAPPINGS:
            self._each(list(value), seen)
            self._each(list(value.values()), seen)
        elif type(value) in _COLLECTIONS or type(value) is tuple:
            self._each(list(value), seen)
        elif isinstance(value, pd.Series | pd.DataFrame):
            self._table(value, seen)
        elif isinstance(value, np.ndarray):
            self._array(value, seen)
        elif type(value) is bytearray:
            self._contents.append(bytes(value))

    def _each(self, parts: list[Any], seen: set[int]) -> None:
        self._contents.append(len(parts))
        self._objects += parts
        if not _LOOKED_INTO.isdisjoint(map(type, parts)):
            for part in parts:
                if type(part) in _LOOKED_INTO:
                    self._look(part, seen)

    def _array(self, value: Any, seen: set[int]) -> None:
        self._contents += [value.dtype.str, value.shape]
        if value.dtype == object and type(value) is np.ndarray and _is_text(value):
            # The bytes of such an array are where its texts lie; held, none is given up meanwhile.
            self._held.append(value.copy())
            self._contents.append(value.tobytes())
        elif value.dtype.hasobject:
            self._each(np.ma.getdata(value).ravel().tolist(), seen)
        else:
            self._contents.append(np.ma.getdata(value).tobytes())
        if isinstance(value, np.ma.MaskedArray):
            self._contents.append(np.ma.getmaskarray(value).tobytes())

    def _table(self, value: Any, seen: set[int]) -> None:
        self._held.append(value.copy(deep=False))
        for block in value._mgr.blocks:
            column = block.values
            self._contents.append(block.mgr_locs.as_array.tobytes())
            if isinstance(column, np.ndarray) and column.dtype != object:
                where = column.__array_interface__["data"][0]
                self._contents += [where, column.shape, column.strides, column.dtype.str]
            elif isinstance(column, np.ndarray):
                self._array(column, seen)
            else:
                self._own_array(column, seen)
        for index in value.axes:
            self._objects.append(index)
            self._contents.append([repr(name) for name in index.names])
        if isinstance(value, pd.Series):
            self._contents.append(repr(value.name))
        self._look(value.attrs, seen)

    def _own_array(self, column: Any, seen: set[int]) -> None:
        """Look at one of pandas' own arrays: `.array[0] = …` writes into them."""
        self._contents.append(repr(column.dtype))
        inside = [part for name in _INSIDE if (part := getattr(column, name, None)) is not None]
        self._objects += [] if inside else [getattr(column, "_pa_array", column)]
        for part in inside:
            if isinstance(part, np.ndarray):
                self._array(part, seen)
            else:
                self._own_array(getattr(part, "array", part), seen)
