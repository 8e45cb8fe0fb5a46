"""Bring what a call changed in its arguments back into the examiner's own objects."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def put_back(old: Any, new: Any) -> None:
    """Make *old* and what it holds equal *new*, in place, where both are of one type."""
    if type(old) is not type(new) or old is new:
        return
    if isinstance(old, list):
        old[:] = _merged(old, new)
    elif isinstance(old, dict):
        merged = {k: _kept(old.get(k), v) for k, v in new.items()}
        old.clear()
        old.update(merged)
    elif isinstance(old, tuple):
        _merged(old, new)
    elif isinstance(old, set):
        old.clear()
        old.update(new)
    elif isinstance(old, bytearray):
        old[:] = new
    elif isinstance(old, np.ndarray):
        _array(old, new)
    elif isinstance(old, pd.DataFrame | pd.Series):
        _table(old, new)


def _merged(old: Any, new: Any) -> list[Any]:
    if len(old) != len(new):
        return list(new)
    return [_kept(before, after) for before, after in zip(old, new, strict=True)]


def _kept(before: Any, after: Any) -> Any:
    """Keep an object that the check may hold elsewhere too, brought up to date."""
    if type(before) is type(after) and isinstance(
        before, list | dict | set | bytearray | tuple | np.ndarray | pd.DataFrame | pd.Series
    ):
        put_back(before, after)
        return after if isinstance(before, tuple) and len(before) != len(after) else before
    return after


def _array(old: Any, new: Any) -> None:
    if old.shape == new.shape and old.dtype == new.dtype:
        if old.flags.writeable:
            old[...] = new
    else:
        old.resize(new.shape, refcheck=False)
        old[...] = new


def _table(old: Any, new: Any) -> None:
    # What pandas itself does at the end of every inplace=True.
    old._update_inplace(new)
    old.attrs = new.attrs
    if isinstance(old, pd.Series):
        old.name = new.name
