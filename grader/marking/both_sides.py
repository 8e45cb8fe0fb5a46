"""
Plain data that lives in both processes: what one side changes in place, the other's becomes.

Values cross by copy. A list, dict, set, array or table that stays in the candidate after it has
crossed (because a name, an attribute or a function's memory holds it) has a number that both sides
know it by, so that each remains one object.
"""

from __future__ import annotations

from typing import Any

from grader.marking.photographs import Photograph
from grader.marking.putting_back import changeable, put_back


class BothSides:
    """Follow this side's part of what lives on both."""

    def __init__(self) -> None:
        self._followed: dict[int, tuple[Any, Photograph]] = {}
        self._numbers: dict[int, int] = {}  # by id: what is followed is held, so an id stays good

    def number_of(self, value: object) -> int | None:
        """Give the number by which both sides know *value*."""
        return self._numbers.get(id(value))

    def follow(self, number: int, value: Any) -> Any:
        """Follow *value*; where *number* is known, this side's own object becomes as *value* is."""
        ours = self._followed.get(number, (value, None))[0]
        if type(ours) is not type(value):
            return value
        if ours is not value:
            _become(ours, value)
        self._followed[number] = ours, Photograph(ours)
        self._numbers[id(ours)] = number
        return ours

    def news(self) -> dict[int, Any]:
        """Give what changed on this side since the last look."""
        changed = {n: value for n, (value, seen) in self._followed.items() if not seen.shows(value)}
        self._followed |= {n: (value, Photograph(value)) for n, value in changed.items()}
        return changed

    def take_in(self, news: Any) -> None:
        """Do to this side's objects what was done on the other."""
        for number, value in news.items() if type(news) is dict else ():
            if number in self._followed:
                self.follow(number, value)

    def end(self) -> list[int]:
        """Follow nothing any more; give the numbers that are free again."""
        numbers = list(self._followed)
        self._followed.clear()
        self._numbers.clear()
        return numbers


def _become(ours: Any, theirs: Any) -> None:
    inside, now = changeable(ours), changeable(theirs)
    pairs_up = list(map(type, inside)) == list(map(type, now))
    put_back(inside if pairs_up else [ours], now if pairs_up else [theirs])
