"""Every line of roster.csv, checked beside the others and the hubs of cohort.toml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from grader import toml
from grader.errors import Complaint
from grader.programme import NAME
from grader.roster.places import COHORT
from grader.roster.rows import ROLES, Roster, Row


def check_roster(roster: Roster, hubs: frozenset[str] | None) -> list[Complaint]:
    """Check every line; hubs are not checked where *hubs*, those of cohort.toml, is None."""
    complaints = list(roster.complaints)
    if not roster.readable:
        return complaints
    people = roster.by_id
    for row in roster.rows:
        complaints += _id_complaints(row, people[row.id])
        complaints += _role_complaints(row)
        complaints += _hub_complaints(row, hubs)
        if row.role == "participant" and row.mentor:
            complaints += _mentor_complaints(row, people, hubs)
    return complaints


def _id_complaints(row: Row, first: Row) -> Iterator[Complaint]:
    """Complain of an id that is none, or that the line *first* has already."""
    if not NAME.fullmatch(row.id):
        what = f'"{row.id[:64]}" is not an id' if row.id else "the id is empty"
        yield row.complaint(what, toml.NAME_RULE)
    elif first is row:
        return
    elif {row.role, first.role} == {"participant"} and row.hubs != first.hubs:
        what = (
            f"`{row.id}` is in two hubs: {_listed(first.hubs)} on line {first.line}, "
            f"{_listed(row.hubs)} on line {row.line}"
        )
        do = "Keep the line of the hub they go to; after a move, run `grader cohort sync`."
        yield row.complaint(what, do)
    else:
        what = f"`{row.id}` is on line {first.line} already"
        yield row.complaint(what, "Remove one of the lines, or give somebody another id.")


def _role_complaints(row: Row) -> Iterator[Complaint]:
    if "role" not in row.cells:
        return
    if row.role not in ROLES:
        what = f'the role of `{row.id}` is "{row.role[:64]}"{toml.or_similar(row.role, ROLES)}'
        yield row.complaint(what, f"Write one of: {', '.join(ROLES)}.")
    elif row.role != "participant" and row.mentor:
        what = f"the {row.role} `{row.id}` has a mentor"
        yield row.complaint(what, "Leave the cell empty: only participants have a mentor.")


def _hub_complaints(row: Row, hubs: frozenset[str] | None) -> Iterator[Complaint]:
    if "hub" not in row.cells or row.role not in ROLES:
        return
    if row.role == "lead":
        if row.hubs:
            yield row.complaint(f"the lead `{row.id}` has a hub", "Leave it empty: leads see all.")
        return
    if not row.hubs:
        do = f"{_one_of(hubs)}." if hubs else "Write the hub's name."
        yield row.complaint(f"the {row.role} `{row.id}` has no hub", do)
    if row.role == "participant" and len(row.hubs) > 1:
        what = f"`{row.id}` is in two hubs: {_listed(row.hubs)}, on line {row.line}"
        yield row.complaint(what, "Keep the hub they go to.")
    for hub in row.hubs:
        if hubs is not None and hub not in hubs:
            what = f"{COHORT} has no hub `{hub[:64]}`{toml.or_similar(hub, hubs)}"
            yield row.complaint(what, f"{_one_of(hubs)}; or add a `[[hub]]`.")


def _mentor_complaints(
    row: Row, people: Mapping[str, Row], hubs: frozenset[str] | None
) -> Iterator[Complaint]:
    mentor = people.get(row.mentor)
    if mentor is None:
        what = f"`{row.mentor[:64]}`, the mentor of `{row.id}`, is not in the roster"
        do = "Correct the id, give the mentor a line, or leave the cell empty."
        yield row.complaint(what, do)
    elif mentor.role == "mentor":
        yield from _distance_complaints(row, mentor, hubs)
    elif mentor.role in ROLES:  # else line *mentor* has its own complaint
        kind = f"an {mentor.role}" if mentor.role == "instructor" else f"a {mentor.role}"
        what = f"`{mentor.id}`, the mentor of `{row.id}`, is {kind} (line {mentor.line})"
        yield row.complaint(what, "Choose a mentor, or give them an id and a line as one.")


def _distance_complaints(row: Row, mentor: Row, hubs: frozenset[str] | None) -> Iterator[Complaint]:
    """Complain of a mentor elsewhere, unless a hub of theirs has a complaint of its own."""
    if not mentor.hubs or len(row.hubs) != 1:
        return
    [hub] = row.hubs
    if hub in mentor.hubs or (hubs is not None and hub not in hubs):
        return
    what = (
        f"the mentor `{mentor.id}` is not at {hub}, where `{row.id}` is, "
        f"but at {_listed(mentor.hubs)} (line {mentor.line})"
    )
    do = f"Choose another mentor, or add ;{hub} to the hubs on line {mentor.line}."
    yield row.complaint(what, do)


def _one_of(hubs: Iterable[str]) -> str:
    return f"Write one of: {_listed(sorted(hubs))}"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(names) if names else "no hub"
