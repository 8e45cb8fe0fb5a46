"""The rows of the wire's table for Python's own types."""

from __future__ import annotations

import re
import struct
import uuid
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import PosixPath, PurePosixPath
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from grader.marking.wire import NotPlain, Packing, Refused, Row, Unpacking

_BITS = struct.Struct(">d")  # of the floats that JSON has no word for
_DIGITS = 1 << 16  # a longer number costs more time to read than its bytes suggest
_LONGEST_RANGE = 10_000_000
_LONGEST_COUNT = 100
_ZONE = re.compile(r"[A-Za-z0-9_+\-]{1,40}(/[A-Za-z0-9_+\-]{1,40}){0,3}")
_FACTORIES: dict[str, Any] = {f.__name__: f for f in (list, dict, set, int, float, str, bool)}


def sized(kind: Any, tag: str, *, shared: bool = False) -> Row:
    """Make the row of a collection that is built from its items."""
    return Row(
        kind,
        tag,
        lambda value, packing: [packing.nodes(value)],
        lambda data, unpacking: kind(unpacking.values(data[0])),
        shared,
    )


def mapping(kind: Any, tag: str) -> Row:
    """Make the row of a mapping that is built from its pairs, in order."""
    return Row(
        kind,
        tag,
        lambda value, packing: [packing.nodes(value.keys()), packing.nodes(value.values())],
        lambda data, unpacking: kind(_pairs(data, unpacking)),
        shared=True,
    )


def parts(kind: Any, tag: str, *names: str) -> Row:
    """Make the row of an immutable value that is built from the attributes *names*."""
    return Row(
        kind,
        tag,
        lambda value, packing: packing.nodes(getattr(value, name) for name in names),
        lambda data, unpacking: kind(*unpacking.values(data)),
    )


def spelt(kind: Any, tag: str) -> Row:
    """Make the row of an immutable value that is built from its text."""
    return Row(kind, tag, lambda value, _: [str(value)], lambda data, _: kind(_text(data[0])))


def _pairs(data: list[Any], unpacking: Unpacking) -> dict[Any, Any]:
    keys, values = unpacking.values(data[0]), unpacking.values(data[1])
    return dict(zip(keys, values, strict=True))


def _text(value: Any) -> str:
    if type(value) is not str or len(value) > _DIGITS:
        raise Refused("not a text")
    return value


def _zone(value: Any) -> ZoneInfo:
    if not _ZONE.fullmatch(_text(value)):
        raise Refused("not a time zone")
    return ZoneInfo(value)


def _zone_key(value: ZoneInfo, packing: Packing) -> list[Any]:
    if value.key is None:
        raise NotPlain
    return [value.key]


def _clock(value: Any, packing: Packing) -> list[Any]:
    return [value.replace(tzinfo=None).isoformat(), packing.node(value.tzinfo), value.fold]


def _at(kind: Any, data: list[Any], unpacking: Unpacking) -> object:
    zone = unpacking.value(data[1])
    return kind.fromisoformat(_text(data[0])).replace(tzinfo=zone, fold=data[2])


def _range_from(data: list[Any], unpacking: Unpacking) -> range:
    """Read a range; to look for something in a very long one can be interrupted by nobody."""
    found = range(*unpacking.values(data))
    if found[_LONGEST_RANGE:]:
        raise Refused(f"a range of more than {_LONGEST_RANGE:,} numbers")
    return found


def _factory(value: defaultdict[Any, Any], packing: Packing) -> list[Any]:
    made = value.default_factory
    known = made is None or _FACTORIES.get(getattr(made, "__name__", "")) is made
    name = getattr(made, "__name__", "") if known else packing.node(made)
    return [name, packing.nodes(value.keys()), packing.nodes(value.values())]


def _factory_from(data: list[Any], unpacking: Unpacking) -> object:
    # One of the participant's own making stays with the participant, and is called there.
    made = unpacking.value(data[0]) if type(data[0]) is list else _FACTORIES.get(data[0])
    return defaultdict(made, _pairs(data[1:], unpacking))


_NAMED = set(vars(namedtuple("_Named", ()))) | {
    "__annotations__", "__annotate__", "__annotate_func__", "__annotations_cache__",
    "__orig_bases__", "__conditional_annotations__", "__classcell__", "__static_attributes__",
    "__firstlineno__",
}  # fmt: skip


def named(kind: type) -> Row | None:
    """Give the row of *kind* if it is a named tuple with nothing of its own."""
    fields = getattr(kind, "_fields", None)
    if kind.__bases__ != (tuple,) or type(fields) is not tuple:
        return None
    return _NAMED_ROW if set(vars(kind)) <= _NAMED | set(fields) else None


def _named(value: Any, packing: Packing) -> list[Any]:
    kind = type(value)
    return [kind.__module__, kind.__qualname__, list(kind._fields), packing.nodes(value)]


def _named_from(data: list[Any], unpacking: Unpacking) -> object:
    module, name, fields, nodes = data
    if len(fields) > 100 or any(len(_text(text)) > 100 for text in (module, name, *fields)):
        raise Refused("not a named tuple")
    kind: Any = unpacking.codec.own_class(module, name)
    is_named = isinstance(kind, type) and named(kind) is not None
    if not is_named or kind._fields != tuple(fields):
        kind = _named_like(module, name, tuple(fields))
    return kind(*unpacking.values(nodes))


