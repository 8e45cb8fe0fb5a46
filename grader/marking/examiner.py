"""
The examiner: runs the instructor's set-up and checks, and never a line of the participant's.

It holds hidden checks, references and expected values; the candidate holds none of them.
"""

from __future__ import annotations

import contextlib
import inspect
import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

from grader.marking import checks
from grader.marking.checks import BEGIN_HIDDEN, Decided, Heard
from grader.marking.clocks import Clock, OutOfTime
from grader.marking.files import Folder, all_names
from grader.marking.judged import Role
from grader.marking.link import Link
from grader.marking.messages import DO, DONE, Line, Message, unpacked
from grader.marking.names import Names, SetUp, bound_in, classes_in
from grader.marking.outputs import Outputs
from grader.marking.references import is_reference
from grader.marking.stops import Stop
from grader.marking.strictness import want_values
from grader.marking.wire import Caps
from grader.marks import Verdict
from grader.receipts import Key, Seal

_INSTRUCTORS = (Role.SET_UP, Role.CANDIDATE_SET_UP)


def main(line: Line) -> None:
    """Do what the referee wants until the line ends."""
    Examiner(line).serve()


class Examiner:
    """Hold the checks' name space and run checks in it."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.limits: dict[str, Any] = {}
        self._seal: Seal | None = None
        self.sources: list[str] = []
        matplotlib.use("Agg")  # a check draws to nobody
        want_values()
        self.released = _importable_apart()
        self.scratch = Path(tempfile.mkdtemp(prefix="check-"))
        tempfile.tempdir = str(self.scratch)
        here = Folder(Path(), all_names(Path()))
        here.settle()
        folders = {".": here, str(self.scratch): Folder(self.scratch)}
        self.link = Link(line, Clock(), Caps(), folders)
        self.setup = SetUp(self.link)
        self.names = Names(self.link, self.setup)
        self._hidden = False
        self._stdout: object = None
        self.link.own_class = self._own_class
        self.link.heard_of = self.names.heard_of
        self.link.is_bound = self.names.is_bound
        self.link.hush = lambda: self._hidden and sys.stdout is self._stdout
        self._work: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "start": self._start,
            "set up": self._set_up,
            "prepare": self._set_up,
            "check": self._check,
            "hear": lambda wanted: {},  # the news that every piece of work may bring
        }
        _seed_both_sides(self.link)
        _find_sources(self.link, self.sources)

    def serve(self) -> None:
        """Do one piece of work after another."""
        try:
            while True:
                message = unpacked(self.line.receive())
                if message.letter == DO:
                    wanted = self.link.codec.loads(message.content)
                    self._hear(wanted.get("news") or [])
                    done = self._work[wanted["do"]](wanted)
                    content = self.link.codec.dumps(done)
                    self.line.send(Message(DONE, message.number, content).packed())
        finally:
            shutil.rmtree(self.scratch, ignore_errors=True)
            shutil.rmtree(self.released, ignore_errors=True)

    def _start(self, wanted: dict[str, Any]) -> dict[str, Any]:
        self.limits = wanted["limits"]
        if given := wanted["seal"]:
            self._seal = Seal(Key(given["secret"]), given["submission"], given["notebook"])
        self.link.resized(Caps(size=self.limits["frame_mib"] << 20))
        self.link.course = tuple(Path(folder) for folder in wanted["course"])
        sys.path[:0] = [str(folder) for folder in self.link.course]
        return {}

    def _hear(self, news: list[dict[str, Any]]) -> None:
        """Take in what happened in the candidate since the last check."""
        for each in news:
            self.sources.append(each["source"])
            if each["role"] not in _INSTRUCTORS:
                self.names.read_by_participant(checks.without_magics(each["source"]))
            self.link.folders["."].take_in(each["files"])
            self.link.asked_classes.update(classes_in(each["released"]))
            if each["role"] == Role.ANSWER:
                self.names.bound_by_participant(each["bound"], bound_in(each["released"]))
            elif each["role"] in _INSTRUCTORS or each["released"] == each["source"]:
                self.names.bound_by_instructor(each["bound"])

    def _own_class(self, module: str, name: str) -> type | None:
        """Give a class that a set-up cell or a released module of the instructor's defines."""
        if module == "__main__":
            found: Any = self.setup.get(name)
        else:
            known = sys.modules.get(module)
            is_released = Path(getattr(known, "__file__", None) or "/").parent == self.released
            found = vars(known).get(name) if is_released else None
        return found if isinstance(found, type) and found.__module__ == module else None

    def _set_up(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Run a set-up cell; what it shows was shown by the candidate already."""
        outputs = Outputs(self.limits["output_kib"] << 10)
        reason = ""
        code = checks.without_magics(wanted["source"])
        with Heard(outputs):
            try:
                with self.link.clock.limit(wanted["seconds"]):
                    checks.run_cell("set-up", code, self.setup)
            except (Exception, SystemExit, KeyboardInterrupt, OutOfTime, Stop) as error:
                reason = f"{type(error).__name__}: {error}"[:500]
        return {"reason": reason}

    def _check(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Run a check cell; undo what it did to the participant's names afterwards."""
        outputs, begun = Outputs(self.limits["output_kib"] << 10), time.monotonic()
        self._hidden = BEGIN_HIDDEN in wanted["source"]
        self.link.words = frozenset(re.findall(r"\b[A-Z]\w*", wanted["source"]))
        with Heard(outputs) as heard, _as_before():
            self._stdout = heard.out
            decided = checks.decide(
                wanted["source"],
                wanted["points"],
                self.names,
                clock=self.link.clock,
                seconds=wanted["seconds"],
                outputs=outputs,
            )
        decided = _if_felt(decided, self.names.unfelt)
        self.names.end_check()
        # The candidate may be gone, or say anything: what was decided stands.
        whatever = contextlib.suppress(Exception, SystemExit, Stop, OutOfTime)
        with whatever, self.link.clock.limit(self.limits["call_seconds"]):
            self.link.end_check()
        return {
            **_as_data(decided),
            "outputs": outputs.kept,
            "seconds": time.monotonic() - begun,
            "receipt": self._signed(wanted["id"], decided),
        }

    def _signed(self, cell: str, decided: Decided) -> str:
        if self._seal is None:
            return ""
        return self._seal.sign(cell, decided.verdict, decided.points, decided.hint)


def _importable_apart() -> Path:
    """
    Take the working folder off the import path, and put the instructor's modules in it elsewhere.

    What the candidate writes comes into the working folder, and some libraries try to import
    others that are not installed: a file of such a name must not run here.
    """
    here = {"", ".", os.getcwd()}
    sys.path[:] = [entry for entry in sys.path if entry not in here]
    apart = Path(tempfile.mkdtemp(prefix="released-"))
    for file in Path().glob("*.py"):
        shutil.copy(file, apart)
    sys.path.append(str(apart))
    return apart


def _if_felt(decided: Decided, unfelt: list[str]) -> Decided:
    """Leave a failure to a person where the work reads a name that the check bound in vain."""
    if decided.verdict is not Verdict.FAILED or not unfelt:
        return decided
    reason = f"The check binds `{unfelt[0]}`, which the work reads: it does not cross."
    return Decided(Verdict.UNDECIDED, None, reason=reason)


def _as_data(decided: Decided) -> dict[str, Any]:
    verdict = str(decided.verdict.value)
    return {**vars(decided), "verdict": verdict}


@contextlib.contextmanager
def _as_before() -> Any:
    """Give back the folder, the import path and the environment that a check may change."""
    where, path, environment = os.getcwd(), list(sys.path), dict(os.environ)
    try:
        yield
    finally:
        os.chdir(where)
        sys.path[:] = path
        if os.environ != environment:
            os.environ.clear()
            os.environ.update(environment)


def _seed_both_sides(link: Link) -> None:
    """Have a check that seeds the random numbers, or sets their state, do so on both sides."""
    for module, names in ((random, ("seed", "setstate")), (np.random, ("seed", "set_state"))):
        for name in names:
            setattr(module, name, _telling(link, getattr(module, name)))


def _telling(link: Link, original: Callable[..., Any]) -> Callable[..., Any]:
    def seed(*arguments: Any, **named: Any) -> None:
        original(*arguments, **named)
        link.seeded()

    return seed


def _find_sources(link: Link, sources: list[str]) -> None:
    """Have `inspect.getsource` of a participant's function give the text that was handed in."""
    original, by_lines = inspect.getsource, inspect.getsourcelines

    def looked_up(thing: Any) -> tuple[str, int]:
        said = link.perform("source", thing)
        text, number = said if type(said) is list and len(said) == 2 else ("", 0)
        known = type(text) is str and text.strip() and type(number) is int
        if not known or not any(text.strip() in source for source in sources):
            raise Stop(Verdict.UNDECIDED, "The source of a function is not in the submission.")
        return text, number

    def getsource(thing: Any) -> str:
        return looked_up(thing)[0] if is_reference(thing) else original(thing)

    def getsourcelines(thing: Any) -> tuple[list[str], int]:
        if not is_reference(thing):
            return by_lines(thing)
        text, number = looked_up(thing)
        return text.splitlines(keepends=True), number

    for name, function in (("getsource", getsource), ("getsourcelines", getsourcelines)):
        setattr(inspect, name, function)
