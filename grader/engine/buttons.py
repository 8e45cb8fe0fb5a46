"""
nbgrader's Autograde and Generate feedback, pressed in formgrader or typed: the kit does them.

A hub's nbgrader_config.py names the two classes here as the exporters of nbgrader's converters.
nbgrader makes its exporter before it touches a folder, a row or a participant's file. At that moment
the kit's own command is run, and nbgrader is left with nothing to convert; where the command
refuses, nbgrader stops there, with the command's words in its log, and nothing is half done.
"""

from __future__ import annotations

import json
import logging
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.converters.base import BaseConverter, NbGraderException

from grader.processes import run_python

LOST = "could_not_mark"
NO_PAGE = {"waiting", "not marked", "failed"}
ENDED = {0, 1}  # 1: something unforeseen needs a person; it is in what was told
BROKEN = "Traceback (most recent call last)"


class _ByTheKit(NotebookExporter):
    """Run the kit's *command* for what the converter, our parent, was asked to do."""

    command: tuple[str, ...]

    def __init__(self, parent: Any = None, **more: Any) -> None:
        super().__init__(parent=parent, **more)
        if isinstance(parent, BaseConverter):
            _take_over(parent, self.command)


class MarkedByTheKit(_ByTheKit):
    """Mark by candidate and examiner in the sandbox, as `grader autograde` does."""

    command = ("autograde",)


class FeedbackByTheKit(_ByTheKit):
    """Make the kit's pages; Release feedback, another button, hands them back."""

    command = ("feedback", "--keep-back")


def _take_over(converter: BaseConverter, verb: tuple[str, ...]) -> None:
    home = Path(converter.coursedir.root).resolve()
    place = ("--cohort", str(home.parent), "--hub", home.name)
    failed: list[str] = []
    for who in _asked(converter):
        one = () if who is None else (f"--participant={who}",)
        failed += _run(converter, home, (*verb, *place, *one))
    converter.assignments = {}  # nothing is left for nbgrader to convert
    if failed:
        converter.log.error("Not done: %s", "; ".join(failed))
        raise NbGraderException("\n".join(failed))


def _asked(converter: BaseConverter) -> Sequence[str | None]:
    """List the participants that were asked for; None stands for all of the hub."""
    directory = converter.coursedir
    if directory.student_id == "*" and not directory.student_id_exclude:
        return [None]
    found = {Path(folder).parent.name for folder in converter.assignments}
    return sorted(found - set(directory.student_id_exclude.split(",")))


def _run(converter: BaseConverter, home: Path, words: tuple[str, ...]) -> list[str]:
    """Run one command, write to nbgrader's log what it says, and list what it could not do."""
    week = converter.coursedir.assignment_id
    shown = shlex.join(("grader", *words, week))
    converter.log.info("The kit does this, and nbgrader runs nothing: %s", shown)
    ran = run_python(["-P", "-m", "grader", *words, "--json", "--", week], cwd=home, seconds=None)
    told = [json.loads(line) for line in ran.out.splitlines()]
    ended = ran.status in ENDED and BROKEN not in ran.err and bool(told)
    for line in (*ran.err.splitlines(), *map(_in_words, told)):
        converter.log.log(logging.INFO if ended else logging.ERROR, "%s", line)
    stopped = f"it did not come to its end, for the reason above. Then run: {shown}"
    return [*_not_done(told), *([] if ended else [stopped])]


def _in_words(told: dict[str, Any]) -> str:
    if "what" in told:
        return f"{told['participant']}: feedback {told['what']}"
    known = [task["score"] for task in told["tasks"] if task["score"] is not None]
    open_tasks = len(told["tasks"]) - len(known)
    waiting = f", {open_tasks} still without a mark" if open_tasks else ""
    points = f"{sum(known):g} of {told['max_score']:g} points{waiting}"
    return f"{told['participant']}: {told['outcome']}, {points}"


def _not_done(told: Sequence[dict[str, Any]]) -> list[str]:
    """List those who could not be marked; and of feedback all, where there was none to make."""
    lost = [f"{one['participant']}: {LOST}" for one in told if one.get("outcome") == LOST]
    none = [f"{one['participant']}: {one['what']}" for one in told if one.get("what") in NO_PAGE]
    return [*lost, *(none if len(none) == len(told) else [])]
