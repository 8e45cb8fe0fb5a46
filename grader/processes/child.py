"""The life of a forked child: receive its files, become alone, run one function, end."""

from __future__ import annotations

import importlib
import json
import os
import random
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from grader.processes import alone, system, watching
from grader.processes.channel import Channel
from grader.processes.environment import COURSE, WORK, Environment
from grader.processes.limits import Limits

FAILED_TO_START, FAILED = 70, 1


@dataclass(frozen=True)
class Place:
    """Say how a child is to be kept apart, and from what."""

    tier: str
    shown: Environment
    limits: Limits
    scratch: str = ""  # its folder, where it has no private file system
    maps: bytes = b""  # what lies in its memory, as the worker saw it

    @property
    def has_namespaces(self) -> bool:
        """Tell whether the child lives in namespaces of its own."""
        return self.tier in ("bubblewrap", "namespaces")


def live(place: Place, line: socket.socket, told: socket.socket) -> NoReturn:
    """Be the child, from the fork to the end."""
    status = FAILED_TO_START
    try:
        channel = Channel(line, frame_mib=place.limits.disk_mib)
        try:
            entry = _prepare(place, channel, told)
        except BaseException as error:
            channel.send(json.dumps({"error": f"{type(error).__name__}: {error}"}).encode())
            raise
        channel.send(b"{}", seconds=10)
        status = FAILED
        entry(channel)
        status = 0
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else FAILED
    except BaseException:
        pass  # the status tells; nobody may be shown what a participant's code wrote here
    finally:
        os._exit(status & 0xFF)


def _prepare(place: Place, channel: Channel, told: socket.socket) -> Callable[[Channel], Any]:
    system.prctl(system.DIE_WITH_PARENT, signal.SIGKILL)  # again below: a new user forgets it
    system.close_all_but(channel.line.fileno(), told.fileno())
    told.settimeout(10)
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv[:] = [""]
    for descriptor in range(3):
        os.dup2(_null(), descriptor)
    if place.has_namespaces:
        alone.enter_namespaces(told)
    order = json.loads(channel.receive(seconds=30))
    files = {name: channel.receive(seconds=30) for name in order["files"]}
    modules = {name: channel.receive(seconds=30) for name in order["modules"]}
    if place.has_namespaces:
        alone.by_namespaces(place.shown, place.limits, modules, place.maps)
        work, course = Path(WORK), Path(COURSE)
    else:
        work, course = _in_scratch(place, modules)
    alone.write_files(files, work)
    os.chdir(work)
    alone.take_limits(place.limits, others=0 if place.has_namespaces else watching.tasks())
    if place.tier == "landlock":
        alone.by_landlock(place.shown, place.scratch)
    if place.tier != "unsandboxed":
        own_pid = None if place.has_namespaces else os.getpid()
        alone.close_the_door(channel.line.fileno(), own_pid=own_pid)
    return _ready(order["entry"], str(course), order["seed"], channel, place.limits)


def _null() -> int:
    null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
    return null if null > 2 else os.dup(null)


def _in_scratch(place: Place, modules: dict[str, bytes]) -> tuple[Path, Path]:
    """Use folders of the host's file system; be the spare user in them, where they are its own."""
    if os.stat(place.scratch).st_uid != os.getuid():
        alone.leave_root()
    scratch = Path(place.scratch)
    alone.write_files(modules, scratch / "course")
    for name, variable in (("home", "HOME"), ("tmp", "TMPDIR")):
        (scratch / name).mkdir()
        os.environ[variable] = str(scratch / name)
    tempfile.tempdir = None  # some library has asked for it in the parent
    return scratch / "work", scratch / "course"


def _ready(
    entry: str, course: str, seed: int | None, channel: Channel, limits: Limits
) -> Callable[[Channel], Any]:
    """Find the entry, and give the child chance of its own: a fork repeats its parent's."""
    sys.path.insert(0, course)
    for folder in (course, os.getcwd()):  # the worker may have looked there, when it was empty
        sys.path_importer_cache.pop(folder, None)
    random.seed(seed)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed(None if seed is None else seed % 2**32)
    channel.most_in_frame = int(limits.frame_mib * 1024 * 1024)
    module, _, name = entry.partition(":")
    found: Callable[[Channel], Any] = getattr(importlib.import_module(module), name)
    return found
