"""What candidate and examiner said of a submission: as marks, and as the marked notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from grader import notebooks
from grader.examination.handed_in import HandedIn
from grader.examination.record import Record
from grader.marking.judged import Cell, CellResult, Judged, Role
from grader.marks import Giver, Mark, Outcome, Verdict
from grader.notebooks import Notebook, grade_id, is_answer

# Written under a check in the marked notebook; nothing of the participant's is shown there.
BESIDE = "This check ran beside the participant's own code: this mark can be forged.\n"


@dataclass(frozen=True)
class Examined:
    """
    Hold everything that came of one submission.

    *notebooks* are the marked ones, with outputs; *unanswered* names, for each notebook, the answers
    left as they were released; *said* maps (notebook, check) to what the check said.
    """

    outcome: Outcome
    reason: str
    marks: tuple[Mark, ...]
    notebooks: Mapping[str, Notebook] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    unanswered: Mapping[str, frozenset[str]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    put_back: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[tuple[str, str], CellResult] = field(default_factory=dict)
    seconds: float = 0.0


def put_together(handed_in: HandedIn, judged: Mapping[str, Judged], record: Record) -> Examined:
    """Join what was handed in with what the two processes said of each notebook."""
    outcome, reason = _outcome(handed_in, judged)
    unanswered = {
        name: frozenset(_unanswered(name, notebook, record))
        for name, notebook in handed_in.notebooks.items()
    }
    marks = [
        mark
        for name in record.notebooks
        for mark in _marks(
            name, handed_in, judged.get(name), record, unanswered.get(name, frozenset())
        )
    ]
    return Examined(
        outcome=outcome,
        reason=reason,
        marks=tuple(marks),
        notebooks={n: _with_outputs(nb, judged[n]) for n, nb in handed_in.notebooks.items()},
        files=handed_in.files,
        unanswered=unanswered,
        missing=handed_in.missing,
        put_back=handed_in.put_back,
        left_out=handed_in.left_out,
        said={(n, cell): said for n, j in judged.items() for cell, said in j.checks.items()},
        seconds=sum(result.seconds for j in judged.values() for result in j.cells),
    )


def not_python(cells: Iterable[Cell], language: str) -> Judged:
    """Leave every check of a notebook in another *language* to a person: nothing of it is run."""
    reason = f"This notebook is written in {language}; the kit runs Python only."
    results = (
        CellResult(
            cell.id,
            verdict=Verdict.UNDECIDED if cell.role is Role.CHECK else None,
            reason=reason,
        )
        for cell in cells
    )
    return Judged(Outcome.FINISHED, cells=tuple(results))


def _outcome(handed_in: HandedIn, judged: Mapping[str, Judged]) -> tuple[Outcome, str]:
    if handed_in.outcome is not Outcome.FINISHED:
        return handed_in.outcome, handed_in.reason
    troubled = [(j.outcome, j.reason) for j in judged.values() if j.outcome is not Outcome.FINISHED]
    return troubled[0] if troubled else (Outcome.FINISHED, "")


def _marks(
    name: str,
    handed_in: HandedIn,
    judged: Judged | None,
    record: Record,
    unanswered: frozenset[str],
) -> Iterator[Mark]:
    checks = judged.checks if judged else {}
    for cell in record.notebooks[name].cells:
        own = cell.metadata.get("nbgrader", {})
        if not (own.get("grade") or own.get("task")):
            continue
        out_of, said = float(own.get("points", 0)), checks.get(own["grade_id"])
        if name in handed_in.missing:
            yield Mark(name, own["grade_id"], 0.0, out_of, Verdict.NOT_REACHED, by=Giver.KIT)
        elif said is not None and said.verdict is not None:
            points = None if said.verdict is Verdict.UNDECIDED else said.points
            yield Mark(
                name,
                own["grade_id"],
                points,
                out_of,
                said.verdict,
                said.hint or None,
                by=_giver(said),
                receipt=said.receipt,
            )
        elif own["grade_id"] in unanswered and not own.get("task"):
            yield Mark(name, own["grade_id"], 0.0, out_of, Verdict.FAILED, by=Giver.KIT)
        else:
            yield Mark(name, own["grade_id"], None, out_of, Verdict.BY_HAND, by=Giver.KIT)


def _giver(said: CellResult) -> Giver:
    if said.beside:
        return Giver.CANDIDATE
    return Giver.EXAMINER if said.receipt else Giver.KIT


def _unanswered(notebook_name: str, notebook: Notebook, record: Record) -> Iterator[str]:
    for cell in notebook.cells:
        name = grade_id(cell)
        editable = is_answer(cell) or cell.metadata.get("nbgrader", {}).get("task")
        if name and editable and cell.source.strip() in record.untouched(notebook_name, name):
            yield name


def _with_outputs(notebook: Notebook, judged: Judged) -> Notebook:
    ran = {said.id: (said.count, tuple(_outputs(said))) for said in judged.cells}
    return notebooks.with_outputs(notebook, ran)


def _outputs(said: CellResult) -> Iterator[dict[str, Any]]:
    yield from said.outputs
    if said.beside:
        yield {"output_type": "stream", "name": "stdout", "text": BESIDE}
    unmet = said.verdict in (Verdict.FAILED, Verdict.UNDECIDED, Verdict.NOT_REACHED)
    if unmet and not any(output["output_type"] == "error" for output in said.outputs):
        words = said.text or said.reason or "This check did not pass."
        yield {
            "output_type": "error",
            "ename": "Not yet",
            "evalue": words,
            "traceback": words.splitlines(),
        }