@lru_cache(maxsize=1000)
def _named_like(module: str, name: str, fields: tuple[str, ...]) -> type:
    # It takes identifiers only, and refuses any other text.
    made: Any = namedtuple(name.rpartition(".")[2], fields)  # type: ignore[misc]
    made.__module__, made.__qualname__ = module, name
    return made


class AnyNamed:
    """Stand for every plain named tuple in the table."""


_NAMED_ROW = Row(AnyNamed, "named", _named, _named_from)


def _offset(value: timezone, packing: Packing) -> list[Any]:
    named = value.tzname(None) if value != timezone(value.utcoffset(None)) else None
    return packing.nodes([value.utcoffset(None), named or value.tzname(None)])


def _timezone(data: list[Any], unpacking: Unpacking) -> timezone:
    offset, name = unpacking.values(data)
    plain = timezone(offset)
    return plain if plain.tzname(None) == name else timezone(offset, name)


ROWS: tuple[Row, ...] = (
    _NAMED_ROW,
    Row(float, "float", lambda value, _: [_BITS.pack(value).hex()],
        lambda data, _: _BITS.unpack(bytes.fromhex(data[0]))[0]),
    Row(int, "int", lambda value, _: [hex(value)], lambda data, _: int(_text(data[0]), 16)),
    Row(complex, "complex", lambda v, p: p.nodes([v.real, v.imag]), lambda d, u: complex(*u.values(d))),
    Row(bytes, "bytes", lambda v, p: [p.buffer(v)], lambda d, u: u.buffer(d[0])),
    Row(bytearray, "bytearray", lambda v, p: [p.buffer(bytes(v))],
        lambda d, u: bytearray(u.buffer(d[0])), shared=True),
    sized(list, "list", shared=True),
    sized(tuple, "tuple"),
    sized(set, "set", shared=True),
    sized(frozenset, "frozenset"),
    mapping(dict, "dict"),
    mapping(OrderedDict, "OrderedDict"),
    mapping(Counter, "Counter"),
    Row(defaultdict, "defaultdict", _factory, _factory_from, shared=True),
    Row(SimpleNamespace, "namespace", lambda v, p: [p.node(vars(v))],
        lambda d, u: SimpleNamespace(**u.value(d[0])), shared=True),
    Row(type({}.keys()), "keys", lambda v, p: [p.nodes(v)],
        lambda d, u: dict.fromkeys(u.values(d[0])).keys()),
    Row(type({}.values()), "values", lambda v, p: [p.nodes(v)],
        lambda d, u: dict(enumerate(u.values(d[0]))).values()),
    Row(type({}.items()), "items", lambda v, p: [p.nodes(k for k, _ in v), p.nodes(x for _, x in v)],
        lambda d, u: _pairs(d, u).items()),
    Row(deque, "deque", lambda v, p: [p.nodes(v), p.node(v.maxlen)],
        lambda d, u: deque(u.values(d[0]), u.value(d[1])), shared=True),
    Row(range, "range", lambda v, p: p.nodes([v.start, v.stop, v.step]), _range_from),
    parts(slice, "slice", "start", "stop", "step"),
    parts(timedelta, "timedelta", "days", "seconds", "microseconds"),
    parts(date, "date", "year", "month", "day"),
    Row(datetime, "datetime", _clock, lambda d, u: _at(datetime, d, u)),
    Row(time, "time", _clock, lambda d, u: _at(time, d, u)),
    Row(timezone, "timezone", _offset, _timezone),
    Row(ZoneInfo, "zone", _zone_key, lambda d, _: _zone(d[0])),
    spelt(Decimal, "Decimal"),
    parts(Fraction, "Fraction", "numerator", "denominator"),
    spelt(uuid.UUID, "UUID"),
    spelt(PosixPath, "Path"),
    spelt(PurePosixPath, "PurePath"),
    Row(type(Ellipsis), "...", lambda v, p: [], lambda d, u: Ellipsis),
    Row(type(NotImplemented), "NotImplemented", lambda v, p: [], lambda d, u: NotImplemented),
)  # fmt: skip


def _spoken(data: list[Any], unpacking: Unpacking) -> object:
    """Read a mapping whose keys are texts, and no other key: theirs cannot be made to collide."""
    keys, values = unpacking.values(data[0]), unpacking.values(data[1])
    pairs = zip(keys, values, strict=True)
    return {key: value for key, value in pairs if type(key) is str}


def _counted(data: list[Any], unpacking: Unpacking) -> object:
    if len(_text(data[0])) > _LONGEST_COUNT:
        raise Refused("not a number that anybody counts to")
    return int(data[0], 16)


# What a process outside the sandbox reads of one inside: nothing that takes longer than its bytes.
WORDS: tuple[Row, ...] = (
    *(row for row in ROWS if row.tag in ("float", "bytes", "list", "tuple")),
    Row(int, "int", lambda value, _: [hex(value)], _counted),
    *(replace(row, from_data=_spoken) for row in ROWS if row.tag in ("dict", "OrderedDict")),
)
