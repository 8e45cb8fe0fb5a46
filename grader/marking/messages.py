"""
What the referee, the candidate and the examiner say to one another: a letter, a number, a value.

The referee forwards asks and replies by their letter alone and never reads what they hold.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Protocol

_HEAD = struct.Struct(">cI")

DO = b"X"  # the referee gives work
DONE = b"D"  # the work is done
ASK = b"A"  # the examiner asks the candidate
CALL_BACK = b"C"  # the candidate, while it answers, calls a function of the check's
REPLY = b"R"


class Malformed(Exception):  # noqa: N818  people read it as what happened
    """What arrived is not a message."""


class Line(Protocol):
    """Carry whole frames to the other side and back; the children's end has no time limits."""

    def send(self, payload: bytes) -> None:
        """Send one frame."""

    def receive(self) -> bytes:
        """Wait for one frame."""


@dataclass(frozen=True)
class Message:
    """Be one message: its letter, the number that a reply repeats, and what it holds."""

    letter: bytes
    number: int
    content: bytes

    def packed(self) -> bytes:
        """Write the message as a frame."""
        return _HEAD.pack(self.letter, self.number) + self.content


def unpacked(frame: bytes) -> Message:
    """Read a frame as a message."""
    if len(frame) < _HEAD.size:
        raise Malformed
    letter, number = _HEAD.unpack_from(frame)
    return Message(letter, number, frame[_HEAD.size :])
