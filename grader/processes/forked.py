"""A forked child seen from outside: the line to it, how it ended, what it uses."""

from __future__ import annotations

import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self

from grader.errors import MachineError
from grader.processes.channel import Channel
from grader.processes.watching import Usage


class Worker(Protocol):
    """Take orders about children, and answer them."""

    def ask(self, do: str, **more: Any) -> dict[str, Any]:
        """Ask the worker to *do* one thing."""


@dataclass(frozen=True)
class Ended:
    """
    Say how a child ended: by itself with *status*, or by *signal*.

    *reason* is exited, signal, killed, memory, cpu, processes, disk or file size.
    """

    status: int | None
    signal: int | None
    reason: str


class Child:
    """Stand for one forked child; its *channel* is the only way to it."""

    def __init__(self, worker: Worker, pid: int, channel: Channel) -> None:
        self._worker, self._pid, self.channel = worker, pid, channel
        self._ended: Ended | None = None

    def interrupt(self) -> None:
        """Interrupt what it is doing, as Ctrl-C would."""
        self._worker.ask("interrupt", pid=self._pid)

    def kill(self) -> Ended:
        """End it and all it started; when this returns, they are gone."""
        if self._ended is None:
            self._worker.ask("kill", pid=self._pid)
        ended = self.ended(seconds=30)
        if ended is None:
            raise MachineError("a process does not end", do="Restart this machine.")
        return ended

    def ended(self, *, seconds: float = 0.0) -> Ended | None:
        """Say how it ended, waiting at most *seconds*; None while it lives."""
        until = time.monotonic() + seconds
        while self._ended is None:
            if answer := self._worker.ask("ended", pid=self._pid):
                self._ended = Ended(**answer)
            elif time.monotonic() >= until:
                break
            else:
                time.sleep(0.005)
        return self._ended

    def usage(self) -> Usage:
        """Measure it and all it started."""
        return Usage(**self._worker.ask("usage", pid=self._pid))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it; nothing of it stays."""
        self.kill()
        self.channel.close()
        self._worker.ask("forget", pid=self._pid)
