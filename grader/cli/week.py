"""The week's verbs over a cohort: release, collect, autograde, feedback and report."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Annotated, Any

import typer

from grader.cli import show
from grader.cli.places import (
    CohortOption,
    CourseOption,
    HubOption,
    JsonOption,
    ParticipantOption,
    UnsandboxedOption,
    WeekArgument,
    find_week,
    now,
    place,
)
from grader.marks import Giver, Marked, Outcome


def add_to(app: typer.Typer) -> None:
    """Put the verbs on the command line."""
    app.command(epilog="Example: `grader release week01 --cohort demo`")(release)
    app.command(epilog="Example: `grader collect week01 --cohort demo`")(collect)
    app.command(epilog="Example: `grader autograde week01 --cohort demo --hub london`")(autograde)
    app.command(epilog="Example: `grader feedback week01 --cohort demo`")(feedback)
    app.command(epilog="Example: `grader report --cohort demo`")(report)


def release(
    week: WeekArgument,
    cohort: CohortOption = Path(),
    hub: HubOption = None,
    course: CourseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Open a week: participants can fetch it, and it has a due time."""
    from grader.release import release as journey

    here = place(cohort, course)
    meant = find_week(here.programme, week)
    solution = here.solution(meant)
    for done in journey(here.cohort, meant, solution, here.hubs(hub), now=now()):
        local = done.due.astimezone(here.cohort.timetable.timezone)
        if as_json:
            show.json_line(
                {"hub": done.hub, "week": done.week, "what": done.what, "due": local.isoformat()}
            )
        else:
            show.line(f"{done.hub}: {done.week} {done.what}, due {local:%A %-d %B %Y %H:%M}")


def collect(
    week: WeekArgument,
    cohort: CohortOption = Path(),
    hub: HubOption = None,
    course: CourseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in what was handed in; for each participant the attempt that counts."""
    from grader.collect import collect as journey

    here = place(cohort, course)
    tally: Counter[str] = Counter()
    reasons = []
    meant, hubs = find_week(here.programme, week), here.hubs(hub)
    here.require_released(meant, hubs)
    for done in journey(here.cohort, meant, hubs, now=now()):
        tally[done.what] += 1
        reasons += [f"{done.hub}: {done.reason}"] if done.reason else []
        if as_json:
            show.json_line(vars(done))
    if not as_json:
        show.line(_tally(tally) or f"Nothing has been handed in for {meant.name} yet.")
    for reason in reasons:
        show.note(reason)
    if tally["refused"]:
        raise typer.Exit(1)


def autograde(
    week: WeekArgument,
    cohort: CohortOption = Path(),
    hub: HubOption = None,
    participant: ParticipantOption = None,
    workers: Annotated[
        int, typer.Option("--workers", min=1, metavar="N", help="How many at once.")
    ] = 2,
    unsandboxed: UnsandboxedOption = False,
    course: CourseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Mark what was collected; a submission that cannot be marked never stops the others."""
    from grader.autograde import autograde as journey
    from grader.processes import tier

    here = place(cohort, course)
    here.require_participant(participant, hub)
    meant, hubs = find_week(here.programme, week), here.hubs(hub)
    results: list[Marked] = []
    with show.progress(f"Marking {week}") as bar, ExitStack() as stack:
        marking = journey(
            here.cohort,
            meant,
            hubs,
            tier=tier(unsandboxed=unsandboxed),
            now=now,
            only=participant,
            workers=workers,
            expect=bar.expect,
            note=show.note,
        )
        for marked in stack.enter_context(closing(marking)):
            results.append(marked)
            bar.step(marked.outcome.value)
            if as_json:
                show.json_line(_as_json(marked))
    if as_json:
        for told in results:
            if told.reason:
                show.note(f"{told.hub}: {told.participant}: {told.reason}")
    else:
        _show_marked(results)
    if any(marked.needs_a_person for marked in results):
        raise typer.Exit(1)


def feedback(
    week: WeekArgument,
    cohort: CohortOption = Path(),
    hub: HubOption = None,
    participant: ParticipantOption = None,
    keep_back: Annotated[
        bool,
        typer.Option("--keep-back", help="Make the pages only; formgrader can release them."),
    ] = False,
    course: CourseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hand feedback back, at once or when a mentor has looked, as the cohort says."""
    from grader.feedback import feedback as journey

    here = place(cohort, course)
    here.require_participant(participant, hub)
    meant, hubs = find_week(here.programme, week), here.hubs(hub)
    tally: Counter[str] = Counter()
    with show.progress(f"Feedback on {week}") as bar:
        for done in journey(
            here.cohort,
            meant,
            hubs,
            here.hints(),
            now=now(),
            only=participant,
            keep_back=keep_back,
            expect=bar.expect,
        ):
            tally[done.what] += 1
            bar.step(done.what)
            if done.reason:
                show.note(f"{done.hub}: {done.participant}: {done.reason}")
            if as_json:
                show.json_line(vars(done))
    if not as_json:
        show.line(_tally(tally) or "Nothing has been collected yet.")
    if tally["failed"]:
        raise typer.Exit(1)


def report(cohort: CohortOption = Path(), course: CourseOption = None) -> None:
    """Write each hub's pages for its mentors."""
    from grader import course as door
    from grader.report import report as journey

    here = place(cohort, course)
    here.hubs(None)
    hints = door.all_hints(here.course, here.programme)
    for page in journey(here.cohort, here.programme, hints, now=now()):
        show.line(str(page))


def _tally(tally: Counter[str]) -> str:
    return ", ".join(f"{number} {what}" for what, number in sorted(tally.items()))


def _show_marked(results: list[Marked]) -> None:
    fresh = sum(marked.fresh for marked in results)
    show.line(f"{show.count(fresh, 'submission')} marked, {len(results) - fresh} unchanged.")
    troubled = [m for m in results if m.outcome is not Outcome.FINISHED]
    rows = [(m.hub, m.participant, m.outcome.value, m.reason) for m in troubled]
    show.table(("hub", "participant", "outcome", "why"), rows)


def _as_json(marked: Marked) -> dict[str, Any]:
    return {
        "hub": marked.hub,
        "participant": marked.participant,
        "week": marked.week,
        "outcome": marked.outcome.value,
        "score": marked.points,
        "max_score": marked.out_of,
        "tasks": [
            {
                "notebook": mark.notebook,
                "task": mark.cell,
                "score": mark.points,
                "max": mark.out_of,
                "verdict": mark.verdict.value,
                "hint": mark.hint,
                "may_be_forged": mark.by is Giver.CANDIDATE,
            }
            for mark in marked.marks
        ],
    }
