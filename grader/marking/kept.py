"""
The candidate's end of the crossing: what stays here and is only pointed at, and what was lent.

Everything that came in is the instructor's, so it may be unpickled; what goes out is data.
"""

from __future__ import annotations

import builtins
import io
import pickle
import sys
import types
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

from grader.marking import arrays, carriers, charts, plain, tables
from grader.marking.carriers import carrier_of
from grader.marking.deeds import SPECIAL
from grader.marking.putting_back import STATES
from grader.marking.raising import exception_to
from grader.marking.trusted import class_named, module_named, names_of
from grader.marking.wire import Caps, Codec, Packing, Refused, Unpacking

ROWS = (*plain.ROWS, *arrays.ROWS, *tables.ROWS)
MOST_KEPT = 1_000_000
carriers.CARRIERS.append(charts.MATPLOTLIB)


class Kept:
    """Number the objects that stay in the candidate, and know those the check lent it."""

    def __init__(
        self,
        call_back: Callable[[int, tuple[Any, ...], dict[str, Any]], Any],
        names: Callable[[], dict[str, Any]] = dict,
    ) -> None:
        self.lent = 0  # how many objects of the check's came over
        self._objects: dict[int, object] = {}
        self._numbers: dict[int, int] = {}
        self._next = 0
        self._lent: dict[int, tuple[int, object]] = {}  # by id: the check's number, the object
        self._borrowed: dict[int, tuple[int, object]] = {}
        self._call_back = call_back
        self._names = names
        self._special: dict[type, list[str]] = {}

    def begin_at(self, first: int) -> None:
        """Number from *first* on: what an earlier candidate numbered must not be found here."""
        self._next = first

    def codec(self, caps: Caps) -> Codec:
        """Give the codec of this side."""
        foreign = {
            "back": self._back,
            "callback": self._callback,
            "iterator": self._iterator,
            "pickled": self._pickled,
        }
        return Codec(ROWS, self._data_of, foreign, caps, plain.named, self.own_class)

    def number(self, value: object) -> int:
        """Keep *value* and give its number."""
        if id(value) not in self._numbers:
            if len(self._objects) >= MOST_KEPT:
                raise Refused("too many objects are held by the check")
            self._next += 1
            self._objects[self._next], self._numbers[id(value)] = value, self._next
        return self._numbers[id(value)]

    def get(self, number: object) -> object:
        """Give the object with *number*."""
        return self._objects[number]  # type: ignore[index]

    def own_class(self, module: str, name: str) -> object:
        """Give a class that a set-up cell or a released module defined here."""
        held = self._names() if module == "__main__" else vars(sys.modules.get(module, builtins))
        return held.get(name)

    def release(self, numbers: list[int]) -> None:
        """Forget objects that no check holds any more."""
        for number in numbers:
            value = self._objects.pop(number, None)
            self._numbers.pop(id(value), None)

    def _data_of(self, value: Any, packing: Packing) -> list[Any]:
        if id(value) in self._borrowed:
            return ["yours", self._borrowed[id(value)][0]]
        carrier = carrier_of(value)
        lent = self._lent.get(id(value), (None, None))[0]
        if carrier is not None:
            said = packing.node(carrier.to_data(value))
            return ["carried", carrier.name, self.number(value), lent, said]
        if lent is not None:
            return ["lent", lent, packing.node(_state(value)), packing.node(_state(type(value)))]
        if isinstance(value, types.ModuleType) and module_named(value.__name__) is value:
            return ["module", value.__name__]
        if isinstance(value, type):
            where = (value.__module__, value.__qualname__)
            if class_named(*where) is value:
                return ["class", *where]
        if isinstance(value, BaseException):
            return ["error", packing.node(exception_to(value))]
        kind = _kind(value)
        names = names_of(value if kind == "class" else type(value))
        return [
            "remote",
            self.number(value),
            kind,
            names,
            self._specials(type(value)),
            _name(value),
        ]

    def _specials(self, kind: type) -> list[str]:
        """Name the special methods that objects of the class *kind* have."""
        if kind not in self._special:
            held = [vars(base) for base in type.mro(kind) if base is not object]
            own = [name for name in SPECIAL if any(callable(each.get(name)) for each in held)]
            self._special[kind] = own
        return self._special[kind]

    def _back(self, data: list[Any], unpacking: Unpacking) -> object:
        return self.get(data[0])

    def _callback(self, data: list[Any], unpacking: Unpacking) -> object:
        number, name = data

        def function(*arguments: Any, **named: Any) -> Any:
            return self._call_back(number, arguments, named)

        function.__name__ = function.__qualname__ = str(name)
        self._borrowed[id(function)] = (number, function)
        return function

    def _iterator(self, data: list[Any], unpacking: Unpacking) -> object:
        def items() -> Iterator[Any]:
            while True:
                over, item = self._call_back(data[0], (), {})
                if over:
                    return
                yield item

        return items()

    def _pickled(self, data: list[Any], unpacking: Unpacking) -> object:
        number, content = data
        value = _Reader(io.BytesIO(unpacking.buffer(content)), self).load()
        self.lent += 1
        self._lent[id(value)] = (number, value)
        return value


class _Reader(pickle.Unpickler):
    """Read what the instructor's check sent; what it borrowed from here is given by number."""

    def __init__(self, file: io.BytesIO, kept: Kept) -> None:
        super().__init__(file)
        self._kept = kept

    def persistent_load(self, place: Any) -> object:
        return self._kept.own_class(*place) if type(place) is tuple else self._kept.get(place)


def _state(value: Any) -> dict[str, Any]:
    """
    Give what an object of the check's own class holds, so that a spy can tell what it saw.

    Objects of libraries are left out: theirs is large, and a carrier describes what matters.
    """
    kind = value if isinstance(value, type) else type(value)
    if kind in STATES and kind is not value:
        return {"": STATES[kind][0](value)}
    if kind.__module__ in sys.modules and kind.__module__ != "__main__":
        return {}
    held = getattr(value, "__dict__", {})
    return {
        name: part
        for name, part in held.items()
        if not name.startswith("__")
        and not callable(part)
        and not isinstance(part, (property, classmethod, staticmethod))
        and not name.startswith("_abc")
    }


def _kind(value: object) -> str:
    if isinstance(value, types.FunctionType):
        return "function"
    if isinstance(value, types.GeneratorType):
        return "generator"
    if isinstance(value, types.CoroutineType):
        return "coroutine"
    if isinstance(value, types.BuiltinFunctionType | types.MethodType):
        return "method"
    return "class" if isinstance(value, type) else "callable" if callable(value) else "object"


def _name(value: object) -> str:
    name = value.name if isinstance(value, Enum) else getattr(value, "__name__", "")
    return name[:200] if type(name) is str else ""
