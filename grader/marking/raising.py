"""Exceptions as data: which kind, with what arguments and words."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from grader.marking.trusted import exception_like, names_of

LONGEST = 4_000
_DEEPEST = 5
# What Python's own exceptions hold beside their arguments.
_HELD = ("name", "errno", "filename", "strerror", "code", "value")


def exception_to(error: BaseException) -> dict[str, Any]:
    """Describe *error*, what led to it, and what it holds, in plain data."""
    try:
        return _described(error, 0)
    except Exception:  # a class of exceptions may do anything when it is asked
        return {"names": names_of(type(error)), "text": ""}


def _described(error: BaseException, depth: int) -> dict[str, Any]:
    try:
        text = str(error)[:LONGEST]
    except Exception:  # its own __str__ fails
        text = ""
    arguments = [each[:LONGEST] if type(each) is str else each for each in error.args[:20]]
    held = {name: getattr(error, name, None) for name in _HELD}
    held |= {k: v for k, v in vars(error).items() if k != "far" and not callable(v)}
    said = {
        "names": names_of(type(error)),
        "text": text,
        "arguments": [each for each in arguments if _is_plain(each)],
        "whole": all(map(_is_plain, arguments)),
        "held": {k: v for k, v in held.items() if v is not None and _is_plain(v)},
    }
    if depth < _DEEPEST:
        for way in ("__cause__", "__context__"):
            if getattr(error, way) is not None:
                said[way] = _described(getattr(error, way), depth + 1)
        if isinstance(error, BaseExceptionGroup):
            said["group"] = [_described(each, depth + 1) for each in error.exceptions[:20]]
    return said


def _is_plain(value: Any, depth: int = 0) -> bool:
    if type(value) in (list, tuple):
        return depth < _DEEPEST and all(_is_plain(each, depth + 1) for each in value)
    return type(value) in (str, int, float, bool, bytes, type(None))


def exception_from(
    said: Any, own_class: Callable[[str, str], type | None] = lambda module, name: None
) -> BaseException:
    """Make the exception that *said* describes; never more than an exception."""
    if type(said) is not dict:
        return Exception("the notebook stopped in a way that could not be read")
    error = _bare(said, exception_like(said.get("names") or [], own_class))
    for name, value in _dict(said.get("held")).items():
        if type(name) is str and (
            name in _HELD or not name.startswith("__") or name == "__notes__"
        ):
            with contextlib.suppress(Exception):
                setattr(error, name, value)
    for way in ("__cause__", "__context__"):
        if way in said:
            setattr(error, way, exception_from(said[way], own_class))
    return error


def _bare(said: dict[str, Any], kind: type[BaseException]) -> BaseException:
    text, arguments = str(said.get("text"))[:LONGEST], said.get("arguments") or []
    if issubclass(kind, BaseExceptionGroup) and type(said.get("group")) is list:
        arguments = [
            arguments[0] if arguments else text,
            [exception_from(e) for e in said["group"]],
        ]
        return kind(*arguments)
    if said.get("whole") is not True:
        arguments = [text]
    # Its own __init__ may want other arguments, and is not run: they are given as they are.
    error = kind.__new__(kind, *arguments)
    error.args = tuple(arguments)
    if isinstance(error, OSError | UnicodeError | StopIteration | SystemExit | ImportError):
        with contextlib.suppress(Exception):
            error.__init__(*arguments)  # type: ignore[misc]
    if str(error) == text or not text:
        return error
    # A class of this name whose words are given: the real one says something else.
    stood_in: type[BaseException] = type(kind.__name__, (kind,), {"__str__": lambda self: text})
    other = stood_in.__new__(stood_in, *arguments)
    other.args = tuple(arguments)
    return other


def _dict(value: Any) -> dict[Any, Any]:
    return value if type(value) is dict else {}


def far_away(error: BaseException) -> BaseException:
    """Note that *error* was raised in the candidate, so that it is the answer's and not ours."""
    with contextlib.suppress(AttributeError, TypeError):
        error.far = True  # type: ignore[attr-defined]
    return error


def words_of(error: BaseException) -> str:
    """Say *error* in words, whatever its own __str__ does."""
    try:
        close = getattr(error, "close", None)
        meant = f". Did you mean: '{str(close[0])[:60]}'?" if type(close) is list and close else ""
        return str(error)[:LONGEST] + meant
    except Exception:  # pragma: no cover
        return ""
