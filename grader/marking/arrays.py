"""The rows of the wire's table for NumPy: arrays, scalars and dtypes."""

from __future__ import annotations

import math
import re
from functools import partial
from typing import Any

import numpy as np
from scipy import sparse

from grader.marking.wire import NotPlain, Packing, Refused, Row, Unpacking

_DTYPE = re.compile(
    r"[<>|=][biufcSU]\d{1,9}|[<>|=][mM]8(\[\d{0,9}(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?"
)


def dtype_named(text: Any) -> np.dtype[Any]:
    """Give the dtype of a short list that *text* names; anything else is refused."""
    if type(text) is not str or not (text == "|O" or _DTYPE.fullmatch(text)):
        raise Refused("not a dtype")
    return np.dtype(text)


def _array(value: np.ndarray[Any, Any], packing: Packing) -> list[Any]:
    """Write numbers and dates as bytes, text and objects element by element, fields one by one."""
    if value.dtype.names:
        return ["fields", *_fields(value, packing)]
    kind = value.dtype.kind
    if kind not in "biufcmMUSO":
        raise NotPlain
    fortran = bool(value.ndim > 1 and value.flags.f_contiguous and not value.flags.c_contiguous)
    # How it lies in memory, and whether it may be written to.
    head = [value.dtype.str, list(value.shape), fortran, bool(value.flags.writeable)]
    if kind == "U" or (kind == "O" and set(map(type, value.ravel().tolist())) <= _TEXTS):
        return [*head, ["texts", *packing.texts(value.ravel().tolist())]]
    if kind == "O":
        return [*head, packing.nodes(value.ravel())]
    return [*head, packing.buffer(value.tobytes())]


def _array_from(data: list[Any], unpacking: Unpacking) -> np.ndarray[Any, Any]:
    if data[0] == "fields":
        return _fields_from(data[1:], unpacking)
    name, shape, fortran, writeable, content = data
    dtype = dtype_named(name)
    if len(shape) > 32 or any(type(n) is not int or not 0 <= n < 1 << 48 for n in shape):
        raise Refused("not a shape")
    flat = _flat(dtype, math.prod(shape), content, unpacking)
    array = flat.reshape(tuple(shape))
    array = np.asfortranarray(array) if fortran is True else array
    array.flags.writeable = writeable is True
    return array


def _flat(
    dtype: np.dtype[Any], size: int, content: Any, unpacking: Unpacking
) -> np.ndarray[Any, Any]:
    if type(content) is list:
        is_texts = content[:1] == ["texts"]
        values = unpacking.texts(content[1:]) if is_texts else unpacking.values(content)
        # Text comes as text: bytes could hold code points that do not exist.
        if dtype.kind != "O" and (dtype.kind != "U" or set(map(type, values)) - {str}):
            raise Refused("not a text")
        if len(values) * dtype.itemsize > unpacking.codec.caps.size:
            raise Refused("too large")
        if len(values) != size:
            raise Refused("an array of another size")
        return np.fromiter(values, dtype, size) if dtype.kind == "O" else np.array(values, dtype)
    raw = unpacking.buffer(content)
    if len(raw) != size * dtype.itemsize:
        raise Refused("an array of another size")
    if dtype.kind == "b":
        return np.frombuffer(raw, np.uint8) != 0
    return np.frombuffer(raw, dtype).copy() if dtype.itemsize else np.zeros(size, dtype)


def _scalar(value: np.generic, packing: Packing) -> list[Any]:
    return [packing.node(np.asarray(value))]


def _scalar_from(data: list[Any], unpacking: Unpacking) -> object:
    array = unpacking.value(data[0])
    if type(array) is not np.ndarray or array.ndim or array.dtype.kind == "O":
        raise Refused("not a scalar")
    return array[()]


def _fields(value: np.ndarray[Any, Any], packing: Packing) -> list[Any]:
    return [
        list(value.shape),
        *packing.nodes([value.dtype, *(value[n] for n in value.dtype.names)]),
    ]


