"""
What of a check's may be shown to an object in the candidate: never the value that it expects.

An object that equals everything, or gives 0.0 whatever is subtracted, earns nothing; only one of a
class that the instructor asked for may look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.marking.deeds import COMPUTING
from grader.marking.stops import NotPlainData, Stop
from grader.marks import Verdict

if TYPE_CHECKING:
    from grader.marking.references import Far

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


def guard(where: Far, name: str) -> None:
    """Stop where *name* would show what the check expects to an object nobody asked for."""
    if where.kind not in ("object", "callable") or where.candidate.asks_for(where):
        return
    is_plain, is_own = not PLAIN_NAMES.isdisjoint(where.names), where.known is None
    if is_own and (is_plain or name in _COMPARING):
        raise incomparable(where, f"by `{name.strip('_')}`")
    is_method = is_own and name in PLAIN_METHODS and not where.is_estimator
    if name in COMPUTING or name in _COMPARING or is_method:
        kind = where.names[0][1]
        reason = f"The check uses `{name.strip('_')}` of a {kind}, which is not plain data."
        raise Stop(Verdict.UNDECIDED, reason)


def incomparable(where: Far, how: str) -> BaseException:
    """Give what ends a comparison with the object at *where*."""
    kind = where.names[0][1]
    if where.known is not None and where.kind == "object":
        return Stop(Verdict.UNDECIDED, f"The check compares a {kind}, which does not cross.")
    what = f"of the type `{kind}`" if where.kind in ("object", "callable") else "a function"
    return NotPlainData(
        f"{where.said} is {what}, which cannot be compared {how}. "
        "Give back a plain number, text, list, array or table."
    )
