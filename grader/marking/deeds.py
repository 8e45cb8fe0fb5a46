"""What the examiner can have done to an object that lives in the candidate."""

from __future__ import annotations

import asyncio
import copy
import inspect
import operator
from collections.abc import Callable, Mapping
from typing import Any

_REFRESHED = ("fit", "partial_fit", "set_")
_BINARY = (
    "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor",
    "lshift", "rshift",
)  # fmt: skip
_PARAMETERS = (
    inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD,
    inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.KEYWORD_ONLY,
    inspect.Parameter.VAR_KEYWORD,
)  # fmt: skip
_UNARY = ("neg", "pos", "abs", "invert", "index")


def next_of(value: Any) -> tuple[bool, Any]:
    """Give whether an iterator is over, and else its next item."""
    try:
        return False, next(value)
    except StopIteration:
        return True, None


def _swapped(deed: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda value, other: deed(other, value)


def _leave(value: Any, error: BaseException | None) -> Any:
    return type(value).__exit__(value, None if error is None else type(error), error, None)


# The special methods that a reference may have, with what does them.
SPECIAL: Mapping[str, Callable[..., Any]] = {
    "__len__": len,
    "__bool__": bool,
    "__iter__": iter,
    "__next__": next_of,
    "__reversed__": reversed,
    "__getitem__": operator.getitem,
    "__setitem__": operator.setitem,
    "__delitem__": operator.delitem,
    "__contains__": operator.contains,
    "__float__": float,
    "__int__": int,
    "__complex__": complex,
    "__round__": round,
    "__format__": format,
    "__divmod__": divmod,
    "__enter__": lambda value: type(value).__enter__(value),
    "__exit__": _leave,
    "__call__": lambda value, /, *arguments, **named: value(*arguments, **named),
    **{f"__{name}__": getattr(operator, f"__{name}__") for name in _UNARY},
    **{f"__{name}__": getattr(operator, f"__{name}__") for name in _BINARY},
    **{f"__r{name}__": _swapped(getattr(operator, f"__{name}__")) for name in _BINARY},
    **{f"__i{name}__": getattr(operator, f"__i{name}__") for name in _BINARY},
}
# These are given a value of the check's, which may be the one that it expects.
COMPUTING = frozenset(
    {"__contains__", "__divmod__"} | {f"__{way}{n}__" for n in _BINARY for way in ("", "r", "i")}
)
# These give plain data of one kind, or nothing.
GIVES: Mapping[str, type] = {
    "__len__": int, "__bool__": bool, "__contains__": bool, "__float__": float, "__int__": int,
    "__index__": int, "__complex__": complex, "__format__": str,
}  # fmt: skip


def _call_method(value: Any, method: str, /, *given: Any, **named: Any) -> list[Any]:
    """Call a carried object's method; say whether it gave itself back, and what it is now."""
    if method == "__deepcopy__":
        return [False, copy.deepcopy(value), None]
    result = getattr(value, method)(*given, **named)
    is_itself = result is value
    now = value if is_itself or method.startswith(_REFRESHED) else None
    return [is_itself, None if is_itself else result, now]


def _signature(value: Any) -> list[Any]:
    said = inspect.signature(value)
    parameters = [
        [p.name, int(p.kind), _if_any(p.default), _if_any(p.annotation)]
        for p in said.parameters.values()
    ]
    return [parameters, _if_any(said.return_annotation)]


def signature_of(said: Any) -> inspect.Signature:
    """Make the signature that this side's deed described."""
    parameters = [
        inspect.Parameter(
            name, _PARAMETERS[kind], default=_or_empty(default), annotation=_or_empty(words)
        )
        for name, kind, default, words in said[0]
    ]
    return inspect.Signature(parameters, return_annotation=_or_empty(said[1]))


def _or_empty(said: list[Any]) -> Any:
    return said[0] if said else inspect.Parameter.empty


def _if_any(value: Any) -> list[Any]:
    return [] if value is inspect.Parameter.empty else [value]


def _source(value: Any) -> list[Any]:
    lines, number = inspect.getsourcelines(value)
    return ["".join(lines), number]


def _clone(value: Any) -> Any:
    from sklearn.base import clone

    return clone(value)


async def _awaited(value: Any) -> Any:
    return await value


DEEDS: Mapping[str, Callable[..., Any]] = {
    "attribute": getattr,
    "set attribute": setattr,
    "delete attribute": delattr,
    "special": lambda value, name, /, *given, **named: SPECIAL[name](value, *given, **named),
    "has instance": lambda kind, value: isinstance(value, kind),
    "has subclass": lambda kind, other: issubclass(other, kind),
    "text": str,
    "words": repr,
    "doc": lambda value: value.__doc__,
    "copy": copy.copy,
    "deep copy": copy.deepcopy,
    "clone": _clone,
    "await": lambda value: asyncio.run(_awaited(value)),
    "call method": _call_method,
    "signature": _signature,
    "source": _source,
}
