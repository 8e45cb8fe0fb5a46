"""
The referee's ends of the two lines: what was said in time, or in a word why nothing was.

A candidate that says nothing is gone, by its own doing; an examiner that says nothing is ours.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

from grader.marking.messages import Malformed, Message, unpacked
from grader.marks import Outcome
from grader.processes import ChannelError, ChannelTimeoutError

ENDED_ITSELF = "The notebook ended its own Python."


class Channel(Protocol):
    """Be the trusted end of the line to a child."""

    def send(self, payload: bytes, *, seconds: float | None = None) -> None:
        """Send one frame within *seconds*."""

    def receive(self, *, seconds: float | None = None) -> bytes:
        """Wait for one frame at most *seconds*."""


class Gone(Exception):  # noqa: N818
    """The candidate will not answer any more."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome, self.reason = outcome, reason


class Failing(Exception):  # noqa: N818
    """The examiner does not answer: nobody's fault but ours."""


class Silent(Failing):
    """The examiner does not come to an end."""


@dataclass
class Lines:
    """Talk to a candidate and an examiner; *grace* is in seconds."""

    candidate: Channel
    examiner: Channel
    grace: float

    def to_candidate(self, message: Message) -> None:
        """Send one message; Gone where it is not taken."""
        try:
            self.candidate.send(message.packed(), seconds=self.grace)
        except ChannelError as error:
            raise _why(error) from error

    def hear_candidate(self, until: float) -> Message:
        """Wait until then and the grace; however much it says meanwhile that nobody asked for."""
        seconds = until + self.grace - time.monotonic()
        try:
            if seconds <= 0:
                raise ChannelTimeoutError("it talks, and does not answer")
            return unpacked(self.candidate.receive(seconds=seconds))
        except ChannelError as error:
            raise _why(error) from error
        except Malformed as error:
            raise Gone(Outcome.STOPPED_ITSELF, "The notebook broke its line to us.") from error

    def to_examiner(self, message: Message) -> None:
        """Send one message; Failing where it is not taken."""
        try:
            self.examiner.send(message.packed(), seconds=30.0)
        except ChannelError as error:
            raise Failing("The process that holds the checks does not listen.") from error

    def hear_examiner(self, seconds: float) -> Message:
        """Wait at most *seconds*; Silent where nothing came."""
        try:
            return unpacked(self.examiner.receive(seconds=max(seconds, 0.1)))
        except ChannelTimeoutError as error:
            raise Silent("A check did not end with what the notebook gave it.") from error
        except (ChannelError, Malformed) as error:
            raise Failing("The process that holds the checks does not answer.") from error


def _why(error: ChannelError) -> Gone:
    if isinstance(error, ChannelTimeoutError):
        return Gone(Outcome.TIMED_OUT, "The notebook ran for too long and could not be stopped.")
    return Gone(Outcome.STOPPED_ITSELF, ENDED_ITSELF)
