"""What the examiner can have done to an object that lives in the candidate."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable, Mapping
from typing import Any

_REFRESHED = ("fit", "partial_fit", "set_")


def _call(value: Any, /, *arguments: Any, **named: Any) -> Any:
    return value(*arguments, **named)


def _call_method(value: Any, method: str, /, *arguments: Any, **named: Any) -> list[Any]:
    """Call a carried object's method; say whether it gave itself back, and what it is now."""
    result = getattr(value, method)(*arguments, **named)
    is_itself = result is value
    now = value if is_itself or method.startswith(_REFRESHED) else None
    return [is_itself, None if is_itself else result, now]


def _next(value: Any) -> tuple[bool, Any]:
    try:
        return False, next(value)
    except StopIteration:
        return True, None


def _operate(value: Any, name: str, other: Any) -> Any:
    bare = name.strip("_")
    swapped = bare[0] == "r" and not hasattr(operator, name)
    deed = getattr(operator, f"__{bare[1:] if swapped else bare}__")
    return deed(other, value) if swapped else deed(value, other)


def _signature(value: Any) -> list[Any]:
    return [
        [p.name, int(p.kind), p.default is not p.empty, None if p.default is p.empty else p.default]
        for p in inspect.signature(value).parameters.values()
    ]


DEEDS: Mapping[str, Callable[..., Any]] = {
    "attribute": getattr,
    "set attribute": setattr,
    "item": operator.getitem,
    "set item": operator.setitem,
    "contains": operator.contains,
    "has instance": lambda kind, value: isinstance(value, kind),
    "has subclass": lambda kind, other: issubclass(other, kind),
    "iterate": iter,
    "next": _next,
    "length": len,
    "truth": bool,
    "text": str,
    "words": repr,
    "doc": lambda value: value.__doc__,
    "call": _call,
    "call method": _call_method,
    "operate": _operate,
    "signature": _signature,
    "source": inspect.getsource,
}
