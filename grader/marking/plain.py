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
from functools import lru_cache, partial
from operator import attrgetter
from pathlib import PosixPath, PurePosixPath
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from grader.marking.wire import NotPlain, Packing, Refused, Row, Unpacking, items, parts

_BITS = struct.Struct(">d")  # of the floats that JSON has no word for
_DIGITS = 1 << 16  # a longer number costs more time to read than its bytes suggest
_LONGEST_RANGE = 10_000_000
_LONGEST_COUNT = 100
_ZONE = re.compile(r"[A-Za-z0-9_+\-]{1,40}(/[A-Za-z0-9_+\-]{1,40}){0,3}")
_FACTORIES: dict[str, Any] = {f.__name__: f for f in (list, dict, set, int, float, str, bool)}


class Texts(list[Any]):
    """Be many texts, and None, on their way: they cross as one buffer."""


def mapping(kind: Any, tag: str) -> Row:
    """Make the row of a mapping: its keys, then its values."""
    return items(kind, tag, _halves, lambda halves: kind(_mapped(halves)), shared=True)


def spelt(kind: Any, tag: str) -> Row:
    """Make the row of an immutable value that is built from its text."""
    return parts(kind, tag, lambda value: [str(value)], lambda text: kind(_text(text)))


def _halves(value: Any) -> list[Any]:
    return [*value.keys(), *value.values()]


def _mapped(halves: list[Any]) -> dict[Any, Any]:
    half = len(halves) // 2
    return dict(zip(halves[:half], halves[half:], strict=True))


def _text(value: Any) -> str:
    if type(value) is not str or len(value) > _DIGITS:
        raise Refused("not a text")
    return value


def _zone(value: Any) -> ZoneInfo:
    if not _ZONE.fullmatch(_text(value)):
        raise Refused("not a time zone")
    return ZoneInfo(value)


def _zone_key(value: ZoneInfo) -> list[str]:
    if value.key is None:
        raise NotPlain
    return [value.key]


def _clock(value: Any) -> list[Any]:
    return [value.replace(tzinfo=None).isoformat(), value.tzinfo, value.fold]


def _at(kind: Any, text: Any, zone: Any, fold: Any) -> object:
    return kind.fromisoformat(_text(text)).replace(tzinfo=zone, fold=fold)


def _range(*ends: int) -> range:
    """Read a range; to look for something in a very long one can be interrupted by nobody."""
    found = range(*ends)
    if found[_LONGEST_RANGE:]:
        raise Refused(f"a range of more than {_LONGEST_RANGE:,} numbers")
    return found


def _factory(value: defaultdict[Any, Any]) -> list[Any]:
    made = value.default_factory
    name = getattr(made, "__name__", "")
    return [name if _FACTORIES.get(name) is made else made, *_halves(value)]


def _made_by_factory(said: list[Any]) -> object:
    # One of the participant's own making stays with the participant, and is called there.
    made = _FACTORIES[said[0]] if type(said[0]) is str else said[0]
    return defaultdict(made, _mapped(said[1:]))


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


def _timezone(offset: timedelta, name: str) -> timezone:
    plain = timezone(offset)
    return plain if plain.tzname(None) == name else timezone(offset, name)


ROWS: tuple[Row, ...] = (
    _NAMED_ROW,
    Row(float, "float", lambda value, _: [_BITS.pack(value).hex()],
        lambda data, _: _BITS.unpack(bytes.fromhex(data[0]))[0]),
    Row(int, "int", lambda value, _: [hex(value)], lambda data, _: int(_text(data[0]), 16)),
    Row(bytes, "bytes", lambda v, p: [p.buffer(v)], lambda d, u: u.buffer(d[0])),
    Row(Texts, "texts", lambda v, p: p.texts(v), lambda d, u: u.texts(d)),
    parts(bytearray, "bytearray", lambda v: [bytes(v)], shared=True),
    parts(complex, "complex", attrgetter("real", "imag")),
    items(list, "list", shared=True),
    items(tuple, "tuple"),
    items(set, "set", shared=True),
    items(frozenset, "frozenset"),
    items(deque, "deque", lambda v: [v.maxlen, *v], lambda d: deque(d[1:], d[0]), shared=True),
    mapping(dict, "dict"),
    mapping(OrderedDict, "OrderedDict"),
    mapping(Counter, "Counter"),
    items(defaultdict, "defaultdict", _factory, _made_by_factory, shared=True),
    items(SimpleNamespace, "namespace", lambda v: _halves(vars(v)),
          lambda halves: SimpleNamespace(**_mapped(halves)), shared=True),
    items(type({}.keys()), "keys", together=lambda keys: dict.fromkeys(keys).keys()),
    items(type({}.values()), "values", together=lambda held: dict(enumerate(held)).values()),
    items(type({}.items()), "items", lambda v: _halves(dict(v)), lambda d: _mapped(d).items()),
    parts(range, "range", attrgetter("start", "stop", "step"), _range),
    parts(slice, "slice", attrgetter("start", "stop", "step")),
    parts(timedelta, "timedelta", attrgetter("days", "seconds", "microseconds")),
    parts(date, "date", attrgetter("year", "month", "day")),
    parts(datetime, "datetime", _clock, partial(_at, datetime)),
    parts(time, "time", _clock, partial(_at, time)),
    parts(timezone, "timezone", lambda v: [v.utcoffset(None), v.tzname(None)], _timezone),
    parts(ZoneInfo, "zone", _zone_key, _zone),
    parts(Fraction, "Fraction", attrgetter("numerator", "denominator")),
    *(spelt(kind, tag) for kind, tag in (
        (Decimal, "Decimal"), (uuid.UUID, "UUID"), (PosixPath, "Path"), (PurePosixPath, "PurePath"),
    )),
    parts(type(Ellipsis), "...", lambda v: [], lambda: Ellipsis),
    parts(type(NotImplemented), "NotImplemented", lambda v: [], lambda: NotImplemented),
)  # fmt: skip


def _spoken(data: list[Any], unpacking: Unpacking) -> object:
    """Read a mapping whose keys are texts, and no other key: theirs cannot be made to collide."""
    parts = unpacking.values(data)
    half = len(parts) // 2
    pairs = zip(parts[:half], parts[half:], strict=True)
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
