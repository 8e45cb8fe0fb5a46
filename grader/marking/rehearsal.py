"""
Run a week's own cells once, in the process that candidates or examiners are forked from.

Each of them then finds imported what it will import, and made what the week's checks keep between
calls. Only the instructor's cells are ever rehearsed: for candidates what was released, for
examiners the solution and the checks as well.
"""

from __future__ import annotations

import contextlib
import json
import random
import warnings
from collections.abc import Iterator
from io import StringIO
from typing import Any

import matplotlib
import matplotlib.pyplot
import numpy as np
import pandas as pd
import sklearn

from grader.marking.checks import run_cell, without_magics
from grader.marking.shell import shell


def once(argument: bytes) -> None:
    """Run the cells in *argument*, a JSON list of sources, one after another; mind no failure."""
    names: dict[str, Any] = {"__name__": "__main__"}
    show = shell().display_formatter
    with (
        _as_before(),
        contextlib.redirect_stdout(StringIO()),
        contextlib.redirect_stderr(StringIO()),
    ):
        for source in json.loads(argument):
            with contextlib.suppress(Exception, SystemExit):
                value = run_cell("<rehearsal>", without_magics(source), names)
                if value is not None and show is not None:
                    show.format(value)


@contextlib.contextmanager
def _as_before() -> Iterator[None]:
    """Give back the settings that a cell may change for those who come after it."""
    chance, numbers = random.getstate(), np.random.get_state()
    with (
        warnings.catch_warnings(),
        np.printoptions(),
        np.errstate(),
        matplotlib.rc_context(),
        sklearn.config_context(),
    ):
        yield
    random.setstate(chance)
    np.random.set_state(numbers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pd.reset_option("all")
    matplotlib.pyplot.close("all")
