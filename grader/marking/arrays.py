"""The rows of the wire's table for NumPy: arrays, scalars and dtypes."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np

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
    """Write numbers and dates as bytes, text and objects element by element."""
    kind = value.dtype.kind
    if kind not in "biufcmMUSO" or value.dtype.names:
        raise NotPlain
    fortran = bool(value.ndim > 1 and value.flags.f_contiguous and not value.flags.c_contiguous)
    head = [value.dtype.str, list(value.shape), fortran]
    if kind == "O":
        return [*head, packing.nodes(value.ravel())]
    if kind == "U":
        packing.counted(value.size)
        return [*head, value.ravel().tolist()]
    return [*head, packing.buffer(value.tobytes())]


def _array_from(data: list[Any], unpacking: Unpacking) -> np.ndarray[Any, Any]:
    name, shape, fortran, content = data
    dtype = dtype_named(name)
    if len(shape) > 32 or any(type(n) is not int or not 0 <= n < 1 << 48 for n in shape):
        raise Refused("not a shape")
    flat = _flat(dtype, math.prod(shape), content, unpacking)
    array = flat.reshape(tuple(shape))
    return np.asfortranarray(array) if fortran is True else array


def _flat(
    dtype: np.dtype[Any], size: int, content: Any, unpacking: Unpacking
) -> np.ndarray[Any, Any]:
    if dtype.kind == "O":
        array = np.empty(len(content), dtype=object)
        for position, node in enumerate(content):
            array[position] = unpacking.value(node)
        return array
    if dtype.kind == "U":
        # Text comes as text: bytes could hold code points that do not exist.
        if type(content) is not list or not set(map(type, content)) <= {str}:
            raise Refused("not a text")
        if len(content) * dtype.itemsize > unpacking.codec.caps.size:
            raise Refused("too large")
        return np.array(content, dtype=dtype)
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


def _masked(value: Any, packing: Packing) -> list[Any]:
    return packing.nodes([value.data, np.ma.getmaskarray(value), value.fill_value])


def _masked_from(data: list[Any], unpacking: Unpacking) -> object:
    values, mask, fill = unpacking.values(data)
    return np.ma.MaskedArray(values, mask=mask, fill_value=fill)


_CODES = "?bBhHiIlLqQefdgFDGSUmM"
_SCALAR_TYPES = tuple(dict.fromkeys(np.dtype(code).type for code in _CODES))
_DTYPE_TYPES = tuple(dict.fromkeys(type(np.dtype(code)) for code in _CODES + "O"))

ROWS: tuple[Row, ...] = (
    Row(np.ndarray, "array", _array, _array_from, shared=True),
    Row(np.ma.MaskedArray, "masked", _masked, _masked_from, shared=True),
    *(Row(kind, "scalar", _scalar, _scalar_from) for kind in _SCALAR_TYPES),
    *(
        Row(kind, "dtype", lambda v, p: [v.str], lambda d, u: dtype_named(d[0]))
        for kind in _DTYPE_TYPES
    ),
)
