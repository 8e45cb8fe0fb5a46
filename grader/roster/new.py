"""A new cohort: the commented cohort.toml, and what goes beside it."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from grader import toml
from grader.errors import CohortError, Complaint, MachineError
from grader.roster.checking import check_file
from grader.roster.clocks import TIMEZONE
from grader.roster.places import COHORT, ROSTER, is_shared, real
from grader.roster.rows import HEADER

_TEMPLATE = """\
# A cohort: when the programme runs, where, and for whom. The people are in roster.csv.
# After a change run `grader cohort sync`; it shows what will change first and loses no mark.
format = 1

[cohort]
name = {name}
title = {title}
starts = {starts}            # the first hub day; week 2 opens seven days later, and so on
{timezone}
{course}
exchange = "exchange"          # where work is handed out and in; relative to this file
feedback = "at once"           # or "when a mentor has looked"
undecided = "a person decides" # or "beside the work": those marks can be forged, and say so
shows = "id"                   # what mentors' pages call people: "id" or "name"

[weeks]
release_at = 09:00:00          # on the hub day
due_after_days = 6
due_at = 18:00:00

# [due]                        # where a week has another due time, for everybody
# week05 = {week05_later}

{hubs}
# [[extension]]                # more time for one participant and one week
# participant = "p003"
# week = "week01"
# until = {week01_later}

# [[leave]]                    # agreed leave: no reminders on these days, both included
# participant = "p004"
# from = {away}
# until = {back}

# [attention]                  # when a mentor is told; urgency 9 comes first, 0 is never told
# few_submitted = {{ urgency = 5, share = 0.5 }}
# silent = {{ urgency = 4, days = 14 }}
# missed_last = {{ urgency = 3 }}
# not_marked = {{ urgency = 3 }}
# low_mark = {{ urgency = 2, share = 0.5 }}
# falling = {{ urgency = 2, share = 0.2 }}
# same_misconception = {{ urgency = 2, tasks = 2 }}
# often_late = {{ urgency = 1, weeks = 2 }}

# [report]
# few = 10                     # a statistic on fewer answers is "too few to say"
# small = 5                    # numbers about fewer people of other hubs are kept back
# checks = 3                   # an outcome is told from so many marked checks on
# secure = 0.8                 # from this share of its points an outcome is secure,
# nearly = 0.5                 # and from this one nearly so
# waiting_days = 7             # an answer that waits longer is pointed out
# formgrader = "https://hub.example.org/services/{{hub}}/formgrader"
# organisation = "Department of Examples"
# contact = "accelerator@example.org"
"""

_NO_COURSE = (
    "# course = ...                 # where the course is; else looked for from here upwards"
)
# What the samples in the comments count from: when an ordinary week is due.
_DUE = timedelta(days=6)
_WEEK = timedelta(weeks=1)


def new_cohort(
    directory: Path,
    *,
    starts: date,
    hubs: Sequence[str],
    name: str | None = None,
    title: str | None = None,
    course: Path | None = None,
    timezone: str = TIMEZONE,
) -> None:
    """
    Write a commented cohort.toml, an empty roster and a .gitignore; or change nothing.

    A directory made here can be entered by everybody, so that participants reach an exchange
    inside, and listed by its owner only, like the two files.
    """
    directory = real(directory)
    _refuse_what_is_there(directory)
    _refuse_twins(hubs)
    season = _season(starts)
    name, title = name or f"{starts.year}-{season}", title or name
    title = title or f"{season.capitalize()} {starts.year}"
    text = _template(starts, hubs, name, title, _relative(course, directory), timezone)
    _, complaints = check_file(toml.parse(text, COHORT))
    if complaints:
        raise CohortError(Complaint("", complaint.what, complaint.do) for complaint in complaints)
    try:
        if not directory.exists():
            directory.mkdir(parents=True)
            directory.chmod(0o711)
        _write(directory / ".gitignore", "*\n")
        if not (directory / ROSTER).exists():
            _write(directory / ROSTER, HEADER + "\n")
        _write(directory / COHORT, text)
    except OSError as error:
        do = "Choose a directory you can write to."
        raise MachineError(f"cannot write to {directory}: {error.strerror}", do=do) from error


def _refuse_what_is_there(directory: Path) -> None:
    """Refuse a directory that is a cohort, or that may show people's data to git."""
    if os.path.exists(directory / COHORT):
        do = "Edit it and run `grader cohort sync`, or choose another directory."
        raise CohortError(f"there is a {COHORT} in {directory} already", do=do)
    ignored = directory / ".gitignore"
    if os.path.exists(ignored) and "*" not in str(toml.read_text(ignored, "")).split():
        what = f"{directory} has a .gitignore of its own, so git may see people's data there"
        raise CohortError(what, do="Choose a new directory for the cohort.")


def _refuse_twins(hubs: Sequence[str]) -> None:
    twins = sorted({hub for hub in hubs if hubs.count(hub) > 1})
    if twins:
        do = "Name each hub once: --hub sheffield --hub london."
        raise CohortError(f"the hub `{twins[0]}` is named twice", do=do)


def _relative(course: Path | None, directory: Path) -> str | None:
    return None if course is None else Path(os.path.relpath(real(course), directory)).as_posix()


def _template(
    starts: date, hubs: Sequence[str], name: str, title: str, course: str | None, timezone: str
) -> str:
    """Fill in the template; the caller checks what comes out as it would check any cohort.toml."""
    return _TEMPLATE.format(
        name=_quoted(name),
        title=_quoted(title),
        starts=starts.isoformat(),
        timezone=_noted(f"timezone = {_quoted(timezone)}", "times below are local to it"),
        course=_noted(f"course = {_quoted(course)}", "relative to this file")
        if course
        else _NO_COURSE,
        week01_later=f"{starts + _DUE + _WEEK}T18:00:00",
        week05_later=f"{starts + 4 * _WEEK + _DUE + _WEEK}T18:00:00",
        away=starts + 3 * _WEEK,
        back=starts + 4 * _WEEK - timedelta(days=1),
        hubs="\n".join(f"[[hub]]\nname = {_quoted(hub)}\n" for hub in hubs),
    )


def _noted(line: str, note: str) -> str:
    """Put a note where the template's other notes stand."""
    return f"{line:<30} # {note}"


def _season(starts: date) -> str:
    """Name the term that begins in this month, as colleges do: spring begins in January."""
    terms = {1: "spring", 4: "summer", 8: "autumn", 11: "winter"}
    return terms[max(month for month in terms if month <= starts.month)]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.touch(mode=0o600)
    part.chmod(0o660 if is_shared(path.parent) else 0o600)
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(path)