def _fields_from(data: list[Any], unpacking: Unpacking) -> np.ndarray[Any, Any]:
    shape, (dtype, *columns) = data[0], unpacking.values(data[1:])
    if any(column.shape[: len(shape)] != tuple(shape) for column in columns):
        raise Refused("not a shape")
    array = np.empty(columns[0].shape[: len(shape)], dtype)
    for name, column in zip(dtype.names, columns, strict=True):
        array[name] = column
    return array


def _fields_dtype(value: np.dtype[Any], packing: Packing) -> list[Any]:
    made = [] if value.names is None else [(n, value[n].base, value[n].shape) for n in value.names]
    if not made or np.dtype(made) != value:
        raise NotPlain  # bytes without a form, or fields that overlap
    return packing.nodes(part for each in made for part in each)


def _fields_dtype_from(data: list[Any], unpacking: Unpacking) -> np.dtype[Any]:
    parts = unpacking.values(data)
    if len(parts) > 300 or not all(isinstance(each, np.dtype) for each in parts[1::3]):
        raise Refused("not a dtype")
    return np.dtype(list(zip(parts[::3], parts[1::3], parts[2::3], strict=True)))


def _sparse(value: Any, packing: Packing) -> list[Any]:
    names = ("row", "col", "data") if value.format == "coo" else ("data", "indices", "indptr")
    return [*packing.nodes(getattr(value, name) for name in names), list(value.shape)]


def _sparse_from(kind: Any, data: list[Any], unpacking: Unpacking) -> object:
    *parts, shape = data
    first, second, third = (np.asarray(each) for each in unpacking.values(parts))
    if len(shape) != 2 or any(each.ndim != 1 for each in (first, second, third)):
        raise Refused("not a sparse matrix")
    if kind.__name__.startswith("coo"):
        return kind((third, (first, second)), shape=tuple(shape))
    made = kind((first, second, third), shape=tuple(shape))
    made.check_format(full_check=True)  # compiled code believes the indices
    return made


def _masked(value: Any, packing: Packing) -> list[Any]:
    return packing.nodes([value.data, np.ma.getmaskarray(value), value.fill_value])


def _masked_from(data: list[Any], unpacking: Unpacking) -> object:
    values, mask, fill = unpacking.values(data)
    return np.ma.MaskedArray(values, mask=mask, fill_value=fill)


_TEXTS = {str, type(None)}
_CODES = "?bBhHiIlLqQefdgFDGSUmM"
_SCALAR_TYPES = tuple(dict.fromkeys(np.dtype(code).type for code in _CODES))
_DTYPE_TYPES = tuple(dict.fromkeys(type(np.dtype(code)) for code in _CODES + "O"))

_SPARSE = (
    sparse.csr_matrix, sparse.csc_matrix, sparse.coo_matrix,
    sparse.csr_array, sparse.csc_array, sparse.coo_array,
)  # fmt: skip

ROWS: tuple[Row, ...] = (
    Row(np.ndarray, "array", _array, _array_from, shared=True),
    Row(
        np.matrix,
        "matrix",
        lambda v, p: [p.node(np.asarray(v))],
        lambda d, u: np.asmatrix(u.value(d[0])),
        shared=True,
    ),
    Row(np.ma.MaskedArray, "masked", _masked, _masked_from, shared=True),
    Row(type(np.ma.masked), "all masked", lambda v, p: [], lambda d, u: np.ma.masked),
    Row(np.void, "scalar", _scalar, _scalar_from),
    Row(np.dtypes.VoidDType, "fields dtype", _fields_dtype, _fields_dtype_from),
    *(
        Row(kind, kind.__name__, _sparse, partial(_sparse_from, kind), shared=True)
        for kind in _SPARSE
    ),
    *(Row(kind, "scalar", _scalar, _scalar_from) for kind in _SCALAR_TYPES),
    *(
        Row(kind, "dtype", lambda v, p: [v.str], lambda d, u: dtype_named(d[0]))
        for kind in _DTYPE_TYPES
    ),
)
