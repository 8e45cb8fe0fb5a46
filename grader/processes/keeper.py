"""Keep a worker's process from a thread of its own, for as long as it runs."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import threading

from grader.errors import MachineError
from grader.processes import environment


class Keeper:
    """
    Start *command*, which inherits *line*, from a thread that lives as long as it does.

    The kernel ends a process that is to die with its parent when the *thread* that
    started it ends; a caller's thread may end long before.
    """

    def __init__(self, command: list[str], line: socket.socket) -> None:
        self.complaints = ""
        self._command, self._line = command, line
        self._process: subprocess.Popen[bytes] | None = None
        self._failure: OSError | None = None
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="keeper of a worker", daemon=True)
        self._thread.start()
        self._started.wait()
        if self._failure is not None:
            raise MachineError(f"{command[0]} cannot be started: {self._failure.strerror}")

    def wait(self, seconds: float) -> bool:
        """Wait until the process has ended, and tell whether it has."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def end(self) -> None:
        """Give the process time to end by itself, then end it."""
        if not self.wait(30):
            self.kill()

    def kill(self) -> None:
        """End the process at once."""
        if self._process is not None:
            # Its whole group: bubblewrap's second process dies with the first only from a later
            # moment on, and would wait for it for ever.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self.wait(30)

    def _keep(self) -> None:
        try:
            self._process = process = self._start()
        except OSError as error:
            self._failure = error
            return
        finally:
            self._line.close()
            self._started.set()
        said = process.communicate()[1]
        self.complaints = said.decode(errors="replace").strip()[-500:]

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command,
            pass_fds=[self._line.fileno()],
            env=environment.variables(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
