"""
Which source the marks of a week stand on: the hub's, an earlier one, and whether the course has a newer.

Everybody at a hub is marked by the same source. A changed one is accepted only by `regrade`, which
shows first whose marks would move (G1, G2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from grader import course, intake, ledger
from grader.errors import CohortError, Complaint
from grader.examination import Kept, Version, version_of
from grader.marks import Outcome
from grader.programme import Cohort, Hub, Week


def of_course(root: Path, week: Week) -> Version:
    """Tell which version of *week* the course at *root* has."""
    return version_of(course.solution(root, week.name), course.week_folder(root, week.name))


def marked_by(cohort: Cohort, week: Week, hub: Hub) -> frozenset[Version]:
    """
    Tell on which versions of *week* the marks of what is stored at *hub* stand.

    Those who left or moved keep their marks (G3), and newer work waits for autograde: neither counts.
    """
    home = cohort.home(hub)
    stored, last = intake.handed_in(home), ledger.latest(home / "ledger.db")
    found = [
        (last[at], stored[at])
        for at in ((person.id, week.name) for person in cohort.at(hub))
        if at in last and at in stored
    ]
    return frozenset(
        version_in(entry)
        for entry, handed_in in found
        if entry.handed_in == handed_in and entry.outcome is not Outcome.COULD_NOT_MARK
    )


def version_in(entry: ledger.Entry) -> Version:
    """Tell which version of the week the ledger says that a submission was marked by."""
    return Version(entry.versions.get("source", ""), entry.versions.get("checks", ""))


def refuse_another(cohort: Cohort, week: Week, hubs: Sequence[Hub]) -> None:
    """Refuse hubs whose own copy of *week* is not what was released there."""
    edited = [hub for hub in hubs if not Kept(cohort.home(hub), week.name).is_as_released]
    if not edited:
        return
    do = (
        f"Run `grader regrade {week.name}`: it shows whose marks would move, and with --apply puts "
        "the course's source there. If somebody edited it, carry the change over to the course first."
    )
    raise CohortError(
        Complaint(
            str(Kept(cohort.home(hub), week.name).source),
            f"the source or the checks of {week.name} at {hub.title} are not what was released there",
            do,
        )
        for hub in edited
    )


def notes(cohort: Cohort, week: Week, hubs: Sequence[Hub], *, to_mark: bool) -> Iterator[str]:
    """
    Say where marks stand on another source than the hub's, and whether the course has a newer one.

    Raises CohortError where new work is *to_mark* in an ordinary course whose source has changed
    since others were marked by it.
    """
    regrade = f"`grader regrade {week.name}`"
    for hub in hubs:
        kept = Kept(cohort.home(hub), week.name)
        standing = marked_by(cohort, week, hub)
        if cohort.is_ordinary and standing and kept.version not in standing:
            if to_mark:
                raise _changed_since_marked(week)
            yield f"source/{week.name} changed: marks stay. {regrade} shows whose would move."
        elif standing - {kept.version}:
            yield (
                f"{hub.title}: some marks of {week.name} stand on the source before the last "
                f"regrade, and stay. {regrade} --apply goes on with it."
            )
    if not cohort.is_ordinary and _is_mended(cohort, week, hubs):
        yield (
            f"The course's {week.name} changed after it was released: marking goes on with what was "
            f"released. {regrade} shows whose marks the changed one would move."
        )


def _changed_since_marked(week: Week) -> CohortError:
    return CohortError(
        f"source/{week.name} changed since work was marked by it, and newer work waits",
        where=f"source/{week.name}",
        do=f"Run `grader regrade {week.name}`: it shows whose marks would move, and with --apply marks "
        f"them again; then `grader autograde {week.name}`, so that one source has marked everybody.",
    )


def _is_mended(cohort: Cohort, week: Week, hubs: Sequence[Hub]) -> bool:
    now = of_course(cohort.course, week)
    known = [Kept(cohort.home(hub), week.name).as_released for hub in hubs]
    return any(there not in (None, now) for there in known)
