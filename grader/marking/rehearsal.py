"""
Run a week's own cells once, in the process that candidates or examiners are forked from.

Each of them then finds imported what it will import, and made what the week's checks keep between
calls. Only the instructor's cells are ever rehearsed: for candidates what was released, for
examiners the solution and the checks as well.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import random
import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import StringIO
from typing import Any

import matplotlib
import matplotlib.pyplot
import numpy as np
import pandas as pd

from grader.marking.checks import foreseen, run_cell, without_magics
from grader.marking.shell import shell
from grader.marking.stops import Stop


@dataclass(frozen=True)
class Prepared:
    """Hold what a set-up cell bound and printed."""

    names: dict[str, Any]
    printed: str


PREPARED: dict[str, Prepared] = {}  # by source; only released cells come here


def once(argument: bytes) -> None:
    """
    Import the libraries and run the cells in *argument*, in order; mind no failure.

    It is JSON of `cells`, `imports`, and those cells that are `prepared`.
    """
    order, names = json.loads(argument), {"__name__": "__main__"}
    with _as_before():
        for library in order["imports"]:
            with contextlib.suppress(Exception, SystemExit):
                importlib.import_module(library)
        for source in order["cells"]:
            before = dict(names)
            foreseen(source)
            with contextlib.suppress(Exception, SystemExit, KeyboardInterrupt, Stop):
                printed = _run(source, names)
                if source in order["prepared"]:
                    bound = {k: v for k, v in names.items() if before.get(k, names) is not v}
                    PREPARED[source] = Prepared(bound, printed)


def _run(source: str, names: dict[str, Any]) -> str:
    """Run one cell, and show its value as a notebook would; give what it printed."""
    with contextlib.redirect_stdout(StringIO()) as said, contextlib.redirect_stderr(StringIO()):
        value = run_cell("set-up", without_magics(source), names)
        show = shell().display_formatter
        if value is not None and show is not None:
            show.format(value)
    return said.getvalue()


@contextlib.contextmanager
def _as_before() -> Iterator[None]:
    """Give back the settings that a cell may change for those who come after it."""
    chance, numbers = random.getstate(), np.random.get_state()
    with (
        warnings.catch_warnings(),
        np.printoptions(),
        np.errstate(),
        matplotlib.rc_context(),
    ):
        yield
    random.setstate(chance)
    np.random.set_state(numbers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pd.reset_option("all")
    matplotlib.pyplot.close("all")
    if sklearn := sys.modules.get("sklearn"):
        with ThreadPoolExecutor(1) as fresh:  # its settings are each thread's own
            sklearn.set_config(**fresh.submit(sklearn.get_config).result())
