"""
Copy a folder that somebody else wrote, so that it can be looked at in peace.

Links stay links, pipes and sockets stay behind, and what is too large for intake comes as an empty
file of its size: intake then says of each what it was.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from pathlib import Path

LARGEST, ROOM, MOST = 25 << 20, 200 << 20, 5000  # bytes of one file, of all files; entries
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def copy_untrusted(source: Path, target: Path) -> None:
    """Copy the folder *source* to *target*, which is not there yet."""
    room, count = ROOM, 0
    target.mkdir(parents=True)
    for place, folders, names in os.walk(source, followlinks=False):
        within = Path(place).relative_to(source)
        for name in sorted([*names, *folders]):
            count += 1
            if count > MOST:
                return
            # What cannot be read or spelt stays behind.
            with contextlib.suppress(OSError, ValueError):
                room -= _copy(Path(place, name), target / within / name, room)


def _copy(source: Path, target: Path, room: int) -> int:
    """Copy one entry; give the bytes it took."""
    kind = source.lstat().st_mode
    if stat.S_ISLNK(kind):
        target.symlink_to(os.readlink(source))
    elif stat.S_ISDIR(kind):
        target.mkdir()
    elif stat.S_ISREG(kind):
        handle = os.open(source, _OPEN)
        with os.fdopen(handle, "rb") as file:
            size = os.fstat(handle).st_size
            if size <= min(LARGEST, room):
                with target.open("xb") as copy:
                    shutil.copyfileobj(file, copy)
                return size
        with target.open("xb") as copy:
            copy.truncate(size)
    return 0
