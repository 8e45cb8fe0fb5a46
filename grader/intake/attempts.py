"""
Every attempt there ever was, and what went back: read from the names of folders alone.

nbgrader's exchange names an attempt <participant>+<week>+<timestamp>+<chance>. Nothing in such a
folder is opened.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from grader.intake.arrivals import folders, moment
from grader.marks import Attempt

NAME = re.compile(r"(?P<person>[^+]+)\+(?P<week>[^+]+)\+(?P<stamp>[^+]+(\+\d\d:?\d\d)?)(\+[^+]*)?")


def attempts(exchange: Path, course_id: str) -> tuple[Attempt, ...]:
    """List what was handed in to *course_id*, oldest first; a name that says no time is left out."""
    named = [
        (NAME.fullmatch(folder.name), Path(folder.path))
        for folder in _listed(exchange / course_id / "inbound")
    ]
    found = [
        Attempt(name["person"], name["week"], at, path)
        for name, path in named
        if name and (at := moment(name["stamp"]))
    ]
    return tuple(sorted(found, key=lambda attempt: (attempt.at, attempt.participant)))


def handed_back(home: Path) -> frozenset[tuple[str, str]]:
    """Name the participants' weeks of which feedback has gone back, in the course directory *home*."""
    return frozenset(pages_back(home))


def pages_back(home: Path) -> dict[tuple[str, str], tuple[Path, ...]]:
    """List the pages of feedback that have gone back, by participant and week."""
    return {
        (participant.name, week.name): found
        for participant in folders(home / "feedback")
        for week in folders(Path(participant.path))
        if (found := tuple(sorted(Path(week.path).glob("*.html"))))
    }


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    try:
        return list(folders(folder))
    except PermissionError:  # participants may write there, and only its owner may list it
        return []
