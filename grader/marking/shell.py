"""
Run a participant's cells as Jupyter would: IPython without a kernel, its outputs caught.

Magics and `!` work as far as the surroundings let them; history, colours and windows are off.
"""

from __future__ import annotations

import base64
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import LSString, SList
from traitlets import Type
from traitlets.config import Config

from grader.marking.outputs import Outputs, Stream

MOST_SAID = 1 << 20  # characters of a line after `!`
INLINE = "module://matplotlib_inline.backend_inline"


class _Results(DisplayHook):
    """Keep the value of a cell's last line."""

    shell: Any

    def __call__(self, result: Any = None) -> None:
        self.check_for_underscore()
        if result is None or self.quiet():
            return
        data, more = self.compute_format_data(result)
        self.update_user_ns(result)
        self.fill_exec_result(result)
        self.shell.outputs.shown("execute_result", _text(data), more, self.shell.execution_count)


class _Displays(DisplayPublisher):
    """Keep what `display` shows."""

    shell: Any

    def publish(self, data: Any, metadata: Any = None, *more: Any, **named: Any) -> None:
        """Keep one shown value."""
        self.shell.outputs.shown("display_data", _text(data), metadata or {})

    def clear_output(self, wait: bool = False) -> None:
        """Keep everything: what was shown is what is marked."""


class Shell(InteractiveShell):
    """Be the participant's IPython."""

    displayhook_class = Type(_Results)
    display_pub_class = Type(_Displays)
    outputs = Outputs(0)

    def enable_gui(self, gui: Any = None) -> None:
        """Open no window."""

    def system(self, cmd: str) -> None:
        """Run a line after `!`; one that cannot run says so, and the cell goes on as in Jupyter."""
        said, status = _by_pipe(self.var_expand(cmd, depth=1))
        sys.stdout.write(said)
        self.user_ns["_exit_code"] = status

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        """Give what a line after `!` says: as a list of lines, or as one text."""
        said, _ = _by_pipe(self.var_expand(cmd, depth=depth + 1))
        return SList(said.splitlines()) if split else LSString(said)

    @contextmanager
    def _tee(self, channel: str) -> Iterator[None]:
        """Keep no second copy: IPython's own, for its history, grows without end."""
        yield

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        self.outputs.error(str(getattr(etype, "__name__", etype)), str(evalue), list(stb))


def shell() -> Shell:
    """Give this process's shell; a parent that makes it first saves each fork the time."""
    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.colors = "nocolor"
    settings.InteractiveShell.history_length = 0
    os.environ.setdefault("MPLBACKEND", INLINE)
    made = Shell.instance(config=settings)
    assert isinstance(made, Shell)
    return made


@contextmanager
def heard(outputs: Outputs) -> Iterator[None]:
    """Catch what is printed inside the block."""
    before = sys.stdout, sys.stderr, sys.stdin
    sys.stdout = Stream(lambda text: outputs.stream("stdout", text))
    sys.stderr = Stream(lambda text: outputs.stream("stderr", text))
    try:
        with open(os.devnull, encoding="utf-8") as nothing:
            sys.stdin = nothing
            yield
    finally:
        sys.stdout, sys.stderr, sys.stdin = before


def _by_pipe(command: str) -> tuple[str, int]:
    """Run *command* in a shell without a terminal, of which the sandbox has none to give."""
    try:
        with os.popen(f"({command}\n) 2>&1 </dev/null") as line:
            said = line.read(MOST_SAID)
            status = line.close() or 0
    except OSError as error:
        return f"{command.split(' ', 1)[0]}: {error}\n", 127
    return said, os.waitstatus_to_exitcode(status) if status >= 0 else status


def _text(data: dict[str, Any]) -> dict[str, Any]:
    return {k: base64.b64encode(v).decode() if isinstance(v, bytes) else v for k, v in data.items()}
