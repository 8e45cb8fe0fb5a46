"""Folders for those children that have no private file system, and the names of files in them."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

PREFIX = "grader-box-"


def new() -> str:
    """Make a folder named after this process, and sweep away those of processes that are gone."""
    sweep()
    return tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-")


def sweep() -> None:
    """Remove the folders that a killed run left behind."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if _is_ours(folder) and owner.isdigit() and not Path("/proc", owner).exists():
            shutil.rmtree(folder, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    try:
        return not folder.is_symlink() and folder.stat().st_uid == os.getuid()
    except FileNotFoundError:  # another run has just ended, and took it away
        return False


def refuse_bad_names(names: Iterable[str]) -> None:
    """Raise ValueError for a name that leads out of its folder."""
    for name in names:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.name or "\0" in name:
            raise ValueError(f"not a name of a file inside a folder: {name!r}")
