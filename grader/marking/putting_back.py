"""Bring what a call changed in its arguments back into the examiner's own objects."""

from __future__ import annotations

import io
import random
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from grader.marking.photographs import CHANGING, MAPPINGS

_INSIDE = (list, tuple, deque, *MAPPINGS)


# Objects of libraries that remember: how to read what they hold, and how to set it.
STATES: dict[type, tuple[Callable[[Any], Any], Callable[[Any, Any], Any]]] = {
    io.StringIO: (
        lambda held: [held.getvalue(), held.tell()],
        lambda held, now: _written(held, now),
    ),
    io.BytesIO: (
        lambda held: [held.getvalue(), held.tell()],
        lambda held, now: _written(held, now),
    ),
    random.Random: (lambda held: held.getstate(), lambda held, now: held.setstate(now)),
    np.random.RandomState: (lambda held: held.get_state(), lambda held, now: held.set_state(now)),
    np.random.Generator: (
        lambda held: held.bit_generator.state,
        lambda held, now: setattr(held.bit_generator, "state", now),
    ),
}


def _written(file: Any, now: Any) -> None:
    content, place = now
    file.seek(0)
    file.truncate()
    file.write(content)
    file.seek(int(place))


def changeable(value: Any) -> list[Any]:
    """
    List the objects in *value* that a call could change, each once, in an order of its own.

    Both sides list theirs before the call, so that the two lists go together item by item.
    """
    return list(_changeable(value, set()))


def _changeable(value: Any, seen: set[int]) -> Iterator[Any]:
    if id(value) in seen:
        return
    seen.add(id(value))
    if type(value) in CHANGING:
        yield value
    if type(value) in _INSIDE:
        for part in list(value.values()) if type(value) in MAPPINGS else list(value):
            yield from _changeable(part, seen)


def put_back(ours: list[Any], theirs: list[Any]) -> None:
    """Make each of *ours* what its partner among *theirs* has become, in place."""
    if len(ours) != len(theirs):
        return
    partners = {id(new): old for old, new in zip(ours, theirs, strict=True)}
    for old, new in zip(ours, theirs, strict=True):
        if type(old) is type(new):
            _update(old, new, partners)


def _update(old: Any, new: Any, partners: dict[int, Any]) -> None:
    if isinstance(old, list):
        old[:] = [_ours(part, partners) for part in new]
    elif isinstance(old, deque):
        now_in = [_ours(part, partners) for part in new]
        old.clear()
        old.extend(now_in)
    elif isinstance(old, dict):
        now = {key: _ours(part, partners) for key, part in new.items()}
        old.clear()
        old.update(now)
    elif isinstance(old, set):
        old.clear()
        old.update(new)
    elif isinstance(old, bytearray):
        old[:] = new
    elif isinstance(old, np.ndarray):
        _update_array(old, new)
    elif not old.equals(new) or not _labelled_alike(old, new):
        # What pandas itself does at the end of every inplace=True.
        old._update_inplace(new)
        old.attrs = new.attrs
        if isinstance(old, pd.Series):
            old.name = new.name


def _ours(part: Any, partners: dict[int, Any]) -> Any:
    """Give the object the check holds for *part*, or *part* where the call made it."""
    if type(part) is tuple:
        return tuple(_ours(each, partners) for each in part)
    return partners.get(id(part), part)


def _update_array(old: Any, new: Any) -> None:
    if old.shape != new.shape or old.dtype != new.dtype:
        old.resize(new.shape, refcheck=False)
    if old.flags.writeable:
        old[...] = new


def _labelled_alike(old: Any, new: Any) -> bool:
    same_columns = not isinstance(old, pd.DataFrame) or old.columns.identical(new.columns)
    named = isinstance(old, pd.DataFrame) or repr(old.name) == repr(new.name)
    same_index = old.index.identical(new.index)
    return bool(same_columns and named and same_index and old.attrs == new.attrs)
