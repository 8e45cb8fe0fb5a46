"""
Find modules, classes and exceptions by name among the libraries that both processes have.

The candidate may name what it likes: only these libraries are looked into, nothing of a course, and
only an exact module attribute that is a class is given back.
"""

from __future__ import annotations

import builtins
import importlib
import sys
from types import ModuleType
from typing import Any

LIBRARIES = {
    "numpy", "pandas", "scipy", "sklearn", "matplotlib", "altair", "seaborn", "statsmodels",
}  # fmt: skip
_STANDARD = {
    "builtins", "collections", "datetime", "decimal", "fractions", "pathlib", "uuid", "zoneinfo",
}  # fmt: skip
_NEVER = ("test", "conftest", "_dist")


def module_named(name: object) -> ModuleType | None:
    """Give a module of the standard library or of a trusted library, or None."""
    if type(name) is not str or any(word in name for word in _NEVER):
        return None
    root = name.partition(".")[0]
    if root in LIBRARIES:
        try:
            return importlib.import_module(name)
        except Exception:  # whatever a library's own module raises, it is not there
            return None
    # Of the standard library only what is there already: importing some of it does things.
    return sys.modules.get(name) if root in sys.stdlib_module_names else None


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


def exception_like(names: list[Any]) -> type[BaseException]:
    """
    Give the exception class that *names*, a list of (module, name) from special to general, means.

    Where the most special is known only to the candidate, a class of that name is made beneath
    the nearest one that both sides know, so that `except ValueError` works and the name is told.
    """
    for position, (module, name) in enumerate(names):
        known = exception_named(module, name)
        if known is not None:
            return known if position == 0 else type(str(names[0][1])[:80], (known,), {})
    return Exception


def names_of(kind: type[BaseException]) -> list[list[str]]:
    """List an exception class and its bases, special first, as (module, name)."""
    return [
        [base.__module__, base.__qualname__]
        for base in kind.__mro__
        if issubclass(base, BaseException)
    ]


def is_builtin(name: str) -> bool:
    """Tell whether *name* is one of Python's own builtins."""
    return hasattr(builtins, name)
