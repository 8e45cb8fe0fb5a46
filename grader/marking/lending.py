"""
What the examiner hands to the candidate: by number, to be called back, or by value.

Anything of the instructor's may go over; what the check lent comes back under its own number.
"""

from __future__ import annotations

import contextlib
import io
import sys
import types
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import NonCallableMock

import cloudpickle

from grader.marking.deeds import next_of
from grader.marking.putting_back import STATES
from grader.marking.references import far, is_reference
from grader.marking.stops import Stop
from grader.marking.trusted import LIBRARIES
from grader.marking.wire import Packing, Refused, Unpacking
from grader.marks import Verdict


@dataclass(frozen=True)
class Back:
    """Point at an object of the candidate's by its number."""

    number: int


@dataclass
class Lending:
    """Keep what one check lent, until it ends; *own_class* finds classes that both sides have."""

    course: Callable[[], Iterable[Path]]
    own_class: Callable[[str, str], type | None]
    _lent: list[Any] = field(default_factory=list)
    _callable: set[int] = field(default_factory=set)

    def __getitem__(self, number: int) -> Any:
        """Give what was lent under *number*."""
        return self._lent[number]

    def end(self) -> None:
        """Forget what was lent."""
        self._lent.clear()
        self._callable.clear()

    def data_of(self, value: Any, packing: Packing) -> list[Any]:
        """Give the form in which *value* goes over."""
        number = _number_of(value)
        if number is not None:
            return ["back", number]
        if isinstance(value, types.FunctionType | types.MethodType) and not _is_library(value):
            self._callable.add(len(self._lent))
            self._lent.append(value)
            return ["callback", len(self._lent) - 1, value.__name__]
        if isinstance(value, types.GeneratorType):
            self._callable.add(len(self._lent))
            self._lent.append(lambda: next_of(value))
            return ["iterator", len(self._lent) - 1]
        if isinstance(value, NonCallableMock):
            reason = "The check passes on a mock, which would not hear of its calls."
            raise Stop(Verdict.UNDECIDED, reason)
        self._lent.append(value)
        return ["pickled", len(self._lent) - 1, packing.buffer(self._pickled(value))]

    def _pickled(self, value: object) -> bytes:
        by_value(self.course())
        file = io.BytesIO()
        try:
            _Writer(file, self.own_class).dump(value)
        except Stop:
            raise
        except Exception as error:
            raise Refused(f"a {type(value).__name__} cannot be sent ({error})") from error
        return file.getvalue()

    def again(self, data: list[Any], unpacking: Unpacking) -> object:
        """Take back what was lent, as the candidate left it."""
        value = self._lent[data[0]]
        state, shared = unpacking.value(data[1]), unpacking.value(data[2])
        kind = value if isinstance(value, type) else type(value)
        if kind in STATES and kind is not value:
            with contextlib.suppress(Exception):  # what came is no state of such an object
                STATES[kind][1](value, state[""])
        if _is_library(kind):
            return value  # a library's classes are nobody's to change
        _restore(value, state)
        if kind is not value:
            _restore(kind, shared)
        return value

    def function(self, number: object) -> Callable[..., Any]:
        """Give a function that was handed over to be called, and nothing else that was lent."""
        if number not in self._callable:
            raise Refused("not a function of the check's")
        function: Callable[..., Any] = self._lent[number]
        return function


class _Writer(cloudpickle.Pickler):  # type: ignore[misc]
    """Send an object of the instructor's by value, the candidate's own and classes by name."""

    def __init__(self, file: io.BytesIO, own_class: Callable[[str, str], type | None]) -> None:
        super().__init__(file)
        self._own_class = own_class

    def persistent_id(self, value: object) -> int | tuple[str, str] | None:
        if isinstance(value, type) and not is_reference(value):
            where = value.__module__, value.__qualname__
            # Both sides ran the cell that defines it.
            return where if self._own_class(*where) is value else _number_of(value)
        return _number_of(value)


def by_value(course: Iterable[Path]) -> None:
    """Have classes of the course's modules sent whole: the candidate cannot import them."""
    folders = tuple(str(folder) for folder in course)
    registered = cloudpickle.list_registry_pickle_by_value()
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        if folders and file.startswith(folders) and name not in registered:
            cloudpickle.register_pickle_by_value(module)


def _number_of(value: object) -> int | None:
    if type(value) is Back:
        return value.number
    if isinstance(value, type) and not is_reference(value):
        return vars(value).get("far_number")
    if is_reference(value):
        return far(value).number  # type: ignore[arg-type]
    if type(value).__module__.partition(".")[0] in LIBRARIES:
        held = getattr(value, "__dict__", None)
        parts = held.values() if type(held) is dict else ()
        return next((p.far_number for p in parts if type(p) is types.FunctionType
                     and hasattr(p, "far_number")), None)  # fmt: skip
    return getattr(value, "far_number", None) if type(value) is types.FunctionType else None


def _is_library(function: Any) -> bool:
    root = str(getattr(function, "__module__", "")).partition(".")[0]
    return root in LIBRARIES | {"grader"} or (
        root in sys.stdlib_module_names and root != "__main__"
    )


def _restore(value: Any, state: Any) -> None:
    for name, part in state.items() if type(state) is dict else ():
        if type(name) is str and not name.startswith("__"):
            existing = getattr(value, name, None)
            if not callable(existing):
                setattr(value, name, part)
