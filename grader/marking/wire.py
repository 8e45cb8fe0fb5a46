"""
The format in which values cross between candidate and examiner, and its one decoder.

A frame is a version, one JSON text and the binary buffers it points at. In the JSON, None, bool,
str, small int and finite float stand for themselves; everything else is `[tag, data...]`, one row
of a table saying (type, to data, from data) for each tag. Rows are found by the exact type: a
subclass of a plain type is not plain. Whatever bytes arrive, the decoder gives a plain value or
raises Refused, and builds nothing that could run. Nothing here knows what a notebook is.

A list, dict, set, array or table that occurs twice in one value occurs twice as the same object
after the crossing; one that contains itself is refused.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from json import dumps, loads  # by name: what a participant does to json is not felt here
from typing import Any

VERSION = b"gw1\n"
_HEAD = struct.Struct(">4sI")
_SCALARS = (bool, str, float, int, type(None))
_SCALAR_SET = set(_SCALARS)
_BITS = struct.Struct(">d")  # a float that JSON has no word for, with its sign and its payload
_SMALL = 1 << 63


class Refused(Exception):  # noqa: N818  people read it as what happened
    """A value cannot be sent, or what arrived is not a value."""


class NotPlain(Exception):  # noqa: N818
    """A row says that this object of its type has no plain form; another way may be found."""


@dataclass(frozen=True)
class Caps:
    """Bound one frame: its bytes, how deep it is nested, how many values it holds."""

    size: int = 19 << 20
    depth: int = 60
    count: int = 4_000_000


@dataclass(frozen=True)
class Row:
    """Say how values of exactly one type cross; *shared* ones keep their identity in a frame."""

    kind: type
    tag: str
    to_data: Callable[[Any, Packing], list[Any]]
    from_data: Callable[[list[Any], Unpacking], object]
    shared: bool = False


def items(
    kind: Any, tag: str, apart: Callable[[Any], Iterable[object]] = list, together: Any = None,
    *, shared: bool = False,
) -> Row:  # fmt: skip
    """Make the row of a collection: *together*, or its type, makes one of its items, whatever they are."""
    make = together or kind
    return Row(
        kind,
        tag,
        lambda value, packing: packing.nodes(apart(value)),
        lambda data, unpacking: make(unpacking.values(data)),
        shared,
    )


def parts(
    kind: Any, tag: str, apart: Callable[[Any], Iterable[object]], together: Any = None,
    *, shared: bool = False,
) -> Row:  # fmt: skip
    """Make the row of a value that *together*, or its type, makes of a few plain parts."""
    make = together or kind
    return Row(
        kind,
        tag,
        lambda value, packing: packing.parts(apart(value)),
        lambda data, unpacking: make(*unpacking.parts(data)),
        shared,
    )


@dataclass(frozen=True)
class Codec:
    """
    Turn values into frames and back.

    *family* gives the row of a class that is none of the table's but one of a kind; *otherwise*
    gives the data of an object that no row knows, or None; *foreign* reads the tags that only this
    side accepts. This is where remote references, carriers and callbacks hook in. *own_class* gives
    this side's own class of a name, *pointed* the number of what the other side holds already.
    """

    rows: tuple[Row, ...]
    otherwise: Callable[[object, Packing], list[Any] | None] = lambda value, packing: None
    foreign: Mapping[str, Callable[[list[Any], Unpacking], object]] = field(default_factory=dict)
    caps: Caps = Caps()
    family: Callable[[type], Row | None] = lambda kind: None
    own_class: Callable[[str, str], object] = lambda module, name: None
    pointed: Callable[[object], int | None] = lambda value: None

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_type", {row.kind: row for row in self.rows})
        object.__setattr__(self, "by_tag", {row.tag: row for row in self.rows})

    def points_elsewhere(self, nodes: list[Any]) -> bool:
        """Tell whether a hook, and not the table, gives the value of one of *nodes*."""
        tags = self.by_tag  # type: ignore[attr-defined]
        return any(type(n) is list and n[0] not in tags and n[0] != "=" for n in nodes)

    def dumps(self, value: object) -> bytes:
        """Write *value* as one frame; raise Refused if it cannot cross."""
        packing = Packing(self)
        try:
            node = packing.node(value)
            text = dumps([node, [len(b) for b in packing.buffers]], allow_nan=False).encode()
        except (RecursionError, ValueError, TypeError) as error:
            raise Refused(f"this value cannot be sent ({type(error).__name__})") from error
        frame = b"".join([_HEAD.pack(VERSION, len(text)), text, *packing.buffers])
        if len(frame) > self.caps.size:
            raise Refused(f"this value is larger than {self.caps.size >> 20} MB")
        return frame

    def loads(self, frame: bytes) -> Any:
        """Read the value of one frame; raise Refused for anything that is not one."""
        try:
            return Unpacking(self, frame).whole()
        except Refused:
            raise
        except (Exception, RecursionError) as error:
            raise Refused(f"not a value: {type(error).__name__}") from error


class Packing:
    """Write one value: the nodes of its JSON and the buffers beside them."""

    def __init__(self, codec: Codec) -> None:
        self.codec = codec
        self.buffers: list[bytes] = []
        self._kept: list[object] = []  # held, because an id is only good while its object lives
        self._seen: dict[int, int] = {}
        self._open: set[int] = set()
        self._count = 0

    def node(self, value: object) -> Any:
        """Give the JSON of *value*."""
        self._count += 1
        if self._count > self.codec.caps.count:
            raise Refused(f"this value holds more than {self.codec.caps.count:,} parts")
        kind = type(value)
        if kind in _SCALARS:
            return _scalar(value)
        if id(value) in self._seen:
            return ["=", self._seen[id(value)]]
        row = self.codec.by_type.get(kind) or self.codec.family(kind)  # type: ignore[attr-defined]
        if row is not None and row.shared and (number := self.codec.pointed(value)) is not None:
            return ["back", number]
        data = self._by_row(row, value) if row else None
        if data is None:
            data = self.codec.otherwise(value, self)
        if data is None:
            raise Refused(f"a value of the type {kind.__name__} cannot be sent")
        return data

    def nodes(self, values: Iterable[object]) -> list[Any]:
        """Give the JSON of each of *values*."""
        values = list(values)
        if _stand_for_themselves(values):
            self.counted(len(values))
            return values
        return [self.node(value) for value in values]

    def parts(self, values: Iterable[object]) -> list[Any]:
        """Give the nodes of what one value is made of: where a row knows one not, it has no form."""
        nodes = [self.node(value) for value in values]
        if self.codec.points_elsewhere(nodes):
            raise NotPlain
        return nodes

    def counted(self, number: int) -> None:
        """Count *number* parts that a row writes without asking for their nodes."""
        self._count += number
        if self._count > self.codec.caps.count:
            raise Refused(f"this value holds more than {self.codec.caps.count:,} parts")

    def texts(self, texts: list[Any]) -> list[Any]:
        """Write texts, and None, as one buffer and the places of None."""
        self.counted(len(texts))
        missing: list[int] = []
        try:
            joined = "\0".join(texts)
        except TypeError:
            missing = [place for place, text in enumerate(texts) if text is None]
            joined = "\0".join("" if text is None else text for text in texts)
        if joined.count("\0") != len(texts) - 1:
            return [texts]  # none at all, or one with a NUL inside
        return [self.buffer(joined.encode("utf-8", "surrogatepass")), missing]

    def buffer(self, content: bytes) -> int:
        """Put *content* beside the JSON and give its number."""
        self.buffers.append(content)
        return len(self.buffers) - 1

    def _by_row(self, row: Row, value: object) -> list[Any] | None:
        if id(value) in self._open or len(self._open) >= self.codec.caps.depth:
            raise Refused("this value contains itself, or is nested too deeply")
        before = len(self.buffers), len(self._kept)
        self._open.add(id(value))
        try:
            data = [row.tag, *row.to_data(value, self)]
        except NotPlain:
            self._forget(*before)
            return None
        finally:
            self._open.discard(id(value))
        if row.shared:
            self._seen[id(value)] = len(self._kept)
            self._kept.append(value)
        return data

    def _forget(self, buffers: int, kept: int) -> None:
        # Numbers given inside an attempt that failed must not be missing on the other side.
        for value in self._kept[kept:]:
            del self._seen[id(value)]
        del self.buffers[buffers:], self._kept[kept:]


class Unpacking:
    """Read one frame, trusting nothing."""

    def __init__(self, codec: Codec, frame: bytes) -> None:
        self.codec = codec
        if len(frame) > codec.caps.size:
            raise Refused("too large")
        version, length = _HEAD.unpack_from(frame)
        if version != VERSION:
            raise Refused("written in another version")
        start = _HEAD.size + length
        self._node, lengths = loads(frame[_HEAD.size : start])
        self._buffers: list[bytes | None] = []
        for size in lengths:
            if type(size) is not int or size < 0 or start + size > len(frame):
                raise Refused("a buffer does not lie in the frame")
            self._buffers.append(frame[start : start + size])
            start += size
        if start != len(frame):
            raise Refused("there are bytes too many")
        self._kept: list[object] = []
        self._depth = self._count = 0

    def whole(self) -> object:
        """Give the frame's value."""
        return self.value(self._node)

    def value(self, node: Any) -> Any:
        """Give the value of one node."""
        self._count += 1
        if self._count > self.codec.caps.count:
            raise Refused("too many parts")
        if type(node) in _SCALARS:
            return node
        if type(node) is not list or not node or type(node[0]) is not str:
            raise Refused("not a node")
        tag, *data = node
        if tag == "=":
            return self._kept[_natural(data[0])]
        return self._tagged(tag, data)

    def _counted(self, number: int) -> None:
        self._count += number
        if self._count > self.codec.caps.count:
            raise Refused("too many parts")

    def values(self, nodes: Any) -> list[Any]:
        """Give the value of each of *nodes*."""
        if type(nodes) is not list:
            raise Refused("not a list of nodes")
        if set(map(type, nodes)) <= _SCALAR_SET:
            self._counted(len(nodes))
            return nodes
        return [self.value(node) for node in nodes]

    def parts(self, nodes: Any) -> list[Any]:
        """Give what one value is made of: never something that only points elsewhere."""
        if self.codec.points_elsewhere(nodes):
            raise Refused("made of something that is not plain")
        return [self.value(node) for node in nodes]

    def texts(self, data: list[Any]) -> list[Any]:
        """Give the texts, and None, that were written as *data*."""
        if type(data[0]) is list:
            if not set(map(type, data[0])) <= {str, type(None)}:
                raise Refused("not texts")
            return data[0]
        texts: list[Any] = self.buffer(data[0]).decode("utf-8", "surrogatepass").split("\0")
        self._counted(len(texts))
        for place in data[1]:
            texts[_natural(place)] = None
        return texts

    def buffer(self, number: Any) -> bytes:
        """Give a buffer, once: a small frame must not become large by naming one often."""
        content = self._buffers[_natural(number)]
        if content is None:
            raise Refused("a buffer is used twice")
        self._buffers[number] = None
        return content

    def _tagged(self, tag: str, data: list[Any]) -> object:
        self._depth += 1
        if self._depth > self.codec.caps.depth + 1:
            raise Refused("nested too deeply")
        row = self.codec.by_tag.get(tag)  # type: ignore[attr-defined]
        if row is None and tag not in self.codec.foreign:
            raise Refused(f"unknown tag {tag[:20]!r}")
        value: object = (row.from_data if row else self.codec.foreign[tag])(data, self)
        self._depth -= 1
        if row is not None and row.shared:
            self._kept.append(value)
        return value


def _scalar(value: Any) -> Any:
    if type(value) is float and not math.isfinite(value):
        return ["float", _BITS.pack(value).hex()]
    if type(value) is int and not -_SMALL < value < _SMALL:
        return ["int", hex(value)]
    return value


def _stand_for_themselves(values: list[Any]) -> bool:
    """Tell whether all of *values* are their own JSON."""
    kinds = set(map(type, values))
    if not kinds <= _SCALAR_SET:
        return False
    if float in kinds and not all(math.isfinite(v) for v in values if type(v) is float):
        return False
    return int not in kinds or all(-_SMALL < v < _SMALL for v in values if type(v) is int)


def _natural(number: Any) -> int:
    if type(number) is not int or number < 0:
        raise Refused("not a number of a part")
    return number
