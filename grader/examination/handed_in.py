"""What one participant's folder holds of a week: checked, parsed, and rebuilt from the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from grader import intake, notebooks
from grader.examination.record import Record
from grader.marks import Outcome
from grader.notebooks import Notebook

# What was put back and left out, kept beside the marked notebook for the feedback.
NOTES = "marking-notes.json"


@dataclass(frozen=True)
class HandedIn:
    """
    Hold a submission that is ready to be run, or say in *outcome* and *reason* why it is not.

    *missing* names notebooks that were not handed in; *put_back* and *left_out* are sentences for
    the participant; *submission* says whose work it is, and which, for the receipts.
    """

    notebooks: Mapping[str, Notebook]
    files: Mapping[str, bytes] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    put_back: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    outcome: Outcome = Outcome.FINISHED
    reason: str = ""
    submission: str = ""


def take(folder: Path, record: Record, *, submission: str = "") -> HandedIn:
    """Take in the handed-in *folder*; nothing in it is run or trusted."""
    taken = intake.take_in(folder)
    outcome, reason = Outcome.FINISHED, ""
    rebuilt: dict[str, Notebook] = {}
    missing: list[str] = []
    put_back: list[str] = []
    for name, original in record.notebooks.items():
        content = taken.files.get(f"{name}.ipynb")
        if content is None:
            missing.append(name)
            outcome, reason = _why_missing(name, taken)
            continue
        try:
            built = notebooks.rebuild(
                original,
                notebooks.parse(content),
                record.before.get(name, ()),
                released=record.released[name],
            )
        except ValueError as error:
            missing.append(name)
            outcome, reason = Outcome.NOT_A_NOTEBOOK, f"{name}.ipynb: {error}"
            continue
        rebuilt[name] = built.notebook
        put_back += built.put_back
    ours = (*record.files, *(f"{name}.ipynb" for name in record.notebooks), NOTES)
    others = {path: content for path, content in taken.files.items() if not _meets(path, ours)}
    return HandedIn(
        rebuilt,
        others,
        tuple(missing),
        tuple(put_back),
        dict(taken.left_out),
        outcome,
        reason,
        submission,
    )


def _meets(path: str, ours: Iterable[str]) -> bool:
    """Tell whether a file stands where one of ours goes, or where a folder of ours would."""
    return any(
        path == own or path.startswith(f"{own}/") or own.startswith(f"{path}/") for own in ours
    )


def _why_missing(name: str, taken: intake.Taken) -> tuple[Outcome, str]:
    wanted = f"{name}.ipynb"
    if wanted in taken.left_out:
        return Outcome.REFUSED, f"{wanted} was not taken in: {taken.left_out[wanted]}."
    others = [path for path in taken.files if path.endswith(".ipynb") and "/" not in path]
    close = get_close_matches(wanted, others, n=1, cutoff=0.5)
    if close:
        # Offered, not guessed: it may be an old copy.
        return (
            Outcome.MISSING,
            f"There is no {wanted}, but there is “{close[0]}”. If that is the work, rename it in "
            f"the submitted folder and mark it again.",
        )
    return Outcome.MISSING, f"There is no {wanted} in what was handed in."
