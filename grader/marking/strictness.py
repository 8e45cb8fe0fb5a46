"""
What numpy.testing lets pass in a check, and no check means: nothing at all equals everything.

An empty array, and one whose every value is masked, is "equal" to any number by numpy's rules.
In the examiner both sides must have values, and the same places masked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def want_values() -> None:
    """Have the comparisons of numpy that a check uses want values on both sides."""
    from numpy.testing._private import utils

    utils.assert_array_compare = _wanting(utils.assert_array_compare)
    setattr(np, "allclose", _agreeing(np.allclose))  # noqa: B010


def _wanting(original: Callable[..., Any]) -> Callable[..., Any]:
    def assert_array_compare(comparison: Any, x: Any, y: Any, *more: Any, **named: Any) -> Any:
        __tracebackhide__ = True
        if not _comparable(x, y):
            raise AssertionError("one side has no values where the other has some")
        return original(comparison, x, y, *more, **named)

    return assert_array_compare


def _agreeing(original: Callable[..., bool]) -> Callable[..., bool]:
    def allclose(a: Any, b: Any, *more: Any, **named: Any) -> bool:
        return _comparable(a, b) and original(a, b, *more, **named)

    return allclose


def _comparable(x: Any, y: Any) -> bool:
    ours, theirs = np.ma.asanyarray(x), np.ma.asanyarray(y)
    has_some = [bool(np.ma.count(side)) for side in (ours, theirs)]
    return has_some[0] == has_some[1] and np.ma.is_masked(ours) == np.ma.is_masked(theirs)
