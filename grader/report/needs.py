"""Who needs you this week: for the hub, by mentor, and for each mentor a page with their people first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.attention import Need
from grader.progress import Progress, Status
from grader.report import site
from grader.report.seen import Seen, file_of

OTHERS = 10  # of the rest of the hub, on a mentor's page
COLUMNS = (
    "participant",
    "mentor",
    "urgency",
    "reasons",
    "last_submission",
    "misunderstood",
    "talking_point",
)


@dataclass(frozen=True)
class Group:
    """
    Gather one mentor's people; *mentor* is empty for those who have none, *file* is their page.

    *others* have no need that a rule would see, but misunderstood something worth a word.
    """

    mentor: str
    people: int
    needs: tuple[Need, ...]
    others: tuple[Progress, ...]
    file: str = ""


def files(seen: Seen) -> site.Files:
    """Make the page of the hub, a page for each mentor with people here, and the table."""
    groups = _groups(seen)
    made = {
        "index.html": _page(seen, "index.html", "needs.html", groups=groups),
        "who-needs-you.csv": site.table(COLUMNS, _rows(seen)),
    }
    for group in groups:
        if group.file:
            theirs = {need.progress.participant.id for need in group.needs}
            rest = [need for need in seen.needs if need.progress.participant.id not in theirs]
            made[group.file] = _page(
                seen, group.file, "mentor.html", group=group, rest=rest[:OTHERS], of_rest=len(rest)
            )
    return made


def _page(seen: Seen, file: str, template: str, **values: object) -> str:
    released = set(seen.weeks)
    following = (week for week in seen.programme.weeks if week not in released)
    return site.hub_page(
        seen,
        file,
        template,
        weeks=seen.weeks,
        people=seen.people,
        needs=seen.needs,
        handed_in={
            week.name: sum(person.weeks[number].submitted for person in seen.people)
            for number, week in enumerate(seen.weeks)
        },
        to_mark=seen.oldest_first(Status.BY_HAND) if template == "needs.html" else (),
        failed=seen.oldest_first(Status.FAILED) if template == "needs.html" else (),
        next_week=min(following, key=lambda week: week.number, default=None),
        **values,
    )


def _groups(seen: Seen) -> tuple[Group, ...]:
    """Group by mentor: those who meet people here, then any other, then people without one."""
    here = [mentor.id for mentor in seen.cohort.mentors_at(seen.hub)]
    theirs: dict[str, list[Progress]] = defaultdict(list)
    for person in seen.people:
        theirs[person.participant.mentor].append(person)
    needing: dict[str, list[Need]] = defaultdict(list)
    for need in seen.needs:
        needing[need.progress.participant.mentor].append(need)
    elsewhere = sorted(mentor for mentor in theirs if mentor and mentor not in here)
    return tuple(
        _group(seen, mentor, theirs[mentor], needing[mentor])
        for mentor in (*here, *elsewhere, "")
        if mentor in theirs
    )


def _group(seen: Seen, mentor: str, people: Sequence[Progress], needing: Sequence[Need]) -> Group:
    listed = {need.progress.participant.id for need in needing}
    others = tuple(
        person
        for person in people
        if person.misunderstood and not person.away and person.participant.id not in listed
    )
    file = f"mentor-{file_of(mentor)}" if mentor else ""
    return Group(seen.mentor(mentor), len(people), tuple(needing), others, file)


def _rows(seen: Seen) -> Iterator[tuple[object, ...]]:
    for need in seen.needs:
        person, last = need.progress, need.progress.last
        yield (
            seen.named(person.participant),
            seen.mentor(person.participant.mentor),
            need.reasons[0].severity,
            " ".join(reason.words for reason in need.reasons),
            last.heard if last else None,
            "; ".join(met.title for met in person.misunderstood),
            need.talking_point,
        )
