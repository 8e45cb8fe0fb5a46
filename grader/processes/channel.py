"""A two-way line to a child: frames of bytes, each with its length before it, within limits."""

from __future__ import annotations

import select
import socket
import struct
import time

from grader.processes.limits import MIB

HEAD = struct.Struct(">I")


class ChannelError(Exception):
    """The line to the child gave no frame; the kinds below say why."""


class ChannelClosedError(ChannelError):
    """The other side is gone."""


class ChannelTimeoutError(ChannelError):
    """Nothing whole came, or nothing was taken, in time."""


class ChannelOverflowError(ChannelError):
    """A frame, or all frames together, are larger than agreed."""


class Channel:
    """
    Send and receive frames over one socket.

    A late frame is not lost: the next *receive* goes on where the last one stopped. A frame
    that was sent in part breaks the line, so that the other side never reads half of two.
    """

    def __init__(
        self, line: socket.socket, *, frame_mib: float = 20, total_mib: float | None = None
    ) -> None:
        self.line = line
        self.most_in_frame = int(frame_mib * MIB)
        self.most_in_all = None if total_mib is None else int(total_mib * MIB)
        self.received = 0
        self._waiting = bytearray()
        line.setblocking(False)

    def send(self, payload: bytes, *, seconds: float | None = None) -> None:
        """Send one frame, whole, within *seconds*."""
        if len(payload) > self.most_in_frame:
            raise ChannelOverflowError(f"a frame of {len(payload)} bytes was to be sent")
        rest = memoryview(HEAD.pack(len(payload)) + payload)
        until = _deadline(seconds)
        while rest:
            try:
                rest = rest[self.line.send(rest, socket.MSG_NOSIGNAL) :]
            except BlockingIOError:
                if not self._is_ready(select.POLLOUT, until):
                    self.close()
                    raise ChannelTimeoutError("the other side takes nothing") from None
            except OSError as error:
                raise ChannelClosedError("the other side is gone") from error

    def receive(self, *, seconds: float | None = None) -> bytes:
        """Wait for one frame at most *seconds*."""
        until = _deadline(seconds)
        size = HEAD.unpack(self._take(HEAD.size, until, keep=True))[0]
        if size > self.most_in_frame:
            self.close()
            raise ChannelOverflowError(f"a frame of {size} bytes was announced")
        return self._take(HEAD.size + size, until)[HEAD.size :]

    def close(self) -> None:
        """Hang up; the other side sees the end."""
        self.line.close()

    def _take(self, size: int, until: float | None, *, keep: bool = False) -> bytes:
        while len(self._waiting) < size:
            try:
                arrived = self.line.recv(min(size - len(self._waiting), MIB))
            except BlockingIOError:
                if not self._is_ready(select.POLLIN, until):
                    raise ChannelTimeoutError("no frame came in time") from None
                continue
            except OSError as error:
                raise ChannelClosedError("the other side is gone") from error
            if not arrived:
                raise ChannelClosedError("the other side is gone")
            self._count(len(arrived))
            self._waiting += arrived
        taken = bytes(self._waiting[:size])
        if not keep:
            del self._waiting[:size]
        return taken

    def _count(self, size: int) -> None:
        self.received += size
        if self.most_in_all is not None and self.received > self.most_in_all:
            self.close()
            raise ChannelOverflowError(f"more than {self.most_in_all} bytes came in all")

    def _is_ready(self, event: int, until: float | None) -> bool:
        poll = select.poll()
        poll.register(self.line, event)
        rest = None if until is None else max(0.0, until - time.monotonic()) * 1000
        return bool(poll.poll(rest))


def _deadline(seconds: float | None) -> float | None:
    return None if seconds is None else time.monotonic() + seconds
