"""
The name space of the checks: the instructor's own names, and behind them the participant's.

A name that no instructor's cell bound is fetched from the candidate when it is read. Builtins,
modules, functions and classes of instructor's cells are never looked up there.
"""

from __future__ import annotations

import ast
import builtins
import re
import symtable
import types
from typing import Any

from grader.marking.link import Link
from grader.marking.references import is_same
from grader.marking.stops import Stop
from grader.marking.trusted import is_builtin
from grader.marks import Verdict

CANNOT_CROSS = {
    "In",
    "Out",
    "get_ipython",
    "exit",
    "quit",
    "_",
    "__",
    "___",
    "_i",
    "_ih",
    "_oh",
    "_dh",
}
_CLASS = re.compile(r"^\s*class\s+(\w+)", re.MULTILINE)
_MADE = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType, type)


class Names(dict[str, Any]):
    """Look a name up here first, then in the set-up's own names, then in the candidate."""

    def __init__(self, link: Link, setup: dict[str, Any] | None = None) -> None:
        super().__init__(__name__="__main__", __builtins__=__builtins__, __is__=is_same)
        self._link = link
        self._setup = setup if setup is not None else {}
        self._fetched: set[str] = set()
        self._theirs: set[str] = set()  # names the participant was asked to define
        self._read_there: set[str] = set()  # by functions of the participant's, as globals
        self.unfelt: list[str] = []  # of these, what this check bound and did not send over

    def __missing__(self, name: str) -> Any:
        if name.startswith("__"):
            raise KeyError(name)
        if is_builtin(name) and name not in self._theirs:
            value = getattr(builtins, name)
            super().__setitem__(name, value)  # a loop asks for it often
            return value
        if self._is_own(name):
            return self._setup[name]
        if name in CANNOT_CROSS:
            raise Stop(Verdict.UNDECIDED, f"The check reads `{name}`, which lives in the notebook.")
        value = self._link.fetch(name)
        self._fetched.add(name)
        super().__setitem__(name, value)
        return value

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        if self._is_shared(name):
            self._link.rebind(name, value)
            if not self._stays(name, value):
                self._fetched.add(name)
        elif name in self._read_there and not isinstance(value, _MADE):
            # It may be what the check expects: nothing but arguments goes over.
            self.unfelt.append(name)

    def __delitem__(self, name: str) -> None:
        if name in self.keys() and not self._is_shared(name):
            super().__delitem__(name)
            return
        super().pop(name, None)
        self._fetched.add(name)
        self._link.delete(name)

    def __contains__(self, name: object) -> bool:
        if super().__contains__(name) or not isinstance(name, str) or name.startswith("__"):
            return super().__contains__(name)
        return self._is_own(name) or self._link.has(name)

    def get(self, name: str, default: Any = None) -> Any:
        """Give the value of *name*, or *default* where nobody has bound it."""
        return self[name] if name in self else default  # noqa: SIM401  that is what this is

    def heard_of(self, name: str, value: Any) -> None:
        """Hear what a call in the candidate made of a fetched *name*."""
        if name in self._fetched:
            super().__setitem__(name, value)

    def end_check(self) -> None:
        """Forget what was fetched: the next check fetches it as it is then."""
        for name in self._fetched:
            super().pop(name, None)
        self._fetched.clear()
        self.unfelt.clear()

    def is_bound(self, name: str) -> bool:
        """Tell whether a check bound *name* here."""
        return name in self.keys() and name not in self._fetched

    def read_by_participant(self, source: str) -> None:
        """Hear of a cell of the participant's: which globals its functions read."""
        self._read_there.update(read_in(source))

    def bound_by_instructor(self, names: list[str]) -> None:
        """Hear which names the instructor's own cell bound: what a check left there gives way."""
        for name in names:
            super().pop(name, None)

    def bound_by_participant(self, names: list[str], asked: list[str]) -> None:
        """
        Hear which names an answer cell bound, and which of them its released text asks for.

        Data that an earlier check left under such a name gives way, as it would in one process;
        functions, classes and modules give way only where the instructor asks for the name.
        """
        self._theirs.update(asked)
        for name in names:
            value = super().get(name)
            if name in asked or not isinstance(value, _MADE):
                super().pop(name, None)

    def _stays(self, name: str, value: Any) -> bool:
        """
        Tell whether what a check binds is there for later checks, as it would be in one process.

        Data under a name that set-up gave: many checks go on from the last one's `x = answer(1)`.
        None or an object of the check's own making is there to disturb, and is undone (case 13).
        """
        own = type(value).__module__ == "__main__"
        return name in self._setup and name not in self._fetched and value is not None and not own

    def _is_own(self, name: str) -> bool:
        return name not in self._theirs and isinstance(self._setup.get(name), _MADE)

    def _is_shared(self, name: str) -> bool:
        """Tell whether the participant may see what the check binds to *name*."""
        is_setup_data = name in self._setup and not self._is_own(name)
        return name in self._fetched or name in self._theirs or is_setup_data


class SetUp(dict[str, Any]):
    """Be the name space of set-up cells in the examiner; what it lacks is the participant's."""

    def __init__(self, link: Link) -> None:
        super().__init__(__name__="__main__", __builtins__=__builtins__)
        self._link = link

    def __missing__(self, name: str) -> Any:
        if name.startswith("__"):
            raise KeyError(name)
        if is_builtin(name):
            return self.setdefault(name, getattr(builtins, name))
        return self._link.fetch(name)


def bound_in(source: str) -> list[str]:
    """List the names that *source*, an instructor's text, binds at its top level."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return []
    found: list[str] = []
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.append(statement.name)
        elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
            found += [node.id for node in targets if isinstance(node.ctx, ast.Store)]
    return found


def read_in(source: str) -> set[str]:
    """Name the globals that functions of *source* read when they are called."""
    try:
        return _read(symtable.symtable(source, "cell", "exec"))
    except (SyntaxError, ValueError, RecursionError):
        return set()


def _read(table: symtable.SymbolTable) -> set[str]:
    found: set[str] = set()
    for inner in table.get_children():
        found |= _read(inner)
        if inner.get_type() == "function" and inner.get_name() not in _AT_ONCE:
            found |= {s.get_name() for s in inner.get_symbols() if s.is_global()}
    return found


_AT_ONCE = {"listcomp", "setcomp", "dictcomp", "genexpr"}


def classes_in(source: str) -> list[str]:
    """List the classes that *source*, a released text, begins for the participant."""
    return _CLASS.findall(source)
