"""
Open a week at its hubs: copy the source, make the release, set when it is due, put it in the exchange.

Done again, it changes only what changed. A source that changed after somebody handed in is refused:
marks given on the old one would silently mean something else. The modules of the checks are copied
as well, and from the first hand-in on only `regrade` takes mended ones (G1).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from grader import course, turns
from grader.engine import exchange, gradebook
from grader.engine import release as engine_release
from grader.engine.standing import remember
from grader.errors import CohortError, CourseError
from grader.examination import Kept, Version, modules_in, version_of
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
    modules = None if cohort.is_ordinary else course.week_folder(cohort.course, week.name)
    wanted = version_of(solution, modules)
    _refuse_changes_under_marks(cohort, week, hubs, wanted)
    for hub in hubs:
        exchange.require_exchange(cohort.home(hub))
        gradebook.require_readable(cohort.home(hub))
    with turns.taken(cohort, hubs, f"grader release {week.name}"):
        for hub in hubs:
            yield _release_at(cohort, week, solution, modules, hub, wanted, now)


def _refuse_changes_under_marks(
    cohort: Cohort, week: Week, hubs: Sequence[Hub], wanted: Version
) -> None:
    for hub in hubs:
        known = Kept(cohort.home(hub), week.name).as_released
        if known is None or known.source == wanted.source:
            continue
        home = cohort.home(hub)
        if exchange.attempts(home, week.name) or gradebook.has_submissions(home, week.name):
            raise CohortError(
                f"{week.name} changed after work was handed in at {hub.title}",
                where=f"solutions/{week.name}",
                do=f"Run `grader regrade {week.name}`, which shows whose marks the changed one would "
                "move, and with --apply puts it in place; or put the released version back.",
            )


def _release_at(
    cohort: Cohort,
    week: Week,
    solution: Path,
    modules: Path | None,
    hub: Hub,
    wanted: Version,
    now: datetime,
) -> Released:
    home, due = cohort.home(hub), cohort.due(week, hub)
    kept = Kept(home, week.name)
    known = kept.as_released
    frozen = known is not None and known.source == wanted.source and _has_work(home, week)
    if known is not None and frozen:
        wanted = (
            known  # participants get the same files; mended checks behind them are for `regrade`
        )
    current = known == wanted and exchange.is_released(home, week.name)
    if not current:
        kept.put_source(solution)
        if not frozen:
            kept.put_checks(modules_in(modules) if modules else {})
        engine_release.assign(home, week.name)
    # An ordinary course has its due times in the gradebook already, or none.
    moved = not cohort.is_ordinary and gradebook.due_times(home).get(week.name) != due.astimezone(
        UTC
    )
    if moved:
        gradebook.set_due(home, week.name, due)
    if not current:
        exchange.release(home, week.name, at=now)
        _remember(home, week, wanted, now)
        return Released(hub.name, week.name, "released again" if known else "released", due)
    return Released(hub.name, week.name, "due time moved" if moved else "unchanged", due)


def _has_work(home: Path, week: Week) -> bool:
    in_exchange = exchange.is_released(home, week.name) and exchange.attempts(home, week.name)
    return bool(in_exchange) or gradebook.has_submissions(home, week.name)


def _remember(home: Path, week: Week, wanted: Version, now: datetime) -> None:
    at = now.astimezone(UTC).isoformat()
    remember(home, week.name, {"digest": wanted.source, "checks": wanted.checks, "at": at})
