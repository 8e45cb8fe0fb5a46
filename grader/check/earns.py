"""
Does everything earn what it should? The solution all, the untouched exercise nothing, and each
specimen what its head says, with the hint it says.

Specimens of different tasks share a run, since tasks are independent of one another: a week takes
as many runs as its most tried task has specimens. One that does not finish runs alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from grader import trial
from grader.check import form
from grader.errors import Complaint
from grader.marks import Outcome
from grader.notebooks import Notebook
from grader.processes import Tier
from grader.programme import Week
from grader.specimens import Specimen
from grader.trial import Tried

NOTEBOOK_SECONDS = 90  # a participant's Restart and Run All
SOLUTION, BLANK = "solution", "blank"


def complaints(
    root: Path,
    week: Week,
    notebook: Notebook,
    specimens: Sequence[Specimen],
    tier: Tier,
    *,
    expect: Callable[[int], None] = lambda total: None,
    step: Callable[[str], None] = lambda words: None,
) -> tuple[list[Complaint], float]:
    """List what does not earn what it should, and give the seconds the solution took."""
    rounds = _rounds(specimens)
    right = trial.solutions(notebook)
    answers = {SOLUTION: right, BLANK: {}}
    for name, members in rounds.items():
        answers[name] = {**right, **{cell: text for s in members for cell, text in s.cells.items()}}
    expect(len(answers))
    tried = trial.try_answers(root, week, answers, tier, step=step)
    where = f"solutions/{week.name}/{week.name}.ipynb"
    found = [*_solution(where, tried[SOLUTION]), *_blank(f"exercises/{week.name}", tried[BLANK])]
    changed = form.changed_points(notebook, specimens).keys()
    for name, members in rounds.items():
        for specimen in members:
            place = specimen.file.relative_to(root).as_posix()
            found += _specimen(place, specimen, tried[name], changed)
    return found, tried[SOLUTION].seconds


def _rounds(specimens: Sequence[Specimen]) -> dict[str, list[Specimen]]:
    rounds: dict[str, list[Specimen]] = defaultdict(list)
    turns: dict[str, int] = defaultdict(int)
    for specimen in specimens:
        if specimen.outcome is not Outcome.FINISHED or len(specimen.cells) > 1:
            rounds[f"alone-{specimen.name}"].append(specimen)
        else:
            turns[specimen.task] += 1
            rounds[f"round{turns[specimen.task]:02}"].append(specimen)
    return dict(rounds)


def _solution(where: str, tried: Tried) -> Iterator[Complaint]:
    if tried.outcome is not Outcome.FINISHED:
        yield Complaint(
            where, f"the solution {tried.outcome}: {tried.reason}", "Run it from top to bottom."
        )
    for mark in tried.marks:
        if mark.points is not None and mark.points != mark.out_of:
            what = f"the solution earns {mark.points:g} of {mark.out_of:g}"
            yield Complaint(
                f"{where} [{mark.cell}]", what + _because(tried, mark.cell), "Mend one of them."
            )
    if tried.seconds > NOTEBOOK_SECONDS:
        yield Complaint(
            where,
            f"the solution takes {tried.seconds:.0f} s",
            f"Keep it under {NOTEBOOK_SECONDS} s.",
        )
    for cell, kind in _chatter(tried):
        yield Complaint(
            f"{where} [{cell}]", f"the check leaves {kind}", "nbgrader may take it for a mark."
        )


def _blank(where: str, tried: Tried) -> Iterator[Complaint]:
    if tried.outcome is not Outcome.FINISHED:
        yield Complaint(
            where, f"the untouched exercise {tried.outcome}: {tried.reason}", "It must run."
        )
    for mark in tried.marks:
        if mark.points:
            yield Complaint(
                f"{where} [{mark.cell}]",
                f"the untouched exercise earns {mark.points:g}",
                "Check more.",
            )


def _specimen(
    place: str, specimen: Specimen, tried: Tried, changed: Collection[str]
) -> Iterator[Complaint]:
    if tried.outcome is not specimen.outcome:
        what = f"it ended {tried.outcome}, should be {specimen.outcome}"
        yield Complaint(place, what, tried.reason or "Correct its head or the checks.")
        return
    for task, share in specimen.earns.items():
        if task in changed:
            continue  # its points changed, which is said once for all its specimens
        if any(mark.task == task and mark.points is None for mark in tried.marks):
            continue  # marked by hand: the head says what a mentor would give
        points, hint = tried.points(task), tried.hint(task)
        if (points, hint) != (share.points, share.hint):
            earned = f"{task} earned {points} with {hint or 'no hint'}"
            yield Complaint(
                place,
                f"{earned}, should be {share.points:g} with {share.hint or 'no hint'}",
                "Mend one.",
            )


def _because(tried: Tried, cell: str) -> str:
    errors = [o for name, o in _outputs(tried) if name == cell and o.output_type == "error"]
    return f": {errors[0].evalue.splitlines()[0]}" if errors and errors[0].evalue else ""


def _chatter(tried: Tried) -> Iterator[tuple[str, str]]:
    names = {mark.cell for mark in tried.marks}
    for name, output in _outputs(tried):
        if name in names and output.output_type == "execute_result":
            yield name, "a value behind"


def _outputs(tried: Tried) -> Iterator[tuple[str, Any]]:
    for cell in tried.notebook.cells if tried.notebook else ():
        for output in cell.get("outputs", ()):
            yield cell.metadata.get("nbgrader", {}).get("grade_id", ""), output
