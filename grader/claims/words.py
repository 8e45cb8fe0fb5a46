"""Put values into plain words, short enough to be read aloud."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import PurePath

import numpy as np
import pandas as pd

_LONGEST = 90


def counted(number: int, noun: str) -> str:
    """Count in words: 1 row, 1,204 rows."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def shown(value: object) -> str:
    """Show what a function gave back."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool | int):
        return str(value)
    if isinstance(value, float):
        return "a missing value (NaN)" if math.isnan(value) else f"{value:.10g}"
    if isinstance(value, str):
        return f'"{_shortened(value)}"'
    if isinstance(value, list | tuple):
        return _shortened("[" + ", ".join(shown(item) for item in value) + "]")
    return described(value)


def described(value: object) -> str:
    """Say what kind of thing *value* is, without its contents where they are long."""
    if value is None:
        return "nothing (None)"
    if isinstance(value, pd.DataFrame):
        return f"a table of {counted(len(value), 'row')}" if len(value) else "an empty table"
    if isinstance(value, pd.Series):
        return f"a Series of {counted(len(value), 'value')}"
    if isinstance(value, np.ndarray):
        return f"an array of {counted(value.size, 'value')}"
    if isinstance(value, dict):
        return f"a dictionary of {counted(len(value), 'entry').replace('entrys', 'entries')}"
    if isinstance(value, PurePath) or _is_path(value):
        return f'the file "{PurePath(str(value)).name}"'
    if isinstance(value, bool | int | float | str | list | tuple | np.generic):
        return shown(value)
    return "a function" if callable(value) else f"a value of the type {type(value).__name__}"


def listed(values: Sequence[object]) -> str:
    """Describe arguments in one phrase: a table of 6 rows and "Ashcombe"."""
    words = [described(value) for value in values]
    if len(words) < 2:
        return words[0] if words else "nothing"
    return ", ".join(words[:-1]) + " and " + words[-1]


def first_line(text: str) -> str:
    """Keep what an exception says first; some libraries go on for a page."""
    line = text.strip().partition("\n")[0].rstrip(": ")
    sentence = line.partition(". ")[0]
    return sentence if len(sentence) <= 2 * _LONGEST else sentence[: 2 * _LONGEST - 3] + "..."


def _is_path(value: object) -> bool:
    # A folder's name is long, different each time, and nobody's business.
    return (
        isinstance(value, str)
        and "\n" not in value
        and bool(PurePath(value).suffix)
        and "/" in value
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
