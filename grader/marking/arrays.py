"""The rows of the wire's table for NumPy: arrays, scalars and dtypes."""

from __future__ import annotations

import math
import re
from functools import partial
from typing import Any

import numpy as np
from scipy import sparse

from grader.marking.plain import Texts
from grader.marking.wire import NotPlain, Refused, Row, parts

_DTYPE = re.compile(
    r"[<>|=][biufcSU]\d{1,9}|[<>|=][mM]8(\[\d{0,9}(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?"
)
_TEXTS = {str, type(None)}
_MOST_BYTES = 19 << 20  # of one array: a wide text dtype makes many of a few
Array = np.ndarray[Any, Any]


def dtype_named(text: Any) -> np.dtype[Any]:
    """Give the dtype of a short list that *text* names; anything else is refused."""
    if type(text) is not str or not (text == "|O" or _DTYPE.fullmatch(text)):
        raise Refused("not a dtype")
    return np.dtype(text)


def _array(value: Array) -> list[Any]:
    """Take an array apart: how it lies in memory, whether it may be written to, what it holds."""
    if value.dtype.kind not in "biufcMmUSOV":
        raise NotPlain
    fortran = bool(value.ndim > 1 and value.flags.f_contiguous and not value.flags.c_contiguous)
    return [value.dtype, value.shape, fortran, bool(value.flags.writeable), _held(value)]


def _held(value: Array) -> object:
    """Give numbers and dates as bytes, text and objects element by element, fields one by one."""
    if value.dtype.names:
        return tuple(value[name] for name in value.dtype.names)
    if value.dtype.kind not in "UO":
        return value.tobytes()
    flat = list(value.ravel()) if value.dtype.kind == "O" else value.ravel().tolist()
    return Texts(flat) if set(map(type, flat)) <= _TEXTS else tuple(flat)


def _array_of(dtype: Any, shape: Any, fortran: Any, writeable: Any, held: Any) -> Array:
    if not isinstance(dtype, np.dtype) or type(shape) is not tuple or len(shape) > 32:
        raise Refused("not an array")
    if any(type(side) is not int or not 0 <= side < 1 << 48 for side in shape):
        raise Refused("not a shape")
    array = _fields_of(dtype, shape, held) if dtype.names else _flat(dtype, shape, held)
    array = np.asfortranarray(array) if fortran is True else array
    array.flags.writeable = writeable is True
    return array


def _flat(dtype: np.dtype[Any], shape: tuple[int, ...], held: Any) -> Array:
    # Text comes as text: bytes could hold code points that do not exist.
    kinds = {"O": (list, tuple), "U": (list,)}.get(dtype.kind, (bytes,))
    one = 1 if bytes not in kinds else dtype.itemsize
    if type(held) not in kinds or (dtype.kind == "U" and set(map(type, held)) - {str}):
        raise Refused("not what such an array holds")
    size = math.prod(shape)
    if len(held) != size * one or size * dtype.itemsize > _MOST_BYTES:
        raise Refused("an array of another size")
    if dtype.kind == "O":
        return np.fromiter(held, dtype, size).reshape(shape)
    if dtype.kind == "U":
        return np.array(held, dtype).reshape(shape)
    if dtype.kind == "b":
        return (np.frombuffer(held, np.uint8) != 0).reshape(shape)
    return np.frombuffer(held, dtype).reshape(shape).copy() if one else np.zeros(shape, dtype)


def _fields_of(dtype: np.dtype[Any], shape: tuple[int, ...], columns: Any) -> Array:
    if type(columns) is not tuple or any(column.shape[: len(shape)] != shape for column in columns):
        raise Refused("not a shape")
    array = np.empty(columns[0].shape[: len(shape)], dtype)
    for name, column in zip(dtype.names or (), columns, strict=True):
        array[name] = column
    return array


def _fields(value: np.dtype[Any]) -> list[Any]:
    made = [] if value.names is None else [(n, value[n].base, value[n].shape) for n in value.names]
    if not made or np.dtype(made) != value:
        raise NotPlain  # bytes without a form, or fields that overlap
    return [part for each in made for part in each]


def _fields_dtype(*said: Any) -> np.dtype[Any]:
    if len(said) > 300 or not all(isinstance(each, np.dtype) for each in said[1::3]):
        raise Refused("not a dtype")
    return np.dtype(list(zip(said[::3], said[1::3], said[2::3], strict=True)))


def _one_of(array: Any) -> object:
    if type(array) is not np.ndarray or array.ndim or array.dtype.kind == "O":
        raise Refused("not a scalar")
    return array[()]


def _sparse(value: Any) -> list[Any]:
    names = ("row", "col", "data") if value.format == "coo" else ("data", "indices", "indptr")
    return [value.shape, *(getattr(value, name) for name in names)]


def _sparse_of(kind: Any, shape: Any, *held: Any) -> object:
    first, second, third = held
    if len(shape) != 2 or any(type(each) is not np.ndarray or each.ndim != 1 for each in held):
        raise Refused("not a sparse matrix")
    if kind.__name__.startswith("coo"):
        return kind((third, (first, second)), shape=shape)
    made = kind(held, shape=shape)
    made.check_format(full_check=True)  # compiled code believes the indices
    return made


def _masked(values: Any, mask: Any, fill: Any) -> object:
    return np.ma.MaskedArray(values, mask=mask, fill_value=fill)


_CODES = "?bBhHiIlLqQefdgFDGSUmM"
_SCALARS = (np.void, *dict.fromkeys(np.dtype(code).type for code in _CODES))
_DTYPES = tuple(dict.fromkeys(type(np.dtype(code)) for code in _CODES + "O"))
_SPARSE = (
    sparse.csr_matrix, sparse.csc_matrix, sparse.coo_matrix,
    sparse.csr_array, sparse.csc_array, sparse.coo_array,
)  # fmt: skip

ROWS: tuple[Row, ...] = (
    parts(np.ndarray, "array", _array, _array_of, shared=True),
    parts(np.matrix, "matrix", lambda v: [np.asarray(v)], np.asmatrix, shared=True),
    parts(np.ma.MaskedArray, "masked",
          lambda v: [v.data, np.ma.getmaskarray(v), v.fill_value], _masked, shared=True),
    parts(type(np.ma.masked), "all masked", lambda v: [], lambda: np.ma.masked),
    parts(np.dtypes.VoidDType, "fields dtype", _fields, _fields_dtype),
    *(parts(kind, "dtype", lambda v: [v.str], dtype_named) for kind in _DTYPES),
    *(parts(kind, "scalar", lambda v: [np.asarray(v)], _one_of) for kind in _SCALARS),
    *(parts(k, k.__name__, _sparse, partial(_sparse_of, k), shared=True) for k in _SPARSE),
)  # fmt: skip
