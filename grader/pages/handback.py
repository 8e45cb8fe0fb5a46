"""
The page a participant gets back: plain values in, the text of one HTML file out.

Nothing here knows nbgrader, reads a file or asks for the time. The page opens from disk: its style
is inside it, it has no script, and its policy lets none run.
"""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from grader.pages import advising, cleaning, endings, outputs, render, wording
from grader.pages.frames import own_frames
from grader.pages.shown import Advice, Cell, Check, Output, Reflection, Shown, Task

__all__ = [
    "Advice",
    "Cell",
    "Check",
    "Output",
    "Reflection",
    "Shown",
    "Task",
    "own_frames",
    "page",
]

MOST_CELLS = 60  # of one task, or outside the tasks


def page(shown: Shown) -> str:
    """Make the page of one submission."""
    html = render(
        "handback.html",
        ZoneInfo("UTC"),  # no time is shown
        shown=shown,
        say=wording,
        ends=endings,
        advising=advising,
        steps=advising.next_steps(shown),
        comments=_comments(shown),
        code=outputs.code,
        prose=outputs.prose,
        pieces=lambda cell: outputs.pieces(cell.outputs, shown.sources),
        trace=lambda check: _trace(check, shown.sources),
        repeats=_repeats,
        rendered=cleaning.safe_markdown,
        plain=cleaning.plain,
        most=MOST_CELLS,
    )
    return cleaning.writable(html)


def _trace(check: Check, sources: Sequence[str]) -> str:
    """Fold away where the participant's own code stopped, if it did."""
    own = own_frames(check.traceback, sources, tell=not check.hidden)
    return own if "\n" in own else ""


def _repeats(check: Check, task: Task) -> int:
    """Give the number of the earlier check of *task* that gave the same hint, else 0."""
    mine = advising.advice(check)
    for number, other in enumerate(task.checks, start=1):
        if other is check:
            return 0
        theirs = advising.advice(other)
        if mine and theirs and (mine.code, mine.next) == (theirs.code, theirs.next):
            return number
    return 0


def _comments(shown: Shown) -> list[tuple[str, str]]:
    """List where a mentor left a word: the name of the place and its anchor."""
    tasks = [(f"Task {task.number}", task.anchor) for task in shown.tasks if _has_word(task.cells)]
    answers = [
        (reflection.title, f"reflection-{number}")
        for number, reflection in enumerate(shown.reflections, start=1)
        if _has_word([reflection.cell])
    ]
    others = [("your other cells", "others")] if _has_word(shown.others) else []
    return tasks + answers + others


def _has_word(cells: Sequence[Cell]) -> bool:
    return any(cell.comment.strip() for cell in cells)
