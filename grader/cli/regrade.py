"""The verb regrade: who would move if the mended week marked again, and with --apply the change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from grader.cli import show
from grader.cli.places import (
    CohortOption,
    CourseOption,
    HubOption,
    JsonOption,
    UnsandboxedOption,
    WeekArgument,
    find_week,
    now,
    place,
)

if TYPE_CHECKING:
    from grader.moves import Move
    from grader.regrade import Change, Regraded

Titled = Callable[[str | None], str]
WORDS = {
    "stays": ("stays the same", "stay the same"),
    "undecided": ("has a check that could not decide", "have a check that could not decide"),
    "could not be marked": ("could not be marked, and keeps its marks",) * 2,
    "not marked": ("is not marked yet, which is for `grader autograde`",) * 2,
    "not stored": ("was handed in at another hub, and keeps its marks",) * 2,
}


def add_to(app: typer.Typer) -> None:
    """Put the verb on the command line."""
    app.command(epilog="Example: `grader regrade week01 --cohort demo`")(regrade)


def regrade(
    week: WeekArgument,
    apply: Annotated[
        bool, typer.Option("--apply", help="Write it; without, it is only shown.")
    ] = False,
    cohort: CohortOption = Path(),
    hub: HubOption = None,
    participant: Annotated[
        str | None,
        typer.Option(
            "--participant", metavar="ID", help="Only look at this one.", show_default="all"
        ),
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", min=1, metavar="N", help="How many at once.")
    ] = 2,
    unsandboxed: UnsandboxedOption = False,
    course: CourseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Mark the stored submissions again after a check was mended: show who moves, or apply it."""
    from grader.processes import tier
    from grader.regrade import Regrading

    here = place(cohort, course)
    here.require_participant(participant, hub)
    meant, hubs = find_week(here.programme, week), here.hubs(hub)
    here.require_released(meant, hubs)
    results: list[Regraded] = []
    with Regrading(here.cohort, meant, hubs, here.course) as journey:
        changes = journey.changes()
        if as_json:
            for change in changes:
                show.json_line({"week": week, **vars(change)})
        with show.progress(f"Marking {week} again") as bar, ExitStack() as stack:
            marking = journey.run(
                tier=tier(unsandboxed=unsandboxed),
                now=now,
                apply=apply,
                only=participant,
                workers=workers,
                expect=bar.expect,
            )
            for done in stack.enter_context(closing(marking)):
                results.append(done)
                bar.step(done.what)
                if as_json:
                    show.json_line(_as_json(done))
    if not as_json:
        hints = here.hints()
        _show(week, changes, results, apply, lambda code: _title(code, hints))
    if any(done.needs_a_person for done in results):
        raise typer.Exit(1)


def _show(
    week: str,
    changes: Sequence[Change],
    results: Sequence[Regraded],
    applied: bool,
    titled: Titled,
) -> None:
    for change in changes:
        more = f" ({change.more})" if change.more else ""
        show.line(f"{change.hub}: {change.what}: {change.where}{more}")
    if not changes:
        show.line(f"{week} has not changed since it was released or last regraded.")
    ordered = sorted(results, key=lambda done: (done.hub, done.participant))
    for done in ordered:
        for words in _lines(done, titled):
            show.line(f"{done.hub}: {done.participant}: {words}")
    _show_tally(ordered, applied)
    _show_kept(ordered)
    back = [done for done in ordered if done.handed_back and _moved(done)]
    if back:
        names = ", ".join(done.participant for done in back)
        show.line(
            f"Feedback has gone back to {names}: run `grader feedback {week}` after --apply, "
            "which renews it."
            if not applied
            else f"Feedback has gone back to {names}: run `grader feedback {week}`, which renews it."
        )
    if not applied and (changes or any(_moved(done) for done in results)):
        show.line(f"Nothing was written. `grader regrade {week} --apply` does it.")


def _show_tally(results: Sequence[Regraded], applied: bool) -> None:
    tally = Counter(done.what for done in results)
    moved = tally.pop("moves", 0)
    told = [f"{show.count(moved, 'participant')} {'moved' if applied else 'would move'}"]
    told += [f"{n} {WORDS[what][n > 1]}" for what, n in sorted(tally.items())]
    show.line("; ".join(told) + "." if results else "Nobody has handed in.")
    for done in results:
        if done.reason:
            show.note(f"{done.hub}: {done.participant}: {done.reason}")


