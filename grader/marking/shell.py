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
from traitlets import Type
from traitlets.config import Config

from grader.marking.outputs import Outputs, Stream

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


def _text(data: dict[str, Any]) -> dict[str, Any]:
    return {k: base64.b64encode(v).decode() if isinstance(v, bytes) else v for k, v in data.items()}
