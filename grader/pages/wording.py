"""
The words of a participant's page: verdicts, points, what waits for whom.

Kind, plain and complete in themselves: no colour or sign carries a meaning that the words do not.
"""

from __future__ import annotations

import re

from markupsafe import Markup

from grader.marks import Verdict
from grader.pages import coded, number
from grader.pages.cleaning import plain, shortened
from grader.pages.shown import Check, Shown, Task
from grader.progress import counted

UNFILLED = re.compile(r"\{\w+\}")
STRETCH = "If you would like more, try the stretch at the end of the notebook."


def verdict(check: Check, stopped_at: str = "") -> str:
    """Say what *check* decided."""
    if check.verdict is Verdict.PARTLY and check.points is not None:
        return f"Partly: {number(check.points)} of {number(check.out_of)}"
    if check.verdict is Verdict.NOT_REACHED:
        place = f"at {stopped_at}" if stopped_at else "before this check"
        return f"Not reached: the notebook stopped {place}"
    if check.verdict is Verdict.BY_HAND and check.points is not None:
        return "Marked by your mentor"
    return {
        Verdict.PASSED: "Passed",
        Verdict.PARTLY: "Partly",
        Verdict.FAILED: "Not yet",
        Verdict.UNDECIDED: "Waiting for a person",
        Verdict.BY_HAND: "Waiting for your mentor",
    }[check.verdict]


def label(check: Check, task: Task) -> str:
    """Call *check* by its number within *task*, and say which part it is."""
    part = "more checks, run after you handed in" if check.hidden else "the one you could run"
    if check.verdict is Verdict.BY_HAND:
        part = "marked by a person"
    return f"Check {task.checks.index(check) + 1} of {len(task.checks)} ({part})"


def in_short(task: Task, stopped_at: str = "") -> str:
    """Sum *task* up in a few words."""
    words = [verdict(check, stopped_at) for check in task.checks]
    if len(set(words)) == 1:
        return words[0]
    passed = sum(check.verdict is Verdict.PASSED for check in task.checks)
    rest = [word for word in dict.fromkeys(words) if word not in {"Passed", "Not yet"}]
    return "; ".join([f"{passed} of {len(words)} checks passed", *rest])


def filled(sentence: str) -> str:
    """Drop *sentence* if a placeholder was left unfilled in it: nobody wants to read {got}."""
    return "" if UNFILLED.search(sentence) else sentence


def worded(sentence: str) -> Markup:
    """Set what stands between backticks in *sentence* as code; all else is text."""
    return coded(shortened(plain(sentence)).text)


def points(value: float) -> str:
    """Count points: 1 point, 1.5 points."""
    return f"{number(value)} {'point' if value == 1 else 'points'}"


def worth(got: float, out_of: float) -> str:
    """Say what a check earned of what it is worth."""
    return f"{number(got)} of {points(out_of)}"


def all_passed(shown: Shown) -> bool:
    """Tell whether every check of every task passed."""
    checks = [check for task in shown.tasks for check in task.checks]
    return bool(checks) and all(_is_done(check) for check in checks)


def score(shown: Shown) -> str:
    """Say the points, or those known so far."""
    if shown.points is not None:
        so_far = " so far" if shown.open_answers else ""
        return f"{worth(shown.points, shown.out_of)}{so_far}"
    known = [task.known for task in shown.tasks]
    known += [(done.points, done.out_of) for done in shown.reflections if done.points is not None]
    got, out_of = sum(pair[0] for pair in known), sum(pair[1] for pair in known)
    return f"{worth(got, out_of)} so far" if out_of else "No points yet"


def waiting(shown: Shown) -> list[str]:
    """Say what waits for whom."""
    checks = [check for task in shown.tasks for check in task.checks]
    undecided = sum(check.verdict is Verdict.UNDECIDED for check in checks)
    words = []
    if shown.open_answers:
        words.append(
            f"{counted(shown.open_answers, 'answer waits', 'answers wait')} for your mentor."
        )
    if undecided:
        words.append(f"{counted(undecided, 'check waits', 'checks wait')} for a person to decide.")
    return [*words, "This page is renewed afterwards."] if words else []


def _is_done(check: Check) -> bool:
    return check.verdict is Verdict.PASSED or (
        check.verdict is Verdict.BY_HAND and check.points is not None
    )
