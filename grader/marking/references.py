"""
Something that lives in the candidate, held by the examiner: the one class of remote references.

Attributes, items, iteration, calls and arithmetic happen where the object lives; what comes back is
plain data, a carried object or another reference. Each far class has a class here with its name and
with those special methods that it has. A reference equals nothing, and what the check expects is
shown to an object only where the instructor asked for its class: one that equals everything, or
gives 0.0 whatever is subtracted, earns nothing.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from grader.marking.deeds import COMPUTING, GIVES, SPECIAL, signature_of
from grader.marking.showing import guard, incomparable
from grader.marking.stops import NotPlainData, Stop
from grader.marks import Verdict

MOST_ITEMS = 100_000
# Python, NumPy and pandas ask objects for many special names; few of them are data.
_ASKED = {
    "__name__", "__qualname__", "__annotations__", "__defaults__", "__kwdefaults__", "__code__",
    "__dict__", "__bases__", "__mro__", "__closure__", "__wrapped__", "__self__", "__func__",
}  # fmt: skip
KINDS: dict[str, type] = {
    "function": types.FunctionType,
    "generator": types.GeneratorType,
    "class": type,
}


class Candidate(Protocol):
    """Do things to objects where they live."""

    def perform(self, deed: str, target: object, /, *arguments: object, **named: object) -> Any:
        """Do *deed* to *target* in the candidate and give back what comes of it."""

    def let_go(self, number: int) -> None:
        """Forget an object that no check holds any more."""

    def asks_for(self, where: Far) -> bool:
        """Tell whether the instructor asked for the class of the object at *where*."""


@dataclass(frozen=True)
class Far:
    """
    Say where an object lives and what it said it is.

    *names* are (module, name) of its class and of that class's bases; of a class, its own.
    *known* is the class of a library that it says it has.
    """

    candidate: Candidate
    number: int
    kind: str
    names: tuple[tuple[str, str], ...]
    name: str
    known: type | None = None

    @property
    def is_estimator(self) -> bool:
        """Tell whether it says that it is one of scikit-learn's kind."""
        return ("sklearn.base", "BaseEstimator") in self.names

    @property
    def said(self) -> str:
        """Name the object in words."""
        return f"`{self.name}`" if self.name else f"a value of the type `{self.names[0][1]}`"


class Kind(type):
    """Be the class that a check sees of a reference: one for each class in the candidate."""

    names: tuple[tuple[str, str], ...] = ()
    known: type | None = None

    def __eq__(cls, other: object) -> bool:
        if is_reference(other):
            return cls.names[:1] == far(other).names[:1]  # type: ignore[arg-type]
        return cls is other or (cls.known is not None and cls.known is other)

    __hash__ = type.__hash__


class Reference(metaclass=Kind):
    """Stand for one object in the candidate."""

    __slots__ = ("__weakref__", "_far", "_taken")

    def __init__(self, where: Far) -> None:
        object.__setattr__(self, "_far", where)
        object.__setattr__(self, "_taken", 0)

    def __del__(self) -> None:
        self._far.candidate.let_go(self._far.number)

    def __getattr__(self, name: str) -> Any:
        where = far(self)
        if name == "__signature__" and where.kind != "object":
            return signature_of(_do(self, "signature"))
        if name == "__sklearn_clone__" and where.is_estimator:
            return lambda: _do(self, "clone")
        if name.startswith("__") and name not in _ASKED:
            raise AttributeError(name)
        value = _do(self, "attribute", name)
        if is_reference(value) and far(value).kind != "object" and not name.startswith("__"):
            guard(far(self), name)
        return value

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        where = far(self)
        return where.known or type(self)

    def __reduce_ex__(self, protocol: object) -> Any:
        raise Stop(Verdict.UNDECIDED, "The check writes down an object of the notebook's own kind.")

    def __eq__(self, other: object) -> bool:
        if type(other) is str and far(self).is_estimator:
            return NotImplemented  # a pipeline asks whether its step is "passthrough"
        if isinstance(type(other), Kind) or type(other) is Kind:
            return _equal_kinds(self, other)
        raise incomparable(far(self), f"with {type(other).__name__}")

    def __ne__(self, other: object) -> bool:
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else not equal

    __lt__ = __le__ = __gt__ = __ge__ = __eq__
    # Tables of objects need one; equal to itself only.
    __hash__ = object.__hash__


def _doing(deed: str, *gives: type) -> Callable[..., Any]:
    """Make a method that is *deed*, and gives plain data of one of some types, or anything."""

    def method(self: Reference, *arguments: object) -> Any:
        value = _do(self, deed, *arguments)
        return _plain(value, *gives) if gives else value

    return method


