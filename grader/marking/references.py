"""
Something that lives in the candidate, held by the examiner: the one class of remote references.

Attributes, items, iteration, calls and arithmetic happen where the object lives; what comes back is
plain data, a carried object or another reference. A reference equals nothing: comparing one is an
error with a hint, so an object that equals everything earns nothing.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from grader.marks import Verdict

MOST_ITEMS = 100_000
# Python, NumPy and pandas ask objects for many special names; few of them are data.
_ASKED = {
    "__name__", "__qualname__", "__annotations__", "__defaults__", "__kwdefaults__", "__code__",
    "__dict__",
}  # fmt: skip
_OPERATORS = (
    "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor",
)  # fmt: skip
_KINDS: dict[str, type] = {"function": types.FunctionType, "generator": types.GeneratorType}


class Stop(BaseException):
    """End a check with *verdict*, whatever its own `try` and `except` would make of it."""

    first: ClassVar[Stop | None] = None  # of the check that runs: it may swallow what is raised

    def __init__(self, verdict: Verdict, reason: str) -> None:
        super().__init__(reason)
        self.verdict, self.reason = verdict, reason
        Stop.first = Stop.first or self


class NotPlainData(TypeError):  # noqa: N818  people read it as what happened
    """The check compares something of the notebook's that is not plain data."""


class Candidate(Protocol):
    """Do things to objects where they live."""

    def perform(self, deed: str, target: object, /, *arguments: object, **named: object) -> Any:
        """Do *deed* to *target* in the candidate and give back what comes of it."""

    def let_go(self, number: int) -> None:
        """Forget an object that no check holds any more."""


@dataclass(frozen=True)
class Far:
    """Say where an object lives and what it said it is."""

    candidate: Candidate
    number: int
    kind: str
    type_name: str
    name: str


class Reference:
    """Stand for one object in the candidate."""

    __slots__ = ("__weakref__", "_far")
    _far: Far

    def __init__(self, far: Far) -> None:
        object.__setattr__(self, "_far", far)

    def __del__(self) -> None:
        self._far.candidate.let_go(self._far.number)

    def __getattr__(self, name: str) -> Any:
        if name == "__signature__" and self._far.kind != "object":
            return _signature(_do(self, "signature"))
        if name.startswith("__") and name not in _ASKED:
            raise AttributeError(name)
        return _do(self, "attribute", name)

    def __setattr__(self, name: str, value: object) -> None:
        _do(self, "set attribute", name, value)

    @property
    def __doc__(self) -> str | None:  # type: ignore[override]
        return _plain(_do(self, "doc"), str, type(None))

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return _KINDS.get(self._far.kind, type(self))

    def __getitem__(self, key: object) -> Any:
        return _do(self, "item", key)

    def __setitem__(self, key: object, value: object) -> None:
        _do(self, "set item", key, value)

    def __contains__(self, item: object) -> bool:
        return _plain(_do(self, "contains", item), bool)

    def __iter__(self) -> Iterator[Any]:
        items = _do(self, "iterate")
        for _ in range(MOST_ITEMS):
            over, item = _do(items, "next")
            if over:
                return
            yield item
        raise Stop(Verdict.FAILED, f"{_named(self)} gave more than {MOST_ITEMS:,} items.")

    def __next__(self) -> Any:
        over, item = _do(self, "next")
        if over:
            raise StopIteration
        return item

    def __instancecheck__(self, instance: object) -> bool:
        return _plain(_do(self, "has instance", instance), bool)

    def __subclasscheck__(self, subclass: object) -> bool:
        return _plain(_do(self, "has subclass", subclass), bool)

    def __len__(self) -> int:
        return _plain(_do(self, "length"), int)

    def __bool__(self) -> bool:
        return _plain(_do(self, "truth"), bool)

    def __str__(self) -> str:
        return _plain(_do(self, "text"), str)

    def __repr__(self) -> str:
        return _plain(_do(self, "words"), str)

    def __eq__(self, other: object) -> bool:
        raise _incomparable(self, other)

    __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __eq__
    __hash__ = None  # type: ignore[assignment]


class RemoteFunction(Reference):
    """Stand for something in the candidate that can be called."""

    __slots__ = ()

    def __call__(self, /, *arguments: object, **named: object) -> Any:
        """Call it where it lives."""
        return _do(self, "call", *arguments, **named)

    __hash__ = object.__hash__  # type: ignore[assignment]  # pandas looks functions up in tables; equal to itself only
    __eq__ = Reference.__eq__


# A class with a docstring would answer with its own.
setattr(RemoteFunction, "__doc__", Reference.__dict__["__doc__"])  # noqa: B010


def _forward(name: str) -> Any:
    def operate(self: Reference, other: object = None) -> Any:
        return _do(self, "operate", name, other)

    return operate


for _name in (*_OPERATORS, *(f"r{name}" for name in _OPERATORS)):
    setattr(Reference, f"__{_name}__", _forward(f"__{_name}__"))


def far(reference: Reference) -> Far:
    """Say where *reference* points."""
    found = object.__getattribute__(reference, "_far")
    assert isinstance(found, Far)
    return found


def is_reference(value: object) -> bool:
    """Tell whether *value* is a reference, whatever class it claims."""
    return issubclass(type(value), Reference)


def _do(reference: Any, deed: str, /, *arguments: object, **named: object) -> Any:
    if not is_reference(reference):
        raise NotPlainData("something of the notebook's was not what it said it was")
    return far(reference).candidate.perform(deed, reference, *arguments, **named)


def _plain(value: Any, *kinds: type) -> Any:
    if type(value) not in kinds:
        raise NotPlainData(f"expected {kinds[0].__name__}, and something else came back")
    return value


def _named(reference: Reference) -> str:
    where = far(reference)
    return f"`{where.name}`" if where.name else f"a value of the type `{where.type_name}`"


def _incomparable(reference: Reference, other: object) -> BaseException:
    if is_reference(other):
        # Two objects of the participant's own making: only they know whether they are equal.
        return Stop(Verdict.UNDECIDED, "The check compares two objects of the notebook's own kind.")
    where = far(reference)
    what = "a function" if where.kind != "object" else f"of the type `{where.type_name}`"
    return NotPlainData(
        f"{_named(reference)} is {what}, which cannot be compared with {type(other).__name__}. "
        "Give back a plain number, text, list, array or table."
    )


def _signature(said: Any) -> Any:
    from inspect import Parameter, Signature

    kinds = (
        Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD, Parameter.VAR_POSITIONAL,
        Parameter.KEYWORD_ONLY, Parameter.VAR_KEYWORD,
    )  # fmt: skip
    return Signature(
        [
            Parameter(name, kinds[kind], default=default if has_default else Parameter.empty)
            for name, kind, has_default, default in said
        ]
    )
