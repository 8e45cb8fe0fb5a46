"""The times of cohort.toml beside the programme's: none may be skipped, or fall before another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from grader import toml
from grader.errors import Complaint
from grader.programme import Programme, Timetable, Week
from grader.roster.clocks import exists
from grader.roster.models import CohortFile


def check_times(
    document: toml.Document, file: CohortFile, programme: Programme, hub_of: Mapping[str, str]
) -> Iterator[Complaint]:
    """Complain of times that cannot be meant; *hub_of* says which hub a participant goes to."""
    yield from _skipped(document, file.timetable, programme)
    yield from _due_too_soon(document, file, programme)
    yield from _extended_too_soon(document, file, programme, hub_of)


def _skipped(
    document: toml.Document, timetable: Timetable, programme: Programme
) -> Iterator[Complaint]:
    """Complain where an ordinary week opens or closes in the hour the clocks skip."""
    rules: dict[str, Callable[[Week], datetime]] = {
        "release_at": timetable.released,
        "due_at": timetable.due_for_all,
    }
    for key, when in rules.items():
        for week in programme.weeks:
            if not exists(when(week)):
                what = f"`{key}` puts {week.name} at {when(week):%d %B %H:%M}, when clocks skip"
                yield Complaint(document.where("weeks", key), what, f"Choose another `{key}`.")


def _due_too_soon(
    document: toml.Document, file: CohortFile, programme: Programme
) -> Iterator[Complaint]:
    """Complain of weeks that are due before they open: all of them, one, or one at a hub."""
    timetable = file.timetable
    if file.weeks.due_after_days == 0 and timetable.due_at < timetable.release_at:
        what = f"`due_at` is {timetable.due_at}, and weeks open at {timetable.release_at} that day"
        do = "Choose a later `due_at`, or more than 0 for `due_after_days`."
        yield Complaint(document.where("weeks", "due_at"), what, do)
    written = [(("due",), file.due), *((("hub", n, "due"), h.due) for n, h in enumerate(file.hub))]
    for keys, dues in written:
        for week in programme.weeks:
            due, opens = dues.get(week.name), timetable.released(week)
            if due and due < opens:
                what = f"`{week.name}` is due {_said(due)}, before it opens on {_said(opens)}"
                yield Complaint(document.where(*keys, week.name), what, "Write a later time.")


def _extended_too_soon(
    document: toml.Document, file: CohortFile, programme: Programme, hub_of: Mapping[str, str]
) -> Iterator[Complaint]:
    """Complain of extensions that would take time away."""
    hub_dues = {hub.name: hub.due for hub in file.hub}
    for number, extension in enumerate(file.extension):
        week, person = programme.week(extension.week), extension.participant
        if week is None:
            continue
        here = hub_dues.get(hub_of.get(person, ""), {}).get(week.name)
        due = here or file.timetable.due_for_all(week)
        if extension.until < due:
            what = (
                f"`until` is {_said(extension.until)}, and {person} has until {_said(due)} "
                f"for {week.name} anyway"
            )
            do = "Write a later time, or remove this `[[extension]]`."
            yield Complaint(document.where("extension", number, "until"), what, do)


def _said(moment: datetime) -> str:
    return f"{moment:%-d %B %Y %H:%M}"
