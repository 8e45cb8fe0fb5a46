"""
Call a participant's function: quietly, on copies, and with its exceptions put into words.

The function may live in another process. It is only ever called with plain data; what it is made of
(its name, code or globals) is never looked at.
"""

from __future__ import annotations

import copy
import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from io import StringIO
from typing import Any

import pandas as pd

from grader.claims.failures import ClaimFailed
from grader.claims.hints import Hint, failure
from grader.claims.words import described, first_line, listed, shown

_NOTHING: Mapping[str, object] = {}


@dataclass(frozen=True)
class Returned:
    """
    Hold what one call gave back, and how it was asked.

    *before* and *after* are the arguments as they were and as the call left them; *part* names the
    piece of the result that *value* is, where it is not the whole.
    """

    value: object
    task: str
    function: str
    given: str
    before: tuple[object, ...] = ()
    after: tuple[object, ...] = ()
    printed: str = ""
    hidden: bool = False
    part: str = ""

    def about(self, part: str, value: object) -> Returned:
        """Look at one *part* of the result, such as the mean of a column."""
        return replace(self, part=part, value=value)

    def failed(
        self, code: str | None, plain: Hint, seen: Mapping[str, object] = _NOTHING
    ) -> ClaimFailed:
        """Word a failed claim about this result."""
        known = {"task": self.task, "function": self.function, "given": self.given}
        return failure(self.task, code, plain, {**known, "got": shown(self.value), **seen})

    @property
    def phrase(self) -> str:
        """Begin a sentence about this result: `count_ksi`, given a table of 6 rows, gave 4."""
        got = f"{self.part} that is {shown(self.value)}" if self.part else shown(self.value)
        return f"`{self.function}`, given {self.given}, gave {got}."


@dataclass(frozen=True)
class Answer:
    """
    Be the participant's function: call it like the function itself.

    *stops* maps a piece of an exception's text to the code of the hint it deserves; *hidden* keeps
    expected values out of what a failed claim says.
    """

    task: str
    name: str
    function: Any
    hidden: bool = False
    stops: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: object, **named: object) -> Returned:
        """Call the function on copies of *arguments*; a stop becomes a failed claim."""
        returned, stop = self.attempt(*arguments, **named)
        if stop is not None:
            raise self.stopped(stop, returned)
        return returned

    def attempt(
        self, *arguments: object, **named: object
    ) -> tuple[Returned, Exception | SystemExit | None]:
        """Call the function and give back what it returned and what stopped it."""
        given, kept = (
            _copies(arguments),
            dict(zip(named, _copies(tuple(named.values())), strict=True)),
        )
        value, stop = None, None
        with quiet() as printed:
            try:
                value = self.function(*given, **kept)
            except (Exception, SystemExit) as error:
                stop = error
        before, after = (*arguments, *named.values()), (*given, *kept.values())
        words = listed(before)
        returned = Returned(value, self.task, self.name, words, before, after, hidden=self.hidden)
        return replace(returned, printed=printed.getvalue()), stop

    def stopped(self, stop: Exception | SystemExit, returned: Returned) -> ClaimFailed:
        """Say where and on what kind of input the function stopped, without a traceback."""
        words = first_line(f"{type(stop).__name__}: {stop}")
        code = next((code for text, code in self.stops.items() if text in words), None)
        return returned.failed(code, self._plain(stop, words, returned), {"stop": words})

    def _plain(self, stop: Exception | SystemExit, words: str, returned: Returned) -> Hint:
        if isinstance(stop, NotImplementedError) and not str(stop):
            return Hint(
                f"`{self.name}` has not been started yet.",
                "It still holds the line `raise NotImplementedError()`.",
                "Put your own lines in its place, run that cell, then run this one again.",
            )
        if isinstance(stop, TypeError) and not callable(self.function):
            return Hint(
                f"`{self.name}` is {described(self.function)}, not a function.",
                "The name may have been used again for something else.",
                "Keep the line that begins with `def`, run that cell, then run this one again.",
            )
        return Hint(
            f"`{self.name}` stopped with {words} when given {returned.given}.",
            "It worked through to that point, then met something it could not do.",
            "Call it in a new cell on a table of a few rows and read the last line of the message.",
        )


@contextmanager
def quiet() -> Iterator[StringIO]:
    """Catch what is printed, warned or logged inside: a word on stderr costs a mark in nbgrader."""
    printed, disabled = StringIO(), logging.root.manager.disable
    with (
        redirect_stdout(printed),
        redirect_stderr(StringIO()),
        warnings.catch_warnings(record=True),
    ):
        # A handler made earlier holds the real stderr and would not be caught.
        logging.disable(logging.CRITICAL)
        try:
            yield printed
        finally:
            logging.disable(disabled)


def _copies(values: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(_copy(value) for value in values)


def _copy(value: object) -> object:
    if isinstance(value, pd.DataFrame | pd.Series):
        return value.copy(deep=True)
    return value if callable(value) else copy.deepcopy(value)