def _show_kept(results: Sequence[Regraded]) -> None:
    kept = [(done.participant, move) for done in results for move in done.by_hand]
    if kept:
        told = ", ".join(f"{person} {move.cell} {_points(move.points)}" for person, move in kept)
        show.line(f"Marks by hand, which stay: {told}.")


def _moved(done: Regraded) -> bool:
    return any(move.moved for move in done.cells)


def _lines(done: Regraded, titled: Titled) -> Iterable[str]:
    """Say each check that moves or cannot be decided, and where anything moves the whole week."""
    for move in done.cells:
        if move.moved or _undecided(move):
            marks = _from_to(move.was, move.points, move.was_out_of, move.out_of)
            yield f"{move.cell} {marks}: {_why(move, titled)}"
    if _moved(done):
        was, now = _total(done.cells, before=True), _total(done.cells, before=False)
        waits = now["waiting"]
        more = f"; {show.count(int(waits), 'answer')} to be marked by a person" if waits else ""
        marks = _from_to(was["points"], now["points"], was["out_of"], now["out_of"])
        yield f"in all {marks}{more}"


def _from_to(
    was: float | None, now: float | None, was_out_of: float | None, out_of: float | None
) -> str:
    """Say both marks: from 0 to 2 of 2, from 1 of 1 to 1 of 2, from nothing to 1 of 1."""
    if was_out_of == out_of:
        return f"from {_points(was)} to {_points(now)} of {out_of:g}"
    first, second = (
        "nothing" if of is None else f"{_points(points)} of {of:g}"
        for points, of in ((was, was_out_of), (now, out_of))
    )
    return f"from {first} to {second}"


def _total(cells: Iterable[Move], *, before: bool) -> dict[str, float]:
    told = [(move.was, move.was_out_of) if before else (move.points, move.out_of) for move in cells]
    there = [(points, out_of) for points, out_of in told if out_of is not None]
    return {
        "points": sum(points for points, _ in there if points is not None),
        "out_of": sum(out_of for _, out_of in there),
        "waiting": sum(points is None for points, _ in there),
    }


def _undecided(move: Move) -> bool:
    return move.verdict is not None and move.verdict.value == "undecided"


def _points(points: float | None) -> str:
    return "undecided" if points is None else f"{points:g}"


def _why(move: Move, titled: Titled) -> str:
    if move.was_out_of is None:
        return f"the check is new; {_verdict(move.verdict, move.hint, titled)}"
    if move.out_of is None:
        return "the check was taken out"
    if move.by_hand:
        return "marked by hand, and its points changed: a person looks again"
    was = _verdict(move.verdict_was, move.hint_was, titled)
    now = _verdict(move.verdict, move.hint, titled)
    return f"{now}, for other points" if was == now else f"was {was}, now {now}"


def _verdict(verdict: Any, hint: str | None, titled: Titled) -> str:
    words = verdict.value.replace("_", " ") if verdict else "not known"
    return f"{words}: {titled(hint)}" if hint else words


def _title(code: str | None, hints: Any) -> str:
    return f"{hints[code].title} ({code})" if code in hints else str(code)


def _as_json(done: Regraded) -> dict[str, Any]:
    was, now = _total(done.cells, before=True), _total(done.cells, before=False)
    return {
        "hub": done.hub,
        "participant": done.participant,
        "week": done.week,
        "what": done.what,
        "outcome": done.outcome.value if done.outcome else None,
        "reason": done.reason,
        "points_before": was["points"],
        "points": now["points"],
        "max_before": was["out_of"],
        "max_score": now["out_of"],
        "waiting": now["waiting"],
        "handed_back": done.handed_back,
        "applied": done.applied,
        "tasks": [_move_as_json(move) for move in done.cells],
    }


def _move_as_json(move: Move) -> dict[str, Any]:
    return {
        "notebook": move.notebook,
        "task": move.cell,
        "score_before": move.was,
        "score": move.points,
        "max_before": move.was_out_of,
        "max": move.out_of,
        "verdict_before": move.verdict_was.value if move.verdict_was else None,
        "verdict": move.verdict.value if move.verdict else None,
        "hint_before": move.hint_was,
        "hint": move.hint,
        "by_hand": move.by_hand,
    }
