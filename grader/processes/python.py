"""Run this Python once: within a time limit, with nothing on standard input."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import MachineError


@dataclass(frozen=True)
class Ran:
    """Say how a run of Python ended. *status* is its exit status."""

    status: int
    out: str
    err: str


def run_python(
    arguments: Sequence[str],
    *,
    cwd: Path,
    seconds: float | None,
    env: Mapping[str, str] | None = None,
) -> Ran:
    """
    Run this Python with *arguments* in *cwd* for at most *seconds*.

    *seconds* may be None for as long as it takes; *env* is added to the environment. Raises
    MachineError when the time is over.
    """
    try:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise MachineError(
            f"`python {' '.join(arguments)}` took longer than {seconds:g} s",
            do="Look for an endless loop.",
        ) from error
    return Ran(done.returncode, done.stdout, done.stderr)
