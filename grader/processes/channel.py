"""A two-way line to a child: frames of bytes, each with its length before it, within limits."""

from __future__ import annotations

import select
import socket
import struct
import time

from grader.processes.limits import MIB

HEAD = struct.Struct(">I")
ROOM = 4 * MIB


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
        self._waiting, self._here = bytearray(), 0
        line.setblocking(False)

    def send(self, payload: bytes, *, seconds: float | None = None) -> None:
        """Send one frame, whole, within *seconds*."""
        if len(payload) > self.most_in_frame:
            raise ChannelOverflowError(f"a frame of {len(payload)} bytes was to be sent")
        head = HEAD.pack(len(payload))
        sent, until = 0, _deadline(seconds)
        rest = [memoryview(head), memoryview(payload)]
        while rest:
            try:
                sent = self.line.sendmsg(rest, [], socket.MSG_NOSIGNAL)
            except BlockingIOError:
                if not self._is_ready(select.POLLOUT, until):
                    self.close()
                    raise ChannelTimeoutError("the other side takes nothing") from None
            except OSError as error:
                raise ChannelClosedError("the other side is gone") from error
            else:
                rest = _after(rest, sent)

    def receive(self, *, seconds: float | None = None) -> bytes:
        """Wait for one frame at most *seconds*."""
        until = _deadline(seconds)
        self._fill(HEAD.size, until)
        size = HEAD.unpack_from(self._waiting)[0]
        if size > self.most_in_frame:
            self.close()
            raise ChannelOverflowError(f"a frame of {size} bytes was announced")
        self._fill(HEAD.size + size, until)
        self._here = 0
        return bytes(memoryview(self._waiting)[HEAD.size : HEAD.size + size])

    def close(self) -> None:
        """Hang up; the other side sees the end."""
        self.line.close()

    def _fill(self, size: int, until: float | None) -> None:
        """Wait until *size* bytes of the frame are here; what is announced is not believed at once."""
        while self._here < size:
            room = min(size, max(2 * self._here, MIB))
            if len(self._waiting) < room:
                self._waiting.extend(bytes(room - len(self._waiting)))
            try:
                arrived = self.line.recv_into(memoryview(self._waiting)[self._here : room])
            except BlockingIOError:
                if not self._is_ready(select.POLLIN, until):
                    raise ChannelTimeoutError("no frame came in time") from None
                continue
            except OSError as error:
                raise ChannelClosedError("the other side is gone") from error
            if not arrived:
                raise ChannelClosedError("the other side is gone")
            self._here += arrived
            self._count(arrived)

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


def pair() -> tuple[socket.socket, socket.socket]:
    """Make the two ends of a line, roomy enough for a table to go over in one piece."""
    ends = socket.socketpair()
    for end in ends:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ROOM)  # as far as the machine allows
    return ends


def _after(parts: list[memoryview], sent: int) -> list[memoryview]:
    """Leave out the first *sent* bytes of *parts*."""
    while parts and sent >= len(parts[0]):
        sent -= len(parts[0])
        parts = parts[1:]
    return [parts[0][sent:], *parts[1:]] if parts else []


def _deadline(seconds: float | None) -> float | None:
    return None if seconds is None else time.monotonic() + seconds
