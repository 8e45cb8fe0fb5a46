"""
The door to what was handed in: the folders of a hub's nbgrader course directory.

Everything below `submitted/` was written by a participant, so nothing there is trusted: no link is
followed, nothing is opened that is not a small ordinary file.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

STAMP = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,6})?)"
    r"\s*(?P<zone>UTC|GMT|Z|[+-]\d\d:?\d\d)?"
)


def handed_in(
    home: Path, *, submitted: Path | None = None
) -> dict[tuple[str, str], datetime | None]:
    """
    Find when each participant's week in the course directory *home* was handed in (UTC).

    *submitted* is the folder of hand-ins where the course names it in its own way.

    A folder whose timestamp cannot be read is there with None: left out, it would look like
    silence; with the file's own time, like a fact. A copied folder has the time of the copy.
    """
    return {
        (participant.name, week.name): _stamp(Path(week.path) / "timestamp.txt")
        for participant in folders(submitted or home / "submitted")
        for week in folders(Path(participant.path))
    }


def released(home: Path) -> frozenset[str]:
    """Name the weeks that nbgrader has made ready for participants in *home*."""
    return frozenset(week.name for week in folders(home / "release"))


def folders(folder: Path) -> Iterator[os.DirEntry[str]]:
    """List the folders in *folder* by name, passing over links and hidden ones."""
    if not folder.is_dir():
        return
    with os.scandir(folder) as found:
        inside = sorted(found, key=lambda entry: entry.name)
    for entry in inside:
        if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
            yield entry


def _stamp(path: Path) -> datetime | None:
    return moment(_first_words(path))


def moment(words: str) -> datetime | None:
    """Read nbgrader's timestamp, such as 2027-01-12 10:00:00.000000 UTC; no zone means UTC."""
    found = STAMP.fullmatch(words)
    if not found:
        return None
    zone = found["zone"] if (found["zone"] or "Z")[0] in "+-" else "+00:00"
    try:
        return datetime.fromisoformat(f"{_six_digits(found['time'])}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):  # the 30th of February, or a year that UTC has not
        return None


def _first_words(path: Path) -> str:
    """Read the beginning of an ordinary file, or nothing; a pipe must not hold us up."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return ""
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return ""
        return file.read(100).decode("utf-8", errors="replace").strip()


def _six_digits(time: str) -> str:
    """Pad the fraction of a second: Python 3.11 takes any length, older files have any."""
    whole, _, fraction = time.partition(".")
    return f"{whole}.{fraction:0<6}"
