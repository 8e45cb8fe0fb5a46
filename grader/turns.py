"""
Turns: one command at a time changes a hub.

The lock is the kernel's, on a small file in the hub's directory, so it ends with the process that
holds it, however that ends. Reading needs no turn, and nbgrader and formgrader know nothing of it:
they and the kit are kept apart by the gradebook's own transactions.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from grader import storage
from grader.errors import Complaint, MachineError
from grader.programme import Cohort, Hub

FILE = ".grader.lock"
WAIT = "Wait until it has ended, then run the same command again. Nothing was changed."
_HELD = {errno.EAGAIN, errno.EACCES, errno.EWOULDBLOCK}


@contextlib.contextmanager
def taken(cohort: Cohort, hubs: Iterable[Hub], doing: str) -> Iterator[None]:
    """
    Have the turn at *hubs* for what is called *doing*, such as "grader collect week01".

    Raises MachineError, naming who has it, where another command changes one of them; then no hub
    is touched. A hub that has no directory yet is nobody's.
    """
    with contextlib.ExitStack() as locks:
        busy = []
        for hub in hubs:
            home = cohort.home(hub)
            if home.is_dir():
                file = _opened(home)
                locks.callback(os.close, file)
                if not _got(file, home):
                    busy.append(Complaint("", f"{_holder(file)} at {hub.title}", WAIT))
                else:
                    _sign(file, doing)
        if busy:
            raise MachineError(busy)
        yield


def _opened(home: Path) -> int:
    try:
        return os.open(home / FILE, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o660)
    except OSError as error:
        raise storage.refusal("the hub's lock", str(home / FILE), error) from error


def _got(file: int, home: Path) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            return False
        raise storage.refusal("the hub's lock", str(home / FILE), error) from error
    return True


def _sign(file: int, doing: str) -> None:
    told = json.dumps({"doing": doing, "process": os.getpid()}).encode()
    with contextlib.suppress(OSError):  # on a full disk the lock holds, and only its name is lost
        os.ftruncate(file, 0)
        os.pwrite(file, told, 0)


def _holder(file: int) -> str:
    try:
        told = json.loads(os.pread(file, 4096, 0))
        since = datetime.fromtimestamp(os.fstat(file).st_mtime).astimezone()
        return f"`{told['doing']}` is at work since {since:%H:%M} (process {told['process']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another command of the kit is at work"
