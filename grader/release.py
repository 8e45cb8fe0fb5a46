"""
Open a week at its hubs: copy the source, make the release, set when it is due, put it in the exchange.

Done again, it changes only what changed. A source that changed after somebody handed in is refused:
marks given on the old one would silently mean something else.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from grader import digests, turns
from grader.engine import exchange, gradebook
from grader.engine import release as engine_release
from grader.engine.standing import RECORD, released
from grader.errors import CohortError, CourseError
from grader.programme import Cohort, Hub, Week


@dataclass(frozen=True)
class Released:
    """Say what happened to *week* at one hub: released, released again, due time moved, unchanged."""

    hub: str
    week: str
    what: str
    due: datetime


def release(
    cohort: Cohort, week: Week, solution: Path, hubs: Sequence[Hub], *, now: datetime
) -> Iterator[Released]:
    """
    Release *week*, whose source lies in the folder *solution*, at *hubs*.

    Raises CourseError where the week has no content, CohortError where work was handed in already
    and the source has changed, MachineError where the exchange or a gradebook is gone;
    then no hub is touched.
    """
    if not (solution / f"{week.name}.ipynb").exists():
        raise CourseError(
            f"{week.name} has no notebook yet",
            where=f"solutions/{week.name}",
            do=f"Write {week.name}.ipynb there, or release another week.",
        )
    digest = digests.of_folder(solution)
    _refuse_changes_under_marks(cohort, week, hubs, digest)
    for hub in hubs:
        exchange.require_exchange(cohort.home(hub))
        gradebook.require_readable(cohort.home(hub))
    with turns.taken(cohort, hubs, f"grader release {week.name}"):
        for hub in hubs:
            yield _release_at(cohort, week, solution, hub, digest, now)


def _refuse_changes_under_marks(
    cohort: Cohort, week: Week, hubs: Sequence[Hub], digest: str
) -> None:
    for hub in hubs:
        home = cohort.home(hub)
        known = released(home).get(week.name, {}).get("digest")
        if known is None or known == digest:
            continue
        if exchange.attempts(home, week.name) or gradebook.has_submissions(home, week.name):
            raise CohortError(
                f"{week.name} changed after work was handed in at {hub.title}",
                where=f"solutions/{week.name}",
                do="Put the released version back; a mended check will be applied by `grader regrade` "
                "(planned), which shows whose marks move.",
            )


def _release_at(
    cohort: Cohort, week: Week, solution: Path, hub: Hub, digest: str, now: datetime
) -> Released:
    home, due = cohort.home(hub), cohort.due(week, hub)
    known = released(home).get(week.name)
    same_source = (
        known is not None and known["digest"] == digest and exchange.is_released(home, week.name)
    )
    if not same_source:
        _copy_source(solution, home / "source" / week.name)
        engine_release.assign(home, week.name)
    moved = gradebook.due_times(home).get(week.name) != due.astimezone(UTC)
    if moved:
        gradebook.set_due(home, week.name, due)
    if not same_source:
        exchange.release(home, week.name, at=now)
        _remember(home, week, digest, now)
        return Released(hub.name, week.name, "released again" if known else "released", due)
    return Released(hub.name, week.name, "due time moved" if moved else "unchanged", due)


def _copy_source(solution: Path, source: Path) -> None:
    if source.exists() and source.samefile(solution):
        return  # an ordinary nbgrader course has its source in place
    if source.exists():
        shutil.rmtree(source)
    shutil.copytree(
        solution,
        source,
        ignore=shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__", "*.pyc"),
    )


def _remember(home: Path, week: Week, digest: str, now: datetime) -> None:
    known = released(home)
    known[week.name] = {"digest": digest, "at": now.astimezone(UTC).isoformat()}
    fresh = home / f"{RECORD}.new"
    fresh.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    fresh.replace(home / RECORD)
