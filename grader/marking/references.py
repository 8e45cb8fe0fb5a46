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
from typing import Any, ClassVar, Protocol

from grader.marking.deeds import COMPUTING, GIVES, SPECIAL
from grader.marks import Verdict

MOST_ITEMS = 100_000
# Python, NumPy and pandas ask objects for many special names; few of them are data.
_ASKED = {
    "__name__", "__qualname__", "__annotations__", "__defaults__", "__kwdefaults__", "__code__",
    "__dict__", "__bases__", "__mro__", "__closure__", "__wrapped__", "__self__", "__func__",
}  # fmt: skip
# By these a value of its own kind could say that it is what the check expects.
_COMPARING = {
    "equals", "eq", "ne", "lt", "le", "gt", "ge", "compare", "isin", "startswith", "endswith",
    "issubset", "issuperset", "isdisjoint", "symmetric_difference", "difference", "sub", "subtract",
    "rsub", "div", "truediv", "score",
}  # fmt: skip
# What plain data can do: an object that only says it can is for a person to judge.
_PLAIN_TYPES = (int, float, complex, str, bytes, list, tuple, dict, set, frozenset)
PLAIN_NAMES = {(kind.__module__, kind.__qualname__) for kind in _PLAIN_TYPES}
PLAIN_METHODS = {name for kind in _PLAIN_TYPES for name in dir(kind)}
KINDS: dict[str, type] = {
    "function": types.FunctionType,
    "generator": types.GeneratorType,
    "class": type,
}


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
            return _signature(_do(self, "signature"))
        if name == "__sklearn_clone__" and ("sklearn.base", "BaseEstimator") in where.names:
            return lambda: _do(self, "clone")
        if name.startswith("__") and name not in _ASKED:
            raise AttributeError(name)
        value = _do(self, "attribute", name)
        if is_reference(value) and far(value).kind != "object" and not name.startswith("__"):
            _guard(self, name)
        return value

    def __setattr__(self, name: str, value: object) -> None:
        _do(self, "set attribute", name, value)

    def __delattr__(self, name: str) -> None:
        _do(self, "delete attribute", name)

    @property
    def __doc__(self) -> str | None:  # type: ignore[override]
        return _plain(_do(self, "doc"), str, type(None))

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        where = far(self)
        return where.known or type(self)

    def __instancecheck__(self, instance: object) -> bool:
        return _plain(_do(self, "has instance", instance), bool)

    def __subclasscheck__(self, subclass: object) -> bool:
        return _plain(_do(self, "has subclass", subclass), bool)

    def __str__(self) -> str:
        return _plain(_do(self, "text"), str)

    def __repr__(self) -> str:
        return _plain(_do(self, "words"), str)

    def __copy__(self) -> Any:
        return _do(self, "copy")

    def __deepcopy__(self, memo: object) -> Any:
        return _do(self, "deep copy")

    def __reduce_ex__(self, protocol: object) -> Any:
        raise Stop(Verdict.UNDECIDED, "The check writes down an object of the notebook's own kind.")

    def __eq__(self, other: object) -> bool:
        if type(other) is str and ("sklearn.base", "BaseEstimator") in far(self).names:
            return NotImplemented  # a pipeline asks whether its step is "passthrough"
        if isinstance(type(other), Kind) or type(other) is Kind:
            return _equal_kinds(self, other)
        raise _incomparable(self, other)

    def __ne__(self, other: object) -> bool:
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else not equal

    __lt__ = __le__ = __gt__ = __ge__ = __eq__
    # Tables of objects need one; equal to itself only.
    __hash__ = object.__hash__


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
    body |= {"names": names, "known": known, "__doc__": vars(Reference)["__doc__"]}
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
            _guard(self, name)
        value = _do(self, "special", name, *arguments, **named)
        return _plain(value, GIVES[name]) if name in GIVES else value

    return _next if name == "__next__" else _exit if name == "__exit__" else special


def _next(self: Reference) -> Any:
    object.__setattr__(self, "_taken", self._taken + 1)
    if self._taken > MOST_ITEMS:
        raise Stop(Verdict.FAILED, f"{_named(self)} gave more than {MOST_ITEMS:,} items.")
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
    return f"`{where.name}`" if where.name else f"a value of the type `{where.names[0][1]}`"


def _guard(reference: Reference, name: str) -> None:
    """Stop where *name* would show what the check expects to an object nobody asked for."""
    where = far(reference)
    if where.kind not in ("object", "callable") or where.candidate.asks_for(where):
        return
    compares = name in COMPUTING or name in _COMPARING
    if where.known is None and (compares or not PLAIN_NAMES.isdisjoint(where.names)):
        raise _incomparable(reference, None, name)
    is_estimator = ("sklearn.base", "BaseEstimator") in where.names
    if compares or (where.known is None and name in PLAIN_METHODS and not is_estimator):
        kind = where.names[0][1]
        reason = f"The check uses `{name.strip('_')}` of a {kind}, which is not plain data."
        raise Stop(Verdict.UNDECIDED, reason)


def _equal_kinds(reference: Reference, other: Any) -> bool:
    if type(other) is Kind:
        return Kind.__eq__(other, reference)
    # Two objects of the participant's own making: only they know whether they are equal.
    raise Stop(Verdict.UNDECIDED, "The check compares two objects of the notebook's own kind.")


def _incomparable(reference: Reference, other: object, by: str = "") -> BaseException:
    where = far(reference)
    kind = where.names[0][1]
    if where.known is not None and where.kind == "object":
        return Stop(Verdict.UNDECIDED, f"The check compares a {kind}, which does not cross.")
    what = f"of the type `{kind}`" if where.kind in ("object", "callable") else "a function"
    with_what = f"by `{by.strip('_')}`" if by else f"with {type(other).__name__}"
    return NotPlainData(
        f"{_named(reference)} is {what}, which cannot be compared {with_what}. "
        "Give back a plain number, text, list, array or table."
    )


def _signature(said: Any) -> Any:
    from inspect import Parameter, Signature

    kinds = (
        Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD, Parameter.VAR_POSITIONAL,
        Parameter.KEYWORD_ONLY, Parameter.VAR_KEYWORD,
    )  # fmt: skip
    empty = Parameter.empty
    made = [
        Parameter(
            name,
            kinds[kind],
            default=default[0] if default else empty,
            annotation=annotation[0] if annotation else empty,
        )
        for name, kind, default, annotation in said[0]
    ]
    return Signature(made, return_annotation=said[1][0] if said[1] else empty)
