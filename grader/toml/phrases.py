"""Parts of sentences: a value as it is shown, and the word somebody may have meant."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from difflib import SequenceMatcher

_ALIKE = 0.6


def described(given: object) -> str:
    """Show a value in a sentence: short, and with its kind where that is not plain to see."""
    match given:
        case str():
            return f'"{given[:64]}"'
        case bool():
            return str(given).lower()
        case int() | float():
            return str(given) if abs(given) < 1e15 else "a very large number"
        case datetime():
            return f"a date and a time, {given}"
        case date():
            return f"a date without a time, {given}"
        case time():
            return f"a time, {given}"
        case list():
            return "a list"
        case _:
            return "a table"


def or_similar(word: str, known: Collection[str]) -> str:
    """Ask "; did you mean ...?" when something in *known* looks like *word*."""
    alike = SequenceMatcher(b=word[:64])

    def likeness(candidate: str) -> float:
        alike.set_seq1(candidate)
        return alike.ratio()

    closest = max(sorted(known), key=likeness, default="")
    return f"; did you mean `{closest}`?" if closest and likeness(closest) > _ALIKE else ""