_METHODS: dict[str, Any] = {
    "__setattr__": _doing("set attribute"),
    "__delattr__": _doing("delete attribute"),
    "__doc__": property(_doing("doc", str, type(None))),
    "__instancecheck__": _doing("has instance", bool),
    "__subclasscheck__": _doing("has subclass", bool),
    "__str__": _doing("text", str),
    "__repr__": _doing("words", str),
    "__copy__": _doing("copy"),
    "__deepcopy__": lambda self, memo: _do(self, "deep copy"),
}
for _name, _method in _METHODS.items():
    setattr(Reference, _name, _method)


def kind_of(
    names: tuple[tuple[str, str], ...],
    specials: frozenset[str],
    known: type | None,
    base: type | None,
) -> type:
    """
    Make the class of references to objects of one far class.

    *base* is the instructor's own class of that name: its methods run here, and what they read of
    the object lives there.
    """
    module, name = names[0]
    body: dict[str, Any] = {"__slots__": (), "__module__": module, "__qualname__": name}
    # A class with a docstring would answer with its own.
    body |= {"names": names, "known": known, "__doc__": _METHODS["__doc__"]}
    if base is not None:
        body |= {k: v for k, v in vars(Reference).items() if k in _HOLDING}
        body |= {"__eq__": base.__eq__, "__hash__": base.__hash__}
        meta = type("Kind", (Kind, type(base)), {}) if type(base) is not type else Kind
        try:
            made = meta(name, (base, Reference), body)
            made.__abstractmethods__ = frozenset()
            object.__new__(made)
            return made
        except TypeError:  # of numbers, say: then it is as any other
            body = {k: v for k, v in body.items() if k not in _HOLDING | {"__eq__", "__hash__"}}
    body |= {special: _forward(special) for special in specials if special in SPECIAL}
    return Kind(name, (Reference,), body)


# What makes a reference of an object, even of the instructor's own class.
_HOLDING = {"__init__", "__del__", "__getattr__", "__setattr__", "__delattr__", "__copy__",
            "__deepcopy__", "__reduce_ex__", "__class__"}  # fmt: skip


def _forward(name: str) -> Callable[..., Any]:
    """Make the special method *name*, which happens where the object lives."""

    def special(self: Reference, /, *arguments: Any, **named: Any) -> Any:
        if name in COMPUTING and not all(is_reference(each) for each in arguments):
            guard(far(self), name)
        value = _do(self, "special", name, *arguments, **named)
        return _plain(value, GIVES[name]) if name in GIVES else value

    return _next if name == "__next__" else _exit if name == "__exit__" else special


def _next(self: Reference) -> Any:
    object.__setattr__(self, "_taken", self._taken + 1)
    if self._taken > MOST_ITEMS:
        raise Stop(Verdict.FAILED, f"{far(self).said} gave more than {MOST_ITEMS:,} items.")
    over, item = _do(self, "special", "__next__")
    if over:
        raise StopIteration
    return item


def _exit(self: Reference, kind: object, error: object, trace: object) -> Any:
    return _do(self, "special", "__exit__", error)


def far(reference: Reference) -> Far:
    """Say where *reference* points."""
    found = object.__getattribute__(reference, "_far")
    assert isinstance(found, Far)
    return found


def is_reference(value: object) -> bool:
    """Tell whether *value* is a reference, whatever class it claims."""
    return issubclass(type(value), Reference)


def is_same(one: object, other: object) -> bool:
    """Be `is` for a check: a class of the participant's is the same by name and by `type(x)`."""
    return one is other or (_is_far_class(one) and _is_far_class(other) and bool(one == other))


def _is_far_class(value: Any) -> bool:
    return far(value).kind == "class" if is_reference(value) else issubclass(type(value), Kind)


def _do(reference: Any, deed: str, /, *arguments: object, **named: object) -> Any:
    if not is_reference(reference):
        raise NotPlainData("something of the notebook's was not what it said it was")
    return far(reference).candidate.perform(deed, reference, *arguments, **named)


def _plain(value: Any, *kinds: type) -> Any:
    if type(value) not in kinds:
        raise NotPlainData(f"expected {kinds[0].__name__}, and something else came back")
    return value


def _equal_kinds(reference: Reference, other: Any) -> bool:
    if type(other) is Kind:
        return Kind.__eq__(other, reference)
    # Two objects of the participant's own making: only they know whether they are equal.
    raise Stop(Verdict.UNDECIDED, "The check compares two objects of the notebook's own kind.")
