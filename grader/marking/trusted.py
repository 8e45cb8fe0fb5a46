"""
Find modules, classes and exceptions by name among the libraries that both processes have.

The candidate may name what it likes: only these libraries are looked into, nothing of a course, and
only an exact module attribute that is a class is given back.
"""

from __future__ import annotations

import builtins
import importlib
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

LIBRARIES = {
    "numpy", "pandas", "scipy", "sklearn", "matplotlib", "altair", "seaborn", "statsmodels",
}  # fmt: skip
_STANDARD = {
    "builtins", "collections", "datetime", "decimal", "fractions", "pathlib", "uuid", "zoneinfo",
}  # fmt: skip
_MOST_BASES = 12
# Importing these does something, or wants a screen.
_DOING = {"antigravity", "this", "idlelib", "turtle", "turtledemo", "tkinter", "__main__", "pip"}
_NEVER = ("test", "conftest", "_dist", "__main__")


def module_named(name: object) -> ModuleType | None:
    """Give a module of the standard library or of a trusted library, or None."""
    if type(name) is not str or any(word in name for word in _NEVER):
        return None
    root = name.partition(".")[0]
    if root in LIBRARIES:
        try:
            return importlib.import_module(name)
        except (Exception, SystemExit):  # whatever a library's own module raises, it is not there
            return None
    if root not in sys.stdlib_module_names or root in _DOING:
        return sys.modules.get(name) if root in sys.stdlib_module_names else None
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit):
        return None


def class_named(module: object, name: object) -> type | None:
    """Give a class of a trusted library, or None."""
    if type(module) is not str or type(name) is not str:
        return None
    root = module.partition(".")[0]
    found = module_named(module) if root in LIBRARIES | _STANDARD else None
    value: Any = vars(found).get(name) if found else None
    return value if isinstance(value, type) and value.__module__ == module else None


def exception_named(module: object, name: object) -> type[BaseException] | None:
    """Give an exception class of a trusted library or of the standard library, or None."""
    found = module_named(module)
    value: Any = vars(found).get(name) if found and type(name) is str else None
    return value if isinstance(value, type) and issubclass(value, BaseException) else None


def class_claimed(module: str, name: str) -> type | None:
    """
    Give the class that an object in the candidate says it has, to answer `isinstance` only.

    Never one whose objects arrive as plain data: those are what they are.
    """
    # Objects of these are carried: what says that it is one and is not carried is not one.
    apart = {"__main__", "sklearn", "matplotlib"}
    found = module_named(module) if module.partition(".")[0] not in apart else None
    value: Any = vars(found).get(name) if found else None
    if not isinstance(value, type) or value in NEVER_CLAIMED:
        return None
    return None if issubclass(value, _PLAIN) else value


NEVER_CLAIMED: set[type] = {object}
_PLAIN = (bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset)


def exception_like(
    names: Sequence[Any],
    own_class: Callable[[str, str], type | None] = lambda module, name: None,
    number: int | None = None,
) -> type[BaseException]:
    """
    Give the exception class that *names*, a list of (module, name) from special to general, means.

    Where the most special is known only to the candidate, a class of that name is made beneath
    the nearest one that both sides know, so that `except ValueError` works and the name is told;
    the same names mean the same class again. *number* is that of the class in the candidate.
    """
    for position, (module, name) in enumerate(names):
        known: Any = exception_named(module, name) or own_class(module, name)
        if known is None or not issubclass(known, BaseException):
            continue
        if position == 0:
            return known
        place = (*map(tuple, names[: position + 1]),)
        if place not in _LIKE and len(_LIKE) < _MOST_LIKE:
            _LIKE[place] = type(str(names[0][1])[:80], (known,), {"__module__": "__main__"})
        if number is not None and place in _LIKE:
            _LIKE[place].far_number = number  # type: ignore[attr-defined]
        return _LIKE.get(place, known)
    return Exception


_MOST_LIKE = 1_000
_LIKE: dict[tuple[Any, ...], type[BaseException]] = {}


def names_of(kind: type) -> list[list[str]]:
    """List a class and its bases, special first, as (module, name)."""
    bases = [base for base in type.mro(kind) if base is not object] or [object]
    return [[str(base.__module__), base.__qualname__] for base in bases[:_MOST_BASES]]


def is_builtin(name: str) -> bool:
    """Tell whether *name* is one of Python's own builtins."""
    return hasattr(builtins, name)
