"""
What a participant may try: the hint of each check, and from them at most three things to do next.

Of a hidden check only its hint speaks; what it said itself is never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from grader.marks import Outcome, Verdict
from grader.pages.cleaning import plain
from grader.pages.endings import COMES_NEXT, RUN_ALL
from grader.pages.shown import Advice, Check, Shown, Task

MOST = 3  # suggestions: more would be a list of faults
CODE = re.compile(r"\s*\[([A-Z][A-Z0-9_.]*)\]\s*$")
OPENING = re.compile(r"^Task \d+: ")
NO_HINT = {
    False: "Run the check under your answer, read what it says, and look at a small example by hand.",
    True: "Call your function on other small tables: fewer rows, another order, no rows. This check "
    "uses tables you have not seen.",
}


@dataclass(frozen=True)
class Step:
    """Be one thing to do next, and the task it belongs to, if it belongs to one."""

    words: str
    task: Task | None = None


def advice(check: Check) -> Advice | None:
    """Give the hint of *check*: the one it comes with, else what a visible check said in three lines."""
    if check.verdict not in {Verdict.FAILED, Verdict.PARTLY}:
        return None
    if check.advice:
        return check.advice
    lines = _lines(check)
    return Advice(*lines) if len(lines) == 3 else None


def said(check: Check) -> list[str]:
    """Give what a visible check said, where that is not a hint in three lines."""
    wanted = check.verdict in {Verdict.FAILED, Verdict.PARTLY} and not advice(check)
    return _lines(check) if wanted else []


def no_hint(check: Check) -> str:
    """Suggest something where no hint was found."""
    return NO_HINT[check.hidden]


def next_steps(shown: Shown) -> list[Step]:
    """Suggest at most three things: a notebook that stopped first, then the first unmet hint of a task."""
    steps = [Step(COMES_NEXT[shown.outcome])] if shown.outcome is not Outcome.FINISHED else []
    unreached = any(c.verdict is Verdict.NOT_REACHED for task in shown.tasks for c in task.checks)
    if unreached and not steps:
        steps.append(Step(f"{RUN_ALL} and mend the place where it stops."))
    return [*steps, *_unmet(shown)][:MOST]


def _unmet(shown: Shown) -> Iterator[Step]:
    told = set()
    for task in shown.tasks:
        unmet = [
            check for check in task.checks if check.verdict in {Verdict.FAILED, Verdict.PARTLY}
        ]
        if unmet:
            # A check that knows the mistake comes before one that only saw something wrong.
            check = next((check for check in unmet if advice(check)), unmet[0])
            found = advice(check)
            words = found.next if found else no_hint(check)
            if words not in told:
                told.add(words)
                yield Step(words, task)


def _lines(check: Check) -> list[str]:
    if check.hidden:
        return []
    lines = [line for line in CODE.sub("", plain(check.message)).splitlines() if line.strip()]
    return [OPENING.sub("", line) for line in lines]
