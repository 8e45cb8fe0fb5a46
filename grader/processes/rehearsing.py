"""
What a worker does once before it forks: run trusted code, so that no child has to begin cold.

What it left behind that a child might meet is taken away again; what made the worker unfit for
forking (a thread, a process) is told, and the worker is given up.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from grader.processes.alone import write_files
from grader.processes.channel import Channel
from grader.processes.environment import COURSE, WORK


class TooLong(BaseException):
    """The rehearsal took longer than it may."""


def rehearse(channel: Channel) -> str:
    """Do what *channel* asks for; say why this process may not fork afterwards, or nothing."""
    order = json.loads(channel.receive(seconds=30))
    argument = channel.receive(seconds=30)
    files = {name: channel.receive(seconds=30) for name in order["files"]}
    modules = {name: channel.receive(seconds=30) for name in order["modules"]}
    with _placed(files, modules), contextlib.suppress(BaseException):  # what it raises is its own
        module, _, name = order["entry"].partition(":")
        with _limited(order["seconds"]):
            getattr(importlib.import_module(module), name)(argument)
    settle()
    return _unfit()


def settle() -> None:
    """Do what makes forking cheap, once all is imported."""
    if parallel := sys.modules.get("sklearn.utils.parallel"):
        parallel._get_threadpool_controller()  # it reads /proc, which children cannot
    gc.collect()
    gc.freeze()  # so that a collection in a child does not copy the parent's pages


@contextlib.contextmanager
def _placed(files: dict[str, bytes], modules: dict[str, bytes]) -> Iterator[None]:
    """Lay *files* and *modules* where a child has them, and be there; leave no trace but imports."""
    path, environment = list(sys.path), dict(os.environ)
    write_files(files, Path(WORK))
    write_files(modules, Path(COURSE))
    os.chdir(WORK)
    sys.path.insert(0, COURSE)
    try:
        yield
    finally:
        os.chdir("/")
        sys.path[:] = path
        os.environ.clear()
        os.environ.update(environment)
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", "")).startswith(f"{WORK}/"):
                del sys.modules[name]  # a child may have another file of that name
        shutil.rmtree(WORK, ignore_errors=True)


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    def ring(number: int, frame: FrameType | None) -> NoReturn:
        raise TooLong

    before: Any = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _unfit() -> str:
    if len(os.listdir("/proc/self/task")) != 1:
        return "it left a thread"
    with contextlib.suppress(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
        return "it left a process"
    return ""
