"""How a check ends before its last line, whatever its own `try` and `except` would make of it."""

from __future__ import annotations

from typing import ClassVar

from grader.marks import Verdict


class Stop(BaseException):
    """End a check with *verdict*."""

    first: ClassVar[Stop | None] = None  # of the check that runs: it may swallow what is raised

    def __init__(self, verdict: Verdict, reason: str) -> None:
        super().__init__(reason)
        self.verdict, self.reason = verdict, reason
        Stop.first = Stop.first or self


class NotPlainData(TypeError):  # noqa: N818  people read it as what happened
    """The check compares something of the notebook's that is not plain data."""
