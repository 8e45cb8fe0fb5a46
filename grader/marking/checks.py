"""Run one check cell as ordinary Python and say, as data, what it decided."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import linecache
import math
import re
import sys
import traceback
import types
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from grader.marking.clocks import Clock, OutOfTime
from grader.marking.crossing import cannot_cross
from grader.marking.outputs import Outputs, Stream
from grader.marking.raising import words_of
from grader.marking.stops import Stop
from grader.marks import Verdict

BEGIN_HIDDEN = "### BEGIN HIDDEN TESTS"
IS = "__is__"  # what `is` means in a check that runs apart from the participant's objects
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)+")
_AT_END = re.compile(r"\[([A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)+)\]\s*\Z")
_AWAITING = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_MAGIC = re.compile(r"^\s*[%!?]|^\s*\w+ *= *[%!]", re.MULTILINE)


@dataclass(frozen=True)
class Decided:
    """Say what one check decided; *points* is None while a person has to."""

    verdict: Verdict
    points: float | None
    hint: str = ""
    text: str = ""
    reason: str = ""


def decide(
    source: str,
    points: float,
    names: dict[str, Any],
    *,
    clock: Clock,
    seconds: float,
    outputs: Outputs,
    apart: bool = True,
) -> Decided:
    """Run *source* among *names* for at most *seconds*; *apart* from the participant's code."""
    Stop.first = None
    try:
        with clock.limit(seconds):
            value = run_cell("check", source, names)
        decided = _earned(value, points)
    except OutOfTime:
        decided = Decided(Verdict.FAILED, 0.0, reason=f"The check took longer than {seconds:g} s.")
    except Stop as stop:
        decided = _stopped(stop)
    except BaseException as error:
        decided = _failed(error, source, outputs)
    unfelt = cannot_cross(source) if apart else ()
    if unfelt:
        return Decided(Verdict.UNDECIDED, None, reason=unfelt[0])
    # A check's own `except:` must not make a pass out of a crossing that failed.
    return _stopped(Stop.first) if Stop.first is not None else decided


class Heard:
    """Be the examiner's sys.stdout and sys.stderr during a check."""

    def __init__(self, outputs: Outputs) -> None:
        self.out = Stream(lambda text: outputs.stream("stdout", text))
        self.err = Stream(lambda text: outputs.stream("stderr", text))

    def __enter__(self) -> Heard:
        self._before = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = self.out, self.err
        return self

    def __exit__(self, *error: object) -> None:
        sys.stdout, sys.stderr = self._before


def without_magics(source: str) -> str:
    """Leave out the lines that only Jupyter understands."""
    lines = source.splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith(("%", "!")))


def run_cell(kind: str, source: str, names: dict[str, Any]) -> Any:
    """Run a cell; give the value of its last line if that is an expression that would show."""
    body, last = _compiled(kind, source, IS in names)
    _run(body, names)
    return None if last is None else _run(last, names)


def foreseen(source: str) -> None:
    """Make ready what does not depend on anybody's work, so that a forked process finds it made."""
    with contextlib.suppress(Stop):
        _compiled("check", source, True)
        cannot_cross(source)


@lru_cache(maxsize=1024)
def _compiled(
    kind: str, source: str, asks_identity: bool
) -> tuple[types.CodeType, types.CodeType | None]:
    """Compile a cell, and apart from it a last line that would show."""
    if _MAGIC.search(source):
        raise Stop(Verdict.UNDECIDED, "The check uses a magic or a shell command.")
    file = f"<{kind} {zlib.crc32(source.encode(errors='replace')):08x}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    try:
        tree = ast.parse(source, file)
    except SyntaxError as error:
        raise Stop(Verdict.UNDECIDED, f"The check is not Python: {error.msg}.") from error
    if asks_identity:
        tree = ast.fix_missing_locations(_Identity().visit(tree))
    last = tree.body.pop() if tree.body and _shows(tree.body[-1], source) else None
    body = compile(tree, file, "exec", _AWAITING, dont_inherit=True)
    if not isinstance(last, ast.Expr):
        return body, None
    return body, compile(ast.Expression(last.value), file, "eval", _AWAITING, True)


class _Identity(ast.NodeTransformer):
    """Have `a is b` ask whether both are one object where they live."""

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        sides = [node.left, *node.comparators]
        is_asked = len(sides) == 2 and isinstance(node.ops[0], ast.Is | ast.IsNot)
        if not is_asked or any(isinstance(side, ast.Constant) for side in sides):
            return node
        asked: ast.expr = ast.Call(ast.Name(IS, ast.Load()), sides, [])
        if isinstance(node.ops[0], ast.IsNot):
            asked = ast.UnaryOp(ast.Not(), asked)
        return ast.copy_location(asked, node)


def _run(code: types.CodeType, names: dict[str, Any]) -> Any:
    value = eval(code, names)
    # As in a notebook, a cell may await.
    return asyncio.run(value) if code.co_flags & inspect.CO_COROUTINE else value


def _shows(statement: ast.stmt, source: str) -> bool:
    return isinstance(statement, ast.Expr) and not source.rstrip().endswith(";")


def _earned(value: Any, points: float) -> Decided:
    """Give the points of a check that came to its end: all, or the number its last line says."""
    said = type(value) in (int, float) or isinstance(value, np.integer | np.floating)
    if not said or not math.isfinite(value) or not 0 <= value < points:
        return Decided(Verdict.PASSED, points)
    if value == 0:
        return Decided(Verdict.FAILED, 0.0)
    return Decided(Verdict.PARTLY, float(value))


def _stopped(stop: Stop) -> Decided:
    points = None if stop.verdict is Verdict.UNDECIDED else 0.0
    return Decided(stop.verdict, points, reason=stop.reason)


def _failed(error: BaseException, source: str, outputs: Outputs) -> Decided:
    text = words_of(error)
    if isinstance(error, ImportError | SyntaxError) and not getattr(error, "far", False):
        # The instructor's own import: a fault of the course or the machine, not of the answer.
        return Decided(Verdict.UNDECIDED, None, text=text, reason=f"The check stopped: {text}.")
    outputs.error(type(error).__name__, text, _lines(error, source))
    # What the participant's own code raised names no hint: mentors read these as the checks' words.
    hint = "" if getattr(error, "far", False) else _hint(error, text)
    return Decided(Verdict.FAILED, 0.0, hint, text)


def _hint(error: BaseException, text: str) -> str:
    code = getattr(error, "code", None)
    if type(code) is str and _CODE.fullmatch(code):
        return code
    found = _AT_END.search(text)
    return found[1] if found else ""


def _lines(error: BaseException, source: str) -> list[str]:
    """Show where a visible check failed; of a hidden one no more than the words."""
    render = getattr(error, "_render_traceback_", None)
    if render is not None:
        return [str(line) for line in render()]
    lines = traceback.format_exception_only(error)
    if getattr(error, "close", None):
        lines = [f"{type(error).__name__}: {words_of(error)}"]
    if BEGIN_HIDDEN in source:
        return [line.rstrip("\n") for line in lines]
    own = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith("<check")]
    return [*(f"----> {f.lineno} {f.line}" for f in own), *(line.rstrip("\n") for line in lines)]
