"""Ctrl-C and SIGTERM: the command ends at once, tidily, and says how far it came."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopped(BaseException):
    """
    Somebody stopped the command; *done* may say how much of it was done.

    It is none of Python's own exceptions, so that neither a library nor the kit takes it for an error.
    """

    done = ""

    def __str__(self) -> str:
        again = "What is done stands: run the same command again and it goes on with the rest."
        return f"Stopped{self.done}. {again}"


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise Stopped on the first signal; what is tidied up then takes moments and is left to end."""
    before = {number: signal.signal(number, _stop) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, frame: object) -> None:
    for each in SIGNALS:
        signal.signal(each, lambda *_: None)
    raise Stopped
