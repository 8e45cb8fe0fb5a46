"""
Whether the hubs stand as they should before a verb touches any: configured, with their gradebook.

nbgrader makes a new gradebook wherever one is missing, and nobody would notice that marks are gone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from grader.engine.settings import CONFIG, config, course_directory
from grader.errors import CohortError, Complaint, MachineError
from grader.programme import Cohort, Hub

RECORD = "released.json"
SQLITE = "sqlite:///"


def require_hubs(cohort: Cohort, hubs: Sequence[Hub]) -> None:
    """Refuse hubs that `grader cohort sync` has not made yet, and those whose gradebook is gone."""
    new = [hub for hub in hubs if not (cohort.home(hub) / CONFIG).is_file()]
    if new:
        do = "Run `grader cohort sync` first; it makes what the hub needs."
        raise CohortError(Complaint("", f"{hub.title} is new", do) for hub in new)
    require_gradebooks(cohort, hubs)


def require_gradebooks(cohort: Cohort, hubs: Sequence[Hub]) -> None:
    """Refuse hubs that have released weeks and no gradebook any more."""
    gone = [] if cohort.is_ordinary else list(_gone(cohort, hubs))
    if gone:
        raise MachineError(gone)


def released(home: Path) -> dict[str, dict[str, str]]:
    """
    Read what the kit released at a hub: week to what is kept of it.

    That is the digest of its source, the digest of what its checks import, and the time (UTC).
    """
    file = home / RECORD
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}


def remember(home: Path, week: str, kept: Mapping[str, str]) -> None:
    """Keep what was released of *week* at a hub, in place of what was known."""
    known = {**released(home), week: dict(kept)}
    fresh = home / f"{RECORD}.new"
    fresh.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    fresh.replace(home / RECORD)


def _gone(cohort: Cohort, hubs: Sequence[Hub]) -> Iterator[Complaint]:
    for hub in hubs:
        home = cohort.home(hub)
        if not (home / CONFIG).is_file() or not released(home):
            continue
        address = course_directory(config(home), week="").db_url
        file = Path(address.removeprefix(SQLITE))
        if address.startswith(SQLITE) and not (file.exists() and file.stat().st_size):
            what = f"the gradebook of {hub.title} is gone, and weeks were released there"
            do = "Restore it from your backup: with a new, empty one every mark would be lost."
            yield Complaint(str(file), what, do)
