"""A time limit on what runs in this process, kept by the process itself."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

AGAIN = 2.0  # seconds after which code that swallows the interruption is interrupted once more


class OutOfTime(BaseException):
    """The time for this piece of work is over."""


class Clock:
    """Interrupt what runs too long, but never in the middle of a message."""

    def __init__(self) -> None:
        self._talking = 0
        self._until: list[float] = []

    @contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Raise OutOfTime inside the block when *seconds* are over."""
        previous = signal.signal(signal.SIGALRM, self._ring)
        self._until.append(min([time.monotonic() + seconds, *self._until[-1:]]))
        self._set()
        try:
            yield
        finally:
            self._until.pop()
            self._set()
            signal.signal(signal.SIGALRM, previous or signal.SIG_DFL)

    @contextmanager
    def talking(self) -> Iterator[None]:
        """Put the interruption off until a message has gone or come whole."""
        self._talking += 1
        try:
            yield
        finally:
            self._talking -= 1
        if not self._talking and self._until and time.monotonic() > self._until[-1]:
            raise OutOfTime

    def _set(self) -> None:
        rest = max(self._until[-1] - time.monotonic(), 1e-3) if self._until else 0.0
        signal.setitimer(signal.ITIMER_REAL, rest, AGAIN if rest else 0.0)

    def _ring(self, number: int, frame: FrameType | None) -> None:
        if not self._talking:
            raise OutOfTime
